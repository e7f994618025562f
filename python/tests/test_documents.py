"""The examples of the guide, each as a program of its own would run it."""

import importlib
import re

import pytest
from conftest import ROOT

import guidance_playground as gp

GUIDE = (ROOT / "docs/python.md").read_text(encoding="utf-8")
# Those of the sections that begin so need more than the package's own tests install.
ELSEWHERE = ("Notebooks", "Real models")


HERE = [section for section in re.split(r"^## ", GUIDE, flags=re.M) if not section.startswith(ELSEWHERE)]


def examples():
    for section in HERE:
        yield from re.findall(r"^```python\n(.*?)^```$", section, flags=re.M | re.S)


@pytest.mark.parametrize("example", list(examples()))
def test_examples_run(example, tmp_path, monkeypatch):
    # Some write files.
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/python.md", "exec"), {"__name__": "example"})


def test_what_the_guide_lists_is_there():
    for name in gp.__all__:
        assert getattr(gp, name).__doc__, name
    for name in set(re.findall(r"\bgp\.(\w+)", "".join(HERE))):
        assert hasattr(gp, name) or importlib.import_module(f"guidance_playground.{name}"), name
