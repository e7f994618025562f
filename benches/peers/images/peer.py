"""PyTorch and onnxruntime on one thread, a request a line on standard input.

`{"evaluations"}` is answered by the processor time of an evaluation of 16 pictures, `{"seconds"}`; with `check`, a file of the
planes of what comes out is written. The first argument is `torch` or `onnx`, the second the folder with the data."""

import json
import pathlib
import sys
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve()
PICTURES = 16


def pytorch(data):
    import torch

    sys.path.insert(0, str(HERE.parents[3] / "weights/images"))
    from export import read

    torch.set_num_threads(1)
    network = read(HERE.parents[3] / "weights/images/main.safetensors")

    def evaluate(x, sigma, words):
        with torch.inference_mode():
            return network(*map(torch.from_numpy, (x, sigma, words))).numpy()

    return f"PyTorch {torch.__version__.split('+')[0]}", evaluate


def onnx(data):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(data / "images.onnx"), options, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return f"onnxruntime {onnxruntime.__version__}", lambda *inputs: session.run(None, dict(zip(names, inputs)))[0]


def main():
    name, data = sys.argv[1], pathlib.Path(sys.argv[2])
    version, evaluate = {"torch": pytorch, "onnx": onnx}[name](data)
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "check" in request:
            check = request["check"]
            x = np.fromfile(data / "images-data.f32", np.float32).reshape(PICTURES, 32, 32, 3)
            x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
            sigma, words = np.full(PICTURES, check["sigma"], np.float32), np.array([check["words"]] * PICTURES)
            evaluate(x, sigma, words).tofile(data / f"images-{name}.f32")
            print("{}", flush=True)
            continue
        start = time.process_time()
        for _ in range(request["evaluations"]):
            evaluate(x, sigma, words)
        print(json.dumps({"seconds": (time.process_time() - start) / request["evaluations"]}), flush=True)


if __name__ == "__main__":
    main()
