"""A picture of a figure for those who have no browser: its panels beside each other, sampled here."""

from __future__ import annotations

import html
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .data import distribution
from .errors import GuidancePlaygroundError
from .sampling import Samples, sample
from .schemes import configuration, schemes

# Pixels: a panel's side, what is between panels, the line above them.
_SIDE, _GAP, _LINE = 300, 20, 24
# Pixels, and a colour: a particle, and a point of the data under them.
_PARTICLE, _DATA = (1.6, "#c14a00"), (4, "#f6e3d3")
# More would be a blot, and as many bytes.
_MOST = 4096
_COLUMNS = 3


def picture_of(state: str, step: int | None = None, view: tuple[float, float, float] | None = None) -> str | None:
    """A state as SVG: what each panel shows at a step.

    Args:
        state: as an address has it behind its ``#``.
        step: 0 (noise) to the number of steps; the end if it is left out.
        view: centre and half width of what is seen, in units of the plane; all that there is if it is left out.

    Returns:
        The picture, or None where nothing of it can be sampled here, as with networks that only the page has.
    """
    panels = list(_panels(state, step))
    if not panels:
        return None
    points = [samples.positions if samples.paths is None else samples.paths[: (step or 0) + 1][-1] for samples in panels]
    data = distribution(panels[0].config["distribution"]).sample(_MOST)
    x, y, half = view or _around(np.concatenate([data, *points]))
    columns = min(len(panels), _COLUMNS)
    rows = -(-len(panels) // columns)
    width, height = columns * (_SIDE + _GAP) - _GAP, rows * (_SIDE + _LINE + _GAP) - _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="14"><title>Guidance Playground</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    ]
    for panel, (samples, places) in enumerate(zip(panels, points, strict=True)):
        left, top = panel % columns * (_SIDE + _GAP), panel // columns * (_SIDE + _LINE + _GAP)
        parts.append(
            f'<g transform="translate({left} {top})"><text x="0" y="16" fill="#1b1b18">{html.escape(_title(samples))}</text>'
            f'<rect x=".5" y="{_LINE}.5" width="{_SIDE - 1}" height="{_SIDE - 1}" rx="4" fill="none" stroke="#dddbd4"/>'
            f'<g transform="translate(0 {_LINE}) scale(.1)" fill="none" stroke-linecap="round">'
            f"{_dots(data, (x, y), half, *_DATA)}{_dots(places, (x, y), half, *_PARTICLE)}</g></g>"
        )
    return "".join([*parts, "</svg>"])


def _dots(points: npt.NDArray[np.floating], centre: tuple[float, float], half: float, size: float, colour: str) -> str:
    """Those of some points that are seen, in tenths of a pixel, each place once."""
    places = np.round(5 * _SIDE * (1 + (points - centre) * (1, -1) / half))
    seen = np.unique(places[((places >= 0) & (places <= 10 * _SIDE)).all(axis=1)].astype(int), axis=0)
    path = "".join(f"M{x} {y}h0" for x, y in seen)
    return f'<path d="{path}" stroke="{colour}" stroke-width="{10 * size:g}"/>'


def _panels(state: str, step: int | None) -> Iterator[Samples]:
    """What each panel samples, as many as there are."""
    text = state or "v=1"
    for panel in range(1, 7):
        try:
            told = {name: value for name, value in configuration(text, panel).items() if value is not None}
            yield sample(told, particles=min(told.get("particles", _MOST), _MOST), paths=step is not None)
        except GuidancePlaygroundError:
            return


def _title(samples: Samples) -> str:
    """What menus call a scheme, or its main model and its weight."""
    scheme = samples.config["scheme"]
    named = [each.title for each in schemes() if {**each.scheme, "levels": scheme["levels"]} == scheme]
    return named[0] if named else f"{scheme['main']['model']}, w = {scheme['weight']:g}"


def _around(points: npt.NDArray[np.floating]) -> tuple[float, float, float]:
    """A square around all but the outermost of some points."""
    low, high = np.nanpercentile(points, [0.2, 99.8], axis=0)
    (x, y), half = (low + high) / 2, 0.55 * float((high - low).max())
    return float(x), float(y), max(half, 1e-6)
