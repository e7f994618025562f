#!/usr/bin/env python3
"""Rounds every number of networks, files in safetensors, to a multiple of 1/8192, in place.

Rows are normalised, so that a weight is about one, and small ones matter no more than large ones. Finer places change half of the
guided particles by less than 1.2e-4 of the plane's unit and one in a hundred by more than 1.6e-3; they do not compress, and would be
a third of what a visitor downloads of a network (www/engine/weights-plugin.ts). Files that are rounded already stay as they are.
"""

import struct
import sys
from array import array
from pathlib import Path

PLACES = 8192

for path in map(Path, sys.argv[1:]):
    file = path.read_bytes()
    begin = 8 + struct.unpack("<Q", file[:8])[0]
    numbers = array("f", file[begin:])
    path.write_bytes(file[:begin] + array("f", (round(x * PLACES) / PLACES for x in numbers)).tobytes())
