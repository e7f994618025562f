"""The toy denoiser in JAX, in float64, and what automatic differentiation makes of it.

Reads tests/data/batch.json (noise levels and positions as the trainer draws them) and tests/data/tree.json. Writes two
networks with random raw weights and, for each, log-density and score at some points, and the loss on the batch and its
gradient in the raw weights:

- network-16: as PyTorch saves the public example's network, float32 and a gain of shape [];
- network-10: a width that fills no vector, saved in float64 with a gain of shape [1].
"""

import json

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file

import mixture

LAYERS = 5
SIGMAS = [0.002, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 5.0]
POINTS_PER_SIGMA = 5


def name(i):
    return f"layers.{2 * i}.weight"


def random_network(rng, hidden, gain):
    """Raw weights far from normalised, so that normalisation and its derivative are seen."""
    shapes = [(hidden, 4 if i == 0 else hidden) for i in range(LAYERS)]
    raw = {name(i): rng.normal(size=s) * rng.uniform(0.5, 3, (hidden, 1)) for i, s in enumerate(shapes)}
    raw["gain"] = np.array(gain)
    return {k: v.astype(np.float32).astype(np.float64) for k, v in raw.items()}


def normalised(w):
    n = w.shape[1]
    return w / (1e-4 + jnp.linalg.norm(w, axis=1, keepdims=True) / jnp.sqrt(n)) / jnp.sqrt(n)


def log_density(raw, x, sigma):
    x = x / jnp.sqrt(0.5**2 + sigma**2)
    h = normalised(raw[name(0)]) @ jnp.concatenate([x, jnp.array([jnp.log(sigma) / 4, 1.0])])
    for i in range(1, LAYERS):
        h = normalised(raw[name(i)]) @ (jax.nn.silu(h) / 0.596)
    return raw["gain"] * jnp.mean(h**2) / sigma - 0.5 * jnp.sum(x**2)


score = jax.grad(log_density, 1)


def loss(raw, x, sigma, target):
    difference = jax.vmap(score, (None, 0, 0))(raw, x, sigma) - target
    return jnp.mean(sigma**2 * jnp.mean(difference**2, axis=1))


def points(rng):
    """Positions that float32 holds: near the data, and one far out at each noise level."""
    for sigma in SIGMAS:
        for i in range(POINTS_PER_SIGMA):
            spread = np.hypot(0.5, sigma) * (6 if i == 0 else 1)
            yield (rng.normal(size=2) * spread).astype(np.float32).astype(np.float64), sigma


def rounded(list_or_number):
    """Gradients are compared to a thousandth: nine digits do."""
    return jax.tree.map(lambda g: float(f"{g:.9g}"), list_or_number)


def write(stem, raw, seed):
    values = [
        {"x": x.tolist(), "sigma": s, "log_density": float(log_density(raw, x, s)), "score": score(raw, x, s).tolist()}
        for x, s in points(np.random.default_rng(seed))
    ]
    batch = np.array(json.loads((mixture.DATA / "batch.json").read_text()))
    x, sigma = batch[:, :2], batch[:, 2]
    parts = mixture.components("A")
    target = jnp.array([mixture.score(parts, xi, si) for xi, si in zip(x, sigma)])
    value, gradient = jax.value_and_grad(loss)(raw, x, sigma, target)
    # Flat, matrices in order and the gain last.
    names = [name(i) for i in range(LAYERS)] + ["gain"]
    flat = np.concatenate([np.ravel(gradient[n]) for n in names]).tolist()
    entries = ",\n".join(json.dumps(v) for v in values)
    training = json.dumps({"loss": float(value), "gradient": rounded(flat)})
    (mixture.DATA / f"{stem}.json").write_text(f'{{"values": [\n{entries}\n],\n"training": {training}}}\n')


if __name__ == "__main__":
    raw = random_network(np.random.default_rng(16), 16, 0.3)
    save_file({k: v.astype(np.float32) for k, v in raw.items()}, mixture.DATA / "network-16.safetensors")
    write("network-16", raw, 1)
    raw = random_network(np.random.default_rng(10), 10, 0.35)
    save_file({**raw, "gain": raw["gain"][None]}, mixture.DATA / "network-10.safetensors")
    write("network-10", raw, 2)
