"""How good samples are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy.typing as npt

from .data import DistributionLike, distribution_of, points_of


@dataclass(frozen=True)
class Floor:
    """What perfect samples of the same number score."""

    mean: float
    """Of eight sets."""
    spread: float
    """Their standard deviation."""


@dataclass(frozen=True)
class Estimate:
    """A metric of a set of samples."""

    value: float
    standard_error: float
    floor: Floor


@dataclass(frozen=True)
class Metrics(Mapping[str, Estimate]):
    """What `metrics` gives: attributes, or a mapping of the metrics by their names."""

    particles: int
    """How many samples there are."""
    lost: int
    """How many of them are left out: a coordinate is no number, or beyond 1e9."""
    outliers: Estimate
    """Share of samples outside the region of highest density that holds 99% of class A. Perfect sampling has 1% of them."""
    log_density_gap: Estimate
    """The samples' mean log-density less the data's own, in nats. Above 0 they crowd where data is dense; below 0 some are far from it."""
    low_log_density: Estimate
    """The log-density that 5% of the samples lie below, in nats: how far out the worst are."""
    median_log_density: Estimate
    """The log-density of the middle sample, in nats."""
    high_log_density: Estimate
    """The log-density that 5% of the samples lie above, in nats: how dense the densest places are."""
    branch_total_variation: Estimate
    """Total variation between how often each branch is visited and how often it should be: 0 is perfect, lower is better."""
    effective_branches: Estimate
    """How many equally visited branches would be as diverse as those visited: e to the entropy of their shares."""
    sliced_wasserstein: Estimate
    """How far samples have to be carried, on average, to be distributed as the data is, along 32 directions, in units of the plane."""

    def __getitem__(self, name: str) -> Estimate:
        if name not in NAMES:
            raise KeyError(name)
        estimate: Estimate = getattr(self, name)
        return estimate

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __repr__(self) -> str:
        lost = f", {self.lost} of them lost" if self.lost else ""
        rows = [
            f"{name.replace('_', ' '):24}{e.value:>10.4f} ± {e.standard_error:<8.4f} perfect {e.floor.mean:.4f} ± {e.floor.spread:.4f}"
            for name, e in self.items()
        ]
        return "\n".join([f"{self.particles} samples of class A{lost}", *rows])


NAMES = tuple(field.name for field in fields(Metrics))[2:]


def metrics(positions: npt.ArrayLike, *, distribution: DistributionLike | None = None) -> Metrics:
    """How good samples of class A are: `positions` as `sample` gives them, or your own sampler's.

    Args:
        positions: (n, 2), in units of the plane.
        distribution: the data; the paper's tree if it is left out.

    Returns:
        `Metrics`, each with its standard error and with what a perfect sampler scores at the same number of samples. The first call for a
        distribution takes about a third of a second, and so does the first for a number of samples.

    Raises:
        GuidancePlaygroundError: ``invalid`` if the positions have another shape; ``diverged`` if all are lost.
    """
    found: dict[str, Any] = json.loads(distribution_of(distribution).metrics(points_of(positions)))
    particles, lost = found.pop("particles"), found.pop("lost")
    return Metrics(particles, lost, **{snake_case(name): _estimate(estimate) for name, estimate in found.items()})


def snake_case(name: str) -> str:
    """A name of JSON as Python has it."""
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def _estimate(found: dict[str, Any]) -> Estimate:
    def number(value: float | None) -> float:
        # JSON has no numbers that are none, such as the standard error of one sample.
        return float("nan") if value is None else value

    floor = found["floor"]
    return Estimate(number(found["value"]), number(found["standardError"]), Floor(number(floor["mean"]), number(floor["spread"])))
