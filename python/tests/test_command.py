"""The command by way of Python."""

import json
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import guidance_playground as gp


def test_it_is_the_whole_command(command):
    assert command("--version") == f"guidance-playground {version('guidance-playground')}\n"
    assert "image" in command("--help")
    scheme = json.loads(command("schemes", "autoguidance", "--json"))
    assert scheme == next(each.scheme for each in gp.schemes() if each.name == "autoguidance")
    script = Path(sys.executable).with_name("guidance-playground")
    assert subprocess.run([script, "--version"], capture_output=True, text=True, check=True).stdout == command("--version")


def test_its_errors_are_the_commands(command):
    assert "error: There is no scheme named" in command("sample", "--scheme", "nope", status=1)
    assert "Usage" in command("sample", "--no-such-option", status=2)


def test_ctrl_c_is_for_the_command_to_hear(tmp_path):
    line = [sys.executable, "-P", "-m", "guidance_playground", "train", "--iterations", "65536", "--batch", "16"]
    run = subprocess.Popen([*line, "--snapshot-every", "1", "--out", tmp_path / "run"], stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "run" / "checkpoint.safetensors").exists() and run.poll() is None:
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate()
    assert run.returncode == 130
    assert "--resume goes on from there" in said


def test_types_come_with_the_package():
    assert files("guidance_playground").joinpath("py.typed").is_file()
    assert files("guidance_playground").joinpath("_core.pyi").is_file()


def test_every_scheme_that_has_a_name_is_told(command):
    """In the words that `schemes NAME` has."""
    all_schemes = {scheme.name: scheme for scheme in gp.schemes()}
    assert len(all_schemes) > 50
    for scheme in all_schemes.values():
        assert scheme.formula, scheme.name
        assert scheme.explanation.endswith((".", "?")), scheme.name
        assert scheme.reference, scheme.name
    for name in ("apg", "ht-cosine-4", "autoguidance", "li"):
        words = command("schemes", name).splitlines()
        scheme = all_schemes[name]
        assert words[:3] == [scheme.title, scheme.formula, scheme.explanation]
    assert "orthogonal" in all_schemes["apg"].explanation
