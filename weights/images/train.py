#!/usr/bin/env python3
"""Trains a denoiser of pictures on exact posterior means: train.py NAME [--steps N]; begun again, it goes on where it was.

Needs PyTorch (see requirements.txt). The same seed and number of threads give the same numbers on one machine.
"""

import argparse
import math
import os
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from network import Network
from world import SLOTS, World

SHAPES = {"main": ((32, 64, 96), 192), "guide": ((16, 32, 64), 96)}
SNAPSHOTS = (0.1, 0.2, 0.4)  # Parts of all steps; the last has the full learning rate to go on from.
BATCH = 32
SIGMA = (0.02, 80.0)
LOG_SIGMA = (0.2, 1.5)  # Mean and deviation of ln sigma.
WARM_UP = 200
COOL_DOWN = 0.6  # Last part of all steps: the learning rate falls to 0 there.
BETAS = (0.9, 0.99)
READING = 0.02  # Weight of the words that are read, beside the pictures.
DRAWING = (1500, 96)  # Steps and drawings of a step before all others.
EMA = 8.0  # Exponent of the average's profile: t^EMA over steps t (arXiv 2312.02696, section 3.1).


def draw(world, count, generator):
    """Noisy pictures, their noise levels, prompts, and words of what is shown."""
    clean, words, shown = world.draw(count, generator)
    sigma = torch.randn(count, generator=generator) * LOG_SIGMA[1] + LOG_SIGMA[0]
    sigma = sigma.exp().clip(*SIGMA)
    return clean + sigma[:, None, None, None] * torch.randn(clean.shape, generator=generator), sigma, words, shown


def loss(network, world, batch, kind):
    """Weighted squared error of each picture, 1 for a network that says nothing; and mean cross-entropy of words that are read."""
    x, sigma, words, shown = batch
    target = world.posterior(x, sigma, words)
    s = sigma[:, None, None, None]
    weight = (s**2 + network.sigma_data**2) / (s * network.sigma_data) ** 2
    denoised, logits = network(x, sigma, words, kind, read=True)
    read = sum(F.cross_entropy(each, shown[:, slot]) for slot, each in enumerate(logits))
    return (weight * (denoised - target) ** 2).mean((1, 2, 3)), read


def learn_drawings(network, world, seed):
    """Before all else: what the drawing of every prompt looks like at each place, alone."""
    words, colour, opacity = world.drawings()
    targets = torch.cat([F.pixel_unshuffle(v.flatten(0, 1), 2).reshape(*v.shape[:2], -1) for v in (colour, opacity)], 2)
    parameters = [*network.subjects.parameters(), *network.styles.parameters(), *network.drawings.parameters()]
    steps, batch = DRAWING
    optimiser = torch.optim.Adam(parameters, lr=0.03, betas=BETAS)
    generator = torch.Generator().manual_seed(seed)
    for step in range(steps):
        which = torch.randint(len(words), (batch,), generator=generator)
        for group in optimiser.param_groups:
            group["lr"] = 0.03 * min(1, (steps - step) / (COOL_DOWN * steps))
        drawn = (network.subject(words[which]) * network.styles()[words[which, 3]]) @ network.drawings().T
        value = (drawn - targets[which].flatten(1)).square().mean()
        value.backward()
        optimiser.step()
        optimiser.zero_grad()
        network.normalise()
    print(f"drawings {float(value.detach()):.4f}", flush=True)


def sample(network, world, words, generator, steps=16, low=0.03, high=80.0, rho=7.0):
    """DPM-Solver++(2M), from noise: data, without guidance."""
    ramp = torch.linspace(high ** (1 / rho), low ** (1 / rho), steps) ** rho
    levels = torch.cat([ramp, torch.zeros(1)])
    x = torch.randn(len(words), 3, 32, 32, generator=generator) * high
    before = None
    for i in range(steps):
        now, following = levels[i], levels[i + 1]
        d = network(x, now.expand(len(x)), words)
        if following == 0:
            return d
        mixed = d
        if before is not None:
            r = (levels[i - 1].log() - now.log()) / (now.log() - following.log())
            mixed = d + (d - before) / (2 * r)
        x = x * (following / now) + mixed * (1 - following / now)
        before = d
    return x


@torch.no_grad()
def judge(network, world, named=(1, 1, 1, 1, 1), count=192, seed=7):
    """Words obeyed, distance and range of samples, unguided, for prompts with the `named` slots."""
    generator = torch.Generator().manual_seed(seed)
    figure = torch.multinomial(world.evenly, count, True, generator=generator)
    background = torch.randint(len(world.backgrounds), (count,), generator=generator)
    words = torch.cat([world.named[figure], background[:, None] + 1], 1)
    x = sample(network, world, words * torch.tensor(named), generator)
    figures, backgrounds, squares = world.nearest(x)
    read = torch.cat([world.named[figures], backgrounds[:, None] + 1], 1)
    right = (read == words).float().mean(0)
    what = (read[:, :3] == words[:, :3]).all(1).float().mean()
    colours = x * 0.5 + world.mean[:, None, None]
    outside = ((colours < -0.02) | (colours > 1.02)).float().mean()
    distance = (squares.clip(0) / 3072).sqrt().median() / 2
    return dict(what=what, style=right[3], background=right[4], distance=distance, outside=outside), x


@torch.no_grad()
def errors(network, world, kind):
    """Mean loss of five ranges of sigma, over the same noise every time."""
    generator = torch.Generator().manual_seed(11)
    bounds = [(0.02, 0.1), (0.1, 0.3), (0.3, 1), (1, 3), (3, 10), (10, 80)]
    found = []
    for low, high in bounds:
        clean, words, shown = world.draw(192, generator)
        sigma = torch.exp(math.log(low) + torch.rand(192, generator=generator) * math.log(high / low))
        x = clean + sigma[:, None, None, None] * torch.randn(clean.shape, generator=generator)
        found.append(float(loss(network, world, (x, sigma, words, shown), kind)[0].mean()))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=SHAPES)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[2] / "target/images")
    parser.add_argument("--steps", type=int, default=60000)
    parser.add_argument("--rate", type=float, default=0.03)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after these")
    parser.add_argument("--float32", action="store_true", help="not in bfloat16")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    kind = torch.float32 if options.float32 else torch.bfloat16
    torch.manual_seed(options.seed)
    seen, whole = World(unseen=False), World()
    widths, embedding = SHAPES[options.name]
    shape = (widths, embedding, [len(whole.words[slot]) for slot in SLOTS], whole.deviation())
    # Data of training is centred as all pictures are.
    seen.recentre(whole.mean)
    network, average = Network(*shape), Network(*shape)
    average.load_state_dict(network.state_dict())
    average.requires_grad_(False)
    if not (file := options.out / f"{options.name}.pt").exists():
        learn_drawings(network, seen, options.seed)
        average.load_state_dict(network.state_dict())
    optimiser = torch.optim.Adam(network.parameters(), lr=options.rate, betas=BETAS, fused=True)
    options.out.mkdir(parents=True, exist_ok=True)
    first, spent = 0, 0.0
    if file.exists():
        state = torch.load(file)
        first, spent = state["step"], state["seconds"]
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
    began = time.monotonic()

    def save(path, step):
        state = dict(network=network.state_dict(), average=average.state_dict(), optimiser=optimiser.state_dict())
        state |= dict(step=step, seconds=spent + time.monotonic() - began, name=options.name, options={k: str(v) for k, v in vars(options).items()})
        torch.save(state, path.with_suffix(".part"))
        os.replace(path.with_suffix(".part"), path)

    steps, running = options.steps, 0.0
    marks = {round(part * steps): part for part in SNAPSHOTS}
    for step in range(first, steps):
        # Of each step its own numbers: begun again, a run draws what it would have drawn.
        generator = torch.Generator().manual_seed(options.seed * 1_000_003 + step)
        left = (steps - step) / (COOL_DOWN * steps)
        rate = options.rate * min(1, (step + 1) / WARM_UP) * min(1, left)
        for group in optimiser.param_groups:
            group["lr"] = rate
        errors_of, read = loss(network, seen, draw(seen, BATCH, generator), kind)
        value = errors_of.mean()
        (value + READING * read).backward()
        optimiser.step()
        optimiser.zero_grad()
        network.normalise()
        done = step + 1
        weight = 1 - (1 - 1 / done) ** (EMA + 1)
        torch._foreach_lerp_(list(average.parameters()), [p.detach() for p in network.parameters()], weight)
        now = float(value.detach())
        running = now if step == first else running + 0.01 * (now - running)
        stop = done == steps or (time.monotonic() - began) / 60 > options.minutes
        if done % 250 == 0:
            rate_of = (done - first) * BATCH / (time.monotonic() - began)
            print(f"{done} loss {running:.4f} {rate_of:.0f} pictures/s", flush=True)
        if done % 5000 == 0 or stop:
            for prompts, named in {"whole": (1, 1, 1, 1, 1), "subject": (1, 1, 1, 0, 0)}.items():
                found, _ = judge(average, whole, named)
                print(f"  {prompts}: " + " ".join(f"{k} {float(v):.4f}" for k, v in found.items()), flush=True)
            print("  by sigma " + " ".join(f"{v:.4f}" for v in errors(average, seen, kind)), flush=True)
        if done % 1000 == 0 or stop:
            save(file, done)
        if done in marks:
            save(options.out / f"{options.name}-{round(100 * marks[done])}.pt", done)
        if stop:
            break


if __name__ == "__main__":
    main()
