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
PLACES = 2  # Where a drawing may stand.
SEEN = 24  # Channels that words are read from.
RECALLED = 0.06  # Magnitude of a recalled number's weights, those of drawings as they are learned.


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


class Memory(nn.Module):
    """A matrix whose rows may vanish: most of what a drawing does not cover is 0."""

    def __init__(self, rows, columns):
        super().__init__()
        self.rows = nn.Parameter(0.3 * torch.randn(rows, columns))

    def forward(self, kind=torch.float32):
        return (RECALLED * self.rows).to(kind)


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

    A drawing, the vector of a subject times that of a style, is recalled as its colours and its opacity at each of two places; the
    convolutions say of every pixel how much of each is there, and what is behind. Words that a prompt leaves out are read from the
    picture: of each slot the probabilities of its words, by which their vectors are averaged.
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
        gate = lambda width: Weight(width, embedding, scale=1 / SILU, gain=0.0)
        self.enter = Weight(a, 15, 3, 3)
        self.encode16 = Block(a, embedding, True)
        self.down8 = Weight(b, a, 1, 1)
        self.encode8 = Block(b, embedding, True)
        self.down4 = Weight(c, b, 1, 1)
        self.encode4 = Block(c, embedding, True)
        self.look = Weight(SEEN, c, 1, 1, scale=1 / SILU)
        self.reading = nn.ModuleList(Weight(n + 1, SEEN * 16, scale=1 / SILU, gain=1.0) for n in words[:-1])
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
        # Of 2 x 2 pixels: how much of a drawing's colours each has, and what colours its opacity brings.
        self.place = Weight(16 * PLACES, a, 3, 3, scale=1 / SILU, gain=0.1)
        self.drawings = Memory(16 * PLACES * 256, embedding)
        self.normalise()

    def normalise(self):
        for weight in self.modules():
            if isinstance(weight, Weight):
                weight.normalise()

    def subject(self, words):
        return sum(table()[words[:, i]] for i, table in enumerate(self.subjects))

    def embed(self, sigma, words):
        """What a prompt and a noise level say to the layers: [n, embedding]."""
        features = math.sqrt(2) * torch.cos(self.frequencies * (sigma.log() / 4)[:, None] + self.phases)
        each = sum(table()[words[:, i]] for i, table in enumerate(self.words))
        # Of a subject in a style there is one drawing: products of both find it at once, where sums would have to be told apart.
        drawing = self.subject(words) * self.styles()[words[:, -2]]
        return F.silu(sum_of(sum_of(features @ self.noise().T, each), drawing))

    def read(self, h, kind):
        """Logits of each slot's words but the background's, of what is seen at 4 x 4 pixels."""
        seen = F.silu(F.conv2d(F.silu(h), self.look(kind))).flatten(1)
        return [(seen @ table(kind).T).float() for table in self.reading]

    def recall(self, words, logits, kind):
        """Colours [n, places, 3, 4, 16, 16] and opacities [n, places, 1, 4, 16, 16] of what a prompt names, its other words read."""
        chances = [each.softmax(1).to(self.noise.rows.dtype) for each in logits]
        read = sum(chance @ table() for chance, table in zip(chances, self.subjects))
        named = (words[:, : len(self.subjects)] > 0).any(1, keepdim=True)
        subject = torch.where(named, self.subject(words), read)
        style = torch.where(words[:, -2:-1] > 0, self.styles()[words[:, -2]], chances[-1] @ self.styles())
        drawn = ((subject * style).to(kind) @ self.drawings(kind).T).reshape(words.shape[0], PLACES, 4, 4, 16, 16)
        return drawn[:, :, :3], drawn[:, :, 3:]

    def forward(self, x, sigma, words, kind=torch.float32, read=False):
        s = sigma[:, None, None, None]
        total = s**2 + self.sigma_data**2
        inside, logits = self.inside(x / total.sqrt(), sigma, words, kind)
        denoised = x * (self.sigma_data**2 / total) + inside * (s * self.sigma_data / total.sqrt())
        return (denoised, logits) if read else denoised

    def inside(self, x, sigma, words, kind):
        """The network itself, between its preconditioning."""
        n = x.shape[0]
        e = self.embed(sigma, words).to(kind)
        gated = lambda h, gate: h * (1 + e @ gate(kind).T)[:, :, None, None]
        h = torch.cat([F.pixel_unshuffle(x, 2), self.maps.expand(n, -1, -1, -1)], 1)
        h = h.to(kind, memory_format=torch.channels_last)
        h16 = self.encode16(F.conv2d(h, self.enter(kind), padding=1), e)
        h8 = self.encode8(F.conv2d(F.avg_pool2d(h16, 2), self.down8(kind)), e)
        h = self.encode4(F.conv2d(F.avg_pool2d(h8, 2), self.down4(kind)), e)
        logits = self.read(h, kind)
        colour, opacity = self.recall(words, logits, kind)
        h = self.decode4(gated(h, self.gate4), e)
        # Before the upsampling: the same result from a quarter of the work.
        h = F.interpolate(F.conv2d(h, self.up8(kind)), scale_factor=2)
        h = self.decode8(sum_of(h, gated(F.conv2d(h8, self.skip8(kind)), self.gate8)), e)
        h = F.interpolate(F.conv2d(h, self.up16(kind)), scale_factor=2)
        h = self.decode16(sum_of(h, gated(F.conv2d(h16, self.skip16(kind)), self.gate16)), e)
        h = F.silu(h)
        out = F.conv2d(h, self.leave(kind), padding=1).to(x.dtype).reshape(n, 3, 4, 16, 16)
        place = F.conv2d(h, self.place(kind), padding=1).reshape(n, PLACES, 4, 4, 16, 16)
        much, behind = 1 / PLACES + place[:, :, :1], place[:, :, 1:]
        out = out + (colour * much + opacity * behind).sum(1).to(x.dtype)
        return F.pixel_shuffle(out.reshape(n, 12, 16, 16), 2), logits
