"""What every peer computes: the guided sampler of the toy, in float64 NumPy, and the files that the peers read.

    toy.py DATA WEIGHTS STARTS PARTICLES

reads the starts that our command made, and writes into DATA, for the shipped pair and for random networks of other
widths: the normalised matrices for the browser, raw weights for everyone else, ONNX graphs, endpoints in float64."""

import json
import pathlib
import sys

import numpy as np

LAYERS = 5
STEPS = 32
WEIGHT = 3.0
#: Widths of the main network; the guide's is half of it.
WIDTHS = [16, 32, 64, 128]
SHIPPED = ("main-A64-4096", "guide-A32-0512")


def name(i):
    return f"layers.{2 * i}.weight"


def normalised(w):
    n = w.shape[1]
    return w / (1e-4 + np.linalg.norm(w, axis=1, keepdims=True) / np.sqrt(n)) / np.sqrt(n)


def noise_levels():
    i = np.arange(STEPS) / (STEPS - 1)
    return np.append((5.0 ** (1 / 7) + i * (0.002 ** (1 / 7) - 5.0 ** (1 / 7))) ** 7, 0.0)


def load(path):
    """The matrices as used, in float64, and the gain, from safetensors: a length, a header, the numbers."""
    content = pathlib.Path(path).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])

    def tensor(key):
        begin, end = header[key]["data_offsets"]
        numbers = np.frombuffer(content[8 + length + begin : 8 + length + end], "<f4")
        return numbers.reshape(header[key]["shape"]).astype(np.float64)

    return [normalised(tensor(name(i))) for i in range(LAYERS)], float(tensor("gain").reshape(()))


def score(network, x, sigma):
    """Gradient of the network's log-density at the rows of x, by a reverse pass written out."""
    w, gain = network
    c = np.hypot(0.5, sigma)
    h = np.column_stack([x / c, np.full(len(x), np.log(sigma) / 4), np.ones(len(x))]) @ w[0].T
    gates = []
    for matrix in w[1:]:
        s = 1 / (1 + np.exp(-h))
        gates.append((s + h * s * (1 - s)) / 0.596)
        h = (h * s / 0.596) @ matrix.T
    g = h * (2 * gain / (h.shape[1] * sigma))
    for matrix, gate in zip(w[:0:-1], gates[::-1]):
        g = (g @ matrix) * gate
    return (g @ w[0])[:, :2] / c - x / c**2


def guided(main, guide, x, sigma):
    s0 = score(guide, x, sigma)
    return s0 + WEIGHT * (score(main, x, sigma) - s0)


def step(main, guide, x, sigma, following):
    """One step of EDM's algorithm 1."""
    d = -sigma * guided(main, guide, x, sigma)
    ahead = x + (following - sigma) * d
    if following == 0:
        return ahead
    return x + (following - sigma) * (d - following * guided(main, guide, ahead, following)) / 2


def sample(main, guide, x):
    levels = noise_levels()
    for sigma, following in zip(levels, levels[1:]):
        x = step(main, guide, x, sigma, following)
    return x


def random_network(path, hidden, seed):
    """A network whose particles go somewhere: with a small gain it is almost a Gaussian, at the same cost."""
    from safetensors.numpy import save_file

    rng = np.random.default_rng(seed)
    shapes = [(hidden, 4 if i == 0 else hidden) for i in range(LAYERS)]
    raw = {name(i): rng.normal(size=s).astype(np.float32) for i, s in enumerate(shapes)}
    save_file(raw | {"gain": np.array(1e-3, np.float32)}, path)


def main():
    data, weights, starts = (pathlib.Path(a) for a in sys.argv[1:4])
    particles = int(sys.argv[4])
    import graph

    points = np.loadtxt(starts, delimiter=",", skiprows=1, dtype=np.float32)
    points.tofile(data / "starts.f32")
    pairs = {"shipped": tuple(weights / f"{n}.safetensors" for n in SHIPPED)}
    for width in WIDTHS:
        pair = (data / f"random-{width}.safetensors", data / f"random-{width // 2}.safetensors")
        for seed, path in enumerate(pair):
            random_network(path, width >> seed, width)
        pairs[f"random-{width}"] = pair
    description = {"levels": noise_levels().tolist(), "weight": WEIGHT, "pairs": {}}
    for key, paths in pairs.items():
        networks = [load(path) for path in paths]
        for role, (w, _) in zip(["main", "guide"], networks):
            np.concatenate([m.ravel() for m in w]).astype(np.float32).tofile(data / f"{key}-{role}.f32")
        graph.write(data / f"{key}-step.onnx", networks, corrects=True)
        graph.write(data / f"{key}-last.onnx", networks, corrects=False)
        # Endpoints of random networks need not be right to be timed: a quarter of a thousand finds a wrong one.
        count = particles if key == "shipped" else 256
        sample(*networks, points[:count].astype(np.float64)).tofile(data / f"{key}-endpoints.f64")
        description["pairs"][key] = {
            role: {"path": str(path), "hidden": len(w[0]), "gain": gain}
            for role, path, (w, gain) in zip(["main", "guide"], paths, networks)
        }
    (data / "toy.json").write_text(json.dumps(description))


if __name__ == "__main__":
    main()
