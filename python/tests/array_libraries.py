"""A model of the array API, and its runs under every rule: the same in any library as in NumPy."""

from array_api_compat import array_namespace, device

from guidance_playground import plan
from guidance_playground.models import from_denoiser

SHAPE = (6, 3, 4)


def means(x, sigma, variance):
    """Of two Gaussians of this variance about 1 and -1: x times their mean, over the variance under noise."""
    xp = array_namespace(x)
    return xp.sum(xp.reshape(x, (x.shape[0], -1)), axis=1) / (variance + sigma**2)


def two_gaussians(variance):
    def denoised(x, sigma):
        xp = array_namespace(x)
        side = xp.reshape(xp.tanh(means(x, sigma, variance)), (-1, 1, 1))
        return (variance * x + sigma**2 * side) / (variance + sigma**2)

    return denoised


def log_ratio(x, sigma):
    xp = array_namespace(x)
    squares = xp.sum(xp.reshape(x * x, (x.shape[0], -1)), axis=1)

    def log_density(variance):
        along = means(x, sigma, variance)
        return xp.logaddexp(along, -along) - 0.5 * squares / (variance + sigma**2)

    return log_density(0.1) - log_density(0.4)


def sampled(scheme, start):
    """Samples of a scheme, which are what and where the start is, and whose models have never been given anything else."""
    xp = array_namespace(start)

    def kept(model):
        def asked(x, sigma):
            assert type(x) is type(start)
            assert (x.dtype, device(x)) == (start.dtype, device(start))
            return model(x, sigma)

        return asked

    model = from_denoiser(kept(two_gaussians(0.1)), guide=kept(two_gaussians(0.4)), log_ratio=kept(log_ratio))
    # Fresh noise that is the same everywhere.
    end = model.sample(scheme, start, draw=lambda x: xp.cos(x)).samples
    assert type(end) is type(start)
    assert (end.shape, end.dtype, device(end)) == (start.shape, start.dtype, device(start))
    return end


def start_of(scheme, rng):
    return plan(scheme).sigmas[0] * rng.standard_normal(SHAPE)
