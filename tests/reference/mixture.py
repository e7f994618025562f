"""The smoothed tree as a plain function: log-density and, by automatic differentiation, score."""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

DATA = pathlib.Path(__file__).parent.parent / "data"


def components(classes):
    """Weights (which sum to one), means and covariances of "A", "B" or "AB"."""
    tree = json.loads((DATA / "tree.json").read_text())
    rows = [(b["weight"], m, b["covariance"]) for c in classes for b in tree[c] for m in b["means"]]
    weights, means, covariances = (np.array(column) for column in zip(*rows))
    return weights / weights.sum(), means, covariances


def log_density(parts, x, sigma):
    weights, means, covariances = parts
    xx, xy, yy = covariances[:, 0] + sigma**2, covariances[:, 1], covariances[:, 2] + sigma**2
    determinant = xx * yy - xy**2
    dx, dy = (x - means).T
    square = (yy * dx**2 - 2 * xy * dx * dy + xx * dy**2) / determinant
    return jax.scipy.special.logsumexp(jnp.log(weights) - jnp.log(2 * jnp.pi * jnp.sqrt(determinant)) - square / 2)


score = jax.jit(jax.grad(log_density, 1))
