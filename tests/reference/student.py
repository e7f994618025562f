"""Student-t noise, in float64: exact mixtures under it by a fine quadrature, and the toy denoiser with heavy tails and with a
shift of its noise input, by automatic differentiation. Writes tests/data/student.json."""

import json

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file

import mixture
import network


def log_density(parts, x, sigma, nu):
    """log of the integral of p(x; sigma / sqrt(kappa)) over kappa ~ Gamma(nu/2, rate nu/2), in t = ln kappa."""
    # Mass falls as e^(nu t / 2) below and as exp(-nu e^t / 2) above; steps are a 40th of the narrowest bump.
    step = 0.025 * min(1, (2 / (nu + 2)) ** 0.5)
    t = jnp.arange(-2 * np.log(1e4) - 60 / (nu + 2), np.log(120 / nu + 8), step)
    log_weight = nu / 2 * (t - jnp.exp(t)) + nu / 2 * np.log(nu / 2) - jax.scipy.special.gammaln(nu / 2) + np.log(step)
    each = jax.lax.map(lambda t: mixture.log_density(parts, x, sigma * jnp.exp(-t / 2)), t)
    return jax.scipy.special.logsumexp(log_weight + each)


def heavy_log_density(raw, x, sigma, nu, shift):
    """As network.log_density, with the base and the scale of a Student-t."""
    c = jnp.sqrt(0.5**2 + sigma**2 * nu / (nu - 2))
    features = jnp.concatenate([x / c, jnp.array([(jnp.log(sigma) + shift) / 4, 1.0])])
    h = network.normalised(raw[network.name(0)]) @ features
    for i in range(1, network.LAYERS):
        h = network.normalised(raw[network.name(i)]) @ (jax.nn.silu(h) / 0.596)
    base = -(nu + 2) / 2 * jnp.log1p(jnp.sum(x**2) / (nu * (0.5**2 + sigma**2)))
    return raw["gain"] * jnp.mean(h**2) / sigma + base


def entries(function, cases):
    score = jax.grad(function, 1)
    for named, at in cases:
        yield {**named, "log_density": float(function(*at)), "score": score(*at).tolist()}


if __name__ == "__main__":
    rng = np.random.default_rng(5)
    parts = mixture.components("A")
    mixtures, networks = [], []
    for nu in [0.2, 1.0, 3.0, 10.0, 100.0]:
        for sigma in [0.002, 0.05, 1.0]:
            # Of the data's size, and some scales off it.
            for scales in [0, 1, 8, 200]:
                angle = rng.uniform(0, 2 * np.pi)
                x = parts[1][rng.integers(len(parts[1]))] + scales * sigma * np.array([np.cos(angle), np.sin(angle)])
                named = {"nu": nu, "sigma": sigma, "scales": scales, "x": x.tolist()}
                mixtures.append((named, (parts, x, sigma, nu)))
    raw = {k: v.astype(np.float64) for k, v in load_file(mixture.DATA / "network-16.safetensors").items()}
    for nu, shift in [(2.5, 0.0), (4.0, -0.8), (100.0, 0.5)]:
        for sigma in [0.002, 0.1, 5.0]:
            for size in [0.5, 20.0]:
                x = (rng.normal(size=2) * size).astype(np.float32).astype(np.float64)
                named = {"nu": nu, "shift": shift, "sigma": sigma, "x": x.tolist()}
                networks.append((named, (raw, x, sigma, nu, shift)))
    lines = lambda found: ",\n".join(map(json.dumps, found))
    text = f'{{"mixture": [\n{lines(entries(log_density, mixtures))}\n],\n"network": [\n{lines(entries(heavy_log_density, networks))}\n]}}\n'
    (mixture.DATA / "student.json").write_text(text)
