"""Schemes on any denoiser: the core says what to add to what, and only inner products of its vectors cross to it."""

from __future__ import annotations

import contextlib
import inspect
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import _core
from ..errors import GuidancePlaygroundError, missing_package
from ..progress import progress_of
from ..schemes import SchemeLike, description

Array: TypeAlias = Any
"""An array of NumPy, PyTorch, JAX, CuPy or any other library that follows the array API."""
Denoiser: TypeAlias = Callable[..., Array]
"""D(x, sigma): the denoised estimate of samples x, which are data plus sigma times standard normal noise."""

Guide: TypeAlias = Callable[[Array, float, int], Array]
"""The same of a scheme's guide, which is told the step, too."""


@dataclass(frozen=True)
class ModelSamples:
    """What `Model.sample` gives."""

    samples: Array
    """Where the samples end: the shape, the library and the device of the start."""
    noise_levels: npt.NDArray[np.float64]
    """(N + 1,) float64: noise levels, highest first; the last is 0."""
    weights: npt.NDArray[np.float64]
    """(N,) float64: the guidance weight of each step; 1 is no guidance."""
    evaluations: int
    """Evaluations of models for each sample; main and guide count one each."""
    config: dict[str, Any]
    """The whole description of the scheme."""


class Model:
    """A main model, and who guides it: what schemes are followed on. Made by `from_denoiser`."""

    def __init__(self, denoiser: Denoiser, guide: Denoiser | None = None, log_ratio: Callable[[Array, float], Array] | None = None):
        self.denoiser, self.guide, self.log_ratio = denoiser, guide, log_ratio

    def sample(
        self,
        scheme: SchemeLike,
        start: Array,
        *,
        sigmas: Sequence[float] | None = None,
        seed: int = 1,
        draw: Callable[[Array], Array] | None = None,
        callback: Callable[[int, float, Array], None] | None = None,
        panel: int | None = None,
        progress: bool = False,
    ) -> ModelSamples:
        """Follow a scheme from noise to data.

        Args:
            scheme: a name, a description, or the address or state text that the page copied.
            start: (n, ...) samples under the highest noise level: data plus that many times standard normal noise, or just the
                noise where the level is high. Of 32 or 64 bits, which the run keeps, on any device.
            sigmas: noise levels of your own, falling, the last 0, in place of the scheme's. The first may be infinite, for pure
                noise; then `start` is 1e9 times standard normal noise.
            seed: of fresh noise, where the solver draws any.
            draw: what gives that noise in place of `seed`: a function of x to standard normal numbers of its shape, library and
                device.
            callback: hears (step, sigma, x) after each step: how many are done, the level reached, and the samples there.
            panel: which panel is meant where an address or a file has several, from 1.
            progress: show a progress bar.

        Raises:
            GuidancePlaygroundError: `invalid` if the scheme is none or asks for what the models cannot do; `diverged` if no
                sample is finite at the end.
        """
        scheme = description(scheme, panel)
        plan = _core.Plan(json.dumps(scheme), None if sigmas is None else [float(sigma) for sigma in sigmas])
        guide = self._guide(scheme, plan)
        xp = _namespace(start)
        if start.ndim < 2 or str(start.dtype).rpartition(".")[2] not in ("float32", "float64"):
            raise GuidancePlaygroundError(
                "invalid",
                f"Where samples start must be an array (n, ...) of float32 or float64; it is {start.dtype} of shape {tuple(start.shape)}.",
                "Take the noise in float32, also for a network of 16 bits, which casts it itself.",
            )
        if draw is None:
            draw = _draws(xp, start, seed)
        run = _Run(plan, self.denoiser, guide, draw, self.log_ratio)
        levels, x = plan.sigmas, start
        with progress_of(progress, plan.steps) as advance, _without_gradients(xp):
            for step, rows in itertools.groupby(enumerate(plan.rows), key=lambda row: row[1]["step"]):
                for index, row in rows:
                    x = run.move(index, row, x)
                advance(1)
                if callback:
                    callback(step + 1, float(levels[step + 1]), x)
            finite = xp.all(xp.isfinite(xp.reshape(x, (x.shape[0], -1))), axis=1)
            if not _host(finite).any():
                raise GuidancePlaygroundError(
                    "diverged", "No sample is finite at the end.", "Take a smaller weight, more steps, or another combination."
                )
        return ModelSamples(x, levels, plan.weights, plan.evaluations, scheme)

    def other(self, another_model: bool, another_condition: bool) -> Denoiser | None:
        """The guide of schemes whose guide is another model, or the same under another condition; None if there is none."""
        return self.guide

    def _guide(self, scheme: dict[str, Any], plan: _core.Plan) -> Guide | None:
        """The guide that a scheme asks for, as a function of x, sigma and the step, among the models that there are."""
        if plan.weighs:
            raise refused(
                "This scheme weighs samples against each other, which no plan of one sample says.",
                "Take another combination.",
            )
        if plan.needs_ratio and self.log_ratio is None:
            raise refused(
                "This combination goes by densities, which a denoiser does not tell.",
                "Give log_ratio, a function (x, sigma) to log p1 - log p0, or take `feedback` or `negative`, which go by what steps tell.",
            )
        of = scheme["guide"]
        if of is None or not plan.guided:
            return None
        main, heavy = scheme["main"], of["noise"] != "gaussian"
        # The exact model stands for the main model as it is, of which there is no better one.
        another_model = heavy or of["model"] not in (main["model"], "exact")
        another_condition = of["condition"] not in (main["condition"], None)
        denoiser = self.other(another_model, another_condition) if another_model or another_condition else self.denoiser
        if denoiser is None:
            what = "takes the data to be under heavy-tailed noise" if heavy else "is another model than its main model"
            raise refused(
                f"The guide of this scheme, {of['model']}:{of['condition']}, {what}.",
                "Give one as guide=..., or take a scheme whose model guides itself: by sigma scaling, dropout or a shifted noise input.",
            )
        options: dict[str, Any] = {}
        if of["noiseShift"]:
            options["noise_shift"] = of["noiseShift"]
        kind, numbers = next(iter(of["degradation"].items())) if isinstance(of["degradation"], dict) else ("none", {})
        if kind == "weightNoise":
            raise refused(
                "The guide of this scheme has noise on its weights.",
                "Give a model with such weights as guide=..., and name it as a guide of another model.",
            )
        if kind != "none":
            options |= {"dropout": numbers["rate"], "seed": numbers["seed"]}
        for option in options:
            if not _takes(denoiser, option):
                raise refused(
                    f"The guide of this scheme is asked with {option}=..., which this denoiser does not take.",
                    "Give its function that argument, or take another scheme.",
                )
        if kind == "freshDropout":
            return lambda x, sigma, step: denoiser(x, sigma, **options | {"seed": numbers["seed"] + step})
        return lambda x, sigma, step: denoiser(x, sigma, **options)


def from_denoiser(denoiser: Denoiser, *, guide: Denoiser | None = None, log_ratio: Callable[[Array, float], Array] | None = None) -> Model:
    """Schemes on a model of your own, whose vectors stay where they are.

    Args:
        denoiser: D(x, sigma), a function of samples (n, ...) and a noise level, a float, to their denoised estimates
            x + sigma^2 (score), of the same shape: on NumPy, PyTorch, JAX, CuPy or any array that follows the array API, on any
            device. If it takes `noise_shift`, schemes may shift what it is told of the noise level: ln sigma + noise_shift, where
            its network reads it and nowhere else. If it takes `dropout` and `seed`, schemes may have it leave out that share of
            its units, the same ones for the same seed.
        guide: the same of another model, for schemes whose guide is another model or has another condition than their main
            model: unconditional, under a negative prompt, or lesser. A scheme whose guide is its main model, at k sigma, with
            dropout or a shifted noise input, asks `denoiser` itself; so does one without a guide.
        log_ratio: (x, sigma) to (n,) numbers log p1 - log p0, for the two combinations that go by densities.

    Returns:
        A `Model`, whose `sample` follows schemes.
    """
    return Model(denoiser, guide, log_ratio)


class _Run:
    """The moves of a plan, as docs/api.md has them, and what samples carry from one to the next.

    With D the guided estimate and s = (D - x)/sigma^2, a move is written as a sum of x and estimates, so that little of it is lost where
    sigma is large."""

    def __init__(
        self,
        plan: _core.Plan,
        main: Denoiser,
        guide: Guide | None,
        draw: Callable[[Array], Array],
        log_ratio: Callable[[Array, float], Array] | None,
    ) -> None:
        self.plan, self.main, self.guide, self.draw, self.log_ratio = plan, main, guide, draw, log_ratio
        self.memory: Array = None
        self.before: Array = None
        self.evidence: float | npt.NDArray[np.float64] = 0.0
        self.told: tuple[Array, Array, npt.NDArray[np.float64]] | None = None

    def move(self, index: int, row: dict[str, Any], x: Array) -> Array:
        if row["kick"]:
            x = x + row["kick"] * self.draw(x)
        variances = [sigma * sigma for sigma in row["sigmas"]]
        estimate = self.guided(index, row, 0, x)
        at, keep, push = x, row["keep"] - row["push"] / variances[0], row["push"] / variances[0]
        ahead = keep * x + push * estimate
        if row["recall"]:
            ahead = ahead + row["recall"] * self.before
        if row["spread"]:
            ahead = ahead + row["spread"] * self.draw(x)
        self.before = estimate
        x = ahead
        if row["correct"]:
            # x + a s + b t = x + a (D - x)/sigma^2 + b (D'' - ahead)/sigma''^2.
            a, b = (number / variance for number, variance in zip(row["correct"], variances, strict=True))
            end = self.guided(index, row, 1, ahead)
            x = (1 - a - b * keep) * at + (a - b * push) * estimate + b * end
        if row["update"] and self.told:
            self.learn(row["update"], self.told, at, x)
        return x

    def guided(self, index: int, row: dict[str, Any], stage: int, x: Array) -> Array:
        """The guided estimate in a stage of a step."""
        plan, sigma = self.plan, row["sigmas"][stage]
        one = self.ask(self.main, x, sigma)
        asked = row["asks_guide"][stage]
        if not asked and not plan.alone:
            return one
        d, zero = None, one
        if asked:
            # From pure noise on, k sigma is the same level.
            k, factor = (1.0, 1.0) if sigma >= _core.Plan.PURE_NOISE else (plan.sigma_scale, plan.guide_factor)
            assert self.guide is not None
            zero = self.ask(self.guide, x, k * sigma, row["step"])
            d = one - zero if factor == 1 else one - factor * zero - (1 - factor) * x
        if plan.linear:
            if d is None:
                return one
            push, _ = plan.mix(index, stage, 0.0, np.zeros(10))
            return one + float(push[2]) * d
        return self.mixed(index, stage, x, sigma, one, zero, d)

    def mixed(self, index: int, stage: int, x: Array, sigma: float, one: Array, zero: Array, d: Array) -> Array:
        """What the core's rule makes of D1, eps1, d and m: ten inner products go there, and eight coefficients come back."""
        plan, xp = self.plan, _namespace(x)
        flat = partial(xp.reshape, shape=(x.shape[0], -1))
        eps = (x - one) / sigma
        none = xp.zeros_like(x)
        basis = xp.stack([flat(v) for v in (one, eps, none if d is None else d, none if self.memory is None else self.memory)], axis=1)
        # Not as a product of matrices, which some devices take in fewer bits.
        gram = _host(xp.concat([xp.sum(basis[:, i:, :] * basis[:, i : i + 1, :], axis=-1) for i in range(4)], axis=1))
        ratio = self.evidence if self.log_ratio is None or not plan.needs_ratio else _host(self.log_ratio(x, sigma))
        push, memory = plan.mix(index, stage, ratio, gram)
        if plan.carries_evidence and stage == 0:
            self.told = zero, d, gram[:, 7]
        if plan.remembers_number:
            self.evidence = memory[:, 0]
        rows = [push, memory] if plan.remembers_vector else [push]
        rows = xp.asarray(np.stack(rows, axis=1), dtype=x.dtype, device=_device(x))
        guided = one + xp.reshape(xp.sum(basis * rows[:, 0, :, None], axis=1), x.shape)
        if plan.remembers_vector:
            self.memory = xp.reshape(xp.sum(basis * rows[:, 1, :, None], axis=1), x.shape)
        return guided

    def learn(self, update: dict[str, float], told: tuple[Array, Array, npt.NDArray[np.float64]], at: Array, x: Array) -> None:
        """What a step has told of log p1 - log p0."""
        xp, (zero, d, square) = _namespace(x), told
        mean = update["keep"] * at + (1 - update["keep"]) * zero
        along = _host(xp.sum(xp.reshape((x - mean) * d, (x.shape[0], -1)), axis=1))
        evidence = self.evidence + update["along"] * along + update["square"] * square + update["offset"]
        self.evidence = np.clip(evidence, update["least"], update["greatest"])

    @staticmethod
    def ask(model: Callable[..., Array], x: Array, *at: float) -> Array:
        answer = model(x, *at)
        if tuple(answer.shape) != tuple(x.shape):
            raise refused(
                f"A denoiser has answered with the shape {tuple(answer.shape)} to samples of the shape {tuple(x.shape)}.",
                "It is to give the denoised estimate of each number.",
            )
        return answer if answer.dtype == x.dtype else _namespace(x).astype(answer, x.dtype)


def refused(message: str, advice: str) -> GuidancePlaygroundError:
    return GuidancePlaygroundError("invalid", message, advice)


def _takes(function: Callable[..., Any], option: str) -> bool:
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False
    return option in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def _namespace(x: Array) -> Any:
    try:
        from array_api_compat import array_namespace
    except ImportError as error:
        raise missing_package("array-api-compat", "Arrays of a model's") from error
    try:
        return array_namespace(x)
    except TypeError as error:
        raise refused(
            f"Samples are to be an array that follows the array API; they are {type(x).__name__}.",
            "Take an array of NumPy, PyTorch, JAX or CuPy.",
        ) from error


def _device(x: Array) -> Any:
    from array_api_compat import device

    return device(x)


def _host(x: Array) -> npt.NDArray[np.float64]:
    """An array's numbers here, in float64."""
    from array_api_compat import is_cupy_array, is_torch_array, to_device

    if is_cupy_array(x) or is_torch_array(x):
        x = to_device(x, "cpu")
    try:
        return np.asarray(x, dtype=np.float64)
    except (RuntimeError, TypeError):
        # How the array API has it since 2023.12 for what is on another device; of NumPy since 2.1.
        return np.asarray(np.from_dlpack(x, device="cpu"), dtype=np.float64)


def _draws(xp: Any, start: Array, seed: int) -> Callable[[Array], Array]:
    """Standard normal numbers from a seed, on the start's device."""
    from array_api_compat import is_torch_array

    if is_torch_array(start):
        import torch

        generator = torch.Generator(start.device).manual_seed(seed)
        return lambda x: torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    numbers = np.random.default_rng(seed)
    return lambda x: xp.asarray(numbers.standard_normal(x.shape), dtype=x.dtype, device=_device(x))


def _without_gradients(xp: Any) -> contextlib.AbstractContextManager[Any]:
    """PyTorch keeps what it has done for gradients, which nobody asks for here."""
    from array_api_compat import is_torch_namespace

    if is_torch_namespace(xp):
        import torch

        without: contextlib.AbstractContextManager[Any] = torch.no_grad()
        return without
    return contextlib.nullcontext()
