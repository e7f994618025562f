"""What Python has of the figure's parts, without a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import guidance_playground as gp
from guidance_playground import notebook

ROOT = Path(__file__).parents[3]
# Of the lab of pictures, which the package does not have; the poster, which is made; and the address, which is the notebook's.
ELSEWHERE = {"lab", "prompt", "pictures", "shows", "large", "shares", "poster", "address"}


def test_parts_are_the_attributes_of_the_element():
    manifest = json.loads((ROOT / "pkg/custom-elements.json").read_text())
    element = manifest["modules"][0]["declarations"][0]
    attributes = {attribute["name"] for attribute in element["attributes"]}
    assert {"state", *notebook._STATE, *notebook._SHOWN} == attributes - ELSEWHERE


def test_what_is_asked_for_is_a_state():
    figure = gp.Playground(["none", {"weight": 1}], levels={"steps": 16}, paths=False, view=(0, 1, 0.5), lit=[3, 4])
    text = repr(figure)
    assert "&levels=~steps:16&view=0.0,1.0,0.5&paths=0&lit=3,4>" in text
    assert gp.plan(notebook._text(figure), panel=1).steps == 16
    copied = gp.Playground("https://toys.example/#v=1&schemes=none&seed=7", seed=8)
    assert notebook._text(copied) == "v=1&schemes=none&seed=7&seed=8"


@pytest.mark.parametrize(
    ("schemes", "parts"),
    [
        (None, {"lab": "images"}),
        (None, {"state": "v=1&lab=images&prompt=a+dog"}),
        ("https://toys.example/#v=1&lab=images&schemes=none", {}),
    ],
)
def test_pictures_are_elsewhere_and_a_sentence_says_where(schemes, parts):
    with pytest.raises(gp.GuidancePlaygroundError, match="The figure in notebooks is of the plane") as caught:
        gp.Playground(schemes, **parts)
    assert caught.value.code == "invalid"
    assert "guidance-playground image" in caught.value.advice
    assert repr(gp.Playground(state="v=1&lab=plane&seed=3")).endswith("seed=3>")


def test_without_the_built_figure_it_is_said_how_that_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr(notebook, "_MODULE", tmp_path / "widget.js")
    notebook._module.cache_clear()
    with pytest.raises(gp.GuidancePlaygroundError, match="cargo xtask build") as caught:
        gp.Playground()
    assert caught.value.code == "no-figure"
    notebook._module.cache_clear()
