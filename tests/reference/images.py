"""The exact model of the image world by brute force: every picture formed, every distance taken. Needs NumPy.

Writes tests/data/images.json: python tests/reference/images.py
"""

import gzip
import json
import struct
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


def world():
    raw = gzip.decompress((ROOT / "sprites/sprites.safetensors.gz").read_bytes())
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + length])
    described = json.loads(header["__metadata__"]["world"])
    styles = {s["name"]: s["share"] for s in described["styles"]}
    sprites = {}
    for side, order in described["sprites"].items():
        begin, end = header[side]["data_offsets"]
        data = np.frombuffer(raw[8 + length + begin : 8 + length + end], np.uint8).reshape(header[side]["shape"]) / 255.0
        sprites[int(side)] = dict(zip(order.split(), data))
    pictures, shares, names = [], [], []

    def add(name, style, share, parts):
        for background in described["backgrounds"]:
            picture = np.ones((32, 32, 3)) * background["colour"]
            for sprite, area in parts:
                part = picture[area["top"] : area["top"] + area["side"], area["left"] : area["left"] + area["side"]]
                part[:] = sprite[:, :, :3] + (1 - sprite[:, :, 3:]) * part
            pictures.append(picture)
            shares.append(share * background["share"])
            names.append((name, style, background["name"]))

    riding, concepts = described["riding"], described["concepts"]
    for placement in described["placements"]:
        for concept in concepts:
            for style in styles:
                share = (1 - riding["share"]) / len(concepts) * styles[style] * placement["share"]
                sprite = sprites[placement["side"]][f"{concept['name']}/{style}"]
                add(concept["name"], style, share, [(sprite, placement)])
    above, below = [sprites[riding[part]["side"]] for part in ("rider", "mount")]
    first = lambda keys: list(dict.fromkeys(key.split("/")[0] for key in keys))
    pairs = [(rider, mount) for rider in first(above) for mount in first(below)]
    for rider, mount in pairs:
        both = [s for s in styles if f"{rider}/{s}" in above and f"{mount}/{s}" in below]
        for style in both:
            share = riding["share"] / len(pairs) * styles[style] / sum(styles[s] for s in both)
            parts = [(below[f"{mount}/{style}"], riding["mount"]), (above[f"{rider}/{style}"], riding["rider"])]
            add(f"{rider} riding {mount}", style, share, parts)
    pictures, shares = np.array(pictures), np.array(shares)
    mean = np.einsum("n,nhwc->c", shares, pictures) / 1024
    return ((pictures - mean) / 0.5).reshape(len(pictures), -1), shares, names, mean


def main():
    data, shares, names, mean = world()
    cases = []
    prompts = {
        "": lambda *_: True,
        "rocket": lambda what, *_: what == "rocket",
        "noto on a sky background": lambda _, style, background: (style, background) == ("noto", "sky"),
        "twemoji cat": lambda what, style, _: (what, style) == ("cat", "twemoji"),
        "astronaut riding": lambda what, *_: what.startswith("astronaut "),
        "fluent riding horse": lambda what, style, _: (what.endswith(" riding horse"), style) == (True, "fluent"),
    }
    for prompt, allows in prompts.items():
        for sigma, of in [(0.05, 3), (1.0, 1000), (5.0, 2000), (40.0, 17)]:
            allowed = np.array([allows(*name) for name in names])
            pictures, p = data[allowed], shares[allowed] / shares[allowed].sum()
            i = np.arange(3072)
            x = pictures[of % len(pictures)] + sigma * np.sqrt(2) * np.sin(0.37 * i + 0.0011 * i * i)
            squares = ((x - pictures) ** 2).sum(1)
            logs = np.log(p) - squares / (2 * sigma**2)
            weights = np.exp(logs - logs.max())
            density = logs.max() + np.log(weights.sum()) - 1536 * np.log(2 * np.pi * sigma**2)
            denoised = (weights / weights.sum()) @ pictures
            cases.append({
                "prompt": prompt, "sigma": sigma, "start": of % len(pictures), "pictures": len(pictures),
                "logDensity": density, "denoised": denoised[::307].tolist(),
                "score": ((denoised - x) / sigma**2)[::307].tolist(),
                "nearest": list(names[np.flatnonzero(allowed)[squares.argmin()]]), "distance": squares.min(),
            })
    total = {"mean": mean.tolist(), "deviation": float(np.sqrt(shares @ (data**2).mean(1))), "cases": cases}
    (ROOT / "tests/data/images.json").write_text(json.dumps(total, indent=1) + "\n")


if __name__ == "__main__":
    main()
