"""Networks from files and arrays, scores, and training: numbers made elsewhere, and the command's."""

import json

import numpy as np
import pytest

import guidance_playground as gp

WEIGHTS = "weights/guide-A32-0512.safetensors"


def test_values_are_pytorchs(root):
    for width in (10, 16):
        network = gp.Network(root / f"tests/data/network-{width}.safetensors")
        assert network.width == width
        values = json.loads((root / f"tests/data/network-{width}.json").read_text())["values"]
        for value in values:
            log_density, score = network.evaluate([value["x"]], value["sigma"])
            assert log_density == pytest.approx([value["log_density"]], rel=1e-6, abs=1e-6)
            np.testing.assert_allclose(score, [value["score"]], rtol=1e-5, atol=1e-5)


def test_the_same_from_bytes_and_arrays(root, tmp_path):
    file = root / WEIGHTS
    network = gp.Network(file)
    assert (network.width, network.data, network.condition) == (32, "tree-2", "A")
    assert network.degrees_of_freedom is None
    assert network.metadata["iterations"] == "512"
    arrays = network.arrays()
    assert {name: array.shape for name, array in arrays.items()} == {
        "gain": (),
        "layers.0.weight": (32, 4),
        **{f"layers.{2 * i}.weight": (32, 32) for i in range(1, len(arrays) - 1)},
    }
    bare = gp.Network(arrays)
    assert bare.metadata == {}
    said = gp.Network({name: array.astype(np.float64) for name, array in arrays.items()}, data="tree-2", condition="A")
    assert said.metadata == {"condition": "A", "data": "tree-2"}
    network.save(tmp_path / "mine.safetensors")
    shipped = gp.sample({"main": "guide-32-0512:A"}, particles=50)
    models = [network, bare, said, file, str(file), file.read_bytes(), arrays, tmp_path / "mine.safetensors"]
    for model in models:
        found = gp.sample({"main": "mine"}, particles=50, models={"mine": model})
        np.testing.assert_array_equal(found.positions, shipped.positions)
    np.testing.assert_array_equal(gp.sample({"main": str(file)}, particles=50).positions, shipped.positions)


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        (b"not a network", "weights", "the weights"),
        ("nowhere.safetensors", "file", "nowhere.safetensors"),
        ({"gain": 1.0}, "weights", "layers.0.weight"),
        ({"layers.0.weight": "text"}, "weights", "must be an array of numbers"),
        ({"layers.0.weight": np.zeros((8, 3))}, "weights", "shape [hidden, 4]"),
    ],
)
def test_networks_that_are_refused(source, code, message):
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.Network(source)
    assert caught.value.code == code
    assert message in caught.value.message
    assert caught.value.advice


def test_networks_know_their_data_and_their_names(root):
    network = gp.Network(root / WEIGHTS, data="two-moons")
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.sample({"main": "mine"}, particles=5, models={"mine": network})
    assert caught.value.code == "other-data"
    assert gp.sample({"main": "mine"}, particles=5, distribution="two-moons", models={"mine": network}).lost == 0
    for name in ("exact", "main-64-4096", "a:A", ""):
        with pytest.raises(gp.GuidancePlaygroundError, match="The name of a model of one's own"):
            gp.sample("none", particles=5, models={name: network})


def test_scores_mix_as_the_formula_says():
    points = np.array([[0.45, 1.22], [0.13, 0.18]])
    found = gp.score("autoguidance", points, 0.3)
    assert (found.sigma, found.weight) == (0.3, 3)
    expected = found.guide.scores + 3 * (found.main.scores - found.guide.scores)
    # Single precision, as particles are moved with.
    np.testing.assert_allclose(found.guided, expected, rtol=1e-4, atol=1e-4)
    tree = gp.distribution("tree-2")
    exact = gp.score("exact:A", points, 0.3)
    for field in (exact.main, exact.data, found.data):
        np.testing.assert_allclose(field.scores, tree.score(points, 0.3), rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(field.log_densities, tree.log_density(points, 0.3), atol=1e-4)
    assert exact.guide is None
    assert exact.weight == 1
    np.testing.assert_array_equal(exact.guided, exact.main.scores)
    # The definition in 64 bits, which the shipped networks are held to.
    main = gp.score("main-64-4096", points, 0.3).main
    assert np.abs(main.log_densities - tree.log_density(points, 0.3)).max() < 0.3


@pytest.mark.parametrize(
    ("of", "sigma", "message"),
    [("none", 0.0, "The noise level must be"), ("none", 1000.0, "The noise level must be"), ("nope", 1.0, "no scheme named")],
)
def test_scores_that_are_refused(of, sigma, message):
    with pytest.raises(gp.GuidancePlaygroundError, match=message):
        gp.score(of, [[0, 0]], sigma)


def test_training_has_the_commands_bits(command, tmp_path):
    seen = {}
    trained = gp.train(
        hidden=8, iterations=5, batch=300, seed=4, threads=1, snapshot=lambda i, network: seen.update({i: network}), snapshot_every=2
    )
    options = ["--hidden", "8", "--iterations", "5", "--batch", "300", "--seed", "4", "--snapshot-every", "2"]
    printed = command("train", *options, "--out", str(tmp_path / "run"))
    for iteration, name in {2: "0002", 4: "0004", 5: "0005"}.items():
        assert (tmp_path / "run" / f"{name}.safetensors").read_bytes() == seen[iteration].to_safetensors()
    assert sorted(seen) == [2, 4, 5]
    assert trained.network.to_safetensors() == seen[5].to_safetensors()
    losses = [float(line.split(",")[1]) for line in (tmp_path / "run" / "loss.csv").read_text().splitlines()[1:]]
    np.testing.assert_array_equal(trained.losses, losses)
    rows = [line.split() for line in printed.splitlines()[2:]]
    assert [f"{sigma:.4f}" for sigma in trained.sigmas] == [row[0] for row in rows]
    assert [f"{loss:.6f}" for loss in trained.loss_by_noise] == [row[1] for row in rows]
    assert trained.network.metadata["iterations"] == "5"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden": 3}, "The hidden width must be a whole number between 4 and 512; it is 3"),
        ({"iterations": 0}, "The number of iterations must be a whole number between 1 and 65536; it is 0"),
        ({"classes": "C"}, 'The class must be A, B or AB; it is "C"'),
        ({"degrees_of_freedom": 1.0}, "degrees of freedom"),
        ({"distribution": 3}, "it is of the type int"),
    ],
)
def test_trainings_that_are_refused(options, message):
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.train(**options)
    assert caught.value.code == "invalid"
    assert message in caught.value.message


def test_models_have_names():
    names = gp.model_names()
    assert names[:3] == ["exact:A", "exact:B", "exact:AB"]
    assert "main-64-4096:A" in names
    assert len(names) == len(set(names))
