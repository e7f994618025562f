"""A few plots as people expect them, by matplotlib: particles over the true regions, quality against diversity, schedules.

Each draws on `ax`, or on new axes, and gives the axes that it drew on. Class A is orange and class B grey, as in the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from . import _core
from .data import DistributionLike, distribution_of, points_of
from .errors import GuidancePlaygroundError, missing_package
from .rows import Row, known_metrics, title
from .sampling import Samples
from .schemes import SchemeLike, plan
from .sweeps import named

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours of the page in its light form: the tokens of www/styles/tokens.css.
COLOURS = {
    "ink": "#1c1a17",
    "ink-soft": "#655f57",
    "line": "#e4dfd7",
    "region-a": "#fbe6d0",
    "outline-a": "#e9a566",
    "region-b": "#efedea",
    "outline-b": "#bdb8b1",
    "particle": "#c24a00",
    "series-1": "#b34700",
    "series-2": "#1a5fb4",
    "series-3": "#3d6b1e",
    "series-4": "#85309c",
}
SERIES = [COLOURS[f"series-{number}"] for number in range(1, 5)]
#: Lines and marks are told apart by shape as well.
DASHES = ["-", "--", "-.", ":"]
MARKS = ["o", "s", "^", "D"]

#: Points of the grid that regions are found on, along the longer side; and the room around data, as a share of their extent.
GRID = 480
ROOM = 0.06
#: Error bars reach so many standard errors to either side, as in the command's `plot`.
ERRORS = 2.0
#: Nearer than these shares of the axes' width and height to another label there is none.
APART = (0.12, 0.05)

COSTS = {
    "evaluations": ("evaluations of models for each particle", "evaluationsPerParticle"),
    "milliseconds": ("milliseconds of a run", "milliseconds"),
}


def plot_particles(
    samples: Samples | npt.ArrayLike,
    *,
    distribution: DistributionLike | None = None,
    ax: Axes | None = None,
    size: float | None = None,
) -> Axes:
    """Draw particles over the regions that the data are in, class A orange and class B grey.

    Args:
        samples: what `sample` gives, or (n, 2) points in units of the plane. Lost particles are left out.
        distribution: the data; those of the samples, or else the paper's tree, if it is left out.
        ax: axes of matplotlib to draw on.
        size: diameter of a particle, in points of 1/72 inch; the more particles, the smaller if it is left out.

    Returns:
        The axes, with equal scales and without ticks.

    Raises:
        GuidancePlaygroundError: ``missing-package`` without matplotlib; ``invalid`` if the points have another shape.
    """
    ax = _axes(ax)
    if isinstance(samples, Samples):
        points = samples.positions
        distribution = samples.config["distribution"] if distribution is None else distribution
    else:
        points = points_of(samples)
    reach, *classes = _core.regions(distribution_of(distribution), GRID)
    line = np.linspace(-reach, reach, GRID)
    heights = [field.reshape(GRID, GRID) for field in classes]
    for name, height in zip("ba", reversed(heights), strict=True):
        ax.contourf(line, line, height, levels=[0, np.inf], colors=[COLOURS[f"region-{name}"]])
        ax.contour(line, line, height, levels=[0], colors=[COLOURS[f"outline-{name}"]], linewidths=0.8)
    # A square, as the page has it, around what there is.
    rows, columns = np.nonzero(np.maximum(*heights) > 0)
    ends = [(line[found.min()], line[found.max()]) for found in (columns, rows)]
    half = (1 + ROOM) * max(high - low for low, high in ends) / 2
    (x, y) = [(low + high) / 2 for low, high in ends]
    diameter = size if size is not None else float(np.clip(80 / np.sqrt(max(len(points), 1)), 0.7, 4))
    ax.scatter(points[:, 0], points[:, 1], s=diameter**2, color=COLOURS["particle"], linewidths=0, zorder=3)
    ax.set(xlim=(x - half, x + half), ylim=(y - half, y + half), aspect="equal", xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_color(COLOURS["line"])
    return ax


def plot_tradeoff(rows: Iterable[Row], *, x: str = "effectiveBranches", y: str = "outliers", ax: Axes | None = None) -> Axes:
    """Draw one metric or cost of rows against another: by default quality, the share of outliers, against diversity, the number of branches
    that are visited.

    Points that differ only in the last of what was varied are joined. Error bars are two standard errors to either side; the cross is
    where a perfect sampler is, its bars two standard deviations of one run.

    Args:
        rows: rows of `sweep` or of `compare`. Those without results are left out.
        x: the metric to the right, by its name in rows, or a cost: ``evaluations`` or ``milliseconds``.
        y: the metric upwards.
        ax: axes of matplotlib to draw on.

    Raises:
        GuidancePlaygroundError: ``missing-package`` without matplotlib; ``invalid`` if there is no such metric, or no row with results.
    """
    good = [row for row in rows if "results" in row]
    if not good:
        raise GuidancePlaygroundError("invalid", "There is no row with results to draw.")
    sides = [_Side.named(x, good), _Side.named(y, good)]
    ax = _axes(ax)
    lines: dict[str, list[Row]] = {}
    for place, row in enumerate(good):
        over = list(row["over"].items())
        # What stands alone is joined to nothing.
        lines.setdefault(json.dumps([row["name"], over[:-1] or place]) if over else str(place), []).append(row)
    labels = _Labels(ax)
    for number, joined in enumerate(lines.values()):
        (xs, dx), (ys, dy) = (side.of(joined) for side in sides)
        style: dict[str, Any] = {"color": SERIES[number % 4], "marker": MARKS[number // 4 % 4], "markersize": 4}
        fixed = list(joined[0]["over"].items())[:-1]
        label = ", ".join(f"{name} = {value}" for name, value in fixed) or joined[0]["name"]
        style |= {"linestyle": "-", "label": label} if len(joined) > 1 else {"linestyle": "none"}
        ax.errorbar(xs, ys, xerr=dx, yerr=dy, linewidth=1.2, elinewidth=0.8, **style)
        for row, *at in zip(joined, xs, ys, strict=True):
            last = [f"{name} = {value}" for name, value in row["over"].items()][-1:]
            labels.add(last[0] if len(joined) > 1 else title(row), at)
    whole = min(good, key=lambda row: row["results"]["lost"])
    (right, across), (up, along) = (side.perfect(whole) for side in sides)
    if right is not None and up is not None:
        mark: dict[str, Any] = {"color": COLOURS["ink"], "markersize": 7, "elinewidth": 0.8, "zorder": 4}
        ax.errorbar([right], [up], xerr=across, yerr=along, fmt="P", label="a perfect sampler", **mark)
    labels.draw()
    _framed(ax, *(side.words for side in sides))
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small", labelcolor=COLOURS["ink-soft"])
    return ax


def plot_schedule(schemes: SchemeLike | Iterable[SchemeLike] | Mapping[str, SchemeLike], *, ax: Axes | None = None) -> Axes:
    """Draw the guidance weight of each step over the noise level, from the highest on the left to the lowest.

    Args:
        schemes: one scheme, several, or a mapping from what each is to be called.
        ax: axes of matplotlib to draw on.

    Raises:
        GuidancePlaygroundError: ``missing-package`` without matplotlib; ``invalid`` if something is no scheme.
    """
    plans = [(name, plan(scheme)) for name, scheme in named(schemes)]
    ax = _axes(ax)
    ax.axhline(1, color=COLOURS["outline-b"], linewidth=1, zorder=1)
    for number, (name, each) in enumerate(plans):
        style: dict[str, Any] = {"color": SERIES[number % 4], "linestyle": DASHES[number // 4 % 4], "marker": MARKS[number % 4]}
        ax.plot(each.sigmas[:-1], each.weights, label=name, linewidth=1.4, markersize=3, **style)
    ax.set_xscale("log")
    ax.invert_xaxis()
    ax.xaxis.set_major_formatter("{x:g}")
    _framed(ax, "noise level σ", "guidance weight w (1 is none)")
    if len(plans) > 1:
        ax.legend(frameon=False, fontsize="small", labelcolor=COLOURS["ink-soft"])
    else:
        ax.set_title(plans[0][0], loc="left", fontsize="medium", color=COLOURS["ink"])
    return ax


class _Side(NamedTuple):
    """What stands along an axis: in words, and where rows have it."""

    words: str
    path: tuple[str, ...]
    is_metric: bool

    @classmethod
    def named(cls, name: str, rows: list[Row]) -> _Side:
        if name in COSTS:
            words, field = COSTS[name]
            return cls(words, ("cost", field), False)
        if name in known_metrics() and all(name in row["results"] for row in rows):
            return cls(known_metrics()[name]["name"], (name, "value"), True)
        known = ", ".join([*known_metrics(), *COSTS])
        raise GuidancePlaygroundError("invalid", f'What is drawn must be one of {known}; it is "{name}".')

    def of(self, rows: list[Row]) -> tuple[list[float], list[float] | None]:
        """Values, and half the lengths of their error bars."""
        found = [row["results"][self.path[0]] for row in rows]
        values = [each[self.path[1]] for each in found]
        # A metric of one particle has no error.
        return values, [ERRORS * (each["standardError"] or 0) for each in found] if self.is_metric else None

    def perfect(self, row: Row) -> tuple[float | None, float | None]:
        """What a perfect sampler has, and how far that spreads; a cost has neither."""
        floor = row["results"][self.path[0]]["floor"] if self.is_metric else None
        return (floor["mean"], ERRORS * floor["spread"]) if floor else (None, None)


class _Labels:
    """What points are called, of those that stand far enough apart."""

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        self.all: list[tuple[str, list[float]]] = []

    def add(self, text: str, at: list[float]) -> None:
        self.all.append((text, at))

    def draw(self) -> None:
        """Once the axes have all that is drawn on them."""
        # Which limits follow only when they are asked for.
        self.ax.autoscale_view()
        kept: list[npt.NDArray[np.float64]] = []
        for text, at in self.all:
            place = self.ax.transAxes.inverted().transform(self.ax.transData.transform(at))
            if not any((abs(place - other) < APART).all() for other in kept):
                kept.append(place)
                self.ax.annotate(text, (at[0], at[1]), (5, 4), textcoords="offset points", fontsize="small", color=COLOURS["ink-soft"])


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise missing_package("matplotlib", "Plots") from error
    return pyplot.subplots(layout="constrained")[1]


def _framed(ax: Axes, x: str, y: str) -> None:
    """Calm axes: two sides, a faint grid, soft words."""
    ax.set_xlabel(x, color=COLOURS["ink-soft"])
    ax.set_ylabel(y, color=COLOURS["ink-soft"])
    ax.grid(color=COLOURS["line"], linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(colors=COLOURS["ink-soft"], length=3)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(COLOURS["line"])
