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
    pictures, shares, names = [], [], []
    concepts = [c["name"] for c in described["concepts"]]
    styles = {s["name"]: s["share"] for s in described["styles"]}
    for placement in described["placements"]:
        side, left, top = placement["side"], placement["left"], placement["top"]
        entry = header[str(side)]
        begin, end = entry["data_offsets"]
        data = np.frombuffer(raw[8 + length + begin : 8 + length + end], np.uint8).reshape(entry["shape"]) / 255.0
        for name, sprite in zip(described["sprites"][str(side)].split(), data):
            concept, style = name.split("/")
            if concept not in concepts:
                continue
            for background in described["backgrounds"]:
                picture = np.ones((32, 32, 3)) * background["colour"]
                part = picture[top : top + side, left : left + side]
                part[:] = sprite[:, :, :3] + (1 - sprite[:, :, 3:]) * part
                pictures.append(picture)
                shares.append(styles[style] / len(concepts) * placement["share"] * background["share"])
                names.append((concept, style, background["name"]))
    pictures, shares = np.array(pictures), np.array(shares)
    mean = np.einsum("n,nhwc->c", shares, pictures) / 1024
    return ((pictures - mean) / 0.5).reshape(len(pictures), -1), shares, names, mean


def main():
    data, shares, names, mean = world()
    cases = []
    prompts = [{}, {"concept": "rocket"}, {"style": "noto", "background": "sky"}, {"concept": "cat", "style": "twemoji"}]
    for prompt in prompts:
        for sigma, of in [(0.05, 3), (1.0, 1000), (5.0, 2000), (40.0, 17)]:
            allowed = np.array([all(v in name for v in prompt.values()) for name in names])
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


main()
