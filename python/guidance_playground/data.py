"""Data and networks, by whatever they can be given as."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from . import _core
from ._core import Distribution
from .errors import GuidancePlaygroundError

DistributionLike: TypeAlias = str | Distribution
NetworkLike: TypeAlias = "_core.Network | bytes | str | os.PathLike[str]"


@functools.lru_cache(maxsize=8)
def _named(name: str) -> Distribution:
    return Distribution(name)


def distribution_of(given: DistributionLike | None) -> Distribution:
    """Data, by whatever they are given as."""
    if isinstance(given, Distribution):
        return given
    return _named("tree-2" if given is None else given)


def networks_of(models: Mapping[str, NetworkLike] | None) -> list[tuple[str, _core.Network]]:
    """Networks with their names."""
    return [(name, network_of(given)) for name, given in (models or {}).items()]


def network_of(given: NetworkLike) -> _core.Network:
    """A network, by whatever it is given as."""
    if isinstance(given, _core.Network):
        return given
    if isinstance(given, bytes):
        return _core.Network(given, "the weights file")
    with open(given, "rb") as file:
        return _core.Network(file.read(), os.fspath(given))


def points_of(given: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Points of the plane, (n, 2), as they cross into the core: without a copy where they are float32 in rows."""
    try:
        points = np.ascontiguousarray(given, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise GuidancePlaygroundError("invalid", f"Points must be an array of numbers: {error}.", "Give an array (n, 2).") from None
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise GuidancePlaygroundError("invalid", f"Points must be an array (n, 2); it is {points.shape}.", "Give x and y of each.")
    return points
