#!/usr/bin/env python3
"""Writes a checkpoint's averaged weights as they are used, in f16: export.py CHECKPOINT FILE.safetensors [--whole]."""

import argparse
import json
import math
import struct
from pathlib import Path

import torch

from network import Memory, Network, Weight
from train import BATCH, SHAPES
from world import SLOTS, World

STEP = 2**-8  # Weights of drawings are multiples of this, for the file's size: the error of a colour is .004.
SINGLE = {"frequencies", "phases", "sigma_data"}  # Few, and the others hang on them: f32.
WAVES = {"noise"}  # Of cosines, which have root mean square 1/sqrt(2).


def named(module):
    """What the library calls a weight."""
    head, _, tail = module.partition(".")
    return f"{head}.{SLOTS[int(tail)]}" if head in ("words", "subjects", "reading") else module


def tensors(network):
    """All weights under the names that the library reads."""
    found = {}
    for name, module in network.named_modules():
        if isinstance(module, Weight | Memory):
            found[named(name)] = module().detach()
    for name in WAVES:
        found[name] = found[name] * math.sqrt(2)
    found["drawings"] = (found["drawings"] / STEP).round() * STEP
    # One convolution for what leaves.
    found["leave"] = torch.cat([found["leave"], found.pop("place")])
    found |= {name: getattr(network, name) for name in ("frequencies", "phases")}
    found["sigma_data"] = torch.tensor(network.sigma_data)
    return found


def write(path, found, metadata):
    header, data = {"__metadata__": dict(sorted(metadata.items()))}, b""
    for name, tensor in sorted(found.items(), key=lambda item: (item[0] not in SINGLE, item[0])):
        kind, tensor = ("F32", tensor.float()) if name in SINGLE else ("F16", tensor.half())
        part = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    """The network of a file, its weights as they are there."""
    raw = path.read_bytes()
    begin = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:begin])

    def tensor(name):
        kind = {"F16": torch.float16, "F32": torch.float32}[header[name]["dtype"]]
        first, end = header[name]["data_offsets"]
        numbers = torch.frombuffer(bytearray(raw[begin + first : begin + end]), dtype=kind)
        return numbers.reshape(header[name]["shape"]).float()

    widths = [header[name]["shape"][0] for name in ("enter", "down8", "down4")]
    counts = [header[f"words.{slot}"]["shape"][0] - 1 for slot in SLOTS]
    network = Network(widths, header["noise"]["shape"][0], counts, float(tensor("sigma_data")))
    own = network.leave.rows.shape[0]
    parts = {"leave": ("leave", slice(own)), "place": ("leave", slice(own, None))}
    for name, module in network.named_modules():
        if isinstance(module, Weight | Memory):
            tensor_of, rows = parts.get(name, (named(name), slice(None)))
            weight = tensor(tensor_of)[rows] / (math.sqrt(2) if name in WAVES else 1)
            module.forward = lambda kind=torch.float32, weight=weight: weight.to(kind)
    return network


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    state = torch.load(options.checkpoint, weights_only=False)
    world = World()
    widths, embedding = SHAPES[state["name"]]
    network = Network(widths, embedding, [len(world.words[slot]) for slot in SLOTS], world.deviation())
    network.load_state_dict(state["average"])
    metadata = {
        "data": "sprites",
        "steps": str(state["step"]),
        "pictures": str(state["step"] * BATCH),
        "of": state["options"]["steps"],
        "seed": state["options"]["seed"],
        "rate": state["options"]["rate"],
    }
    write(options.file, tensors(network), {k: str(v) for k, v in metadata.items()})


if __name__ == "__main__":
    main()
