"""Schemes on denoisers of one's own: exact mixtures end where the engine's particles do, and Gaussians where they must."""

import sys

import array_api_strict
import array_libraries
import numpy as np
import pytest

import guidance_playground as gp
from guidance_playground.models import from_denoiser

TREE = gp.distribution("tree-2")


def exact(classes, dtype=np.float64):
    """D of the tree."""
    return lambda x, sigma: (x + sigma**2 * TREE.score(np.asarray(x, np.float64), sigma, classes)).astype(dtype)


def log_ratio(x, sigma):
    return TREE.log_density(x, sigma, "A") - TREE.log_density(x, sigma, "AB")


def cfg(**more):
    return {"main": "exact:A", "guide": {"model": "exact", "condition": "AB"}, "weight": 2.5, **more}


OWN = "m = D1 - D0 + 0.3 * m\nD1 + (w - 1) * m"
MEMO = "memo = memo + 1\nD1 + (w - 1) * (1 - 1 / memo) * (D1 - D0)"
FOLLOWED = {
    "plain": {"main": "exact:A"},
    "cfg": cfg(),
    "apg": cfg(combination={"apg": {"momentum": -0.5, "parallel": 0.2, "radius": 0.3}}),
    "cfg zero star": cfg(combination={"cfgZeroStar": {"still": 2}}),
    "cfg++": cfg(weight=0.6, combination="cfgPlusPlus", solver="euler"),
    "tcfg": cfg(combination="tcfg"),
    "adg": cfg(combination="adg"),
    "mambo-g": cfg(combination={"mamboG": {"damping": 8}}),
    "renorm": cfg(combination={"renorm": {"least": 1, "most": 1}}),
    "adaptive": cfg(combination={"adaptiveGuidance": {"cosine": 0.99}}),
    "transition": cfg(combination="transitionPoint"),
    "higs": cfg(combination={"higs": {"strength": 1.75, "rate": 0.5, "parallel": 0, "end": 0.4}}),
    "history alone": {"main": "exact:A", "combination": {"higs": {"strength": 1.75, "rate": 0.5, "parallel": 0, "end": 0.4}}},
    "momentum": {"main": "exact:A", "combination": {"momentum": {"strength": 0.5, "rate": 0.6}}},
    "tsr": {"main": "exact:A", "combination": {"tsr": {"sharpness": 2, "width": 0.05}}},
    "evidence": cfg(weight=1, solver="euler", combination={"feedback": {"share": 0.8, "most": 10, "onset": 0.556, "decision": 0.429}}),
    "evidence, heun": cfg(weight=1, combination={"feedback": {"share": 0.8, "most": 10, "onset": 0.556, "decision": 0.429}}),
    "ratio": cfg(weight=1, combination={"feedbackExact": {"share": 0.8, "most": 10}}),
    "multistep": cfg(solver="dpmPlusPlus2m"),
    "foresight": cfg(solver={"foresight": {"rounds": 2, "ahead": 5, "until": 0.4, "weight": 3}}),
    "projection": cfg(solver={"manifoldProjection": {"rounds": 2, "until": 0.5}}),
    "interval, cosine": cfg(interval={"low": 0.05, "high": 1}, schedule="cosine"),
    "k, scores": {"main": "exact:A", "guide": {"model": "exact", "condition": "A", "sigmaScale": 1.2}, "weight": 2},
    "k, noise": {"main": "exact:A", "guide": {"model": "exact", "condition": "A", "sigmaScale": 1.2}, "weight": 2, "space": "epsilon"},
    "k, estimates": {"main": "exact:A", "guide": {"model": "exact", "condition": "A", "sigmaScale": 1.2}, "weight": 2, "space": "denoised"},
    "own, m": cfg(combination={"own": {"text": OWN}}),
    "own, memo": cfg(combination={"own": {"text": MEMO}}),
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_exact_models_end_where_the_engines_particles_do(name):
    theirs = gp.sample(FOLLOWED[name], particles=32, seed=3, paths=True)
    model = from_denoiser(exact("A"), guide=exact("AB"), log_ratio=log_ratio)
    ours = model.sample(FOLLOWED[name], theirs.paths[0].astype(np.float64))
    assert ours.samples.dtype == np.float64
    # The engine's are float32; a few particles between two branches tell the difference.
    apart = np.linalg.norm(ours.samples - theirs.positions, axis=1)
    assert np.quantile(apart, 0.9) < 1e-3
    assert np.median(apart) < 1e-4
    assert ours.evaluations == theirs.evaluations
    np.testing.assert_array_equal(ours.noise_levels, theirs.noise_levels)
    np.testing.assert_array_equal(ours.weights, theirs.weights)
    if name != "plain":
        plain = model.sample({"main": "exact:A"}, theirs.paths[0].astype(np.float64)).samples
        assert np.linalg.norm(ours.samples - plain, axis=1).max() > 1e-2


@pytest.mark.parametrize("name", FOLLOWED)
def test_nothing_but_the_array_api_is_asked_of_arrays(name):
    """A library that has nothing else, on a device that is not the processor. PyTorch and JAX: tests/diffusers/test_arrays.py."""
    start = array_libraries.start_of(FOLLOWED[name], np.random.default_rng(1))
    elsewhere = array_api_strict.Device("device1")
    found = array_libraries.sampled(FOLLOWED[name], array_api_strict.asarray(start, device=elsewhere))
    here = found.to_device(array_api_strict.Device("CPU_DEVICE"))
    np.testing.assert_allclose(np.asarray(here), array_libraries.sampled(FOLLOWED[name], start), atol=1e-12)


def gaussian(variance):
    return lambda x, sigma: x * (variance / (variance + sigma**2))


def start_of(scheme, shape, dtype=np.float64):
    return (gp.plan(scheme).sigmas[0] * np.random.default_rng(1).standard_normal(shape)).astype(dtype)


def test_a_scheme_by_its_link():
    model, start = from_denoiser(gaussian(0.25)), np.ones((1, 2))
    link = "https://example.org/#v=1&schemes=none,ht-1.10~weight:2&seed=7"
    found = model.sample(link, start, panel=2)
    named = model.sample({**next(s.scheme for s in gp.schemes() if s.name == "ht-1.10"), "weight": 2}, start)
    assert found.config == named.config
    np.testing.assert_array_equal(found.samples, named.samples)


def test_any_shape_and_32_bits():
    scheme = cfg(combination={"apg": {"momentum": -0.5, "parallel": 0.2, "radius": 2}})
    start = start_of(scheme, (4, 3, 5, 2))
    model = from_denoiser(gaussian(0.25), guide=gaussian(1))
    long = model.sample(scheme, start).samples
    short = model.sample(scheme, start.astype(np.float32)).samples
    assert short.dtype == np.float32
    assert long.shape == short.shape == start.shape
    np.testing.assert_allclose(short, long, atol=1e-5)
    # A sample's path does not hang on the others'.
    np.testing.assert_allclose(model.sample(scheme, start[2:3]).samples, long[2:3], rtol=1e-12)


@pytest.mark.parametrize("solver", ["ancestral", "reverseSde", {"churn": {"churn": 40, "min": 0.05, "max": 5, "noise": 1}}])
def test_fresh_noise_keeps_the_variance_and_follows_its_seed(solver):
    scheme = {"solver": solver, "levels": {"steps": 128}}
    model = from_denoiser(gaussian(0.25))
    start = start_of(scheme, (4000, 4)) * np.sqrt(1 + 0.25 / 25)
    end = model.sample(scheme, start, seed=5).samples
    assert abs(end.std() / 0.5 - 1) < 0.04
    np.testing.assert_array_equal(model.sample(scheme, start, seed=5).samples, end)
    assert np.abs(model.sample(scheme, start, seed=6).samples - end).max() > 0.1
    # Noise of one's own: none.
    still = model.sample(scheme, start, draw=np.zeros_like).samples
    assert still.std() < 0.9 * end.std() or isinstance(solver, dict)


def test_from_pure_noise():
    """A Gaussian's flow keeps x / sqrt(v + sigma^2): from infinity on the noise itself."""
    noise = np.random.default_rng(2).standard_normal((50, 3))
    levels = [np.inf, *np.geomspace(80, 0.002, 60), 0]
    for solver in ["heun", "dpmPlusPlus2m"]:
        scheme = {"guide": {"sigmaScale": 1.3}, "space": "denoised", "solver": solver}
        end = from_denoiser(gaussian(0.25)).sample(scheme, gp.Plan.PURE_NOISE * noise, sigmas=levels).samples
        np.testing.assert_allclose(end, 0.5 * noise, rtol=0.02)
    with pytest.raises(gp.GuidancePlaygroundError, match="begins at pure noise"):
        from_denoiser(gaussian(1)).sample({"solver": "reverseSde"}, noise, sigmas=levels)
    with pytest.raises(gp.GuidancePlaygroundError, match="list of noise levels"):
        from_denoiser(gaussian(1)).sample({}, noise, sigmas=[1, 2, 0])


def test_what_a_guide_is_asked():
    asked = []

    def denoiser(x, sigma, *, noise_shift=0.0, dropout=0.0, seed=0):
        asked.append((noise_shift, dropout, seed))
        return x * (1 - 0.1 * dropout)

    scheme = {"weight": 2, "solver": "euler", "levels": {"steps": 3}}
    for guide, expected in [
        ({"noiseShift": 0.5}, [(0.5, 0.0, 0)] * 3),
        ({"degradation": {"dropout": {"rate": 0.2, "seed": 7}}}, [(0.0, 0.2, 7)] * 3),
        ({"degradation": {"freshDropout": {"rate": 0.2, "seed": 7}}}, [(0.0, 0.2, 7 + step) for step in range(3)]),
    ]:
        asked.clear()
        from_denoiser(denoiser).sample({**scheme, "guide": guide}, np.ones((1, 2)))
        assert asked[::2] == [(0.0, 0.0, 0)] * 3
        assert asked[1::2] == expected


def test_callback_hears_each_step_once():
    heard = []
    scheme = cfg(solver={"foresight": {"rounds": 2, "ahead": 5, "until": 0.4, "weight": 3}})
    model = from_denoiser(gaussian(0.25), guide=gaussian(1))
    end = model.sample(scheme, np.ones((1, 2)), callback=lambda step, sigma, x: heard.append((step, sigma, x)))
    assert [(step, sigma) for step, sigma, _ in heard] == list(enumerate(end.noise_levels))[1:]
    np.testing.assert_array_equal(heard[-1][2], end.samples)


@pytest.mark.parametrize(
    ("scheme", "match"),
    [
        ("feynman-kac", "weighs samples against each other"),
        ("feedback-exact", "goes by densities"),
        ("autoguidance", "another model than its main model"),
        ("classifier-free", "another model than its main model"),
        ("heavy-tail-student", "heavy-tailed noise"),
        ("weight-noise", "noise on its weights"),
        ("dropout", "asked with dropout=..."),
        ("time-step", "asked with noise_shift=..."),
        ({"weight": 99}, "weight"),
    ],
)
def test_what_cannot_be_done_is_refused_with_advice(scheme, match):
    with pytest.raises(gp.GuidancePlaygroundError, match=match) as caught:
        from_denoiser(gaussian(1)).sample(scheme, np.ones((1, 2)))
    assert caught.value.code == "invalid"
    assert caught.value.advice


def test_what_is_no_array_of_samples_is_refused():
    model = from_denoiser(gaussian(1))
    for start, match in [
        (np.ones(3), r"\(n, ...\)"),
        (np.ones((1, 2), np.float16), "float16"),
        ([[1.0, 2.0]], "array API"),
    ]:
        with pytest.raises(gp.GuidancePlaygroundError, match=match):
            model.sample("none", start)
    with pytest.raises(gp.GuidancePlaygroundError, match=r"shape \(2,\) to samples"):
        from_denoiser(lambda x, sigma: x[0]).sample("none", np.ones((1, 2)))
    with pytest.raises(gp.GuidancePlaygroundError, match="No sample is finite") as caught:
        from_denoiser(lambda x, sigma: x * np.nan).sample("none", np.ones((1, 2)))
    assert caught.value.code == "diverged"


def test_what_arrays_need_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with pytest.raises(gp.GuidancePlaygroundError, match="Install it: pip install array-api-compat") as caught:
        from_denoiser(gaussian(1)).sample("none", np.ones((1, 2)))
    assert caught.value.code == "missing-package"
