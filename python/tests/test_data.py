"""Data and metrics: numbers made elsewhere (tests/data), the command's, and what is refused."""

import json

import numpy as np
import pytest

import guidance_playground as gp


def test_densities_and_scores_are_the_references(root):
    tree = gp.distribution("tree-2")
    for entry in json.loads((root / "tests/data/scores.json").read_text()):
        at = [entry["x"]]
        log_density = tree.log_density(at, entry["sigma"], entry["classes"])
        assert log_density == pytest.approx([entry["log_density"]], rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(tree.score(at, entry["sigma"], entry["classes"]), [entry["score"]], rtol=1e-9, atol=1e-9)


def test_components_make_the_density():
    moons = gp.distribution("two-moons")
    parts = moons.components("A")
    assert parts.weights.sum() == pytest.approx(1)
    assert set(parts.classes) == {0}
    x, sigma = np.array([0.3, 0.4]), 0.2
    covariances = parts.covariances + sigma**2 * np.eye(2)
    d = x - parts.means
    exponents = -0.5 * np.einsum("ni,nij,nj->n", d, np.linalg.inv(covariances), d)
    density = (parts.weights * np.exp(exponents) / (2 * np.pi * np.sqrt(np.linalg.det(covariances)))).sum()
    assert np.exp(moons.log_density([x], sigma)) == pytest.approx([density], rel=1e-10)


def test_perfect_samples():
    tree = gp.distribution("tree-2")
    drawn = tree.sample(2000, seed=4)
    assert drawn.shape == (2000, 2)
    np.testing.assert_array_equal(tree.sample(10, seed=4), drawn[:10])
    assert not np.array_equal(tree.sample(10, seed=5), drawn[:10])
    # 1% lie outside of the region of 99%: four standard errors of 2000 samples.
    outside = (tree.log_density(drawn) < tree.threshold(0.99)).mean()
    assert abs(outside - 0.01) < 4 * np.sqrt(0.01 * 0.99 / 2000)


def test_points_and_strokes_of_ones_own(root, tmp_path):
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(size=(40, 2)), rng.normal(size=(40, 2)) + 3])
    labels = ["cat"] * 40 + ["dog"] * 40
    made = gp.distribution(points, classes=labels)
    assert made.name.startswith("points-")
    assert gp.distribution(made.name) == made
    file = tmp_path / "points.csv"
    file.write_text("x,y,class\n" + "".join(f"{x},{y},{label}\n" for (x, y), label in zip(points, labels, strict=True)))
    assert gp.distribution(file) == made
    assert gp.distribution(str(file)) == made
    assert gp.distribution(points, classes=labels, bandwidth=2) != made
    assert gp.sample({"main": "exact:A"}, distribution=made, particles=10).config["distribution"] == made.name
    stroke = {"class": "A", "size": 0.05, "points": [[0, 0], [1, 0.5]]}
    drawn = gp.distribution({"strokes": [stroke, {**stroke, "class": "B", "points": np.array([[0, 1], [1, 1]])}]})
    assert drawn.name.startswith("drawing-")
    assert set(drawn.components("AB").classes) == {0, 1}


@pytest.mark.parametrize(
    ("given", "options", "code", "message"),
    [
        ("three-moons", {}, "invalid", "three-moons"),
        ("nowhere.csv", {}, "file", "nowhere.csv"),
        ([[0, 1]], {"classes": ["a", "b"]}, "invalid", "one of each point"),
        ([[0, float("nan")]], {}, "invalid", "finite numbers"),
        ([[0, 1, 2]], {}, "invalid", "(n, 2)"),
        ({"strokes": [{"class": "C"}]}, {}, "invalid", "Stroke 1"),
    ],
)
def test_data_that_are_refused(given, options, code, message):
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.distribution(given, **options)
    assert caught.value.code == code
    assert message in caught.value.message
    assert caught.value.advice


def test_metrics_are_the_commands(command, tmp_path):
    positions = gp.sample("none", particles=500, seed=2).positions
    found = gp.metrics(positions)
    file = tmp_path / "points.csv"
    file.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in positions))
    printed = json.loads(command("metrics", str(file), "--json"))
    assert printed.pop("particles") == found.particles == 500
    assert printed.pop("lost") == found.lost == 0
    assert len(printed) == len(found) == 8
    for (name, estimate), expected in zip(found.items(), printed.values(), strict=True):
        assert getattr(found, name) is estimate
        assert estimate.value == expected["value"]
        assert estimate.standard_error == expected["standardError"]
        assert (estimate.floor.mean, estimate.floor.spread) == (expected["floor"]["mean"], expected["floor"]["spread"])
    assert found["outliers"] == found.outliers
    assert "500 samples of class A" in repr(found)


def test_metrics_know_their_data_and_what_is_lost():
    moons = gp.distribution("two-moons")
    perfect = moons.sample(1000)
    assert gp.metrics(perfect, distribution=moons).outliers.value < 0.03
    assert gp.metrics(perfect).outliers.value > 0.5
    lost = np.append(perfect, [[np.nan, 0]], axis=0)
    found = gp.metrics(lost, distribution="two-moons")
    assert (found.particles, found.lost) == (1001, 1)
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.metrics(np.full((3, 2), np.nan))
    assert caught.value.code == "diverged"
    with pytest.raises(gp.GuidancePlaygroundError, match=r"\(n, 2\)"):
        gp.metrics([1, 2, 3])
    with pytest.raises(KeyError):
        found["nothing"]
