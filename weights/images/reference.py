#!/usr/bin/env python3
"""Writes what PyTorch makes of a small network of pictures, layer kind by layer kind and whole, for the tests of the library:
tests/data/images-network.safetensors and images-network.json."""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

from export import read, tensors, write
from network import RESIDUAL, Memory, Network, Weight, pixel_norm, sum_of
from world import SLOTS, World

DATA = Path(__file__).resolve().parents[2] / "tests/data"
PROMPTS = {
    "": [0, 0, 0, 0, 0],
    "fluent rocket on a night background": [33, 0, 0, 2, 6],
    "astronaut riding horse": [0, 8, 1, 0, 0],
}


def in_double(network):
    """The same in f64."""
    for weight in network.modules():
        if isinstance(weight, Weight | Memory):
            value = weight(torch.float64)
            weight.forward = lambda kind=None, value=value: value
    return network.double()


def listed(tensor):
    return [float(v) for v in tensor.flatten()]


@torch.no_grad()
def main():
    torch.manual_seed(5)
    world = World()
    assert [world.words[s].index(w) + 1 for s, w in [("concept", "rocket"), ("rider", "astronaut")]] == [33, 8]
    network = Network((8, 12, 16), 20, [len(world.words[slot]) for slot in SLOTS], world.deviation())
    for weight in network.modules():
        if isinstance(weight, Weight) and weight.gain is not None:
            weight.gain.fill_(0.7)
    file = DATA / "images-network.safetensors"
    write(file, tensors(network), {"steps": "0"})
    network = in_double(read(file))
    x = torch.randn(1, 8, 4, 4).double()
    kinds = {
        "x": x,
        "wide": F.conv2d(x, network.encode16.first(), padding=1),
        "narrow": F.conv2d(x, network.down8()),
        "silu": F.silu(x),
        "norm": pixel_norm(x),
        "halved": F.avg_pool2d(x, 2),
        "doubled": F.interpolate(x, scale_factor=2),
        "sum": sum_of(x, F.silu(x), RESIDUAL),
    }
    kinds = {name: listed(value) for name, value in kinds.items()}
    cases = []
    for prompt, words in PROMPTS.items():
        for sigma in (0.05, 1.5, 30.0):
            i = torch.arange(3072, dtype=torch.float64)
            # Rows of pixels of three colours, as the library has them.
            picture = 0.5 * torch.sin(0.1 * i) + sigma * 2**0.5 * torch.sin(0.37 * i + 0.0011 * i * i)
            planes = picture.reshape(1, 32, 32, 3).permute(0, 3, 1, 2)
            out = network(planes, torch.tensor([sigma]).double(), torch.tensor([words]), torch.float64)
            denoised = out[0].permute(1, 2, 0).flatten()
            cases.append({"prompt": prompt, "sigma": sigma, "denoised": listed(denoised[::61])})
    (DATA / "images-network.json").write_text(json.dumps({"kinds": kinds, "cases": cases}, indent=None) + "\n")


if __name__ == "__main__":
    main()
