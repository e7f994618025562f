"""What guides a scheme's particles, at any points."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import _core
from .data import DistributionLike, distribution_of, points_of
from .networks import NetworkLike, model_names, networks_of
from .schemes import SchemeLike, description, fitted


@dataclass(frozen=True)
class Field:
    """What a model says at n points."""

    log_densities: npt.NDArray[np.float32]
    """(n,): in nats per unit of area, normalised over the plane; those of networks by a sum over a grid, to about .01."""
    scores: npt.NDArray[np.float32]
    """(n, 2): their gradients."""


@dataclass(frozen=True)
class Scores:
    """What `score` gives."""

    sigma: float
    """The noise level."""
    weight: float
    """The guidance weight there: that of the step which passes the level. 1 is no guidance."""
    main: Field
    guide: Field | None
    """At its own noise level and as it is mixed; None where the scheme has none."""
    guided: npt.NDArray[np.float32]
    """(n, 2): the score that particles follow, which is in general that of no density."""
    data: Field
    """The data, class A, under the same noise, exactly."""


def score(
    scheme: SchemeLike,
    points: npt.ArrayLike,
    sigma: float,
    *,
    distribution: DistributionLike | None = None,
    models: Mapping[str, NetworkLike] | None = None,
    panel: int | None = None,
) -> Scores:
    """What guides a scheme's particles at some points and a noise level; or, given a model's name, what that model says.

    A rule with a memory is asked as in a run's first step.

    Args:
        scheme: any form of a scheme; or a model, as ``exact:A`` or ``main-64-4096``.
        points: (n, 2), in units of the plane.
        sigma: the noise level, .0001 to 100.
        distribution: what the data are; the paper's tree if it is left out.
        models: networks of your own by the names that the scheme calls them.
        panel: which panel is meant where a file or an address has several, from 1.

    Raises:
        GuidancePlaygroundError: ``invalid``, ``unknown-model``, ``other-data``, ``file`` or ``weights`` where there is no answer.
    """
    if isinstance(scheme, str):
        model = scheme.split(":")[0]
        if model in (models or {}) or model in {name.split(":")[0] for name in model_names()}:
            scheme = {"main": scheme}
    at = points_of(points)
    data = distribution_of(distribution)
    of = fitted(scheme, description(scheme, panel), data)
    level, weight, numbers = _core.score(json.dumps(of), data, networks_of(models), at, sigma)

    def field(first: int) -> Field:
        return Field(np.ascontiguousarray(numbers[:, first]), np.ascontiguousarray(numbers[:, first + 1 : first + 3]))

    guide = field(3) if of["guide"] else None
    return Scores(level, weight, field(0), guide, np.ascontiguousarray(numbers[:, 6:8]), field(8))
