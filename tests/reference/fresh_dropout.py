"""A network that is guided by itself without some units, others in each step, in NumPy's float64.

Which units is drawn by Philox 4x32-10 (Salmon et al. 2011) from its paper's text; scores are complex-step derivatives.
Reads tests/data/network-16.safetensors; writes tests/data/fresh-dropout.json. Needs no JAX.
"""

import json
import pathlib

import numpy as np
from safetensors.numpy import load_file

DATA = pathlib.Path(__file__).parent.parent / "data"
STREAM = 10
LAYERS = 5
STEPS = 6
RATE, SEED, WEIGHT = 0.3, 4000000007, 2.0


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def units(step, layer, hidden):
    """Those that are left out of a layer's: the fewest draws."""
    draws = [philox((unit, step, layer, STREAM), (SEED, 0))[0] for unit in range(hidden)]
    return sorted(sorted(range(hidden), key=lambda unit: draws[unit])[: round(RATE * hidden)])


def matrices(raw, left_out):
    """As used: what reads a unit that is left out is zero before rows are normalised."""
    all = []
    for i in range(LAYERS):
        w = raw[f"layers.{2 * i}.weight"].astype(np.float64)
        if i > 0:
            w[:, left_out[i - 1]] = 0
        n = w.shape[1]
        all.append(w / (1e-4 + np.linalg.norm(w, axis=1, keepdims=True) / np.sqrt(n)) / np.sqrt(n))
    return all


def log_density(weights, gain, x, sigma):
    x = x / np.sqrt(0.5**2 + sigma**2)
    h = weights[0] @ np.array([x[0], x[1], np.log(sigma) / 4, 1.0])
    for w in weights[1:]:
        h = w @ (h / (1 + np.exp(-h)) / 0.596)
    return gain * np.mean(h**2) / sigma - 0.5 * np.sum(x**2)


def score(weights, gain, x, sigma):
    h = 1e-100
    return np.array([log_density(weights, gain, x + 1j * h * axis, sigma).imag / h for axis in np.eye(2)])


def levels():
    """EDM's, between 5 and .002 with rho = 7, then zero."""
    root = lambda sigma: sigma ** (1 / 7)
    inner = [(root(5) + i / (STEPS - 1) * (root(0.002) - root(5))) ** 7 for i in range(STEPS)]
    return [*inner, 0.0]


def path(x, raw, heun):
    gain = float(raw["gain"])
    main, sigmas, path = matrices(raw, [[]] * (LAYERS - 1)), levels(), [x]
    for step, (sigma, after) in enumerate(zip(sigmas, sigmas[1:])):
        lesser = matrices(raw, [units(step, layer, len(main[0])) for layer in range(LAYERS - 1)])

        def slope(x, sigma):
            s1, s0 = (score(weights, gain, x, sigma) for weights in (main, lesser))
            return -sigma * (s0 + WEIGHT * (s1 - s0))

        d = slope(x, sigma)
        ahead = x + (after - sigma) * d
        if heun and after > 0:
            ahead = x + (after - sigma) * (d + slope(ahead, after)) / 2
        x = ahead
        path.append(x)
    return [p.tolist() for p in path]


if __name__ == "__main__":
    raw = load_file(DATA / "network-16.safetensors")
    hidden = len(raw["layers.0.weight"])
    starts = (5 * np.random.default_rng(3).normal(size=(6, 2))).astype(np.float32).astype(np.float64)
    result = {
        "rate": RATE,
        "seed": SEED,
        "weight": WEIGHT,
        "units": [[units(step, layer, hidden) for layer in range(LAYERS - 1)] for step in range(STEPS)],
        "euler": [path(x, raw, False) for x in starts],
        "heun": [path(x, raw, True) for x in starts],
    }
    rows = ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in result.items())
    (DATA / "fresh-dropout.json").write_text(f"{{\n{rows}\n}}\n")
