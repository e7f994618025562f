"""`sample` from Python beside the command's, in turn: 16,384 particles of autoguidance.

Python counts the call alone, and the command its whole process; an empty run of it, of one particle, is what starting it takes.
Usage: python benches/python.py [COMMAND], with the package installed. Build both in release.
"""

import statistics
import subprocess
import sys
import time

import guidance_playground as gp

PARTICLES, ROUNDS = 16_384, 15
COMMAND = [sys.argv[1]] if len(sys.argv) > 1 else [sys.executable, "-m", "guidance_playground"]


def of_python() -> float:
    begun = time.perf_counter()
    gp.sample("autoguidance", particles=PARTICLES, seed=1)
    return time.perf_counter() - begun


def of_command(particles: int) -> float:
    line = [*COMMAND, "sample", "--scheme", "autoguidance", "--seed", "1", "--particles", str(particles), "--out", "/dev/null"]
    begun = time.perf_counter()
    subprocess.run(line, check=True)
    return time.perf_counter() - begun


of_python()
rounds = [(of_python(), of_command(PARTICLES), of_command(1)) for _ in range(ROUNDS)]
python, command, start = (sorted(times) for times in zip(*rounds, strict=True))
for name, times in {"Python": python, "command": command, "command, one particle": start}.items():
    print(f"{name:24}median {statistics.median(times):.3f} s, fastest {times[0]:.3f} s")
print(f"Python / command: {statistics.median(python) / statistics.median(command):.3f}")
