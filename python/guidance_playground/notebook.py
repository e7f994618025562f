"""The live figure in notebooks: `Playground`, the element <guidance-playground> as a widget.

In JupyterLab, VS Code, Colab and marimo, by anywidget. The figure samples in the browser; all that it needs is in the
package, so that nothing is fetched from elsewhere. What stands in a saved notebook for readers without a kernel is a
picture, or, where the address of a hosted playground is given as `home`, the figure's embed code.
"""

from __future__ import annotations

import functools
import html
import json
import os
import pathlib
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urljoin

import numpy as np
import numpy.typing as npt

from .errors import GuidancePlaygroundError
from .picture import picture_of
from .schemes import SchemeLike, description

# The class that it extends has no type where anywidget is not.
# mypy: disable-error-code="misc"
try:
    import anywidget
    import traitlets
except ImportError as missing:
    raise ImportError("Playground needs anywidget: pip install 'guidance-playground[notebook]'.", name=missing.name) from None

_MODULE = pathlib.Path(__file__).parent / "static" / "widget.js"
# What of a figure is state, in the order of docs/state.md; the rest is how it is shown.
_STATE = (
    "preset", "distribution", "schemes", "panels", "levels", "seed", "particles", "view", "follow", "paths", "coverage",
    "shading", "field", "cut", "lit", "step", "sigma",
)  # fmt: skip
_SHOWN = ("show", "hide", "autoplay", "theme", "engine", "label", "home", "networks")


def _part(kind: Any, *of: Any, about: str, **bounds: Any) -> Any:
    """A part of the figure: None is what the figure has without being told."""
    return kind(*of, default_value=None, allow_none=True, **bounds).tag(sync=True, about=about)


def _array(sent: Mapping[str, Any] | None, _widget: object) -> npt.NDArray[np.float32] | None:
    """Positions as they come from the figure, in the bytes that came."""
    return None if sent is None else np.frombuffer(sent["data"], np.float32).reshape(sent["shape"])


def _snake(value: Any) -> Any:
    """Names of JSON as Python has them."""
    if isinstance(value, dict):
        return {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", key): _snake(part) for key, part in value.items()}
    return [_snake(part) for part in value] if isinstance(value, list) else value


class Playground(anywidget.AnyWidget):
    """A live figure: guidance schemes side by side, on the same noise, sampled in the browser.

    Parameters
    ----------
    schemes
        One to six schemes, a panel each: names, ``"name~weight:2.5"`` for what is changed of one, descriptions as dicts,
        or paths of JSON files. Also one of these alone, or an address or a state that the page copied.
    **parts
        What else is set of the figure, by the attribute below, all optional.

    Each attribute is a trait: setting it changes the figure, and what is done in the figure sets it (`observe` hears of
    that). None is what the figure has by itself; the figure tells its own once it is seen.

    Attributes
    ----------
    state : str
        All of what follows up to `step` as one text, as in an address behind its ``#`` (docs/state.md).
    schemes : list of str or dict
    distribution : str
        What the data are, by name.
    levels : dict or str
        Noise levels: ``{"steps": 16, "max": 9}``.
    seed : int
        Seed of the noise, 0 to 2^53 - 1.
    particles : int
        Particles in each panel: 512 to 131072, by powers of two.
    view : list of three floats
        Centre and half width of what is seen: x, y, half width.
    follow, paths, coverage : bool
    shading : str
        ``"points"`` or ``"density"``.
    field : str
        A field under the particles.
    cut : list of four floats
        A line along which densities are shown: x0, y0, x1, y1.
    lit : list of int
        Particles that are lit in every panel, by number.
    step : int
        The step that is shown, 0 (noise) to the number of steps (data).
    preset, panels, sigma
        Only ask: a view by its name, only the first so many schemes, the noise level nearest to which it pauses.
    show, hide, autoplay, theme, engine, label, home, networks
        How it is shown: docs/embedding.md. With `home`, the address of a hosted playground's folder, saved notebooks have
        the figure's embed code.

    What the figure tells, and nobody sets:

    ready : bool
        Whether the figure has been seen, and everything sampled once.
    positions : ndarray of float32, shape (panels, particles, 2), or None
        Where particles are at `step`; NaN in a panel that failed. They come when the figure is at rest, while the kernel is
        not busy: read them in the next cell.
    metrics : list of dict or None
        Of each panel, as `guidance_playground.metrics` has them; None for one that failed.
    backend : dict or None
        What samples: kind, description, notice.
    failure : dict or None
        What of all that was asked for cannot be had: code, message, advice.

    Raises
    ------
    GuidancePlaygroundError
        Where a part has no such name or form, or the package was built without the figure.
    """

    _esm = traitlets.Unicode().tag(sync=True)

    state = _part(traitlets.Unicode, about="the state as text")
    preset = _part(traitlets.Unicode, about="the name of a view")
    distribution = _part(traitlets.Unicode, about="the name of data")
    schemes = _part(
        traitlets.List, traitlets.Union([traitlets.Unicode(), traitlets.Dict()]), minlen=1, maxlen=6, about="one to six schemes"
    )
    panels = _part(traitlets.Int, min=1, max=6, about="a whole number, 1 to 6")
    levels = _part(traitlets.Union, [traitlets.Dict(), traitlets.Unicode()], about="a dict of what is changed of noise levels")
    seed = _part(traitlets.Int, min=0, max=2**53 - 1, about="a whole number, 0 to 2^53 - 1")
    particles = _part(traitlets.Int, min=1, about="a whole number")
    view = _part(traitlets.List, traitlets.CFloat(), minlen=3, maxlen=3, about="three numbers: x, y, half width")
    follow = _part(traitlets.Bool, about="True or False")
    paths = _part(traitlets.Bool, about="True or False")
    coverage = _part(traitlets.Bool, about="True or False")
    shading = _part(traitlets.Enum, ["points", "density"], about="“points” or “density”")
    field = _part(traitlets.Unicode, about="the name of a field")
    cut = _part(traitlets.List, traitlets.CFloat(), minlen=4, maxlen=4, about="four numbers: x0, y0, x1, y1")
    lit = _part(traitlets.List, traitlets.CInt(), about="a list of particles, by number")
    step = _part(traitlets.Int, min=0, about="a whole number, 0 to the number of steps")
    sigma = _part(traitlets.Float, min=0, about="a noise level")
    show = _part(traitlets.Unicode, about="names of groups of controls")
    hide = _part(traitlets.Unicode, about="names of groups of controls")
    autoplay = _part(traitlets.Bool, about="True or False")
    theme = _part(traitlets.Enum, ["auto", "light", "dark"], about="“auto”, “light” or “dark”")
    engine = _part(traitlets.Enum, ["auto", "best", "cpu", "webgpu"], about="“auto”, “best”, “cpu” or “webgpu”")
    label = _part(traitlets.Unicode, about="a text")
    home = _part(traitlets.Unicode, about="the address of a playground’s folder")
    networks = _part(traitlets.Unicode, about="addresses with blanks between them")

    ready = traitlets.Bool(False, read_only=True).tag(sync=True)
    positions: Any = traitlets.Instance(np.ndarray, allow_none=True, read_only=True).tag(
        sync=True,
        from_json=_array,
        to_json=lambda array, _widget: None if array is None else {"shape": array.shape, "data": memoryview(array).cast("B")},
    )
    metrics: Any = traitlets.List(allow_none=True, default_value=None, read_only=True).tag(
        sync=True, from_json=lambda sent, _widget: _snake(sent)
    )
    backend: Any = traitlets.Dict(allow_none=True, default_value=None, read_only=True).tag(sync=True)
    failure: Any = traitlets.Dict(allow_none=True, default_value=None, read_only=True).tag(sync=True)

    def __init__(self, schemes: SchemeLike | Iterable[SchemeLike] | None = None, **parts: Any) -> None:
        for name in parts:
            if name == "lab":
                raise _elsewhere()
            if name not in ("state", *_STATE, *_SHOWN):
                known = ", ".join(("state", *_STATE, *_SHOWN))
                raise GuidancePlaygroundError("invalid", f"A figure has no “{name}”.", f"There are {known}.")
        if isinstance(schemes, str) and (found := re.search(r"(?:^|#)(v=.*)$", schemes)):
            parts, schemes = {"state": found[1], **parts}, None
        if schemes is not None:
            parts["schemes"] = schemes
        super().__init__(_esm=_module(), **parts)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "schemes":
            value = _schemes(value)
        elif isinstance(value, tuple | np.ndarray):
            value = list(value)
        elif name == "state" and isinstance(value, str) and re.search("(?:^|[#&])lab=(?!plane(?:&|$))", value):
            raise _elsewhere()
        try:
            super().__setattr__(name, value)
        except traitlets.TraitError as error:
            about = self.trait_metadata(name, "about")
            message = f"“{name}” of a figure is {about}, and not {value!r}." if about else f"“{name}” is told by the figure, and not set."
            raise GuidancePlaygroundError("invalid", message, "help(guidance_playground.Playground) has all of them.") from error

    def play(self) -> None:
        """Plays, from the start where it is at its end."""
        self.send({"call": "play"})

    def pause(self) -> None:
        """Stops the clock."""
        self.send({"call": "pause"})

    def open(self) -> None:
        """Makes itself known to the notebook; called once, when it is made. Where nobody looks on, there is nothing to open."""
        if _attended():
            super().open()

    def _repr_mimebundle_(self, **_kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live, metadata = (self.comm is not None and super()._repr_mimebundle_()) or ({}, {})
        bundle = {"text/plain": repr(self), **live}
        view = self.view and (self.view[0], self.view[1], self.view[2])
        picture = picture_of(_text(self), self.step, view)
        if self.home:
            bundle["text/html"] = _embed_code(self, picture)
        if picture:
            bundle["image/svg+xml"] = picture
        return bundle, metadata

    def __repr__(self) -> str:
        return f"<Playground {_text(self) or 'preset=opening'}>"


def _elsewhere() -> GuidancePlaygroundError:
    message = "The figure in notebooks is of the plane, and has no other lab: the networks of pictures are too large for a cell."
    advice = "The page has it, and so have embeds (docs/embedding.md) and the command, `guidance-playground image`."
    return GuidancePlaygroundError("invalid", message, advice)


@functools.cache
def _module() -> str:
    """The figure's module."""
    try:
        return _MODULE.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = "This package was built without its figure: there is no static/widget.js in it."
        advice = "Run `cargo xtask build` in the repository, then install the package again."
        raise GuidancePlaygroundError("no-figure", message, advice) from None


def _attended() -> bool:
    """Whether somebody looks on. Programs that run notebooks, as nbconvert and Quarto do, say with each cell that nobody
    would answer a question; what they show is kept as it is, and a widget in it would find no kernel."""
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython.get_ipython(), "kernel", None) if ipython else None
    request = kernel.get_parent("shell") if kernel else {}
    return bool(request.get("content", {}).get("allow_stdin", True))


def _schemes(given: SchemeLike | Iterable[SchemeLike] | None) -> list[str | dict[str, Any]] | None:
    """Schemes as the figure takes them."""
    if given is None:
        return None
    return [_scheme(given)] if isinstance(given, str | Mapping | os.PathLike) else [_scheme(each) for each in given]


def _scheme(given: SchemeLike) -> str | dict[str, Any]:
    """One that there is, as it was given, or in full where that is no text."""
    whole = description(given)
    return given if isinstance(given, str) and not given.lstrip().startswith("{") else whole


def _text_of(value: Any) -> str:
    """A part as attributes and addresses write it (www/embed/attributes.ts)."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict):
        return "".join(f"~{field}:{part if isinstance(part, str) else json.dumps(part)}" for field, part in value.items())
    if isinstance(value, list):
        return json.dumps(value) if any(isinstance(each, dict) for each in value) else ",".join(map(str, value))
    return str(value)


def _text(figure: Playground) -> str:
    """The state of a figure: what it told last, or what is asked of it."""
    if figure.ready:
        return str(figure.state)
    asked = [(name, getattr(figure, name)) for name in _STATE]
    parts = [f"{name}={quote(_text_of(value), safe=',/:={}[]')}" for name, value in asked if value is not None]
    return "&".join([figure.state or "v=1", *parts]) if parts else figure.state or ""


def _embed_code(figure: Playground, picture: str | None) -> str:
    """The figure for a page that has no kernel: its first line fetches it, and until it is there its picture is seen."""
    module = urljoin(figure.home, "guidance-playground.js")
    shown = [(name, getattr(figure, name)) for name in _SHOWN]
    attributes = {"state": _text(figure), **{name: _text_of(value) for name, value in shown if value is not None}}
    text = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    poster = f'<div slot="poster">{picture}</div>' if picture else ""
    return f'<script type="module" src="{html.escape(module)}"></script>\n<guidance-playground {text}>{poster}</guidance-playground>'
