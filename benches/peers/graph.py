"""A step of the guided sampler as an ONNX graph, with the networks' reverse passes written out.

Inputs: x (N, 2) and numbers that the noise levels fix; output: x after the step. A whole step in one graph, so that a
particle crosses into the runtime 32 times and not 63."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.inputs, self.count = [], [], [], 0

    def add(self, op, *inputs, **attributes):
        self.count += 1
        self.nodes.append(helper.make_node(op, inputs, [f"t{self.count}"], **attributes))
        return f"t{self.count}"

    def constant(self, value):
        key = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, np.float32), key))
        return key

    def input(self, key, shape):
        self.inputs.append(helper.make_tensor_value_info(key, TensorProto.FLOAT, shape))
        return key


class Network:
    """Matrices with 1/0.596 folded in; transposed copies, so that a runtime can pack both."""

    def __init__(self, g, w, gain):
        self.g, self.gain, self.hidden = g, gain, len(w[0])
        folded = [w[0]] + [m / 0.596 for m in w[1:]]
        self.forward = [g.constant(m.T) for m in folded[1:]]
        self.backward = [g.constant(m) for m in folded[1:]]
        self.first = g.constant(w[0][:, :2].T)
        self.first_back = g.constant(w[0][:, :2])

    def score(self, x, key):
        """c * score without its Gaussian part; bias and scale are inputs that the noise level fixes."""
        g = self.g
        bias = g.input(f"{key}_bias", [self.hidden])
        scale = g.input(f"{key}_scale", [])
        h = g.add("Add", g.add("MatMul", x, self.first), bias)
        gates = []
        for matrix in self.forward:
            s = g.add("Sigmoid", h)
            a = g.add("Mul", h, s)
            # s + a (1 - s)
            gates.append(g.add("Sub", g.add("Add", s, a), g.add("Mul", a, s)))
            h = g.add("MatMul", a, matrix)
        adjoint = g.add("Mul", h, scale)
        for matrix, gate in zip(self.backward[::-1], gates[::-1]):
            adjoint = g.add("Mul", g.add("MatMul", adjoint, matrix), gate)
        return g.add("MatMul", adjoint, self.first_back)


def write(path, networks, corrects):
    g = Graph()
    main, guide = (Network(g, *network) for network in networks)
    weight, other = g.constant(3.0), g.constant(-2.0)

    def velocity(x, stage):
        """dx/dsigma = -sigma s."""
        scaled = g.add("Mul", x, g.input(f"{stage}_inverse_c", []))
        s1, s0 = main.score(scaled, f"{stage}_main"), guide.score(scaled, f"{stage}_guide")
        mixed = g.add("Sub", g.add("Add", g.add("Mul", s1, weight), g.add("Mul", s0, other)), scaled)
        return g.add("Mul", mixed, g.input(f"{stage}_velocity", []))

    x = g.input("x", ["particles", 2])
    size = g.input("size", [])
    first = velocity(x, "first")
    if corrects:
        second = velocity(g.add("Add", x, g.add("Mul", first, size)), "second")
        first = g.add("Mul", g.add("Add", first, second), g.constant(0.5))
    g.nodes.append(helper.make_node("Add", [x, g.add("Mul", first, size)], ["moved"]))
    output = helper.make_tensor_value_info("moved", TensorProto.FLOAT, ["particles", 2])
    graph = helper.make_graph(g.nodes, "step", g.inputs, [output], g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
