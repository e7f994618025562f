"""The denoiser of pictures: a small U-net of few kinds of layers, without biases, on normalised weights.

Sources: preconditioning of EDM (arXiv 2206.00364); magnitude-preserving layers of EDM2 (arXiv 2312.02696).
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

SILU = 0.596  # Root mean square of silu of a standard normal number: arXiv 2312.02696, equation 81.
RESIDUAL = 0.3  # Part of a block's own output in what it gives on.
EPSILON = 1e-4  # Added to the mean square that a pixel is divided by.
FREQUENCIES = 32


def sum_of(a, b, t=0.5):
    """A sum of uncorrelated numbers that keeps their magnitude."""
    length = math.sqrt((1 - t) ** 2 + t**2)
    return torch.add(a * ((1 - t) / length), b, alpha=t / length)


def pixel_norm(x):
    length = torch.linalg.vector_norm(x, dim=1, keepdim=True, dtype=torch.promote_types(x.dtype, torch.float32))
    return x * (length.square() / x.shape[1] + EPSILON).rsqrt().to(x.dtype)


class Weight(nn.Module):
    """Rows are used at length `scale`; as parameters their numbers have root mean square 1, so that steps have one size.

    The scale is for what comes in: after silu, numbers are smaller.
    """

    def __init__(self, *shape, scale=1.0, gain=None):
        super().__init__()
        self.scale = scale
        self.rows = nn.Parameter(torch.randn(*shape))
        self.gain = nn.Parameter(torch.tensor(gain)) if gain is not None else None

    @torch.no_grad()
    def normalise(self):
        rows = self.rows.flatten(1)
        self.rows.div_(rows.square().mean(1).sqrt().reshape(-1, *[1] * (self.rows.dim() - 1)))

    def forward(self, kind=torch.float32):
        rows = self.rows
        length = rows.flatten(1).norm(dim=1).reshape(-1, *[1] * (rows.dim() - 1))
        scale = self.scale if self.gain is None else self.scale * self.gain
        weight = rows * (scale / length)
        return weight.to(kind, memory_format=torch.channels_last) if rows.dim() == 4 else weight.to(kind)


class Block(nn.Module):
    def __init__(self, width, embedding, norm):
        super().__init__()
        self.norm = norm
        self.first = Weight(width, width, 3, 3, scale=1 / SILU)
        self.modulation = Weight(width, embedding, scale=1 / SILU, gain=0.0)
        self.second = Weight(width, width, 3, 3, scale=1 / SILU)

    def forward(self, x, e):
        if self.norm:
            x = pixel_norm(x)
        kind = x.dtype
        y = F.conv2d(F.silu(x), self.first(kind), padding=1)
        y = y * (1 + e @ self.modulation(kind).T)[:, :, None, None]
        y = F.conv2d(F.silu(y), self.second(kind), padding=1)
        return sum_of(x, y, RESIDUAL)


class Network(nn.Module):
    """D of noisy pictures x [n, 3, 32, 32] at sigma [n] under a prompt's words [n, slots], 0 for one left out.

    `words` are how many of each slot there are; those of the last two slots say how what the others name is drawn, and on what.
    """

    def __init__(self, widths, embedding, words, sigma_data):
        super().__init__()
        a, b, c = widths
        self.widths, self.embedding, self.sigma_data = widths, embedding, sigma_data
        # Numbers of each sum of words have root mean square 1.
        table = lambda n, among: Weight(n + 1, embedding, scale=math.sqrt(embedding / among))
        self.words = nn.ModuleList(table(n, len(words)) for n in words)
        self.subjects = nn.ModuleList(table(n, len(words) - 2) for n in words[:-2])
        self.styles = table(words[-2], 1)
        generator = torch.Generator().manual_seed(0)
        self.register_buffer("frequencies", 2 * math.pi * torch.randn(FREQUENCIES, generator=generator))
        self.register_buffer("phases", 2 * math.pi * torch.rand(FREQUENCIES, generator=generator))
        line = (torch.arange(16) - 7.5) / 4.61  # Root mean square 1.
        maps = torch.stack([torch.ones(16, 16), line[None, :].expand(16, 16), line[:, None].expand(16, 16)])
        self.register_buffer("maps", maps)
        self.noise = Weight(embedding, FREQUENCIES)
        self.fade = Weight(embedding, FREQUENCIES)
        gate = lambda width: Weight(width, embedding, scale=1 / SILU, gain=0.0)
        self.enter = Weight(a, 15, 3, 3)
        self.encode16 = Block(a, embedding, True)
        self.down8 = Weight(b, a, 1, 1)
        self.encode8 = Block(b, embedding, True)
        self.down4 = Weight(c, b, 1, 1)
        self.encode4 = Block(c, embedding, True)
        self.gate4 = gate(c)
        self.decode4 = Block(c, embedding, True)
        self.up8 = Weight(b, c, 1, 1)
        self.skip8 = Weight(b, b, 1, 1)
        self.gate8 = gate(b)
        self.decode8 = Block(b, embedding, False)
        self.up16 = Weight(a, b, 1, 1)
        self.skip16 = Weight(a, a, 1, 1)
        self.gate16 = gate(a)
        self.decode16 = Block(a, embedding, False)
        self.leave = Weight(12, a, 3, 3, scale=1 / SILU, gain=0.0)
        self.canvas = Weight(12 * 16 * 16, embedding, scale=1 / SILU, gain=0.0)
        self.normalise()

    def normalise(self):
        for weight in self.modules():
            if isinstance(weight, Weight):
                weight.normalise()

    def embed(self, sigma, words):
        """What a prompt and a noise level say to the layers, and to the canvas: [n, embedding] each."""
        features = math.sqrt(2) * torch.cos(self.frequencies * (sigma.log() / 4)[:, None] + self.phases)
        each = sum(table()[words[:, i]] for i, table in enumerate(self.words))
        # Of a subject in a style there is one drawing: products of both find it at once, where sums would have to be told apart.
        subject = sum(table()[words[:, i]] for i, table in enumerate(self.subjects))
        drawing = subject * self.styles()[words[:, -2]]
        e = F.silu(sum_of(sum_of(features @ self.noise().T, each), drawing))
        return e, e * (features @ self.fade().T)

    def forward(self, x, sigma, words, kind=torch.float32):
        s = sigma[:, None, None, None]
        total = s**2 + self.sigma_data**2
        inside = self.inside(x / total.sqrt(), sigma, words, kind)
        return x * (self.sigma_data**2 / total) + inside * (s * self.sigma_data / total.sqrt())

    def inside(self, x, sigma, words, kind):
        """The network itself, between its preconditioning."""
        n = x.shape[0]
        e, canvas = [v.to(kind) for v in self.embed(sigma, words)]
        gated = lambda h, gate: h * (1 + e @ gate(kind).T)[:, :, None, None]
        h = torch.cat([F.pixel_unshuffle(x, 2), self.maps.expand(n, -1, -1, -1)], 1)
        h = h.to(kind, memory_format=torch.channels_last)
        h16 = self.encode16(F.conv2d(h, self.enter(kind), padding=1), e)
        h8 = self.encode8(F.conv2d(F.avg_pool2d(h16, 2), self.down8(kind)), e)
        h = self.encode4(F.conv2d(F.avg_pool2d(h8, 2), self.down4(kind)), e)
        h = self.decode4(gated(h, self.gate4), e)
        # Before the upsampling: the same result from a quarter of the work.
        h = F.interpolate(F.conv2d(h, self.up8(kind)), scale_factor=2)
        h = self.decode8(sum_of(h, gated(F.conv2d(h8, self.skip8(kind)), self.gate8)), e)
        h = F.interpolate(F.conv2d(h, self.up16(kind)), scale_factor=2)
        h = self.decode16(sum_of(h, gated(F.conv2d(h16, self.skip16(kind)), self.gate16)), e)
        out = F.conv2d(F.silu(h), self.leave(kind), padding=1)
        # The same for all pictures of a prompt at a noise level.
        out = out.to(x.dtype) + (canvas @ self.canvas(kind).T).to(x.dtype).reshape(n, 12, 16, 16)
        return F.pixel_shuffle(out, 2)
