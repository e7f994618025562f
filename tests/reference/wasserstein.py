"""Sliced W1 between four sets of points and the tree's class A, by SciPy, into tests/data/wasserstein.json.

The projected mixture becomes cells of equal width, each with its mass at its middle; the widths are halved until the
distance stands still to seven digits.
"""

import json
import pathlib

import numpy as np
from scipy.special import ndtr
from scipy.stats import wasserstein_distance

DATA = pathlib.Path(__file__).parent.parent / "data"
DIRECTIONS = 32


def components():
    rows = [(b["weight"], m, b["covariance"]) for b in json.loads((DATA / "tree.json").read_text())["A"] for m in b["means"]]
    weights, means, covariances = (np.array(column) for column in zip(*rows))
    return weights / weights.sum(), means, covariances


def sets(parts):
    """Perfect samples, too concentrated ones, one point, and samples of which two are far away."""
    weights, means, covariances = parts
    rng = np.random.default_rng(7)
    chosen = rng.choice(len(weights), 300, p=weights)
    xx, xy, yy = covariances[chosen].T
    z = rng.standard_normal((300, 2))
    l11 = np.sqrt(xx)
    offset = np.stack([l11 * z[:, 0], xy / l11 * z[:, 0] + np.sqrt(yy - xy**2 / xx) * z[:, 1]], 1)
    # As f32 holds them.
    points = np.float32(means[chosen] + offset)
    far = points[200:].copy()
    far[3], far[7] = [1e3, -5.0], [-40.0, 1e6]
    return {"perfect": points[:200], "concentrated": points[200:] * np.float32(0.7), "one": points[:1], "far": far}


def distance(points, parts, angle, width):
    weights, means, covariances = parts
    c, s = np.cos(angle), np.sin(angle)
    sd = np.sqrt(c * c * covariances[:, 0] + 2 * c * s * covariances[:, 1] + s * s * covariances[:, 2])
    mean = means @ [c, s]
    edges = np.arange((mean - 8 * sd).min(), (mean + 8 * sd).max() + width, width)
    cumulative = np.zeros(len(edges))
    for w, m, d in zip(weights, mean, sd):
        begin, end = np.searchsorted(edges, [m - 8 * d, m + 8 * d])
        cumulative[begin:end] += w * ndtr((edges[begin:end] - m) / d)
        cumulative[end:] += w
    middles = (edges[1:] + edges[:-1]) / 2
    return wasserstein_distance(points.astype(float) @ [c, s], middles, None, np.diff(cumulative))


if __name__ == "__main__":
    parts = components()
    angles = np.pi * (np.arange(DIRECTIONS) + 0.5) / DIRECTIONS
    entries = []
    for name, points in sets(parts).items():
        found = [np.mean([distance(points, parts, angle, width) for angle in angles]) for width in (4e-5, 2e-5)]
        print(name, found)
        assert abs(found[1] - found[0]) < 1e-7 * max(1, found[1])
        points = [[float(str(x)) for x in p] for p in points]
        entries.append({"name": name, "points": points, "distance": found[1]})
    (DATA / "wasserstein.json").write_text("[\n" + ",\n".join(map(json.dumps, entries)) + "\n]\n")
