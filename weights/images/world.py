"""The image world in PyTorch: its pictures, prompts drawn for training, and the exact posterior mean of any prompt."""

import gzip
import json
import struct
from pathlib import Path

import torch

SPRITES = Path(__file__).resolve().parents[2] / "sprites/sprites.safetensors.gz"
SIDE = 32
SCALE = 0.5  # What data is divided by: x = (colour - mean) / SCALE.

# Words of a prompt. Of each, place 0 is for a word that is left out.
SLOTS = ["concept", "rider", "mount", "style", "background"]


def sprites():
    raw = gzip.decompress(SPRITES.read_bytes())
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + length])
    world = json.loads(header["__metadata__"]["world"])
    found = {}
    for side, names in world["sprites"].items():
        begin, end = header[side]["data_offsets"]
        data = torch.frombuffer(bytearray(raw[8 + length + begin : 8 + length + end]), dtype=torch.uint8)
        data = data.reshape(header[side]["shape"]).permute(0, 3, 1, 2).float() / 255
        found[side] = dict(zip(names.split(), data))
    return world, found


class World:
    """Every figure (what stands on a background) with its share, and which words name it.

    `unseen` keeps the pairs that training never sees.
    """

    def __init__(self, unseen=True):
        world, found = sprites()
        riding = world["riding"]
        names = lambda key: list(dict.fromkeys(name.split("/")[0] for name in found[str(riding[key]["side"])]))
        self.words = {
            "concept": [c["name"] for c in world["concepts"]],
            "rider": names("rider"),
            "mount": names("mount"),
            "style": [s["name"] for s in world["styles"]],
            "background": [b["name"] for b in world["backgrounds"]],
        }
        styles = [s["share"] for s in world["styles"]]
        self.backgrounds = torch.tensor([b["colour"] for b in world["backgrounds"]])
        self.background_shares = torch.tensor([b["share"] for b in world["backgrounds"]])
        canvases, named, shares, evenly, self.places = [], [], [], [], []

        def add(words, at, share, even, *parts):
            canvas = torch.zeros(4, SIDE, SIDE)
            for sprite, place in parts:
                area = canvas[:, place["top"] :, place["left"] :][:, : place["side"], : place["side"]]
                area[:] = sprite + (1 - sprite[3:]) * area
            canvases.append(canvas)
            named.append(words)
            self.places.append(at)
            shares.append(share)
            evenly.append(even)

        single = (1 - riding["share"]) / len(self.words["concept"])
        for at, place in enumerate(world["placements"]):
            for c, concept in enumerate(self.words["concept"]):
                for s, style in enumerate(self.words["style"]):
                    sprite = found[str(place["side"])][f"{concept}/{style}"]
                    share = single * place["share"]
                    add([c + 1, 0, 0, s + 1], at, share * styles[s], share / len(styles), (sprite, place))
        pairs = [
            (r, m)
            for r in self.words["rider"]
            for m in self.words["mount"]
            if unseen or f"{r}/{m}" not in riding["unseen"]
        ]
        for r, m in pairs:
            both = [
                s
                for s, style in enumerate(self.words["style"])
                if f"{r}/{style}" in found[str(riding["rider"]["side"])]
                and f"{m}/{style}" in found[str(riding["mount"]["side"])]
            ]
            total = sum(styles[s] for s in both)
            for s in both:
                style = self.words["style"][s]
                parts = [
                    (found[str(riding[key]["side"])][f"{name}/{style}"], riding[key])
                    for key, name in [("mount", m), ("rider", r)]
                ]
                words = [0, self.words["rider"].index(r) + 1, self.words["mount"].index(m) + 1, s + 1]
                share = riding["share"] / len(pairs)
                add(words, None, share * styles[s] / total, share / len(both), *parts)
        canvases = torch.stack(canvases)
        self.colour, clear = canvases[:, :3], 1 - canvases[:, 3:]
        self.clear = clear
        self.named = torch.tensor(named)
        self.shares, self.evenly = torch.tensor(shares), torch.tensor(evenly)
        behind = (self.background_shares[:, None] * self.backgrounds).sum(0)
        every = self.colour + clear * behind[:, None, None]
        self.mean = (self.shares.double()[:, None] * every.double().mean((2, 3))).sum(0).float()
        self.colour_rows, self.clear_rows = self.colour.flatten(1), clear.flatten(1)
        self.recentre(self.mean)

    def recentre(self, mean):
        """Take data around another mean colour."""
        self.mean = mean
        # Squared lengths of the pictures as data, in f64 for what is the difference of large numbers.
        self.squares = torch.stack(
            [self.picture(slice(None), colour).double().square().sum((1, 2, 3)) for colour in self.backgrounds], 1
        ).float()

    def picture(self, figure, background):
        """Figures on backgrounds of a colour, as data: [.., 3, 32, 32]."""
        background = background[..., :, None, None]
        return (self.colour[figure] + self.clear[figure] * background - self.mean[:, None, None]) / SCALE

    def drawings(self):
        """Prompts [n, 5] with a subject, and what they name at each place, averaged: colours less the mean's share
        [n, places, 3, 32, 32] and opacities [n, places, 1, 32, 32], as data. Pairs have one place: theirs are the same at both.
        """
        places = range(1 + max(place for place in self.places if place is not None))
        found = {}
        for figure, (words, place) in enumerate(zip(self.named.tolist(), self.places)):
            for prompt in [(*words, 0), (*words[:3], 0, 0)]:
                at = found.setdefault(prompt, [[] for _ in places])
                for i in places if place is None else [place]:
                    at[i].append(figure)
        mean = lambda rows: torch.stack([torch.stack([rows[at].mean(0) for at in each]) for each in found.values()])
        opacity = 1 - self.clear
        colours = (self.colour - self.mean[:, None, None] * opacity) / SCALE
        return torch.tensor(list(found)), mean(colours), mean(opacity)

    def deviation(self):
        """sigma_data: the root of the mean square of all data."""
        shares = self.shares[:, None] * self.background_shares
        return float((shares * self.squares).sum() / (3 * SIDE * SIDE)) ** 0.5

    def draw(self, count, generator):
        """Pictures, prompts that allow them, and all that could be said: data [count, 3, 32, 32], words [count, 5] with 0 for one left
        out, and without.

        Where a prompt names the style or the background, all are drawn evenly: the rare ones are learned as well.
        """
        chance = lambda: torch.rand(count, generator=generator)
        kept = torch.stack([chance() < p for p in (0.8, 0.8, 0.8, 0.5, 0.5)], 1)
        kept &= (chance() > 0.1)[:, None]
        weights = torch.where(kept[:, 3:4], self.evenly, self.shares)
        figure = torch.multinomial(weights, 1, generator=generator)[:, 0]
        even = torch.full_like(self.background_shares, 1 / len(self.background_shares))
        weights = torch.where(kept[:, 4:5], even, self.background_shares)
        background = torch.multinomial(weights, 1, generator=generator)[:, 0]
        shown = torch.cat([self.named[figure], background[:, None] + 1], 1)
        return self.picture(figure, self.backgrounds[background]), shown * kept, shown

    def posterior(self, x, sigma, words):
        """Posterior mean [n, 3, 32, 32] of noisy data x at sigma [n] under words [n, 5]."""
        flat, planes = x.flatten(1), x.flatten(2)
        with_colour = flat @ self.colour_rows.T
        with_clear = (planes.flatten(0, 1) @ self.clear_rows.T).reshape(len(x), 3, -1)
        with_mean = (planes.sum(2) * self.mean).sum(1)
        products = with_colour[:, :, None] + with_clear.transpose(1, 2) @ self.backgrounds.T - with_mean[:, None, None]
        logs = (products * (2 / SCALE) - self.squares) * (0.5 / sigma[:, None, None] ** 2)
        asked = words[:, None, :4]
        allowed = ((asked == 0) | (asked == self.named)).all(2)
        behind = words[:, 4:]
        allowed_behind = (behind == 0) | (behind == torch.arange(1, len(self.backgrounds) + 1))
        shares = self.shares[:, None] * self.background_shares
        logs = logs + shares.log()
        logs = logs.masked_fill(~(allowed[:, :, None] & allowed_behind[:, None, :]), -torch.inf)
        weights = logs.flatten(1).softmax(1).reshape(logs.shape)
        mean = weights.sum(2) @ self.colour_rows
        clear = (weights @ self.backgrounds).transpose(1, 2).flatten(0, 1) @ self.clear_rows
        mean = mean.reshape(x.shape) + clear.reshape(x.shape) - self.mean[:, None, None]
        return mean / SCALE

    def nearest(self, x):
        """Nearest figure and background of data x, and their squared distance."""
        flat, planes = x.flatten(1), x.flatten(2)
        with_clear = planes @ self.clear_rows.T
        products = (flat @ self.colour_rows.T)[:, :, None] + with_clear.transpose(1, 2) @ self.backgrounds.T
        products = products - (planes.sum(2) * self.mean).sum(1)[:, None, None]
        squares = flat.square().sum(1)[:, None, None] - products * (2 / SCALE) + self.squares
        best = squares.flatten(1).min(1)
        columns = len(self.backgrounds)
        return best.indices // columns, best.indices % columns, best.values
