"""Guidance schemes of diffusion models, on toys whose truth is known, and on models of your own.

    import guidance_playground as gp

    samples = gp.sample("autoguidance", particles=4096, seed=1)
    samples.positions                 # (4096, 2) float32
    gp.metrics(samples.positions)     # how good they are, beside a perfect sampler

The weight convention, everywhere: s = s0 + w (s1 - s0), with s1 the main model's score and s0 the guide's. w = 1 is no guidance.
docs/python.md of the repository is the guide; docs/schemes.md tells what schemes are made of.
"""

from typing import TYPE_CHECKING, Any

from ._core import Plan
from .data import Components, Distribution, DistributionLike, distribution
from .errors import GuidancePlaygroundError
from .metrics import Estimate, Floor, Metrics, metrics
from .networks import Network, NetworkLike, model_names
from .plots import plot_particles, plot_schedule, plot_tradeoff
from .rows import Comparison, Rows
from .sampling import Samples, sample
from .schemes import NamedScheme, SchemeLike, plan, schemes
from .scores import Field, Scores, score
from .sweeps import compare, sweep, sweep_iter
from .training import Trained, train

if TYPE_CHECKING:
    from .notebook import Playground as Playground

__all__ = [
    "Comparison",
    "Components",
    "Distribution",
    "DistributionLike",
    "Estimate",
    "Field",
    "Floor",
    "GuidancePlaygroundError",
    "Metrics",
    "NamedScheme",
    "Network",
    "NetworkLike",
    "Plan",
    "Rows",
    "Samples",
    "SchemeLike",
    "Scores",
    "Trained",
    "compare",
    "distribution",
    "metrics",
    "model_names",
    "plan",
    "plot_particles",
    "plot_schedule",
    "plot_tradeoff",
    "sample",
    "schemes",
    "score",
    "sweep",
    "sweep_iter",
    "train",
]


def __getattr__(name: str) -> Any:
    """What needs packages that need not be there is imported where it is asked for."""
    if name == "Playground":
        from .notebook import Playground

        return Playground
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
