#!/usr/bin/env python3
"""Rounds every number of networks, files in safetensors, to 16 significant bits, in place.

Bits beyond those change no particle's way by more than a thousandth of the plane's unit, hardly compress, and are a quarter of what
a visitor downloads of a network. Files that are rounded already stay as they are.
"""

import struct
import sys
from array import array
from pathlib import Path

DROPPED = 8


def rounded(bits: int) -> int:
    """An f32 by its bits: to the nearest, halves away from zero."""
    return (bits + (1 << DROPPED - 1)) >> DROPPED << DROPPED


for path in map(Path, sys.argv[1:]):
    file = path.read_bytes()
    begin = 8 + struct.unpack("<Q", file[:8])[0]
    numbers = array("I", file[begin:])
    path.write_bytes(file[:begin] + array("I", map(rounded, numbers)).tobytes())
