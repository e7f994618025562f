"""The example for real weights, on tiny ones."""

import importlib.util
import json
from pathlib import Path

import pytest
import tiny

import guidance_playground as gp

FILE = Path(__file__).parents[3] / "examples/astronaut.py"


@pytest.fixture(scope="module")
def astronaut():
    spec = importlib.util.spec_from_file_location("astronaut", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_rows_are_plans_of_the_proposals_settings(astronaut):
    rows = astronaut.rows()
    assert len(rows) == 47
    plans = {name: gp.plan(scheme) for name, scheme in rows.items()}
    assert not plans["none"].guided
    assert all(plan.guided for name, plan in plans.items() if name != "none")
    assert len({json.dumps(scheme, sort_keys=True) for scheme in rows.values()}) == len(rows)
    ks = {plan.sigma_scale for plan in plans.values()}
    assert ks == {1.0, 1.02, 1.2, 1.4, 1.6}


def test_it_draws_a_sheet(astronaut, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(astronaut, "pipeline_of", lambda model, device: tiny.stable_diffusion())
    out = tmp_path / "sheet.png"
    line = ["--model", "tiny", "--device", "cpu", "--steps", "2", "--seed", "3", "4", "--rows", "none", "k1.4", "--out", str(out)]
    astronaut.main(line)
    from PIL import Image

    sheet = Image.open(out)
    assert sheet.size == (160 + 2 * 32, 5 * 32)
    rows = [sheet.crop((160, 32 * i, 224, 32 * i + 32)).tobytes() for i in range(5)]
    assert len(set(rows)) == 5
    assert "5 rows of 2 pictures" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        astronaut.main(["--model", "tiny", "--rows", "cfgg"])
    assert "no row begins so" in capsys.readouterr().err
