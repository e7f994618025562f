"""Grow the paper's tree in NumPy and write tests/data/tree.json.

Formulas: the toy example of "Guiding a diffusion model with a bad version of itself" (arXiv 2406.02507), seed 2.
A branch's eight components share weight and covariance, so the file holds those once for each branch.
"""

import json
import pathlib

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


if __name__ == "__main__":
    classes = [f'"{c}": [\n' + ",\n".join(map(line, b)) + "\n]" for c, b in grow().items()]
    (DATA / "tree.json").write_text("{" + ",\n".join(classes) + "}\n")
