"""What the peers in Python share: the files, and one request a line on standard input.

`{"pair", "particles", "check"}` is answered by `{"seconds"}`; with check, the endpoints go to the file it names."""

import json
import pathlib
import sys
import time

import numpy as np


def serve(prepare, **facts):
    """`prepare(main, guide)`, files of weights, returns a function from starts to a function that samples."""
    data = pathlib.Path(sys.argv[1])
    description = json.loads((data / "toy.json").read_text())
    starts = np.fromfile(data / "starts.f32", np.float32).reshape(-1, 2)
    prepared, warm = {}, {}
    print(json.dumps({"ready": facts}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        pair, particles = request["pair"], request["particles"]
        if pair not in prepared:
            paths = description["pairs"][pair]
            prepared[pair] = prepare(paths["main"]["path"], paths["guide"]["path"])
        if (pair, particles) not in warm:
            warm[pair, particles] = prepared[pair](starts[:particles])
            warm[pair, particles]()
        start = time.perf_counter()
        ends = warm[pair, particles]()
        seconds = time.perf_counter() - start
        if "check" in request:
            np.asarray(ends, np.float32).tofile(request["check"])
        print(json.dumps({"seconds": seconds}), flush=True)

