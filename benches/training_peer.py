#!/usr/bin/env python3
"""One training iteration beside JAX (jit, float32): both in turn, on one core and on two, with each of our instruction sets.

Needs tests/reference/requirements.txt. The peer does the same work with the same batch size: exact target scores of
1016 components, score by reverse mode, gradient of its loss by reverse mode again; not the update, which is small."""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH = 4096
ITERATIONS = 11
ROUNDS = 5


def ours(binary, instructions, cores):
    """Milliseconds by part, and the instruction set that was used."""
    command = ["taskset", "-c", ",".join(map(str, range(cores))), binary, "--bench"]
    out = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "GUIDANCE_INSTRUCTIONS": instructions}
    ).stdout
    value = lambda name: float(re.search(rf"^{re.escape(name)}\s+([\d.]+)", out, re.M).group(1))
    parts = {name: value(name) for name in ["target scores", "network and gradient", "update"]}
    return value(f"all, {cores} thread(s)"), parts


def jax_iteration(cores):
    command = ["taskset", "-c", ",".join(map(str, range(cores))), sys.executable, __file__, "--peer"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peer():
    sys.path.insert(0, str(ROOT / "tests/reference"))
    import jax
    import jax.numpy as jnp
    import mixture
    import network
    import numpy as np

    jax.config.update("jax_enable_x64", False)
    rng = np.random.default_rng(0)
    raw = network.random_network(rng, 64, 0.3)
    raw = {k: jnp.array(v, jnp.float32) for k, v in raw.items()}
    parts = tuple(jnp.array(p, jnp.float32) for p in mixture.components("A"))
    targets = jax.vmap(jax.grad(mixture.log_density, 1), (None, 0, 0))

    @jax.jit
    def iteration(raw, x, sigma):
        return jax.value_and_grad(network.loss)(raw, x, sigma, targets(parts, x, sigma))

    times = []
    for _ in range(ITERATIONS + 1):
        sigma = jnp.array(np.exp(rng.normal(-2.3, 1.5, BATCH)), jnp.float32)
        x = jnp.array(rng.normal(size=(BATCH, 2)), jnp.float32)
        start = time.perf_counter()
        jax.block_until_ready(iteration(raw, x, sigma))
        times.append(1e3 * (time.perf_counter() - start))
    print(statistics.median(times[1:]))


def compare():
    built = subprocess.run(
        ["cargo", "bench", "--bench", "training", "--no-run"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stderr
    binary = ROOT / re.search(r"\((\S+training-\w+)\)", built).group(1)
    sets = sys.argv[1:] or ["auto"]
    for cores in [1, 2]:
        rounds = [(jax_iteration(cores), {s: ours(binary, s, cores) for s in sets}) for _ in range(ROUNDS)]
        print(f"{cores} core(s): JAX {statistics.median(jax for jax, _ in rounds):.1f} ms")
        for s in sets:
            mine = statistics.median(own[s][0] for _, own in rounds)
            ratio = statistics.median(jax / own[s][0] for jax, own in rounds)
            parts = {p: statistics.median(own[s][1][p] for _, own in rounds) for p in rounds[0][1][s][1]}
            told = ", ".join(f"{p} {ms:.1f}" for p, ms in parts.items())
            print(f"  ours, {s}: {mine:.1f} ms, JAX / ours = {ratio:.2f} (on one core: {told})")


if __name__ == "__main__":
    peer() if sys.argv[1:] == ["--peer"] else compare()
