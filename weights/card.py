#!/usr/bin/env python3
"""Writes weights/README.md: how the networks were trained and what they give. Run after weights/train.sh."""

import csv
import functools
import json
import math
import pathlib
import random
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = ROOT / "target/release/guidance-playground"
RUNS = ROOT / "target/weights"
PARTICLES = 16384
SEED = 1
# Degrees of freedom of the networks of heavy tails, and noise levels that their scores are compared at.
TAILS = [4, 10]
LEVELS = [0.01, 0.03, 0.1, 0.3, 1, 3]


def metrics(main, guide=None, weight=1, sigma_scale=1):
    """Metrics of endpoints sampled under a scheme."""
    sample = [COMMAND, "sample", "--main", main, "--particles", str(PARTICLES), "--seed", str(SEED)]
    if guide:
        sample += ["--guide", guide, "--weight", str(weight), "--guide-sigma-scale", str(sigma_scale)]
    points = subprocess.run(sample, check=True, capture_output=True).stdout
    return json.loads(subprocess.run([COMMAND, "metrics", "--json"], input=points, check=True, capture_output=True).stdout)


def row(label, m):
    value = lambda key: m[key]["value"]
    return (f"| {label} | {value('outliers'):.3f} | {value('logDensityGap'):+.2f} | {value('medianLogDensity'):.2f} "
            f"| {value('branchTotalVariation'):.3f} | {value('effectiveBranches'):.1f} |")


def floor(m):
    floor = lambda key, digits: f"{m[key]['floor']['mean']:.{digits}f} ± {m[key]['floor']['spread']:.{digits}f}"
    return (f"| *a perfect sampler* | {floor('outliers', 3)} | {floor('logDensityGap', 2)} | "
            f"| {floor('branchTotalVariation', 3)} | {floor('effectiveBranches', 1)} |")


def loss(run, iterations):
    """Mean loss of the last 64 iterations before a snapshot."""
    with open(RUNS / run / "loss.csv") as file:
        losses = [float(r["loss"]) for r in csv.DictReader(file)]
    return statistics.mean(losses[iterations - 64:iterations])


def rows(*command, points=None):
    """The numbers of a table that a command writes."""
    text = subprocess.run([COMMAND, *command], input=points, check=True, capture_output=True, text=True).stdout
    return [[float(v) for v in line.split(",")] for line in text.splitlines()[1:]]


def score_error(model, nu, sigma):
    """Root mean square of a network's error of the score over that of the score, where noisy data is: under Student-t noise
    of nu degrees of freedom, or Gaussian noise."""
    generator = random.Random(SEED)
    points = ["x,y"]
    for x, y in data():
        kappa = generator.gammavariate(nu / 2, 2 / nu) if nu else 1
        scale = sigma / math.sqrt(kappa)
        points.append(f"{generator.gauss(x, scale)},{generator.gauss(y, scale)}")
    ask = lambda *model: rows("evaluate", "--model", *model, "--sigma", str(sigma), "--points", "-", points="\n".join(points))
    truth = ask("exact:A", *(["--degrees-of-freedom", str(nu)] if nu else []))
    found = ask(model)
    error = sum((a - b) ** 2 for f, t in zip(found, truth) for a, b in zip(f[3:], t[3:]))
    return math.sqrt(error / sum(v * v for t in truth for v in t[3:]))


@functools.cache
def data():
    """Samples of class A."""
    return rows("sample", "--main", "exact:A", "--particles", "4096", "--seed", str(SEED + 1))


def net(kind, seed, iterations):
    return str(RUNS / f"{kind}-seed{seed}" / f"{iterations:04}.safetensors")


def main():
    lines = []
    trained = [
        ("main-A64-*", "A64", 0, "--classes A --hidden 64 --iterations 4096 --snapshot-every 256", [256, 1024, 4096]),
        ("guide-A32-*", "A32", 0, "--classes A --hidden 32 --iterations 4096 --snapshot-every 64", [64, 512, 4096]),
        ("guide-AB32-*", "AB32", 2, "--classes AB --hidden 32 --iterations 4096 --snapshot-every 64", [64, 512, 4096]),
        ("guide-AB64-4096", "AB64", 0, "--classes AB --hidden 64 --iterations 4096 --snapshot-every 256", [4096]),
        ("guide-B32-0512", "B32", 0, "--classes B --hidden 32 --iterations 512 --snapshot-every 64", [512]),
        *((f"tail-A64-nu{nu}", f"A64nu{nu}", 0, f"--classes A --hidden 64 --degrees-of-freedom {nu} --iterations 4096 "
           "--snapshot-every 256", [256, 1024, 4096]) for nu in TAILS),
    ]
    lines += ["| files | command | loss at iteration |", "|---|---|---|"]
    for files, kind, seed, options, at in trained:
        losses = ", ".join(f"{i}: {loss(f'{kind}-seed{seed}', i):.4f}" for i in at)
        command = f"guidance-playground train {options} --batch 4096 --seed {seed} --out DIR"
        lines.append(f"| `{files}` | `{command}` | {losses} |")

    header = ["| | outliers | log-density gap | median log p | branch TV | effective branches |", "|---|---|---|---|---|---|"]
    shipped = [metrics("main-A64-4096"), metrics("main-A64-4096", "guide-AB32-0512", 4),
               metrics("main-A64-4096", "guide-A32-0512", 3), metrics("main-A64-4096", "guide-AB64-4096", 4)]
    names = ["none", "CFG w = 4 (AB32, 512)", "autoguidance w = 3 (A32, 512)", "CFG w = 4 (AB64, 4096)"]
    table = header + [row(name, m) for name, m in zip(names, shipped)] + [floor(shipped[0])]

    seeds = list(header)
    for seed in range(3):
        own = net("A64", seed, 4096)
        for name, guide, weight in [("none", None, 1), ("CFG w = 4", net("AB32", seed, 512), 4),
                                    ("autoguidance w = 3", net("A32", seed, 512), 3)]:
            seeds.append(row(f"{name}, seed {seed}", metrics(own, guide, weight)))
    each = list(header)
    for file in sorted((ROOT / "weights").glob("*.safetensors")):
        if file.stem.startswith("main"):
            each.append(row(f"`{file.stem}` alone", metrics(file.stem)))
        elif file.stem.startswith("tail"):
            # From this scale on a point mass attracts everywhere.
            scale = math.sqrt(1 + 2 / float(file.stem.split("nu")[1]))
            label = f"`{file.stem}` as guide, w = 3, k = {scale:.4f}"
            each.append(row(label, metrics("main-A64-4096", file.stem, 3, f"{scale:.4f}")))
        else:
            weight = 3 if "-A32" in file.stem else 4
            each.append(row(f"`{file.stem}` as guide, w = {weight}", metrics("main-A64-4096", file.stem, weight)))

    tails = ["| | " + " | ".join(f"σ = {sigma}" for sigma in LEVELS) + " |", "|---|" + "---|" * len(LEVELS)]
    for model, nu in [("main-A64-4096", None), *((f"tail-A64-nu{nu}", nu) for nu in TAILS)]:
        errors = " | ".join(f"{score_error(model, nu, sigma):.3f}" for sigma in LEVELS)
        tails.append(f"| `{model}` | {errors} |")

    shipped_main = net("A64", 0, 4096)
    choices = ["| guide of seed | CFG w = 4 | autoguidance w = 3 |", "|---|---|---|"]
    for seed in range(3):
        rates = [metrics(shipped_main, net(kind, seed, 512), weight)["outliers"]["value"] for kind, weight in [("AB32", 4), ("A32", 3)]]
        choices.append(f"| {seed} | {rates[0]:.3f} | {rates[1]:.3f} |")
    # Reference metrics of networks trained by the paper's public PyTorch script; mean log p less its expectation, 1.355.
    for name, metrics in [("none", ".103 | -1.41 | | .051 | 30.0"), ("CFG w = 4", ".125 | -4.7 | | .667 | 26.9"),
                          ("autoguidance w = 3", ".067 | -20.0 | | .279 | 24.0")]:
        seeds.append(f"| *{name}, public script* | {metrics} |")

    text = (ROOT / "weights/card.md").read_text()
    text = text.replace("{TRAINED}", "\n".join(lines)).replace("{SHIPPED}", "\n".join(table)).replace("{EACH}", "\n".join(each))
    text = text.replace("{TAILS}", "\n".join(tails)).replace("{CHOICES}", "\n".join(choices)).replace("{SEEDS}", "\n".join(seeds))
    (ROOT / "weights/README.md").write_text(text)


if __name__ == "__main__":
    main()
