#!/usr/bin/env python3
"""Writes a network of pictures as an ONNX graph of x [n, 3, 32, 32], sigma [n] and words [n, 5]: graph.py FILE.safetensors FILE.onnx."""

import argparse
from pathlib import Path

import torch

from export import read


class Denoiser(torch.nn.Module):
    """What the exporter can call: tensors alone go in."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x, sigma, words):
        return self.network(x, sigma, words)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("graph", type=Path)
    options = parser.parse_args()
    inputs = (torch.zeros(2, 3, 32, 32), torch.ones(2), torch.zeros(2, 5, dtype=torch.int64))
    names = ["x", "sigma", "words"]
    torch.onnx.export(
        Denoiser(read(options.file)),
        inputs,
        options.graph,
        input_names=names,
        output_names=["denoised"],
        dynamic_axes={name: {0: "pictures"} for name in [*names, "denoised"]},
        opset_version=17,
        dynamo=False,  # The other exporter is a package of its own.
    )


if __name__ == "__main__":
    main()
