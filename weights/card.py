#!/usr/bin/env python3
"""Writes weights/README.md: how the networks were trained and what they give. Run after weights/train.sh, which asks it for --files."""

import csv
import functools
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = ROOT / "target/release/guidance-playground"
RUNS = ROOT / "target/weights"
PARTICLES = 16384
SEED = 1
# The table of the networks, as the page has it.
NETWORKS = json.loads((ROOT / "www/plane/catalogue.json").read_text())["networks"]
# Noise levels that scores under heavy tails are compared at.
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


def degrees(network):
    """Degrees of freedom of a network's noise; none of Gaussian noise."""
    noise = network["noise"]
    return None if noise == "gaussian" else noise["studentT"]["degreesOfFreedom"]


def kind(network):
    """The folder of a training without its seed, as weights/train.sh names it."""
    nu = degrees(network)
    return f"{network['condition']}{network['width']}" + (f"nu{nu:g}" if nu else "")


def net(kind, seed, iterations):
    return str(RUNS / f"{kind}-seed{seed}" / f"{iterations:04}.safetensors")


def main():
    lines = []
    lines += ["| files | command | loss at iteration |", "|---|---|---|"]
    facts = ["| networks | iterations | data | class | noise | width | layers | seed | bytes of numbers |",
             "|---|---|---|---|---|---|---|---|---|"]
    for training in dict.fromkeys(map(kind, NETWORKS)):
        networks = [network for network in NETWORKS if kind(network) == training]
        last, nu, seed = networks[-1], degrees(networks[-1]), networks[-1]["seed"]
        files = f"{os.path.commonprefix([network['name'] for network in networks])}*" if len(networks) > 1 else last["name"]
        noise = f"Student-t, ν = {nu:g}" if nu else "Gaussian"
        iterations = ", ".join(str(network["iterations"]) for network in networks)
        facts.append(f"| `{files}` | {iterations} | {last['data']} | {last['condition']} | {noise} | {last['width']} "
                     f"| {last['layers']} | {seed} | {last['bytes']} |")
        every = 256 if last["width"] == 64 else 64
        options = (f"--classes {last['condition']} --hidden {last['width']} " + (f"--degrees-of-freedom {nu:g} " if nu else "")
                   + f"--iterations {last['iterations']} --snapshot-every {every}")
        at = [every, 1024 if every == 256 else 512, 4096] if nu or len(networks) > 1 else [last["iterations"]]
        losses = ", ".join(f"{i}: {loss(f'{kind(last)}-seed{seed}', i):.4f}" for i in at)
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
    best = next(network for network in NETWORKS if network["name"] == "main-A64-4096")
    for network in sorted(NETWORKS, key=lambda network: network["name"]):
        name, nu = network["name"], degrees(network)
        if network["training"] == best["training"]:
            each.append(row(f"`{name}` alone", metrics(name)))
        elif nu:
            # From this scale on a point mass attracts everywhere.
            scale = math.sqrt(1 + 2 / nu)
            label = f"`{name}` as guide, w = 3, k = {scale:.4f}"
            each.append(row(label, metrics("main-A64-4096", name, 3, f"{scale:.4f}")))
        else:
            weight = 3 if network["condition"] == best["condition"] else 4
            each.append(row(f"`{name}` as guide, w = {weight}", metrics("main-A64-4096", name, weight)))

    tails = ["| | " + " | ".join(f"σ = {sigma}" for sigma in LEVELS) + " |", "|---|" + "---|" * len(LEVELS)]
    for model, nu in [("main-A64-4096", None), *((n["name"], degrees(n)) for n in NETWORKS if degrees(n))]:
        errors = " | ".join(f"{score_error(model, nu, sigma):.3f}" for sigma in LEVELS)
        tails.append(f"| `{model}` | {errors} |")

    shipped_main = net("A64", 0, 4096)
    choices = ["| guide of seed | CFG w = 4 | autoguidance w = 3 |", "|---|---|---|"]
    for seed in range(3):
        rates = [metrics(shipped_main, net(kind, seed, 512), weight)["outliers"]["value"] for kind, weight in [("AB32", 4), ("A32", 3)]]
        choices.append(f"| {seed} | {rates[0]:.3f} | {rates[1]:.3f} |")
    # Reference metrics of networks trained by the paper's public PyTorch script; mean log p less its expectation, 1.355.
    for name, figures in [("none", ".103 | -1.41 | | .051 | 30.0"), ("CFG w = 4", ".125 | -4.7 | | .667 | 26.9"),
                          ("autoguidance w = 3", ".067 | -20.0 | | .279 | 24.0")]:
        seeds.append(f"| *{name}, public script* | {figures} |")

    text = (ROOT / "weights/card.md").read_text()
    text = text.replace("{NETWORKS}", "\n".join(facts)).replace("{TRAINED}", "\n".join(lines))
    text = text.replace("{SHIPPED}", "\n".join(table)).replace("{EACH}", "\n".join(each))
    text = text.replace("{TAILS}", "\n".join(tails)).replace("{CHOICES}", "\n".join(choices)).replace("{SEEDS}", "\n".join(seeds))
    (ROOT / "weights/README.md").write_text(text)


def files():
    """Of each network that ships the snapshot that it is, under target/weights, and its name."""
    for network in NETWORKS:
        print(f"{kind(network)}-seed{network['seed']}/{network['iterations']:04}", network["name"])


if __name__ == "__main__":
    files() if sys.argv[1:] == ["--files"] else main()
