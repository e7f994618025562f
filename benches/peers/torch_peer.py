"""PyTorch as the public toy example uses it: eager, scores by autograd. `--device cuda` and `--compile` for a card."""

import argparse
import sys

import numpy as np
import torch
from safetensors.numpy import load_file

import peer
import toy

options = argparse.ArgumentParser()
options.add_argument("data")
options.add_argument("--device", default="cpu")
options.add_argument("--compile", action="store_true")
options.add_argument("--threads", type=int, default=1)
options = options.parse_args()
torch.set_num_threads(options.threads)


class Network(torch.nn.Module):
    def __init__(self, path):
        super().__init__()
        raw = load_file(path)
        for i in range(toy.LAYERS):
            # Sampling needs the matrices as used; normalising them at every call would be the peer's loss.
            w = toy.normalised(raw[toy.name(i)].astype(np.float64))
            self.register_buffer(f"w{i}", torch.tensor(w, dtype=torch.float32, device=options.device))
        self.gain = float(raw["gain"].reshape(()))

    def forward(self, x, sigma):
        x = x / torch.sqrt(0.25 + sigma**2)
        y = torch.cat([x, sigma.log() / 4, torch.ones_like(sigma)], dim=-1) @ self.w0.T
        for i in range(1, toy.LAYERS):
            y = (torch.nn.functional.silu(y) / 0.596) @ getattr(self, f"w{i}").T
        return y.square().mean(dim=-1, keepdim=True) * self.gain / sigma - x.square().sum(dim=-1, keepdim=True) / 2

    def score(self, x, sigma):
        x = x.detach().requires_grad_(True)
        return torch.autograd.grad(self(x, sigma).sum(), x)[0]


def prepare(main, guide):
    main, guide = Network(main), Network(guide)
    scores = [n.score for n in (main, guide)]
    if options.compile:
        # Compiled are the networks and their gradients, by the functional transform, which the compiler sees through.
        scores = [
            torch.compile(torch.func.grad(lambda x, sigma, n=n: n(x, sigma).sum()), fullgraph=True)
            for n in (main, guide)
        ]
    levels = torch.tensor(peer.LEVELS, dtype=torch.float32, device=options.device)

    def denoised(x, sigma):
        sigma = sigma.expand(len(x), 1)
        s1, s0 = (score(x, sigma) for score in scores)
        return x + sigma**2 * (s0 + toy.WEIGHT * (s1 - s0))

    def at(starts):
        starts = torch.tensor(starts, device=options.device)

        def run():
            x = starts
            for i in range(toy.STEPS):
                sigma, following = levels[i], levels[i + 1]
                d = (x - denoised(x, sigma)) / sigma
                ahead = x + (following - sigma) * d
                if i < toy.STEPS - 1:
                    d = (d + (ahead - denoised(ahead, following)) / following) / 2
                    ahead = x + (following - sigma) * d
                x = ahead
            return x.cpu().numpy()

        return run

    return at


if __name__ == "__main__":
    sys.argv = [sys.argv[0], options.data]
    device = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
    peer.serve(prepare, version=f"PyTorch {torch.__version__.split('+')[0]}", device=device)
