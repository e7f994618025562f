"""Densities by Gaussians around points, by SciPy's gaussian_kde, into tests/data/points.json.

Two classes of 60 and 40 points on curves, in units far from the plane's; at places around them the log-density of each class, at
the bandwidth of Scott's rule and at .4 times that.
"""

import json
import pathlib

import numpy as np
from scipy.stats import gaussian_kde

DATA = pathlib.Path(__file__).parent.parent / "data"


def main():
    rng = np.random.default_rng(11)
    angle = [np.pi * rng.random(count) for count in (60, 40)]
    curves = [np.stack([np.cos(angle[0]), np.sin(angle[0])]), np.stack([1 - np.cos(angle[1]), 0.5 - np.sin(angle[1])])]
    classes = [np.round(1000 + 250 * (curve + 0.1 * rng.standard_normal(curve.shape)), 3) for curve in curves]
    places = np.round(1000 + 250 * rng.uniform(-1.5, 2.5, (2, 25)), 3)
    rows = {
        "points": [[x, y, name] for name, of in zip("AB", classes) for x, y in of.T.tolist()],
        "places": places.T.tolist(),
        "logDensities": [
            {
                "bandwidth": bandwidth,
                **{
                    name: gaussian_kde(of, lambda kde: bandwidth * kde.scotts_factor()).logpdf(places).tolist()
                    for name, of in zip("AB", classes)
                },
            }
            for bandwidth in (1.0, 0.4)
        ],
    }
    (DATA / "points.json").write_text(json.dumps(rows) + "\n")


main()
