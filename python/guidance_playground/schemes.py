"""Schemes: those that have a name, and whatever a scheme can be given as."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from . import _core
from .errors import GuidancePlaygroundError
from .numbers import whole

SchemeLike: TypeAlias = str | Mapping[str, Any] | os.PathLike[str]
"""A scheme: a name that `schemes` lists; a description, as a dict or as JSON, in which fields may be left out; what the page copied, its
address or its state text; or the path of a file that the page exported. A description is what docs/schemes.md tells."""


@dataclass(frozen=True)
class NamedScheme:
    """A scheme of the catalogue."""

    name: str
    """What the functions take: ``autoguidance``."""
    title: str
    """What a menu calls it: Autoguidance."""
    formula: str
    """The guided score; of a paper's setting that of its combination, or of its kind of guide."""
    explanation: str
    """What it does, in a sentence; of a paper's setting what each of its parts does that plain guidance has not."""
    reference: str
    """Where it was published."""
    parameters: list[dict[str, Any]]
    """Its numbers: what each is, ``least`` and ``greatest`` that are accepted, its ``default``, and ``path``, the JSON pointer to it."""
    scheme: dict[str, Any]
    """The whole description."""


def catalogue() -> dict[str, Any]:
    """The whole table of schemes, networks and data, as docs/schemes.md is made of it."""
    table: dict[str, Any] = json.loads(_core.catalogue())
    return table


def schemes() -> list[NamedScheme]:
    """The schemes that have a name: kinds of guidance, then papers' settings.

    Returns:
        Of each a `NamedScheme`; what is done to one changes no other.
    """
    table = catalogue()
    told = {name: {"formula": formula, "explanation": explanation} for name, formula, explanation in _core.presets_told()}
    return [
        NamedScheme(
            name=row["id"],
            title=row["name"],
            formula=row["formula"],
            explanation=row["explanation"],
            reference=row["reference"],
            parameters=row.get("parameters", []),
            scheme=row["scheme"],
        )
        for row in [*table["schemes"], *(row | told[row["id"]] for row in table["presets"])]
    ]


def configuration(scheme: SchemeLike, panel: int | None = None) -> dict[str, Any]:
    """A scheme and, where it is told, of which particles on which data.

    Args:
        scheme: any form of a scheme.
        panel: which one is meant where a file or an address has several, from 1.

    Returns:
        ``scheme``, a whole description, and ``seed``, ``particles`` and ``distribution``, which are None where nothing tells them.

    Raises:
        GuidancePlaygroundError: ``invalid`` if it is none, ``file`` if a file cannot be read.
    """
    if isinstance(scheme, os.PathLike):
        text, is_file = os.fspath(scheme), True
    elif isinstance(scheme, Mapping):
        text, is_file = _text(scheme), False
    elif isinstance(scheme, str):
        text, is_file = scheme, False
    else:
        raise GuidancePlaygroundError(
            "invalid",
            f"A scheme has to be a name, a description, an address or the path of a file; it is of the type {type(scheme).__name__}.",
            "schemes() lists the names, and shows what a description is made of.",
        )
    if panel is not None:
        panel = whole("The number of the panel", panel, 1, 1000)
    found: dict[str, Any] = json.loads(_core.configuration(text, panel, is_file))
    return found


def description(scheme: SchemeLike, panel: int | None = None) -> dict[str, Any]:
    """The whole description of a scheme, every field filled in.

    Args:
        scheme: any form of a scheme.
        panel: which one is meant where a file or an address has several, from 1.

    Raises:
        GuidancePlaygroundError: ``invalid`` if it is none, ``file`` if a file cannot be read.
    """
    whole: dict[str, Any] = configuration(scheme, panel)["scheme"]
    return whole


def fitted(given: SchemeLike, scheme: dict[str, Any], data: _core.Distribution) -> dict[str, Any]:
    """The description of a scheme as it can be had for data: one that is named has exact models in place of networks that learned other
    data, and of what only a lesser network made the main model under 1.1 times the noise; then a warning says so."""
    if not isinstance(given, str):
        return scheme
    text, told = _core.fitted(given, json.dumps(scheme), data)
    if told is not None:
        warnings.warn(told, stacklevel=3)
    fit: dict[str, Any] = json.loads(text)
    return fit


def plan(scheme: SchemeLike, *, panel: int | None = None) -> _core.Plan:
    """What a scheme does, step by step: rows of coefficients, with which a sampler in any framework follows it.

    Args:
        scheme: any form of a scheme.
        panel: which one is meant where a file or an address has several, from 1.

    Returns:
        A `Plan`; docs/api.md tells how it is followed.

    Raises:
        GuidancePlaygroundError: ``invalid`` if a number of it is out of range, or its parts make no sense together.
    """
    return _core.Plan(json.dumps(description(scheme, panel)))


def _text(plain: Mapping[str, Any]) -> str:
    def number(value: Any) -> Any:
        # Of NumPy.
        if hasattr(value, "item"):
            return value.item()
        raise TypeError(f"there is a value of the type {type(value).__name__}")

    try:
        return json.dumps(dict(plain), default=number, allow_nan=False)
    except (TypeError, ValueError) as error:
        message = f"A description has to be of texts, finite numbers, dicts and lists: {error}."
        raise GuidancePlaygroundError("invalid", message, "docs/schemes.md tells its fields.") from None
