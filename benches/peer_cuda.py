#!/usr/bin/env python3
"""PyTorch on a CUDA card, eager and compiled: the same guided sampler as `guidance-playground bench --engine gpu`.

    python3 benches/peer_cuda.py [PARTICLES]...

Needs PyTorch with CUDA and NumPy. Prints a line of JSON for each, in the form of `bench --json`: appended to
benches/peers/cards.jsonl, beside ours, they become the table of cards in docs/benchmarks.md. What a step costs does not
depend on where particles are, so they start from a Gaussian."""

import json
import pathlib
import statistics
import sys
import time

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benches/peers"))

import torch_peer
import toy

ROUNDS = 9
#: Highest distance from float64 that a particle may have, and the share that has to keep it.
NEAR, ENOUGH = 1e-3, 0.95


def main():
    device = sys.argv[1] if sys.argv[1:2] == ["cpu"] else "cuda"
    counts = [int(word) for word in sys.argv[1:] if word.isdigit()] or [4096, 16384, 65536]
    card = torch.cuda.get_device_name() if device == "cuda" else "processor"
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    paths = [ROOT / f"weights/{name}.safetensors" for name in toy.SHIPPED]
    networks = [toy.load(path) for path in paths]
    widths = [len(w[0]) for w, _ in networks]
    for form in (torch_peer.eager, torch_peer.compiled):
        at = torch_peer.sampler(*paths, device, form)
        for count in counts:
            starts = np.random.default_rng(1).normal(0, 5, (count, 2)).astype(np.float32)
            run = at(starts)
            begin = time.perf_counter()
            ends = run().cpu().numpy()
            compiling = time.perf_counter() - begin
            some = min(count, 1024)
            distance = np.linalg.norm(ends[:some] - toy.sample(*networks, starts[:some].astype(float)), axis=1)
            near = np.mean(distance < NEAR)
            if near < ENOUGH:
                sys.exit(f"{form.__name__}: only {near:.1%} of the particles end within {NEAR} of float64's")
            seconds = []
            for _ in range(ROUNDS):
                wait()
                begin = time.perf_counter()
                run()
                wait()
                seconds.append(time.perf_counter() - begin)
            operations = count * 63 * sum(8 * 2 * width * width for width in widths)
            by = f"PyTorch {torch.__version__} {form.__name__}, {card}"
            told = {"by": by, "particles": count, "steps": toy.STEPS, "operations": operations, "seconds": seconds}
            print(json.dumps(told | {"compiling": compiling, "peaks": []}), flush=True)
            print(f"{by}, {count} particles: {statistics.median(seconds):.4f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
