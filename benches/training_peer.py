#!/usr/bin/env python3
"""One training iteration beside JAX (jit, float32, all cores), in one run: ours, JAX, ours again.

Needs tests/reference/requirements.txt. The peer does the same work with the same batch size: exact target scores of
1016 components, score by reverse mode, gradient of its loss by reverse mode again; not the update, which is small."""

import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/reference"))

import jax
import jax.numpy as jnp
import numpy as np

import mixture
import network

jax.config.update("jax_enable_x64", False)
BATCH = 4096
ROUNDS = 11


def ours():
    out = subprocess.run(["cargo", "bench", "--quiet", "--bench", "training"], cwd=ROOT, check=True, capture_output=True)
    text = out.stdout.decode()
    print(text)
    return float(re.search(r"all, 2 thread\(s\)\s+([\d.]+)", text).group(1))


def peer():
    rng = np.random.default_rng(0)
    raw = network.random_network(rng, 64, 0.3)
    raw = {k: jnp.array(v, jnp.float32) for k, v in raw.items()}
    parts = tuple(jnp.array(p, jnp.float32) for p in mixture.components("A"))
    targets = jax.vmap(jax.grad(mixture.log_density, 1), (None, 0, 0))

    @jax.jit
    def iteration(raw, x, sigma):
        return jax.value_and_grad(network.loss)(raw, x, sigma, targets(parts, x, sigma))

    times = []
    for _ in range(ROUNDS + 1):
        sigma = jnp.array(np.exp(rng.normal(-2.3, 1.5, BATCH)), jnp.float32)
        x = jnp.array(rng.normal(size=(BATCH, 2)), jnp.float32)
        start = time.perf_counter()
        jax.block_until_ready(iteration(raw, x, sigma))
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[1:])


if __name__ == "__main__":
    first = ours()
    jax_ms = peer()
    mean = (first + ours()) / 2
    print(f"JAX {jax_ms:.1f} ms, ours {mean:.1f} ms (2 threads): JAX / ours = {jax_ms / mean:.1f}")
