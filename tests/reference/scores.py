"""Write log-density and score of the exact mixtures at the points in tests/data/scores.json back into that file."""

import json

import numpy as np

import mixture

if __name__ == "__main__":
    path = mixture.DATA / "scores.json"
    points = json.loads(path.read_text())
    parts = {classes: mixture.components(classes) for classes in ("A", "AB")}
    for point in points:
        at = (parts[point["classes"]], np.array(point["x"]), point["sigma"])
        point["log_density"] = float(mixture.log_density(*at))
        point["score"] = mixture.score(*at).tolist()
    path.write_text("[\n" + ",\n".join(map(json.dumps, points)) + "\n]\n")
