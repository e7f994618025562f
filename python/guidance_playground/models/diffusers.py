"""Schemes on pipelines of diffusers.

A pipeline is called as it is, so that prompts, sizes, first noise, times, offloading, decoding and checks are its own. Only when it
first asks its network, the scheme is followed instead, to the end, and the pipeline goes on with what that has given."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import _core
from ..schemes import SchemeLike, description
from .denoiser import Array, Denoiser, Model, ModelSamples, refused


class Kind(NamedTuple):
    """How a pipeline asks its network."""

    network: str
    """Where it has it."""
    samples: str
    """What that calls its samples."""
    apart: bool = False
    """Whether it is asked for the prompt, and then for the negative prompt, and not for the negative prompt and the prompt together."""
    clock: float = 1
    """What it is told of time, as a multiple of the scheduler's."""
    weight: str = "guidance_scale"
    """What the pipeline calls w."""


PIPELINES = {
    "StableDiffusionPipeline": Kind("unet", "sample"),
    "StableDiffusionXLPipeline": Kind("unet", "sample"),
    "StableDiffusion3Pipeline": Kind("transformer", "hidden_states"),
    # Its guidance_scale is an input of the network.
    "FluxPipeline": Kind("transformer", "hidden_states", apart=True, clock=1e-3, weight="true_cfg_scale"),
    "ChromaPipeline": Kind("transformer", "hidden_states", apart=True, clock=1e-3),
}
# Schedulers whose times and noise levels are those of a network that is given x / sqrt(1 + sigma^2).
SCHEDULERS = (
    "DDIMScheduler",
    "DDPMScheduler",
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "EulerAncestralDiscreteScheduler",
    "EulerDiscreteScheduler",
    "HeunDiscreteScheduler",
    "LMSDiscreteScheduler",
    "PNDMScheduler",
    "UniPCMultistepScheduler",
)
# And of a flow, which is given x / (1 + sigma); those above are, too, if so configured.
FLOW_SCHEDULERS = ("FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler")
# What a pipeline is not to be told, since the scheme says it or the sampler does it.
OURS = {
    "guidance_rescale": "the combination is the scheme's",
    "skip_guidance_layers": "the guide is the scheme's",
    "num_inference_steps": "say steps=...",
    "generator": "say seed=...",
    "output_type": "say it to sample",
    "callback_on_step_end": "say callback=... to sample",
    "callback_on_step_end_tensor_inputs": "say callback=... to sample",
    "return_dict": "there is but one answer",
    "denoising_end": "a scheme goes to the end",
    "eta": "the solver is the scheme's",
}


@dataclass(frozen=True)
class Pictures(ModelSamples):
    """What `PictureModel.sample` gives: `samples` are latents, in the pipeline's own scale."""

    images: Any
    """What the pipeline makes of them: a list of `PIL.Image`, or as `output_type` says."""


class PictureModel:
    """A pipeline, a prompt and what guides it: what schemes are followed on. Made by `from_diffusers`."""

    def __init__(self, pipeline: Any, prompt: Any, negative_prompt: Any, guide: Any, call: dict[str, Any]):
        self.pipeline, self.prompt, self.negative_prompt, self.call = pipeline, prompt, negative_prompt, call
        self.kind = _known(pipeline)
        self.network = getattr(pipeline, self.kind.network)
        self.guide = getattr(guide, self.kind.network, guide)
        ours = OURS | {self.kind.weight: "the weight is the scheme's"}
        for argument in call.keys() & ours.keys():
            raise refused(f"A pipeline is not to be told {argument}: {ours[argument]}.", "Leave it out.")

    def sample(
        self,
        scheme: SchemeLike,
        *,
        steps: int | None = None,
        seed: int | Sequence[int] = 0,
        output_type: str = "pil",
        callback: Callable[[int, float, Array], None] | None = None,
        panel: int | None = None,
        progress: bool = False,
    ) -> Pictures:
        """Follow a scheme from noise to pictures.

        Args:
            scheme: a name, a description, or the address or state text that the page copied.
            steps: how many; the scheme's own number, unless it is given. Noise levels are those that the pipeline's scheduler has
                for so many, and then 0.
            seed: of the first picture, the others' counting up; or one of each. The same seed is the same first noise, that of
                `torch.Generator().manual_seed(seed)`, for every scheme.
            output_type: "pil", "np", "pt", or "latent" to decode nothing.
            callback: hears (step, sigma, x) after each step: how many are done, the noise level reached, and latents with that
                much noise added.
            panel: which panel is meant where an address or a file has several, from 1.
            progress: show a progress bar.

        Raises:
            GuidancePlaygroundError: `invalid` if the scheme is none or asks for what there is not; `diverged` if no picture is
                finite at the end.
        """
        import torch

        scheme = description(scheme, panel)
        count = (1 if isinstance(self.prompt, str) else len(self.prompt)) * self.call.get("num_images_per_prompt", 1)
        seeds = [seed + i for i in range(count)] if isinstance(seed, int) else list(seed)
        if len(seeds) != count:
            raise refused(f"There are {count} pictures and {len(seeds)} seeds.", "Give each picture one, or one number.")
        generators = [torch.Generator().manual_seed(one) for one in seeds]
        ended: list[ModelSamples] = []

        def instead(samples: Array, positive: dict[str, Any], negative: dict[str, Any]) -> None:
            """What is done in place of the pipeline's first evaluation."""
            schedule = Schedule(self.pipeline.scheduler, self.kind.clock)
            sigma = min(schedule.sigmas[0], _core.Plan.PURE_NOISE)
            start = samples.float() / schedule.scale(sigma)
            model = _Asked(self, schedule, positive, negative)
            ended.append(
                model.sample(
                    scheme,
                    start,
                    sigmas=schedule.sigmas,
                    draw=lambda x: _noise(x, generators),
                    callback=callback,
                    progress=progress,
                )
            )

        def goes_on(pipeline: Any, step: int, time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            pipeline._interrupt = True
            return {"latents": ended[0].samples.to(tensors["latents"].dtype)}

        with _in_place_of(self.network, self.kind, instead), _quiet(self.pipeline):
            images = self.pipeline(
                prompt=self.prompt,
                negative_prompt=self.negatives(),
                num_inference_steps=steps or scheme["levels"]["steps"],
                generator=generators,
                output_type=output_type,
                callback_on_step_end=goes_on,
                # Any weight that has the pipeline prepare both prompts.
                **{self.kind.weight: 2.0},
                **self.call,
            ).images
        (end,) = ended
        return Pictures(**vars(end), images=images)

    def negatives(self) -> Any:
        """A negative prompt for each prompt."""
        # Without one, some do not ask their network twice.
        negative = "" if self.negative_prompt is None and self.kind.apart else self.negative_prompt
        one = isinstance(self.prompt, str) or not isinstance(negative, str)
        return negative if one else [negative] * len(self.prompt)


def from_diffusers(
    pipeline: Any,
    prompt: str | list[str],
    negative_prompt: str | list[str] | None = None,
    *,
    guide: Any = None,
    **call: Any,
) -> PictureModel:
    """Schemes on Stable Diffusion 1.x, 2.x and XL, and on the flows Stable Diffusion 3, FLUX.1 and Chroma.

    Args:
        pipeline: a `StableDiffusionPipeline`, `StableDiffusionXLPipeline`, `StableDiffusion3Pipeline`, `FluxPipeline` or
            `ChromaPipeline`, on any device, in 16 or 32 bits; vectors are kept and mixed in 32.
        prompt: what is to be seen; a list for a batch.
        negative_prompt: what schemes guide away from whose guide has another condition than their main model: classifier-free
            guidance. None is the pipeline's own empty one.
        guide: for schemes whose guide is another model (autoguidance): a network with the same inputs, or a pipeline that has
            one. Where a scheme's guide has another condition, too, and no `guide` is given, it is the pipeline's own network.
        **call: anything else that the pipeline takes when it is called: `height`, `width`, `num_images_per_prompt`, `prompt_2`,
            `clip_skip`, `ip_adapter_image`, `timesteps`, `sigmas`, ...; of FLUX.1-dev `guidance_scale`, too, which its network is
            told in both evaluations, and which is not the scheme's weight.

    Returns:
        A `PictureModel`, whose `sample` follows schemes.

    Raises:
        GuidancePlaygroundError: `invalid` if the pipeline or its scheduler is none that is known, or has guidance built in.
    """
    return PictureModel(pipeline, prompt, negative_prompt, guide, call)


class _Asked(Model):
    """A pipeline's network under both prompts."""

    def __init__(self, of: PictureModel, schedule: Schedule, positive: dict[str, Any], negative: dict[str, Any]):
        self.of, self.schedule, self.conditions = of, schedule, (positive, negative)
        super().__init__(self.network(of.network, positive))

    def network(self, network: Any, condition: dict[str, Any]) -> Denoiser:
        return NetworkDenoiser(network, self.of.kind.samples, condition, self.schedule)

    def other(self, another_model: bool, another_condition: bool) -> Denoiser | None:
        if self.of.guide is None and not another_condition:
            return None
        network = self.of.guide if another_model and self.of.guide is not None else self.of.network
        return self.network(network, self.conditions[another_condition])


class NetworkDenoiser:
    """D(x, sigma) of a network that is asked for noise, for v, for a flow's velocity, or for the data."""

    def __init__(self, network: Any, samples_name: str, condition: dict[str, Any], schedule: Schedule):
        self.network, self.samples_name, self.condition, self.schedule = network, samples_name, condition, schedule

    def __call__(self, x: Array, sigma: float, *, noise_shift: float = 0.0, dropout: float = 0.0, seed: int = 0) -> Array:
        import torch

        schedule, scale = self.schedule, self.schedule.scale(sigma)
        time = torch.full((len(x),), schedule.time(sigma * math.exp(noise_shift)), device=x.device)
        inputs = {self.samples_name: (scale * x).to(self.network.dtype), "timestep": time}
        # Networks take what they use out of some.
        condition = {name: dict(part) if isinstance(part, dict) else part for name, part in self.condition.items()}
        with _dropping(self.network, dropout, seed):
            answer = self.network(**inputs, **condition, return_dict=False)[0].to(x.dtype)
        match schedule.prediction:
            case "epsilon":
                return x - sigma * answer
            case "v_prediction":
                return scale * scale * x - sigma * scale * answer
            case "flow_prediction":
                return scale * x - sigma * scale * answer
            case _:
                return answer


class Schedule:
    """A scheduler's noise levels, and what its network is given and told at any."""

    def __init__(self, scheduler: Any, clock: float = 1):
        config, name = scheduler.config, type(scheduler).__name__
        self.flow = name in FLOW_SCHEDULERS or bool(config.get("use_flow_sigmas"))
        self.prediction = "flow_prediction" if self.flow else config.get("prediction_type", "epsilon")
        self.count, self.clock = config.num_train_timesteps, clock
        times = np.asarray(scheduler.timesteps.cpu(), dtype=np.float64)
        if not self.flow:
            self.learned = _levels(np.asarray(scheduler.alphas_cumprod.cpu(), dtype=np.float64))
        own = getattr(scheduler, "sigmas", None)
        if own is not None and len(own) == len(times) + 1:
            sigmas = np.asarray(own[:-1], dtype=np.float64)
            if self.flow:
                with np.errstate(divide="ignore"):
                    sigmas = sigmas / (1 - sigmas)
        else:
            sigmas = self.learned[times.astype(int)]
        # Some have a level twice, for its two stages; the last goes to the data.
        kept = [i for i, sigma in enumerate(sigmas) if sigma > 0 and (i == 0 or sigma != sigmas[i - 1])]
        self.sigmas = [*sigmas[kept].tolist(), 0.0]
        self.times = {min(sigmas[i], _core.Plan.PURE_NOISE): float(times[i]) for i in kept}

    def scale(self, sigma: float) -> float:
        """What the network is given is this times x."""
        return 1 / (1 + sigma) if self.flow else 1 / math.hypot(1, sigma)

    def time(self, sigma: float) -> float:
        """What it is told: the scheduler's own time for a level of its own, and between what it has learned, by ln sigma, for others;
        above the greatest level the greatest time."""
        return self.clock * self._time(sigma)

    def _time(self, sigma: float) -> float:
        if sigma in self.times:
            return self.times[sigma]
        if self.flow:
            return float(self.count * sigma / (1 + sigma))
        finite = np.isfinite(self.learned)
        return float(np.interp(math.log(sigma), np.log(self.learned[finite]), np.arange(self.count)[finite]))


def _levels(alphas_cumprod: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt((1 - alphas_cumprod) / alphas_cumprod))


def _known(pipeline: Any) -> Kind:
    """Refuse what would give wrong pictures, with what to do instead."""
    name = type(pipeline).__name__
    own = "Write its D(x, sigma) and give it to from_denoiser; docs/python.md shows how."
    network = getattr(pipeline, "transformer", None) or getattr(pipeline, "unet", None)
    config = getattr(network, "config", {})
    if config.get("time_cond_proj_dim"):
        raise refused(
            f"The network of this {name} is distilled: guidance is built in, and its weight an input.",
            "Take a model that is not distilled; a scheme has nothing to guide here.",
        )
    if name not in PIPELINES:
        raise refused(f"A pipeline is to be a {' or '.join(PIPELINES)}; this is a {name}.", own)
    kind = PIPELINES[name]
    if config.get("out_channels") not in (None, config.get("in_channels")):
        raise refused(f"The network of this {name} takes more than noisy latents, as those for inpainting do.", own)
    if getattr(network, "is_cache_enabled", False):
        raise refused(
            f"The network of this {name} answers from a cache, which takes its evaluations to be the pipeline's.",
            f"pipeline.{kind.network}.disable_cache()",
        )
    scheduler = type(pipeline.scheduler).__name__
    if scheduler not in SCHEDULERS + FLOW_SCHEDULERS or pipeline.scheduler.config.get("timestep_type") == "continuous":
        other = "FlowMatchEulerDiscreteScheduler" if kind.network == "transformer" else "EulerDiscreteScheduler"
        raise refused(
            f"The noise levels of {scheduler} are not known here.",
            f"pipeline.scheduler = {other}.from_config(pipeline.scheduler.config); the solver is the scheme's anyway.",
        )
    return kind


def _half(of: Any, half: int, batch: int) -> Any:
    """Of what is asked for the negative prompts and then for the prompts the one or the other."""
    if isinstance(of, dict):
        return {name: _half(part, half, batch) for name, part in of.items()}
    if isinstance(of, (list, tuple)):
        return type(of)(_half(part, half, batch) for part in of)
    if hasattr(of, "chunk") and of.ndim and len(of) == batch:
        return of.chunk(2)[half]
    return of


def _noise(x: Array, generators: list[Any]) -> Array:
    import torch

    rows = [torch.randn(x.shape[1:], generator=generator, dtype=x.dtype) for generator in generators]
    return torch.stack(rows).to(x.device)


@contextlib.contextmanager
def _in_place_of(network: Any, kind: Kind, instead: Callable[[Array, dict[str, Any], dict[str, Any]], None]) -> Iterator[None]:
    """Has something else done in place of what a network is first asked, which may ask the network: with the samples, and what it is given
    beside them for the prompts and for the negative prompts. The network's answer is 0."""
    import inspect

    forward, set_here = network.forward, "forward" in vars(network)
    signature = inspect.signature(forward)
    asked: list[dict[str, Any]] = []

    def restore() -> None:
        if set_here:
            network.forward = forward
        else:
            vars(network).pop("forward", None)

    def once(*args: Any, **kwargs: Any) -> tuple[Any]:
        arguments = dict(signature.bind(*args, **kwargs).arguments)
        samples = arguments.pop(kind.samples)
        for argument in ("timestep", "return_dict"):
            arguments.pop(argument, None)
        # Some pipelines change a dict for the second.
        asked.append({name: dict(part) if isinstance(part, dict) else part for name, part in arguments.items()})
        if kind.apart and len(asked) == 2:
            restore()
            instead(samples, *asked)
        elif not kind.apart:
            restore()
            negative, positive = (_half(arguments, half, len(samples)) for half in range(2))
            instead(samples.chunk(2)[1], positive, negative)
        return (samples * 0,)

    network.forward = once
    try:
        yield
    finally:
        restore()


@contextlib.contextmanager
def _quiet(pipeline: Any) -> Iterator[None]:
    """Without the pipeline's own progress bar, which would count one step."""
    before = dict(getattr(pipeline, "_progress_bar_config", {}))
    pipeline.set_progress_bar_config(**before | {"disable": True})
    try:
        yield
    finally:
        pipeline.set_progress_bar_config(**before)


@contextlib.contextmanager
def _dropping(network: Any, rate: float, seed: int) -> Iterator[None]:
    """With a share of the units left out that its dropout layers are about."""
    if not rate:
        yield
        return
    import torch

    layers = [layer for layer in network.modules() if isinstance(layer, torch.nn.Dropout)]
    if not layers:
        raise refused("This network has no dropout layers.", "Give a lesser network as guide=..., for autoguidance.")
    before = [(layer.p, layer.training) for layer in layers]
    device = network.device
    here = {} if device.type == "cpu" else {"device_type": device.type}
    try:
        with torch.random.fork_rng([device] if here else [], **here):
            torch.manual_seed(seed)
            for layer in layers:
                layer.p, layer.training = rate, True
            yield
    finally:
        for layer, (p, training) in zip(layers, before, strict=True):
            layer.p, layer.training = p, training
