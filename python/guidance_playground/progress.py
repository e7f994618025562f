"""Progress of long work, on standard error: by tqdm, or without it in plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_of(shown: bool, total: int, unit: str = "steps") -> Iterator[Callable[[float], object]]:
    """Show how far work of so many units has come, if that is to be shown.

    Args:
        shown: whether it is.
        total: how many units there are.
        unit: what they are.

    Yields:
        A function that is told of each advance, in units.
    """
    if not shown:
        yield lambda _units: None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        lines = _Lines(total, unit)
        yield lines.advance
        lines.say()
        return
    with tqdm(total=total, unit=f" {unit}", bar_format="{l_bar}{bar}| {n:.0f}/{total_fmt}{unit} [{elapsed}<{remaining}]") as bar:
        yield bar.update


class _Lines:
    """A line every other second."""

    def __init__(self, total: int, unit: str) -> None:
        self.total, self.unit, self.done, self.said = total, unit, 0.0, time.monotonic()

    def advance(self, units: float) -> None:
        self.done += units
        if time.monotonic() - self.said > 2:
            self.say()

    def say(self) -> None:
        self.said = time.monotonic()
        print(f"{self.done:.0f} of {self.total} {self.unit}", file=sys.stderr)
