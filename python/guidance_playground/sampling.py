"""Particles sampled under a scheme."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from .data import DistributionLike, distribution_of, points_of
from .networks import NetworkLike, networks_of
from .numbers import MOST_PARTICLES, MOST_SEED, threads_of, whole
from .progress import progress_of
from .schemes import SchemeLike, configuration, fitted


@dataclass(frozen=True)
class Samples:
    """What `sample` gives."""

    positions: npt.NDArray[np.float32]
    """(particles, 2): where the particles end, in units of the plane, in which the tree is about 2 wide."""
    lost: int
    """How many of them are nowhere: a coordinate is no number, or beyond 1e9."""
    noise_levels: npt.NDArray[np.float64]
    """(N + 1,): the levels that were stepped through, standard deviations in units of the plane, highest first; the last is 0."""
    weights: npt.NDArray[np.float64]
    """(N,): the guidance weight of each step. 1 is no guidance."""
    evaluations: int
    """Evaluations of models for each particle; main and guide count one each."""
    paths: npt.NDArray[np.float32] | None
    """(N + 1, particles, 2), if asked for: where the particles are at each noise level."""
    config: dict[str, Any]
    """The whole description, particles, seed and distribution: what makes the same samples again, given as a scheme."""


def sample(
    scheme: SchemeLike,
    *,
    particles: int | None = None,
    seed: int | None = None,
    distribution: DistributionLike | None = None,
    start: npt.ArrayLike | None = None,
    paths: bool = False,
    models: Mapping[str, NetworkLike] | None = None,
    panel: int | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Samples:
    """Sample class A of the data: particles start as class A under the highest noise, and follow the scheme's score down to none.

    The same scheme, seed and particle's number give the same path, however many particles and threads there are, and the same bits as the
    command's on the same processor.

    Args:
        scheme: any form of a scheme; a configuration, as the page exports it and as `Samples.config` is, says particles, seed and data,
            too, where no argument does.
        particles: how many, 1 to 1,048,576; 4096 if nothing says otherwise.
        seed: of the starts and of noise on the way, 0 to 2^53 - 1; 1 if nothing says otherwise.
        distribution: what the data are; the paper's tree, ``tree-2``, if nothing says otherwise. On other data, which the networks that
            ship do not know, a scheme that is named has exact models in their place, as a warning and `Samples.config` tell.
        start: (n, 2) points to start from in place of those of the seed, under the highest noise level.
        paths: whether to keep where particles are at each noise level; at most 2^26 numbers, which are 256 MB.
        models: networks of your own by the names that the scheme calls them: a `Network`, the path or the bytes of a safetensors file.
        panel: which panel is meant where a file or an address has several, from 1.
        threads: how many to compute on; one for each core if it is left out.
        progress: whether to show how far it is, on standard error.

    Raises:
        GuidancePlaygroundError: ``invalid``, ``unknown-model``, ``other-data``, ``file`` or ``weights`` where there can be no such run;
            ``diverged`` where all particles are lost.
        KeyboardInterrupt: after Ctrl-C, within about a tenth of a second.
    """
    told = configuration(scheme, panel)
    data = distribution_of(distribution if distribution is not None else told["distribution"])
    description = fitted(scheme, told["scheme"], data)
    points = None if start is None else points_of(start)
    seed = whole("The seed", next(value for value in (seed, told["seed"], 1) if value is not None), 0, MOST_SEED)
    count = next(value for value in (particles, told["particles"], 4096) if value is not None)
    particles = whole("The number of particles", count if points is None else len(points), 1, MOST_PARTICLES)
    threads = threads_of(threads)
    with progress_of(progress, particles, "particles") as advance:
        reached = 0.0

        def heard(share: float) -> None:
            nonlocal reached
            advance(particles * (share - reached))
            reached = share

        kept, lost, noise_levels, weights, evaluations = _core.sample(
            json.dumps(description),
            data,
            networks_of(models),
            particles,
            seed,
            points,
            paths,
            threads,
            heard if progress else None,
        )
    return Samples(
        positions=kept[-1] if paths else kept,
        lost=lost,
        noise_levels=noise_levels,
        weights=weights,
        evaluations=evaluations,
        paths=kept if paths else None,
        config={"scheme": description, "particles": particles, "seed": seed, "distribution": data.name},
    )
