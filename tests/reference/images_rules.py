"""Rules of guidance that only pictures have, as their papers write them. Needs PyTorch and kornia.

Writes tests/data/images-rules.json: python tests/reference/images_rules.py
"""

import json
from pathlib import Path

import kornia
import torch
from kornia.geometry.transform import build_laplacian_pyramid

ROOT = Path(__file__).resolve().parents[2]
MEAN = torch.tensor([0.7355, 0.6995, 0.651], dtype=torch.float64)
DEVIATION = 0.5175


def wave(count, size, fast, faster):
    i = torch.arange(count, dtype=torch.float64)
    return size * torch.sin(fast * i + faster * i * i)


def picture(*of):
    """Rows of pixels of three colours, as PyTorch has them."""
    return wave(3072, *of).reshape(1, 32, 32, 3).permute(0, 3, 1, 2)


def numbers(of, every):
    return of.permute(0, 2, 3, 1).flatten()[::every].tolist()


NOISE = picture(1.4, 0.37, 0.0011)
MAIN = picture(0.9, 0.013, 0.0003) + 0.2
GUIDE = picture(0.7, 0.011, 0.00031)
UNWANTED = [picture(0.8, 0.017, 0.0002), picture(0.6, 0.41, 0.0007)]


def bands(scales):
    """Algorithm 2 of frequency-decoupled guidance, without projections."""
    pyramids = [build_laplacian_pyramid(of, len(scales)) for of in (MAIN, GUIDE)]
    guided = [main + (scale - 1) * (main - guide) for main, guide, scale in zip(*pyramids, scales)]
    image = guided[-1]
    for level in reversed(guided[:-1]):
        image = kornia.geometry.pyrup(image) + level
    return image


def composed(x, sigma, guided, weights):
    """Composable diffusion: noise of what is not wanted, over that of no prompt, is subtracted."""
    noise = lambda denoised: (x - denoised) / sigma
    whole = noise(guided)
    for unwanted, weight in zip(UNWANTED, weights):
        whole = whole - weight * (noise(unwanted) - noise(GUIDE))
    return x - sigma * whole


def rescaled(x, sigma, guided, share):
    """Algorithm 2 of CFG rescale, in the v of the variance-preserving process of data / deviation."""
    ratio = sigma / DEVIATION
    alpha, spread = 1 / (1 + ratio**2) ** 0.5, ratio / (1 + ratio**2) ** 0.5
    velocity = lambda denoised: alpha * (x - denoised) / sigma - spread * denoised / DEVIATION
    positive, cfg = velocity(MAIN), velocity(guided)
    factor = positive.std([1, 2, 3], keepdim=True) / cfg.std([1, 2, 3], keepdim=True)
    cfg = cfg * (share * factor + (1 - share))
    return (alpha * (alpha * x / DEVIATION) - spread * cfg) * DEVIATION


def thresholded(guided, quantile):
    """Imagen's, of colours from -1 to 1."""
    mean = MEAN.reshape(1, 3, 1, 1)
    colours = 2 * (0.5 * guided + mean) - 1
    bound = torch.quantile(colours.abs().flatten(), quantile).clamp(min=1)
    return ((colours.clamp(-bound, bound) / bound + 1) / 2 - mean) / 0.5


def annealed(prompt, normals, u, begin, end, strength, mix):
    """Algorithm 1 of CADS, in its time t = 1 - u."""
    t, tau1, tau2 = 1 - u, 1 - end, 1 - begin
    gamma = torch.tensor(1.0 if t <= tau1 else 0.0 if t >= tau2 else (tau2 - t) / (tau2 - tau1), dtype=torch.float64)
    mean, std = prompt.mean(), prompt.std()
    noisy = gamma.sqrt() * prompt + strength * (1 - gamma).sqrt() * normals
    scaled = (noisy - noisy.mean()) / noisy.std() * std + mean
    return mix * scaled + (1 - mix) * noisy


def main():
    cases = []

    def case(sigma, weight, scales=None, negatives=(), finish=None):
        x = MAIN + sigma * NOISE
        guided = bands(scales) if scales else GUIDE + weight * (MAIN - GUIDE)
        guided = composed(x, sigma, guided, negatives)
        scheme = {"guide": {"model": "exact"}, "weight": weight}
        if scales:
            high, low = [(scale - 1) / (weight - 1) for scale in scales]
            scheme["bands"] = {"high": high, "low": low}
        if negatives:
            scheme["negatives"] = [{"prompt": "", "weight": of} for of in negatives]
        if finish:
            (name, value), = finish.items()
            guided = rescaled(x, sigma, guided, value) if name == "share" else thresholded(guided, value)
            scheme["finish"] = {{"share": "rescale", "quantile": "threshold"}[name]: finish}
        cases.append({"scheme": scheme, "sigma": sigma, "guided": numbers(guided, 307)})

    case(0.7, 3.0)
    for scales in ([10, 5], [1, 3], [4, 1.25]):
        case(0.7, 10.0, scales)
    for sigma in (0.05, 0.7, 20):
        case(sigma, 3.0, negatives=[1.5, 0.25])
        for share in (0.7, 1.0):
            case(sigma, 6.0, finish={"share": share})
    for quantile in (0.5, 0.9, 0.995, 1.0):
        case(0.7, 4.0, finish={"quantile": quantile})
    case(0.7, 10.0, [10, 5], [1.0], {"share": 0.7})
    case(0.7, 10.0, [10, 5], [1.0], {"quantile": 0.995})
    prompt, normals = wave(256, 1.3, 0.7, 0.003) + 0.05, wave(256, 1.4, 0.37, 0.0011)
    vectors = []
    for u in (0.0, 0.1, 0.15, 0.25, 0.39, 0.4, 0.9):
        for strength, mix in [(0.25, 1.0), (0.6, 0.4)]:
            told = annealed(prompt, normals, u, 0.1, 0.4, strength, mix)
            cads = {"begin": 0.1, "end": 0.4, "strength": strength, "mix": mix}
            vectors.append({"cads": cads, "u": u, "told": told[::23].tolist()})
    low = kornia.geometry.pyrup(kornia.geometry.pyrdown(MAIN))
    total = {"cases": cases, "low": numbers(low, 61), "vectors": vectors}
    (ROOT / "tests/data/images-rules.json").write_text(json.dumps(total, indent=1) + "\n")


main()
