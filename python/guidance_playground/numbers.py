"""Whole numbers that people give."""

from __future__ import annotations

import operator
from typing import SupportsIndex

from .errors import GuidancePlaygroundError

MOST_PARTICLES = 1 << 20
MOST_SEED = (1 << 53) - 1
MOST_THREADS = 1024


def whole(what: str, value: SupportsIndex, least: int, most: int) -> int:
    """A whole number within its range.

    Raises:
        GuidancePlaygroundError: ``invalid`` if it is none, naming `what` it was for.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or not least <= number <= most:
        message = f"{what} must be a whole number between {least} and {most}; it is {value!r}."
        raise GuidancePlaygroundError("invalid", message, "Change that setting and try again.")
    return number


def threads_of(given: SupportsIndex | None) -> int | None:
    """How many threads were asked for; None for as many as there are cores."""
    return None if given is None else whole("The number of threads", given, 1, MOST_THREADS)
