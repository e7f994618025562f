"""Networks that learn the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import _core
from .data import Classes, DistributionLike, distribution_of
from .networks import Network
from .numbers import MOST_PARTICLES, MOST_SEED, threads_of, whole
from .progress import progress_of


@dataclass(frozen=True)
class Trained:
    """What `train` gives."""

    network: Network
    """The averaged network."""
    losses: npt.NDArray[np.float64]
    """(iterations,): the loss of each batch. The loss is one over the noise's own: 0 is the best possible, that of the exact score."""
    sigmas: npt.NDArray[np.float64]
    """(12,): noise levels at which it was judged, lowest first."""
    loss_by_noise: npt.NDArray[np.float64]
    """(12,): its loss at each, over 384 particles that are the same for every network of these data."""


def train(
    *,
    distribution: DistributionLike | None = None,
    classes: Classes = "A",
    hidden: int = 64,
    iterations: int = 4096,
    batch: int = 4096,
    seed: int = 0,
    degrees_of_freedom: float | None = None,
    threads: int | None = None,
    progress: bool = False,
    snapshot: Callable[[int, Network], object] | None = None,
    snapshot_every: int = 256,
) -> Trained:
    """Train a network on the exact scores of its data, as the autoguidance paper's toy is, on the processor.

    The same arguments give the same bits as the command's `train` on the same processor, whatever the number of threads.

    Args:
        distribution: what is learned; the paper's tree if it is left out.
        classes: of which class, or of both for an unconditional model.
        hidden: width of the hidden layers, 4 to 512. The paper's main network has 64, its guide 32.
        iterations: how many, 1 to 65,536. The paper's main network has 4096, its guide 512.
        batch: particles an iteration, 1 to 1,048,576.
        seed: of weights and batches, 0 to 2^53 - 1.
        degrees_of_freedom: of Student-t noise, above 2 and at most a million, for a network of heavy tails; Gaussian noise otherwise.
        threads: how many to compute on; one for each core if it is left out.
        progress: whether to show how far it is, on standard error.
        snapshot: a function of the number of iterations done and the averaged network as it is then, called on the way and at the end.
        snapshot_every: after how many iterations it is called.

    Raises:
        GuidancePlaygroundError: ``invalid`` if a number is out of its range; ``diverged`` if the loss is no number any more.
        KeyboardInterrupt: after Ctrl-C, at the end of the iteration.
    """
    iterations = whole("The number of iterations", iterations, 1, 65_536)
    snapshot_every = whole("The number of iterations between snapshots", snapshot_every, 1, 65_536)
    hidden, batch = whole("The hidden width", hidden, 4, 512), whole("The batch", batch, 1, MOST_PARTICLES)
    seed, threads = whole("The seed", seed, 0, MOST_SEED), threads_of(threads)
    trainer = _core.Trainer(distribution_of(distribution).name, classes, hidden, batch, seed, degrees_of_freedom)
    losses = np.empty(iterations)
    with progress_of(progress, iterations, "iterations") as advance:
        for i in range(iterations):
            losses[i] = trainer.step(threads)
            advance(1)
            if snapshot and (i + 1 == iterations or (i + 1) % snapshot_every == 0):
                snapshot(i + 1, Network(trainer.network()))
    sigmas, by_noise = trainer.validation()
    return Trained(Network(trainer.network()), losses, np.array(sigmas), np.array(by_noise))
