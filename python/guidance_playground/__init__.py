"""Guidance schemes of diffusion models, on toys whose truth is known, and on models of your own.

    import guidance_playground as gp

    samples = gp.sample("autoguidance", particles=4096, seed=1)
    samples.positions          # (4096, 2) float32

The weight convention, everywhere: s = s0 + w (s1 - s0), with s1 the main model's score and s0 the guide's. w = 1 is no guidance.
docs/python.md of the repository is the guide; docs/schemes.md tells what schemes are made of.
"""

from ._core import Distribution, Plan
from .errors import GuidancePlaygroundError
from .sampling import Samples, sample
from .schemes import NamedScheme, SchemeLike, plan, schemes

__all__ = [
    "Distribution",
    "GuidancePlaygroundError",
    "NamedScheme",
    "Plan",
    "Samples",
    "SchemeLike",
    "plan",
    "sample",
    "schemes",
]
