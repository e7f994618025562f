"""Schemes on real diffusion models: a denoiser of your own, or a pipeline of diffusers."""

from .denoiser import Model, ModelSamples, from_denoiser
from .diffusers import PictureModel, Pictures, from_diffusers

__all__ = ["Model", "ModelSamples", "PictureModel", "Pictures", "from_denoiser", "from_diffusers"]
