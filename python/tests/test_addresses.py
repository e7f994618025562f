"""Addresses of the page, and programs that it copies: what they sample is what the command samples, and what the page found."""

import json
import re
import runpy
import shutil

import numpy as np
import pytest

import guidance_playground as gp

ADDRESS = (
    "https://example.org/play/?engine=cpu#v=1&distribution=two-moons&schemes=none,autoguidance~weight:2"
    "&seed=7&particles=512&levels=~steps:8&view=0,0,1"
)


def points(text):
    """Of the command's CSV."""
    return np.array([line.split(",") for line in text.splitlines()[1:]], dtype=np.float32)


@pytest.mark.parametrize("panel", [1, 2])
def test_an_address_is_what_the_command_samples(panel, command):
    samples = gp.sample(ADDRESS, panel=panel)
    assert samples.config["distribution"] == "two-moons"
    assert np.array_equal(samples.positions, points(command("sample", "--scheme", f"{ADDRESS}#{panel}")))


def test_schemes_with_changes_are_schemes(command):
    text = "ht-1.10~weight:2~levels.steps:8"
    samples = gp.sample(text, particles=50, seed=3)
    assert np.array_equal(samples.positions, points(command("sample", "--scheme", text, "--particles", "50", "--seed", "3")))


def test_what_is_not_understood_is_told():
    with pytest.raises(gp.GuidancePlaygroundError, match="has no field “foo”") as caught:
        gp.sample("#v=1&schemes=none~foo:1")
    assert caught.value.code == "address"
    assert "docs/state.md" in caught.value.advice
    with pytest.raises(gp.GuidancePlaygroundError, match="has 2 panels"):
        gp.sample(ADDRESS)


def test_copied_programs_find_what_the_page_found(root, tmp_path, monkeypatch, capsys):
    rows = json.loads((root / "tests/data/copied.json").read_text())
    programs = [row for row in rows if "python" in row]
    assert len(programs) > 10
    for number, row in enumerate(programs):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        if "file" in row:
            source, name = row["file"]
            shutil.copy(root / source, folder / name)
        (folder / "program.py").write_text(row["python"])
        names = runpy.run_path("program.py")
        found = gp.metrics(names["samples"].positions, distribution=names.get("data"))
        # What it prints is what it found.
        assert capsys.readouterr().out == f"{found}\n"
        for name, page in row["metrics"].items():
            value = found[re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)].value
            # As engines differ: two particles of 512 on the other side of a boundary, log-densities as far as the farthest.
            near = 2 / 512 if name == "outliers" else 0.01 + 0.005 * abs(page)
            assert abs(value - page) <= near, f"{row['python']}: {name} is {value}, and was {page}"
