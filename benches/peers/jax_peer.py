"""JAX: the whole sampler in one jit. `--form` picks how; the fastest is the default."""

import argparse
import sys

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file

import peer
import toy

options = argparse.ArgumentParser()
options.add_argument("data")
options.add_argument("--form", default="grad", choices=["grad", "explicit", "columns"])
options.add_argument("--chunk", type=int, default=0)
options = options.parse_args()


def log_density(network, x, sigma):
    w, gain = network
    x = x / jnp.sqrt(0.25 + sigma**2)
    h = x @ w[0][:, :2].T + (w[0][:, 2] * jnp.log(sigma) / 4 + w[0][:, 3])
    for m in w[1:]:
        h = (jax.nn.silu(h) / 0.596) @ m.T
    return jnp.sum(gain * jnp.mean(h**2, axis=1) / sigma - 0.5 * jnp.sum(x**2, axis=1))


def explicit(network, x, sigma, left=False):
    """The reverse pass written out; `left` puts particles along the rows' direction, as columns."""
    w, gain = network
    c = jnp.sqrt(0.25 + sigma**2)
    bias = w[0][:, 2] * jnp.log(sigma) / 4 + w[0][:, 3]
    times = (lambda m, h: m @ h) if left else (lambda m, h: h @ m.T)
    h = times(w[0][:, :2], x / c) + (bias[:, None] if left else bias)
    gates = []
    for m in w[1:]:
        s = jax.nn.sigmoid(h)
        a = h * s
        gates.append(s + a - a * s)
        h = times(m / 0.596, a)
    g = h * (2 * gain / (len(w[0]) * sigma))
    for m, gate in zip(w[:0:-1], gates[::-1]):
        g = times(m.T / 0.596, g) * gate
    return times(w[0][:, :2].T, g) / c - x / c**2


SCORES = {"grad": jax.grad(log_density, 1), "explicit": explicit, "columns": lambda *a: explicit(*a, left=True)}


def prepare(*paths):
    raws = [load_file(path) for path in paths]
    networks = [
        (
            [jnp.array(toy.normalised(raw[toy.name(i)].astype(np.float64)), jnp.float32) for i in range(toy.LAYERS)],
            float(raw["gain"].reshape(())),
        )
        for raw in raws
    ]
    score = SCORES[options.form]

    def velocity(x, sigma):
        s1, s0 = (score(network, x, sigma) for network in networks)
        return -sigma * (s0 + toy.WEIGHT * (s1 - s0))

    def step(x, levels):
        sigma, following = levels
        d = velocity(x, sigma)
        d = (d + velocity(x + (following - sigma) * d, following)) / 2
        return x + (following - sigma) * d, None

    levels = jnp.array(peer.LEVELS, jnp.float32)

    def sample(x):
        x, _ = jax.lax.scan(step, x, (levels[:-2], levels[1:-1]))
        return x - levels[-2] * velocity(x, levels[-2])

    @jax.jit
    def run(x):
        x = x.T if options.form == "columns" else x
        if options.chunk and x.shape[0] > options.chunk:
            x = jax.lax.map(sample, x.reshape(-1, options.chunk, 2)).reshape(x.shape)
        else:
            x = sample(x)
        return x.T if options.form == "columns" else x

    def at(starts):
        starts = jax.device_put(starts)
        return lambda: np.asarray(run(starts))

    return at


if __name__ == "__main__":
    sys.argv = [sys.argv[0], options.data]
    peer.serve(prepare, version=f"JAX {jax.__version__}")
