"""Schemes on arrays of PyTorch and JAX: samples are those on NumPy's, and stay where they are."""

import array_libraries
import jax
import numpy as np
import pytest
import torch
from test_models import FOLLOWED

# A second device, as a graphics processor would be one.
jax.config.update("jax_num_cpu_devices", 2)


def of_torch(start):
    return torch.from_numpy(start)


def of_jax(start):
    return jax.device_put(start, jax.devices()[1])


@pytest.mark.parametrize("name", FOLLOWED)
# Additions in another order, over some dozens of steps: a share of the samples' size, which is about 1.
@pytest.mark.parametrize(("bits", "most"), [(np.float32, 2e-4), (np.float64, 1e-9)])
@pytest.mark.parametrize("of", [of_torch, of_jax])
def test_samples_are_those_of_numpy(of, bits, most, name):
    start = array_libraries.start_of(FOLLOWED[name], np.random.default_rng(1)).astype(bits)
    expected = array_libraries.sampled(FOLLOWED[name], start)
    with jax.enable_x64(bits is np.float64):
        found = array_libraries.sampled(FOLLOWED[name], of(start))
        assert np.abs(np.asarray(found) - expected).max() < most


@pytest.mark.parametrize("of", [of_torch, of_jax])
def test_fresh_noise_of_a_seed_is_made_where_samples_are(of):
    scheme = {"solver": "ancestral", "levels": {"steps": 32}}
    start = 5 * np.random.default_rng(1).standard_normal((4000, 3), np.float32)
    model = array_libraries.from_denoiser(lambda x, sigma: x * (0.25 / (0.25 + sigma**2)))
    end, again, other = (model.sample(scheme, of(start), seed=seed).samples for seed in (5, 5, 6))
    assert array_libraries.device(end) == array_libraries.device(of(start))
    assert (end == again).all()
    assert not (end == other).all()
    # Four standard errors of the ratio of two deviations of 12,000 numbers each.
    assert abs(float(end.std()) / model.sample(scheme, start, seed=7).samples.std() - 1) < 4 / np.sqrt(12000)


def test_gradients_are_not_kept():
    start = torch.ones((1, 2), requires_grad=True)
    weights = torch.ones(2, requires_grad=True)
    end = array_libraries.from_denoiser(lambda x, sigma: weights * x / (1 + sigma**2)).sample("none", start).samples
    assert not end.requires_grad
