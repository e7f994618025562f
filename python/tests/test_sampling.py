"""Sampling: the command's bits, whatever the number of particles and threads; and what is refused."""

import json
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import guidance_playground as gp

APG = {
    "main": "exact:A",
    "guide": {"model": "exact", "condition": "AB"},
    "weight": 3,
    "combination": {"apg": {"momentum": -0.5, "parallel": 0, "radius": 0.3}},
}
FRESH = {
    "guide": {"model": "main-64-4096", "degradation": {"freshDropout": {"rate": 0.1, "seed": 3}}},
    "weight": 2,
}


def points(text: str) -> np.ndarray:
    """Of the command's CSV, whose digits are those that make the same bits again."""
    return np.array([line.split(",") for line in text.splitlines()[1:]], dtype=np.float32)


@pytest.mark.parametrize("scheme", ["none", "autoguidance", "sigma-scaling", "in-situ", "feynman-kac", APG, FRESH])
def test_the_commands_bits(scheme, command, tmp_path):

    argument = scheme
    if isinstance(scheme, dict):
        argument = str(tmp_path / "scheme.json")
        (tmp_path / "scheme.json").write_text(json.dumps(scheme))
    printed = points(command("sample", "--scheme", argument, "--particles", "300", "--seed", "7"))
    for threads in (1, 3):
        samples = gp.sample(scheme, particles=300, seed=7, threads=threads)
        assert samples.positions.dtype == np.float32
        np.testing.assert_array_equal(samples.positions, printed)


def test_paths_end_where_particles_do(command):
    kept = gp.sample("autoguidance", particles=150, seed=3, paths=True)
    assert kept.paths.shape == (33, 150, 2)
    np.testing.assert_array_equal(kept.positions, gp.sample("autoguidance", particles=200, seed=3).positions[:150])
    text = command("sample", "--scheme", "autoguidance", "--particles", "150", "--seed", "3", "--trajectory")
    np.testing.assert_array_equal(kept.paths, points(text)[:, 2:].reshape(33, 150, 2))
    coupled = gp.sample("feynman-kac", particles=150, seed=3, paths=True)
    np.testing.assert_array_equal(coupled.positions, gp.sample("feynman-kac", particles=150, seed=3).positions)
    assert coupled.paths.shape == (len(coupled.noise_levels), 150, 2)


def test_what_is_said_of_a_run():
    samples = gp.sample("autoguidance", particles=10)
    assert samples.lost == 0
    # The paper's run: Heun's 63 evaluations of each model.
    assert samples.evaluations == 126
    assert samples.noise_levels.shape == (33,)
    assert samples.noise_levels[0] == pytest.approx(5)
    assert samples.noise_levels[-1] == 0
    np.testing.assert_array_equal(samples.weights, np.full(32, 3.0))
    again = gp.sample(samples.config)
    np.testing.assert_array_equal(again.positions, samples.positions)
    assert again.config == samples.config
    assert samples.config["particles"] == 10
    assert samples.config["seed"] == 1


def test_starts_of_ones_own():
    kept = gp.sample("autoguidance", particles=20, seed=5, paths=True)
    np.testing.assert_array_equal(gp.sample("autoguidance", start=kept.paths[0]).positions, kept.positions)
    assert gp.sample("none", start=[[1, 2.0]]).positions.shape == (1, 2)
    for bad in ([1, 2], [[1, 2, 3]], np.zeros((2, 2, 2)), np.zeros((0, 2))):
        with pytest.raises(gp.GuidancePlaygroundError, match=r"must be an array \(n, 2\)"):
            gp.sample("none", start=bad)


def test_named_schemes_have_exact_models_on_other_data():
    with pytest.warns(UserWarning, match="autoguidance: its networks know nothing of two-moons; exact models stand for them, under 1.1"):
        scheme = gp.sample("autoguidance", distribution="two-moons", particles=20).config["scheme"]
    assert scheme["main"] == {"model": "exact", "condition": "A"}
    guide = scheme["guide"]
    assert (guide["model"], guide["condition"], guide["sigmaScale"]) == ("exact", "A", 1.1)
    with pytest.warns(UserWarning, match="exact models"):
        samples = gp.sample("none", distribution="two-moons", particles=200)
    assert gp.metrics(samples.positions, distribution="two-moons").outliers.value < 0.1
    assert gp.sample("autoguidance", particles=20).config["scheme"]["main"]["model"] == "main-64-4096"
    with pytest.warns(UserWarning, match="exact models"):
        assert gp.score("autoguidance", [[0, 0]], 1.0, distribution="two-moons").guide is not None


def test_other_data_are_the_commands_to_the_letter(command):
    """A scheme that is named, what is changed of one, and what is refused, on data that no network knows."""
    for name in ("autoguidance", "cfg-toy~weight:2"):
        with pytest.warns(UserWarning, match=f"^{name}: "):
            rows = gp.compare([name], distribution="two-moons", particles=64, seeds=1)
        (told,) = command("compare", name, "--data", "two-moons", "--particles", "64", "--seeds", "1", "--json").splitlines()
        assert json.loads(told)["configuration"] == rows[0]["configuration"]
    refused = command("compare", '{"weight":1}', "--data", "two-moons", status=1)
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.compare([{"weight": 1}], distribution="two-moons")
    assert caught.value.message in refused
    with pytest.warns(UserWarning, match="exact models"):
        gp.sweep("none", {"steps": [8]}, distribution="two-moons", particles=16, seeds=1)
    # What is to have exact models anyway is what it is on the tree, and says nothing.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exact = gp.compare(["autoguidance"], distribution="two-moons", exact=True, particles=16, seeds=1)
    assert "merely worse" in exact[0]["refused"]


@pytest.mark.parametrize(
    ("scheme", "options", "code", "message"),
    [
        ("nope", {}, "invalid", 'There is no scheme named "nope"'),
        ({"weight": 99}, {}, "invalid", "The guidance weight must be between -10 and 50; it is 99"),
        ({"wieght": 1}, {}, "invalid", "unknown field `wieght`"),
        ({"weight": float("nan")}, {}, "invalid", "finite numbers"),
        ({"main": "nowhere"}, {}, "unknown-model", 'no model named "nowhere"'),
        ({"main": "guide-32-0064:B"}, {}, "invalid", "The condition of guide-32-0064 must be one of A, AB"),
        ({"weight": 1}, {"distribution": "two-moons"}, "other-data", "knows nothing of two-moons"),
        ("none", {"distribution": "three-moons"}, "invalid", "three-moons"),
        ("none", {"particles": 0}, "invalid", "a whole number between 1 and 1048576; it is 0"),
        ("none", {"particles": 1.5}, "invalid", "a whole number between 1 and 1048576; it is 1.5"),
        ("none", {"seed": -1}, "invalid", "The seed must be a whole number between 0 and"),
        ("none", {"threads": 0}, "invalid", "The number of threads must be"),
        ("none", {"panel": 0}, "invalid", "The number of the panel must be"),
        ("none", {"distribution": 3}, "invalid", "it is of the type int"),
        ("none", {"particles": 1 << 20, "paths": True}, "invalid", "at most 1016800 where their paths through 32 steps"),
        ("none", {"models": {"exact": b""}}, "weights", "The header in the weights"),
        (3, {}, "invalid", "it is of the type int"),
    ],
)
def test_what_is_refused(scheme, options, code, message):
    with pytest.raises(gp.GuidancePlaygroundError) as caught:
        gp.sample(scheme, **options)
    assert caught.value.code == code
    assert message in caught.value.message
    assert caught.value.advice
    assert caught.value.advice in str(caught.value)


def test_python_goes_on_meanwhile_and_ctrl_c_stops():
    beats, end = [], threading.Event()

    def beat():
        while not end.wait(0.005):
            beats.append(time.monotonic())

    other = threading.Thread(target=beat)
    # What runs in the background has Ctrl-C ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    other.start()
    timer = threading.Timer(0.4, signal.raise_signal, [signal.SIGINT])
    timer.start()
    try:
        # Minutes, if nothing stopped it.
        with pytest.raises(KeyboardInterrupt):
            gp.sample("autoguidance", particles=1 << 20, threads=1)
    finally:
        end.set()
        other.join()
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert len(beats) > 10


def test_progress_is_shown(capsys):
    gp.sample("none", particles=1000, progress=True)
    assert "1000/1000" in capsys.readouterr().err
    gp.sample("none", particles=100)
    assert capsys.readouterr().err == ""


# Each would go on for many seconds, without a place at which to end.
UNDIVIDED = {
    "metrics": "gp.metrics(np.zeros((1 << 20, 2), np.float32))",
    "an iteration": "gp.train(hidden=512, iterations=1, batch=1 << 20)",
    "a row": 'gp.compare(["cfg-toy"], particles=1 << 20, seeds=1)',
}
CHILD = """
import os, signal, threading, time
import numpy as np
import guidance_playground as gp
signal.signal(signal.SIGINT, signal.default_int_handler)
threads = lambda: len(os.listdir("/proc/self/task"))
before = threads()
def interrupt():
    # Itself, and who does the work.
    while threads() < before + 2:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
watcher = threading.Thread(target=interrupt)
watcher.start()
try:
    {}
except KeyboardInterrupt:
    watcher.join()
    # What is done ends with the process.
    print("heard while it is at work" if threads() > before else "heard when all was done", flush=True)
os._exit(0)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells threads")
@pytest.mark.parametrize("what", UNDIVIDED)
def test_ctrl_c_is_heard_in_what_cannot_be_divided(what):
    line = [sys.executable, "-P", "-c", CHILD.format(UNDIVIDED[what])]
    assert subprocess.run(line, capture_output=True, text=True, check=False).stdout == "heard while it is at work\n"
