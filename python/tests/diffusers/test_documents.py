"""The guide's examples on real models, on tiny ones."""

import re
from pathlib import Path

import diffusers
import pytest
import tiny

import guidance_playground

ROOT = Path(__file__).parents[3]
SECTION = (ROOT / "docs/python.md").read_text(encoding="utf-8").split("## Real models")[1].split("\n## ")[0]
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", SECTION, flags=re.M | re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(example, tmp_path, monkeypatch):
    pipeline = tiny.stable_diffusion()
    monkeypatch.setattr(pipeline, "to", lambda device: pipeline)
    monkeypatch.setattr(diffusers.DiffusionPipeline, "from_pretrained", lambda name: pipeline)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/python.md", "exec"), {"__name__": "example"})
    assert len(list(tmp_path.iterdir())) == 2 * ("pipeline" in example)


def test_guiders_that_are_compared_are_all_that_there_are():
    named = set(re.findall(r"`([A-Z]\w+Guidance)`", SECTION))
    there = {name for name in vars(diffusers.guiders) if name.endswith("Guidance") and name != "BaseGuidance"}
    assert named == there
    schemes = {next(iter(of)) if isinstance(of, dict) else of for of in (s.scheme["combination"] for s in guidance_playground.schemes())}
    assert {"mamboG", "higs", "adg"} <= schemes
    for name in ["lerp", *schemes - {"feedbackExact", "negativeExact", "feynmanKac"}]:
        assert f"`{name}`" in SECTION, name
