"""Grow the paper's tree in NumPy and write tests/data/tree.json; with seeds given, what their trees come to: trees.json.

    tree.py
    tree.py 1 7

Formulas: the toy example of "Guiding a diffusion model with a bad version of itself" (arXiv 2406.02507), seed 2.
A branch's eight components share weight and covariance, so the file holds those once for each branch.
"""

import json
import pathlib
import sys

import numpy as np

DATA = pathlib.Path(__file__).parent.parent / "data"


def grow(seed=2):
    rnd = np.random.RandomState(seed)
    scale = np.array([1.3136, 1.3844])

    def branches(pos, angle, depth):
        dist = 0.292 * 0.8**depth * (1 + 0.2 * rnd.randn())
        thick = 0.2 * 0.8**depth / dist
        size = scale * dist * 0.06
        d = np.array([np.cos(angle), np.sin(angle)])
        cov = (np.outer(d, d) + (np.eye(2) - np.outer(d, d)) * thick**2) * np.outer(size, size)
        means = [(pos + d * dist * t) * scale for t in np.linspace(0.07, 0.93, 8)]
        yield {"weight": dist * 0.5**depth, "covariance": [cov[0, 0], cov[0, 1], cov[1, 1]], "means": means}
        for sign in [1, -1]:
            # Drawn before the depth test, so at depth 6 too.
            child = angle + sign * 0.7**depth * (1 + 0.2 * rnd.randn())
            if depth < 6:
                yield from branches(pos + d * dist, child, depth + 1)

    # One stream: all of A, then all of B.
    origin = np.array([0.0030, 0.0325])
    return {name: list(branches(origin, angle, 0)) for name, angle in [("A", np.pi / 4), ("B", np.pi * 5 / 4)]}


def line(branch):
    return json.dumps({**branch, "means": [list(m) for m in branch["means"]]})


def summary(branches):
    """Of a class: its first and last branch, the sum of its weights, and its mean and covariance."""
    weights = np.array([b["weight"] for b in branches for _ in b["means"]])
    means = np.array([m for b in branches for m in b["means"]])
    within = np.array([b["covariance"] for b in branches for _ in b["means"]])
    shares = weights / weights.sum()
    mean = shares @ means
    away = means - mean
    around = np.stack([away[:, 0] ** 2, away[:, 0] * away[:, 1], away[:, 1] ** 2], axis=1)
    numbers = {"weights": weights.sum(), "mean": list(mean), "covariance": list(shares @ (within + around))}
    return f'{{"first": {line(branches[0])},\n"last": {line(branches[-1])},\n{json.dumps(numbers)[1:]}'


def classes(tree, text):
    return "{" + ",\n".join(f'"{c}": {text(branches)}' for c, branches in tree.items()) + "}"


if __name__ == "__main__":
    seeds = [int(seed) for seed in sys.argv[1:]]
    if seeds:
        trees = [f'"{seed}": {classes(grow(seed), summary)}' for seed in seeds]
        (DATA / "trees.json").write_text("{" + ",\n".join(trees) + "}\n")
    else:
        everything = classes(grow(), lambda branches: "[\n" + ",\n".join(map(line, branches)) + "\n]")
        (DATA / "tree.json").write_text(everything + "\n")
