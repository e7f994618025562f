"""What the driver around a foreign denoiser costs: `python benches/models.py` where the package, PyTorch and diffusers are installed.

A step of a UNet of diffusers on latents of 64 x 64 is timed, and the same step with the network's answer at hand, which leaves the driver:
in turn, in processor time of one thread, the medians of which are compared. docs/python.md has what it printed."""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from guidance_playground.models import from_denoiser

SCHEMES: dict[str, dict[str, Any]] = {
    "CFG": {},
    "APG with momentum": {"combination": {"apg": {"momentum": -0.5, "parallel": 0, "radius": 2.5}}},
}


def network() -> torch.nn.Module:
    """A tenth as wide as Stable Diffusion's, and as deep as two of its four levels."""
    return UNet2DConditionModel(
        sample_size=64,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
        norm_num_groups=8,
    ).eval()


def seconds_of(work: Callable[[], Any], steps: int) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    unet, steps = network(), 3
    states = [torch.randn(1, 77, 32) for _ in range(2)]
    start = 5 * torch.randn(1, 4, 64, 64)
    print(f"PyTorch {torch.__version__}, one thread, {sum(p.numel() for p in unet.parameters()):,} parameters")

    def asking(state: torch.Tensor) -> Callable[[torch.Tensor, float], torch.Tensor]:
        return lambda x, sigma: x - sigma * unet(x / (1 + sigma**2) ** 0.5, 500.0, state, return_dict=False)[0]

    with torch.no_grad():
        answers = [asking(state)(start, 5.0) for state in states]
    whole = from_denoiser(asking(states[0]), guide=asking(states[1]))
    driver = from_denoiser(lambda x, sigma: answers[0], guide=lambda x, sigma: answers[1])
    for name, of in SCHEMES.items():
        scheme = {"guide": {"model": "exact", "condition": "AB"}, "weight": 3, "solver": "euler", "levels": {"steps": steps}, **of}
        times = [[seconds_of(lambda m=m: m.sample(scheme, start), steps) for m in (whole, driver)] for _ in range(options.rounds)]
        step, alone = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{name}: a step takes {1e3 * step:.2f} ms, of which the driver {1e3 * alone:.3f} ms: {100 * alone / step:.2f}%")


if __name__ == "__main__":
    main()
