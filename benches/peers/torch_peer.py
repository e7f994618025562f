"""PyTorch as the public toy example uses it: eager, one thread, scores by autograd."""

import torch

import peer
import toy


class Network(torch.nn.Module):
    def __init__(self, path, device):
        super().__init__()
        # Sampling needs the matrices as used; normalising them at every call would be the peer's loss.
        matrices, self.gain = toy.load(path)
        for i, w in enumerate(matrices):
            self.register_buffer(f"w{i}", torch.tensor(w, dtype=torch.float32, device=device))

    def forward(self, x, sigma):
        x = x / torch.sqrt(0.25 + sigma**2)
        y = torch.cat([x, sigma.log() / 4, torch.ones_like(sigma)], dim=-1) @ self.w0.T
        for i in range(1, toy.LAYERS):
            y = (torch.nn.functional.silu(y) / 0.596) @ getattr(self, f"w{i}").T
        return y.square().mean(dim=-1, keepdim=True) * self.gain / sigma - x.square().sum(dim=-1, keepdim=True) / 2


def eager(network):
    def score(x, sigma):
        x = x.detach().requires_grad_(True)
        return torch.autograd.grad(network(x, sigma).sum(), x)[0]

    return score


def compiled(network):
    """By the functional transform, which the compiler sees through."""
    return torch.compile(torch.func.grad(lambda x, sigma: network(x, sigma).sum()), fullgraph=True)


def sampler(main, guide, device="cpu", form=eager):
    """From starts to a function that samples and leaves the ends on the device."""
    scores = [form(Network(path, device)) for path in (main, guide)]
    levels = torch.tensor(toy.noise_levels(), dtype=torch.float32, device=device)

    def denoised(x, sigma):
        sigma = sigma.expand(len(x), 1)
        s1, s0 = (score(x, sigma) for score in scores)
        return x + sigma**2 * (s0 + toy.WEIGHT * (s1 - s0))

    def at(starts):
        starts = torch.tensor(starts, device=device)

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
            return x

        return run

    return at


if __name__ == "__main__":
    torch.set_num_threads(1)
    peer.serve(sampler, version=f"PyTorch {torch.__version__.split('+')[0]}")
