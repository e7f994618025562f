"""Networks: the plane's denoisers, from files and from arrays."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from . import _core
from .data import points_of
from .errors import GuidancePlaygroundError
from .schemes import catalogue


class Network:
    """A denoiser of the plane: the toy network of the autoguidance paper, of any width.

    Args:
        source: the path or the bytes of a safetensors file; or its tensors by name, as ``state_dict()`` of the paper's public example gives
            them: ``layers.0.weight`` (width, 4), ``layers.2.weight`` to ``layers.8.weight`` (width, width), and ``gain``, a scalar; for a
            network of heavy tails ``nu``, too. NumPy arrays or PyTorch tensors.
        data: the name of the distribution that it learned, in place of what the file says; a network that says nothing is taken as of the
            paper's tree.
        condition: the classes that it learned, ``A``, ``B`` or ``AB``, likewise.

    Raises:
        GuidancePlaygroundError: ``weights`` if it is no such network, ``file`` if the file cannot be read.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes | Mapping[str, Any] | _core.Network,
        *,
        data: str | None = None,
        condition: str | None = None,
    ) -> None:
        if isinstance(source, _core.Network):
            self._core = source
            return
        name = "the weights"
        if isinstance(source, Mapping):
            source = _file(source)
        elif not isinstance(source, bytes):
            name = os.fspath(source)
            try:
                source = Path(name).read_bytes()
            except OSError as error:
                message = f"{name}: {error.strerror}."
                raise GuidancePlaygroundError("file", message, "Check that the path exists and that you may use it.") from None
        said = {key: text for key, text in {"data": data, "condition": condition}.items() if text is not None}
        self._core = _core.Network(source, name)
        if said:
            self._core = _core.Network(_saying(source, dict(self._core.metadata) | said), name)

    def __repr__(self) -> str:
        return f"<Network {self.width} wide, {self.parameters} numbers, of {self.data or 'tree-2'}:{self.condition or 'A'}>"

    @property
    def width(self) -> int:
        """Of the hidden layers."""
        return self._core.width

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return self._core.parameters

    @property
    def degrees_of_freedom(self) -> float | None:
        """Of the Student-t noise that it was trained on; None for Gaussian noise."""
        return self._core.degrees_of_freedom

    @property
    def metadata(self) -> dict[str, str]:
        """What its file says of it: ``data``, ``condition``, ``iterations`` and so on."""
        return dict(self._core.metadata)

    @property
    def data(self) -> str | None:
        """The distribution that it learned, if it says so."""
        return self.metadata.get("data")

    @property
    def condition(self) -> str | None:
        """The classes that it learned, if it says so."""
        return self.metadata.get("condition")

    def evaluate(self, points: npt.ArrayLike, sigma: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Log-densities (n,), which are not normalised, and scores (n, 2), their gradients, at points (n, 2), in 64 bits.

        Args:
            points: (n, 2), in units of the plane.
            sigma: the noise level, above 0.

        Raises:
            GuidancePlaygroundError: ``invalid`` if the points have another shape, or the noise level is not above 0.
        """
        return self._core.evaluate(points_of(points, np.float64), sigma)

    def to_safetensors(self) -> bytes:
        """It as a file, which the command, the page and the npm package read, too."""
        return self._core.to_safetensors()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as a safetensors file."""
        Path(path).write_bytes(self.to_safetensors())

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Its tensors by name, as ``Network`` takes them."""
        header, rest = _parts(self.to_safetensors())
        return {
            name: np.frombuffer(rest[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy()
            for name, entry in header.items()
            if name != "__metadata__"
        }


NetworkLike: TypeAlias = "Network | _core.Network | bytes | str | os.PathLike[str] | Mapping[str, Any]"
"""A network: a `Network`, or whatever one is made of."""


def model_names() -> list[str]:
    """The models that come with the package, as schemes name them: the exact ones, and networks, with their conditions."""
    table = catalogue()
    networks = [f"{row['model']}:{row['condition']}" for row in table["networks"]]
    return [*(f"exact:{condition}" for condition in table["conditions"]), *networks]


def networks_of(given: Mapping[str, NetworkLike] | None) -> list[tuple[str, _core.Network]]:
    """The compiled parts of networks, with their names."""
    return [(name, _core_of(network)) for name, network in (given or {}).items()]


def _core_of(given: NetworkLike) -> _core.Network:
    if isinstance(given, _core.Network):
        return given
    return (given if isinstance(given, Network) else Network(given))._core


def _file(tensors: Mapping[str, Any]) -> bytes:
    """Tensors as a safetensors file: the length of a header, the header, the numbers."""
    header, numbers = {}, b""
    for name, tensor in tensors.items():
        # PyTorch's may be on a device, and part of a graph.
        tensor = tensor.detach().cpu() if hasattr(tensor, "detach") else tensor
        try:
            array = np.asarray(tensor, dtype="<f4")
        except (TypeError, ValueError) as error:
            message = f"{name} must be an array of numbers: {error}."
            raise GuidancePlaygroundError("weights", message, "weights/README.md tells what a network is made of.") from None
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(numbers), len(numbers) + array.nbytes]}
        numbers += array.tobytes()
    return _joined(header, numbers)


def _saying(file: bytes, metadata: dict[str, str]) -> bytes:
    header, numbers = _parts(file)
    return _joined(header | {"__metadata__": metadata}, numbers)


def _parts(file: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack_from("<Q", file)
    return json.loads(file[8 : 8 + length]), file[8 + length :]


def _joined(header: dict[str, Any], numbers: bytes) -> bytes:
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + numbers
