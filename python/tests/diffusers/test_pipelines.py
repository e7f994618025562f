"""Against diffusers' own pipelines, schedulers and guiders, and against plain loops."""

import itertools
import math

import numpy as np
import pytest
import tiny
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    FirstBlockCacheConfig,
    HeunDiscreteScheduler,
    KDPM2DiscreteScheduler,
    LCMScheduler,
    PNDMScheduler,
)
from diffusers.guiders import (
    AdaptiveProjectedGuidance,
    AutoGuidance,
    ClassifierFreeZeroStarGuidance,
    TangentialClassifierFreeGuidance,
)

from guidance_playground import GuidancePlaygroundError
from guidance_playground.models import from_diffusers
from guidance_playground.models.diffusers import NetworkDenoiser, Schedule

PROMPTS = ["a horse", "an astronaut"]
UGLY = "ugly"
CFG = {"guide": {"model": "exact", "condition": "AB"}, "weight": 5}


def theirs(pipeline, steps, seeds=(3, 4), w=5.0, output_type="latent"):
    """What the pipeline makes of itself."""
    return pipeline(
        prompt=PROMPTS,
        negative_prompt=[UGLY] * 2,
        **{"true_cfg_scale" if type(pipeline).__name__ == "FluxPipeline" else "guidance_scale": w},
        num_inference_steps=steps,
        generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        output_type=output_type,
    ).images


def ours(pipeline, scheme, steps, output_type="latent", **more):
    return from_diffusers(pipeline, PROMPTS, UGLY, **more).sample(scheme, steps=steps, seed=3, output_type=output_type)


def off(found, expected):
    """The greatest difference as a share of the latents' size."""
    return float((found - expected).abs().max() / expected.std())


@pytest.fixture(scope="module")
def sd():
    return tiny.stable_diffusion()


@pytest.fixture(scope="module")
def flow():
    return tiny.flow()


MAKERS = {
    "SD 1": tiny.stable_diffusion,
    "SD 2, v": lambda: tiny.stable_diffusion("v_prediction"),
    "SDXL": tiny.stable_diffusion_xl,
    "SD 3": tiny.flow,
    "FLUX.1 schnell": tiny.flux,
    "FLUX.1 dev": lambda: tiny.flux(embeds=True),
    "Chroma": tiny.chroma,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_cfg_by_euler_is_the_pipelines_own(kind):
    pipeline = MAKERS[kind]()
    expected = theirs(pipeline, 6)
    found = ours(pipeline, {**CFG, "solver": "euler"}, 6)
    assert off(found.samples, expected) < 1e-4
    assert off(found.images, found.samples) == 0
    assert found.evaluations == 12
    # Without guidance it is another, so that the first line can fail.
    assert off(ours(pipeline, {"solver": "euler"}, 6).samples, expected) > 1e-2


@pytest.mark.parametrize("kind", ["SD 1", "SDXL", "SD 3", "FLUX.1 dev", "Chroma"])
def test_pictures_are_those_of_the_vae(kind):
    pipeline = MAKERS[kind]()
    expected = theirs(pipeline, 3, output_type="np")
    found = ours(pipeline, {**CFG, "solver": "euler"}, 3, output_type="np").images
    assert found.shape == expected.shape == (2, 32, 32, 3)
    assert np.abs(found - expected).max() < 1e-4
    pil = ours(pipeline, {**CFG, "solver": "euler"}, 3, output_type="pil").images
    assert [picture.size for picture in pil] == [(32, 32)] * 2


@pytest.mark.parametrize(
    ("scheduler", "solver"),
    [
        (HeunDiscreteScheduler, "heun"),
        (DPMSolverMultistepScheduler, "dpmPlusPlus2m"),
        (EulerAncestralDiscreteScheduler, "ancestral"),
    ],
)
def test_solvers_are_their_schedulers(scheduler, solver):
    more = {"timestep_spacing": "trailing"} if solver == "ancestral" else {}
    pipeline = tiny.stable_diffusion(kind=scheduler, **more)
    expected = theirs(pipeline, 8)
    assert off(ours(pipeline, {**CFG, "solver": solver}, 8).samples, expected) < 1e-4
    assert off(ours(pipeline, {**CFG, "solver": "euler"}, 8).samples, expected) > 1e-3


def test_a_flow_by_dpm_solver_is_their_scheduler():
    pipeline = tiny.flow(DPMSolverMultistepScheduler, use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=3.0)
    expected = theirs(pipeline, 8)
    assert off(ours(pipeline, {**CFG, "solver": "dpmPlusPlus2m"}, 8).samples, expected) < 1e-4


def test_a_network_that_is_told_a_weight_keeps_it():
    """Of FLUX.1-dev both evaluations have the pipeline's guidance_scale, whatever the scheme's weight."""
    pipeline = tiny.flux(embeds=True)
    euler = {"solver": "euler"}
    low, high = (from_diffusers(pipeline, "a horse", guidance_scale=g).sample(euler, steps=3, output_type="latent") for g in (1.0, 6.0))
    assert off(low.samples, high.samples) > 1e-3
    # Without a negative prompt it is the empty one: otherwise this pipeline would not guide at all.
    found = from_diffusers(pipeline, "a horse", guidance_scale=6.0).sample({**CFG, **euler}, steps=3, output_type="latent").samples
    more = {"generator": torch.Generator().manual_seed(0), "output_type": "latent", "num_inference_steps": 3}
    expected = pipeline("a horse", negative_prompt="", true_cfg_scale=5.0, guidance_scale=6.0, **more).images
    assert off(found, expected) < 1e-4


@pytest.mark.parametrize("kind", ["FLUX.1 dev", "Chroma"])
def test_flows_of_packed_latents_follow_all_schemes(kind):
    pipeline = MAKERS[kind]()
    plain = ours(pipeline, {"solver": "euler"}, 4).samples
    lesser = MAKERS[kind]()
    with torch.no_grad():
        lesser.transformer.proj_out.weight *= 0.8
    apg = {"apg": {"momentum": -0.5, "parallel": 0.25, "radius": 2.5}}
    for scheme, more in [
        ({**CFG, "combination": apg}, {}),
        ({"guide": {"model": "exact", "condition": "A", "sigmaScale": 1.2}, "space": "denoised"}, {}),
        ({"guide": {"model": "guide-32-0512", "condition": "A"}, "weight": 2, "solver": "dpmPlusPlus2m"}, {"guide": lesser}),
    ]:
        found = ours(pipeline, scheme, 4, **more)
        assert found.samples.shape == plain.shape == (2, 64, 16)
        assert off(found.samples, plain) > 1e-3
    # Another size has other levels.
    small = from_diffusers(pipeline, "a", height=16, width=16).sample({"solver": "euler"}, steps=4)
    assert small.noise_levels[1] < found.noise_levels[1]
    assert small.images[0].size == (16, 16)


def test_what_networks_take_out_of_a_dict_is_there_again(flow):
    """As IP adapters' embeddings are."""

    class Network:
        dtype = torch.float32

        def __call__(self, hidden_states, timestep, joint_attention_kwargs, return_dict):
            return (hidden_states * joint_attention_kwargs.pop("factor"),)

    flow.scheduler.set_timesteps(4)
    schedule = Schedule(flow.scheduler)
    denoiser = NetworkDenoiser(Network(), "hidden_states", {"joint_attention_kwargs": {"factor": 0.5}}, schedule)
    one, again = (denoiser(torch.ones((1, 2)), 1.0) for _ in range(2))
    assert torch.equal(one, again)


def test_noise_levels_are_the_schedulers(sd, flow):
    for kind, more in [(DDIMScheduler, {"clip_sample": False}), (PNDMScheduler, {"skip_prk_steps": True}), (EulerDiscreteScheduler, {})]:
        pipeline = tiny.stable_diffusion(kind=kind, timestep_spacing="leading", **more)
        found = ours(pipeline, {"solver": "euler"}, 5).noise_levels
        times = np.array([801, 601, 401, 201, 1])
        products = np.cumprod(1 - np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2)[times]
        np.testing.assert_allclose(found, [*np.sqrt((1 - products) / products), 0], rtol=1e-5)
    found = ours(flow, {"solver": "euler"}, 4).noise_levels
    times = np.linspace(1, 3 * 0.001 / (1 + 2 * 0.001), 4)[1:]
    shifted = 3 * times / (1 + 2 * times)
    np.testing.assert_allclose(found[1:], [*shifted / (1 - shifted), 0], rtol=1e-4)
    # Levels of one's own are the pipeline's business.
    found = from_diffusers(sd, "a", sigmas=[10.0, 3.0, 1.0, 0.0]).sample({"solver": "euler"}, output_type="latent")
    np.testing.assert_allclose(found.noise_levels, [10, 3, 1, 0])


def network_of(pipeline, prompts=(UGLY, *PROMPTS)):
    """D(x, sigma) of the tiny pipeline in float64, written out: of the prompts, and of the negative prompt."""
    network = tiny.unet().double()
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    products = np.cumprod(1 - betas)
    learned = np.sqrt((1 - products) / products)
    states = pipeline.encode_prompt(list(PROMPTS), "cpu", 1, True, [UGLY] * 2)

    def of(which):
        def denoised(x, sigma, network=network):
            time = np.interp(math.log(sigma), np.log(learned), np.arange(1000))
            with torch.no_grad():
                noise = network(x / math.sqrt(1 + sigma**2), time, states[which].double(), return_dict=False)[0]
            return x - sigma * noise

        return denoised

    return of(0), of(1)


def start_of(pipeline, steps):
    pipeline.scheduler.set_timesteps(steps)
    sigmas = [*pipeline.scheduler.sigmas.double().tolist()]
    noise = torch.stack([torch.randn((4, 16, 16), generator=torch.Generator().manual_seed(seed)) for seed in (3, 4)])
    return sigmas, noise.double() * sigmas[0]


def rising(name, i, count):
    u = i / (count - 1)
    return {"static": 1.0, "linear": 2 * u, "cosine": 1 - math.cos(math.pi * u)}[name]


@pytest.mark.parametrize("space", ["score", "denoised"])
@pytest.mark.parametrize(("k", "schedule"), list(itertools.product([1.2, 1.4, 1.6], ["static", "linear", "cosine"])))
def test_the_proposals_schemes_are_a_plain_loop(sd, k, schedule, space):
    steps, w = 5, 3.0
    positive, negative = network_of(sd)
    for condition, guide, weight in [("A", positive, 1.2 if space == "score" else w), ("AB", negative, w)]:
        scheme = {
            "guide": {"model": "exact", "condition": condition, "sigmaScale": k},
            "weight": weight,
            "schedule": schedule,
            "space": space,
            "solver": "euler",
        }
        sigmas, x = start_of(sd, steps)
        for i, (sigma, following) in enumerate(itertools.pairwise(sigmas)):
            d1, d0 = positive(x, sigma), guide(x, k * sigma)
            of_step = 1 + (weight - 1) * rising(schedule, i, steps)
            s1 = (d1 - x) / sigma**2
            s0 = (d0 - x) / (k * sigma) ** 2 if space == "score" else (d0 - x) / sigma**2
            x = x + sigma * (sigma - following) * (s0 + of_step * (s1 - s0))
        assert off(ours(sd, scheme, steps).samples.double(), x) < 1e-4


def guided_by(sd, combine, steps):
    """Euler's method under what `combine` makes of the noise of both prompts, in float64."""
    positive, negative = network_of(sd)
    sigmas, x = start_of(sd, steps)
    for i, (sigma, following) in enumerate(itertools.pairwise(sigmas)):
        noise = combine(i, *((x - d(x, sigma)) / sigma for d in (positive, negative)), x, sigma)
        x = x + (following - sigma) * noise
    return x


def guider(kind, steps, **options):
    made = kind(**options)

    def set_to(i):
        made.set_state(i, steps, torch.tensor(0))
        made.prepare_inputs({})
        return made

    return set_to


def test_cfg_zero_star_is_the_guiders(sd):
    of = guider(ClassifierFreeZeroStarGuidance, 6, guidance_scale=4.0, zero_init_steps=1)
    expected = guided_by(sd, lambda i, one, zero, x, sigma: of(i).forward(one, zero).pred, 6)
    scheme = {**CFG, "weight": 4, "solver": "euler", "combination": {"cfgZeroStar": {"still": 1}}}
    assert off(ours(sd, scheme, 6).samples.double(), expected) < 1e-4


def test_apg_is_the_guiders(sd):
    of = guider(
        AdaptiveProjectedGuidance,
        6,
        guidance_scale=3.0,
        adaptive_projected_guidance_momentum=-0.5,
        adaptive_projected_guidance_rescale=2.5,
        eta=0.25,
        use_original_formulation=True,
    )

    def combine(i, one, zero, x, sigma):
        # Of denoised estimates, as its paper has it; with the weight less 1.
        return (x - of(i).forward(x - sigma * one, x - sigma * zero).pred) / sigma

    expected = guided_by(sd, combine, 6)
    apg = {"apg": {"momentum": -0.5, "parallel": 0.25, "radius": 2.5}}
    found = ours(sd, {**CFG, "weight": 4, "solver": "euler", "combination": apg}, 6).samples.double()
    assert off(found, expected) < 1e-4
    assert off(ours(sd, {**CFG, "weight": 4, "solver": "euler"}, 6).samples.double(), expected) > 1e-2


def test_tangential_damping_is_the_guiders(sd):
    of = guider(TangentialClassifierFreeGuidance, 6, guidance_scale=4.0)
    expected = guided_by(sd, lambda i, one, zero, x, sigma: of(i).forward(one, zero).pred, 6)
    assert off(ours(sd, {**CFG, "weight": 4, "solver": "euler", "combination": "tcfg"}, 6).samples.double(), expected) < 1e-3


def test_autoguidance_is_the_guiders(sd):
    lesser = tiny.unet(seed=9, width=16)
    positive, _ = network_of(sd)
    double = tiny.unet(seed=9, width=16).double()
    of = guider(AutoGuidance, 6, guidance_scale=3.0, auto_guidance_layers=[0], dropout=0.1)

    def combine(i, one, _zero, x, sigma):
        return of(i).forward(one, (x - positive(x, sigma, network=double)) / sigma).pred

    expected = guided_by(sd, combine, 6)
    scheme = {"guide": {"model": "guide-32-0512", "condition": "A"}, "weight": 3, "solver": "euler"}
    assert off(ours(sd, scheme, 6, guide=lesser).samples.double(), expected) < 1e-4
    with pytest.raises(GuidancePlaygroundError, match="another model"):
        ours(sd, scheme, 6)


def test_a_misled_network_is_told_another_time(sd):
    """Time-step guidance: ln sigma + shift, where the network reads it alone."""
    positive, _ = network_of(sd)
    sigmas, x = start_of(sd, 5)
    for sigma, following in itertools.pairwise(sigmas):
        told = sigma * math.exp(-0.5)
        misled = positive(x * math.sqrt(1 + told**2) / math.sqrt(1 + sigma**2), told)
        noise = (x * math.sqrt(1 + told**2) / math.sqrt(1 + sigma**2) - misled) / told
        one = (x - positive(x, sigma)) / sigma
        x = x + (following - sigma) * (noise + 3 * (one - noise))
    scheme = {"guide": {"condition": "A", "noiseShift": -0.5}, "weight": 3, "solver": "euler"}
    assert off(ours(sd, scheme, 5).samples.double(), x) < 1e-4


def test_dropout_is_seeded_and_leaves_the_network_as_it_was(sd):
    def scheme(kind, **numbers):
        return {"guide": {"condition": "A", "degradation": {kind: numbers}}, "weight": 2, "solver": "euler"}

    before = torch.get_rng_state()
    one, same, other, fresh = (
        ours(sd, of, 4).samples
        for of in [
            scheme("dropout", rate=0.2, seed=1),
            scheme("dropout", rate=0.2, seed=1),
            scheme("dropout", rate=0.2, seed=2),
            scheme("freshDropout", rate=0.2, seed=1),
        ]
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert not torch.equal(one, fresh)
    assert torch.equal(before, torch.get_rng_state())
    plain = ours(sd, {"solver": "euler"}, 4).samples
    assert off(one, plain) > 1e-3
    assert not any(layer.training or layer.p for layer in sd.unet.modules() if isinstance(layer, torch.nn.Dropout))


def test_from_pure_noise_a_flow_takes_heuns_method(flow):
    """Half as large steps leave a quarter of the error, as of a second-order method: against many steps."""
    scheme = {**CFG, "weight": 1.5}
    ends = [ours(flow, {**scheme, "solver": solver}, steps).samples for solver, steps in [("heun", 96), ("heun", 12), ("euler", 12)]]
    assert off(ends[1], ends[0]) < 0.5 * off(ends[2], ends[0])


def test_a_flow_k_sigma_is_a_plain_loop(flow):
    """From pure noise k sigma is the same level: only then is the first step one of the main model alone."""
    k, w = 1.4, 3.0
    scheme = {"guide": {"condition": "A", "sigmaScale": k}, "weight": w, "space": "denoised", "solver": "euler"}
    found = ours(flow, scheme, 4).samples.double()
    network = tiny.flow().transformer.double()
    states, _, pooled, _ = flow.encode_prompt(PROMPTS, None, None, negative_prompt=[UGLY] * 2)

    def denoised(z, t):
        with torch.no_grad():
            velocity = network(z, states.double(), pooled.double(), torch.full((2,), 1000 * t).double(), return_dict=False)[0]
        return z - t * velocity

    flow.scheduler.set_timesteps(4)
    times = flow.scheduler.sigmas.double().tolist()
    z = torch.stack([torch.randn((16, 16, 16), generator=torch.Generator().manual_seed(seed)) for seed in (3, 4)]).double()
    for t, following in itertools.pairwise(times):
        d = denoised(z, t)
        if t < 1:
            sigma = t / (1 - t)
            further = k * sigma / (1 + k * sigma)
            # x = z (1 + sigma), which at k sigma is given as x/(1 + k sigma).
            d = d + (w - 1) * (d - denoised(z * (1 + sigma) / (1 + k * sigma), further))
        z = following / t * z + (1 - following / t) * d
    assert off(found, z) < 1e-4


def test_sixteen_bits_are_for_the_network_alone(sd):
    half = tiny.stable_diffusion().to(torch.bfloat16)
    found = ours(half, {**CFG, "solver": "euler"}, 4)
    assert found.samples.dtype == torch.float32
    assert found.images.dtype == torch.bfloat16
    assert off(found.samples, ours(sd, {**CFG, "solver": "euler"}, 4).samples) < 0.2


def test_links_seeds_and_calls(sd):
    model = from_diffusers(sd, "a horse", num_images_per_prompt=2, height=16, width=24)
    heard = []
    link = "https://example.org/#v=1&schemes=none,ht-1.10"
    found = model.sample(link, panel=2, steps=3, seed=[7, 8], callback=lambda step, sigma, x: heard.append((step, sigma, tuple(x.shape))))
    assert [picture.size for picture in found.images] == [(24, 16)] * 2
    assert heard == [(i + 1, found.noise_levels[i + 1], (2, 4, 8, 12)) for i in range(3)]
    assert found.config["guide"]["sigmaScale"] == 1.1
    again = from_diffusers(sd, "a horse", height=16, width=24).sample("ht-1.10", steps=3, seed=8)
    assert off(again.samples, found.samples[1:]) < 1e-4
    # Nothing of the pipeline is changed.
    assert "forward" not in vars(sd.unet)
    assert theirs(sd, 2, output_type="np").shape == (2, 32, 32, 3)


def refused(match, *what, **how):
    with pytest.raises(GuidancePlaygroundError, match=match) as caught:
        from_diffusers(*what, **how)
    assert caught.value.code == "invalid"
    assert caught.value.advice


def test_what_is_not_known_is_refused_with_advice(sd):
    for kind in (KDPM2DiscreteScheduler, LCMScheduler):
        refused(f"noise levels of {kind.__name__}", tiny.stable_diffusion(kind=kind), "a")
    refused("distilled", tiny.stable_diffusion(network=tiny.unet(time_cond_proj_dim=8)), "a")
    refused("more than noisy latents", tiny.stable_diffusion(network=tiny.unet(in_channels=9)), "a")
    refused("is to be a StableDiffusionPipeline", object(), "a")
    refused("guidance_scale: the weight is the scheme's", sd, "a", guidance_scale=3)

    class LuminaPipeline:
        transformer = None

    refused("this is a LuminaPipeline", LuminaPipeline(), "a")
    packed = tiny.flux(embeds=True)
    refused("true_cfg_scale: the weight is the scheme's", packed, "a", true_cfg_scale=3)
    packed.transformer.enable_cache(FirstBlockCacheConfig(threshold=0.1))
    refused("answers from a cache", packed, "a")
    model = from_diffusers(sd, "a")
    for scheme, match in [
        ("feynman-kac", "weighs samples against each other"),
        ("feedback-exact", "densities"),
        ("ht-student-4", "heavy-tailed noise"),
        ("weight-noise", "noise on its weights"),
        ("autoguidance", "another model"),
    ]:
        with pytest.raises(GuidancePlaygroundError, match=match) as caught:
            model.sample(scheme, steps=2)
        assert caught.value.advice
    with pytest.raises(GuidancePlaygroundError, match="1 pictures and 2 seeds"):
        model.sample("none", seed=[1, 2])
    assert "forward" not in vars(sd.unet)
