"""What plots show, and that they show it in the page's colours."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from guidance_playground import (
    GuidancePlaygroundError,
    _core,
    compare,
    plan,
    plot_particles,
    plot_schedule,
    plot_tradeoff,
    plots,
    sample,
    sweep,
)

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
FEW = {"particles": 96, "seeds": 2}


def test_colours_are_those_of_the_page(root: Path) -> None:
    # Without what follows for those who ask for more contrast.
    tokens = (root / "www" / "styles" / "tokens.css").read_text().split("@media")[0]
    light = dict(re.findall(r"--([\w-]+): light-dark\((#\w+),", tokens))
    assert {name: light[name] for name in plots.COLOURS} == plots.COLOURS


def test_regions_have_the_published_mass() -> None:
    reach, a, b = _core.regions(_core.Distribution("tree-2", 1.0), 480)
    ends = sample({"main": "exact:A"}, particles=4000).positions
    columns, rows = np.rint((ends.T / reach + 1) / 2 * 479).astype(int)
    inside = [field.reshape(480, 480)[rows, columns] > 0 for field in (a, b)]
    # The paper's outline of class A has 98.65% of it; a grid's point is up to half of its step away.
    assert inside[0].mean() == pytest.approx(0.9865, abs=0.02)
    assert inside[1].mean() < 0.05
    with pytest.raises(GuidancePlaygroundError, match="points of a picture's side"):
        _core.regions(_core.Distribution("tree-2", 1.0), 1)


def test_particles_stand_where_they_are() -> None:
    samples = sample("none", particles=50)
    ax = plot_particles(samples)
    drawn = ax.collections[-1].get_offsets()
    assert np.array_equal(drawn, samples.positions)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert right - left == pytest.approx(top - bottom)
    # Two fills and two outlines before them.
    assert len(ax.collections) == 5
    assert plot_particles(samples.positions, distribution="two-moons", ax=ax) is ax
    with pytest.raises(GuidancePlaygroundError, match="must be an array"):
        plot_particles([1.0, 2.0])


def test_tradeoffs_have_errors_and_the_perfect_samplers_place() -> None:
    rows = sweep("sigma-scaling", {"k": [1.1, 1.2], "w": [1, 2, 3]}, **FEW)
    ax = plot_tradeoff(rows, x="branchTotalVariation")
    *joined, perfect = ax.containers
    assert len(joined) == 2
    results = [row["results"] for row in rows[:3]]
    line, _, (xbars, ybars) = joined[0].lines
    assert list(line.get_ydata()) == [each["outliers"]["value"] for each in results]
    lengths = [end[1] - start[1] for start, end in ybars.get_segments()]
    assert lengths == pytest.approx([4 * each["outliers"]["standardError"] for each in results])
    assert len(xbars.get_segments()) == 3
    floors = [results[0][name]["floor"]["mean"] for name in ("branchTotalVariation", "outliers")]
    assert list(perfect.lines[0].get_xydata()[0]) == floors
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["k = 1.1", "k = 1.2", "a perfect sampler"]
    # What stands alone is joined to nothing; a cost has no perfect sampler.
    ax = plot_tradeoff(compare(["none", "autoguidance"], **FEW), x="evaluations")
    assert [len(line.lines[0].get_xdata()) for line in ax.containers] == [1, 1]
    for wrong, words in [({"x": "outlier"}, "must be one of outliers"), ({"y": "z"}, "must be one of")]:
        with pytest.raises(GuidancePlaygroundError, match=words):
            plot_tradeoff(rows, **wrong)
    with pytest.raises(GuidancePlaygroundError, match="no row with results"):
        plot_tradeoff([])


def test_no_label_stands_on_another() -> None:
    ax = plot_tradeoff(sweep("sigma-scaling", {"k": [1.1, 1.2, 1.3], "w": [1, 2, 3, 4]}, **FEW))
    ax.figure.canvas.draw()
    places = [ax.transAxes.inverted().transform(ax.transData.transform(text.xy)) for text in ax.texts]
    assert len(places) > 1
    for i, place in enumerate(places):
        assert all((abs(place - other) >= plots.APART).any() for other in places[:i])


def test_schedules_are_the_plans() -> None:
    ax = plot_schedule(["ht-cosine-6", "none"])
    weights, levels = plan("ht-cosine-6").weights, plan("ht-cosine-6").sigmas
    drawn = [line for line in ax.lines if line.get_label() == "ht-cosine-6"]
    assert np.array_equal(drawn[0].get_xydata(), np.column_stack([levels[:-1], weights]))
    assert ax.get_xlim()[0] > ax.get_xlim()[1]
    named = plot_schedule({"mine": "autoguidance"})
    assert named.get_title(loc="left") == "mine"


def test_without_matplotlib_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(GuidancePlaygroundError, match="pip install matplotlib") as missing:
        plot_schedule("none")
    assert missing.value.code == "missing-package"
