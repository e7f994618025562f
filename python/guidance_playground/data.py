"""Data: what is sampled, and known exactly."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from . import _core
from .errors import GuidancePlaygroundError
from .numbers import MOST_PARTICLES, MOST_SEED, whole

Classes: TypeAlias = Literal["A", "B", "AB"]
"""Class A, class B, or both with equal mass."""
ADVICE = "docs/python.md tells what data can be."


@dataclass(frozen=True)
class Components:
    """The Gaussians that data are made of: m of them."""

    weights: npt.NDArray[np.float64]
    """(m,): positive, with the sum 1."""
    means: npt.NDArray[np.float64]
    """(m, 2)."""
    covariances: npt.NDArray[np.float64]
    """(m, 2, 2)."""
    classes: npt.NDArray[np.int64]
    """(m,): 0 for A, 1 for B."""
    branches: npt.NDArray[np.int64]
    """(m,): which branch, stroke or cluster each is part of; they count through both classes, A first."""


class Distribution:
    """Data of two classes, A and B, each a mixture of Gaussians: density, score and samples are exact under any noise.

    Made by `distribution`. Points are in units of the plane, in which the tree is about 2 wide; a noise level sigma is the standard
    deviation of Gaussian noise in the same units that is added to the data, and 0 is none. Logarithms are natural.
    """

    def __init__(self, core: _core.Distribution) -> None:
        self._core = core

    def __repr__(self) -> str:
        return f"<Distribution {self.called}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Distribution) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def name(self) -> str:
        """Its whole content as text, which makes it again: ``tree-2``; of a drawing or of points a longer one, as links have it."""
        return self._core.name

    @property
    def called(self) -> str:
        """What messages call it: its name, or of a long one the beginning of its hash."""
        return self._core.called

    def components(self, classes: Classes = "AB") -> Components:
        """The Gaussians of some classes."""
        rows = self._core.components(classes)
        return Components(rows[:, 0], rows[:, 1:3], rows[:, 3:7].reshape(-1, 2, 2), rows[:, 7].astype(int), rows[:, 8].astype(int))

    def log_density(self, points: npt.ArrayLike, sigma: float = 0.0, classes: Classes = "A") -> npt.NDArray[np.float64]:
        """Log-densities at points (n, 2) under noise: (n,), in nats per unit of area.

        Raises:
            GuidancePlaygroundError: ``invalid`` if the points have another shape, or the noise level is negative.
        """
        return self._core.evaluate(points_of(points, np.float64), sigma, classes)[0]

    def score(self, points: npt.ArrayLike, sigma: float = 0.0, classes: Classes = "A") -> npt.NDArray[np.float64]:
        """Gradients of the log-density at points (n, 2) under noise: (n, 2).

        Raises:
            GuidancePlaygroundError: ``invalid`` if the points have another shape, or the noise level is negative.
        """
        return self._core.evaluate(points_of(points, np.float64), sigma, classes)[1]

    def sample(self, count: int, *, seed: int = 0, sigma: float = 0.0, classes: Classes = "A") -> npt.NDArray[np.float64]:
        """Perfect samples: (count, 2), at most 1,048,576. Sample i of a seed is the same however many there are, and other
        than where particles start.

        Raises:
            GuidancePlaygroundError: ``invalid`` if a number is out of its range.
        """
        count = whole("The number of samples", count, 0, MOST_PARTICLES)
        return self._core.sample(count, whole("The seed", seed, 0, MOST_SEED), sigma, classes)

    def threshold(self, mass: float = 0.99, sigma: float = 0.0, classes: Classes = "A") -> float:
        """The log-density above which this share of the data lies: the edge of the region of highest density. It repeats to about .01.

        Raises:
            GuidancePlaygroundError: ``invalid`` if the share is not between 0 and 1.
        """
        return self._core.threshold(mass, sigma, classes)


DistributionLike: TypeAlias = "Distribution | _core.Distribution | str | os.PathLike[str]"
"""Data: a `Distribution`; a name, as ``tree-2``, ``two-moons`` or one from a link; or the path of a file of points or strokes."""

_known: dict[str, _core.Distribution] = {}
_KEPT = 8


def distribution(
    given: DistributionLike | npt.ArrayLike | Mapping[str, Any],
    *,
    classes: Sequence[Any] | npt.NDArray[Any] | None = None,
    bandwidth: float = 1.0,
) -> Distribution:
    """What is sampled: by name, from a file, or made of points or strokes of your own.

    Args:
        given: a name: ``tree-2``, the paper's, or a tree of another seed; ``two-moons``, ``two-rings``, ``two-spirals``,
            ``checkerboard``, ``eight-gaussians``; that of a drawing or of points, as a link has it. Or the path of a file: points as CSV or
            JSON, strokes as JSON, what the page exports (docs/state.md). Or points, an array (n, 2), for which Gaussians stand. Or strokes
            of a pen, ``{"strokes": [{"class": "A", "size": 0.03, "points": [[x, y], ...]}, ...]}``.
        classes: of points, of which of two classes each is: (n,) of two values. Without it all are of both.
        bandwidth: of points, how broad the Gaussians are, .05 to 5 times Scott's rule.

    Raises:
        GuidancePlaygroundError: ``invalid`` if it is none of these; ``file`` if a file cannot be read.
    """
    if isinstance(given, Distribution | _core.Distribution):
        return Distribution(distribution_of(given))
    if isinstance(given, str | os.PathLike):
        return Distribution(_remembered(_core.Distribution(os.fspath(given), bandwidth)))
    if isinstance(given, Mapping):
        return Distribution(_remembered(_core.Distribution.read(_json(dict(given)), bandwidth)))
    points = points_of(given, np.float64)
    rows: list[list[Any]] = points.tolist()
    if classes is not None:
        labels = np.asarray(classes)
        if labels.shape != (len(points),):
            message = f"The classes must be an array ({len(points)},), one of each point; it is {labels.shape}."
            raise GuidancePlaygroundError("invalid", message, ADVICE)
        rows = [[*row, str(label)] for row, label in zip(rows, labels, strict=True)]
    return Distribution(_remembered(_core.Distribution.read(_json(rows), bandwidth)))


def distribution_of(given: DistributionLike | None) -> _core.Distribution:
    """The compiled part of data; the paper's tree for none."""
    if given is None:
        given = "tree-2"
    if isinstance(given, Distribution):
        return given._core
    if isinstance(given, _core.Distribution):
        return given
    if isinstance(given, str | os.PathLike):
        text = os.fspath(given)
        return _known.get(text) or _remembered(_core.Distribution(text, 1.0))
    message = f"The distribution has to be a name, a path or a Distribution; it is of the type {type(given).__name__}."
    raise GuidancePlaygroundError("invalid", message, "distribution() makes one of points or strokes.")


def points_of(given: npt.ArrayLike, dtype: Any = np.float32) -> npt.NDArray[Any]:
    """Points of the plane, (n, 2), as they cross into the core: without a copy where they are numbers of this type in rows."""
    try:
        points = np.ascontiguousarray(given, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise GuidancePlaygroundError("invalid", f"Points must be an array of numbers: {error}.", "Give an array (n, 2).") from None
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise GuidancePlaygroundError("invalid", f"Points must be an array (n, 2); it is {points.shape}.", "Give x and y of each.")
    return points


def _remembered(found: _core.Distribution) -> _core.Distribution:
    """The one of this content, with what it has worked out before. Names are contents, but paths are not."""
    if found.name not in _known and len(_known) >= _KEPT:
        _known.pop(next(iter(_known)))
    return _known.setdefault(found.name, found)


def _json(value: Any) -> str:
    try:
        return json.dumps(value, default=lambda array: array.tolist(), allow_nan=False)
    except (AttributeError, TypeError, ValueError) as error:
        raise GuidancePlaygroundError("invalid", f"Data have to be finite numbers: {error}.", ADVICE) from None
