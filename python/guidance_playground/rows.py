"""Rows of sweeps and comparisons, and tables of them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from . import _core
from .data import distribution_of
from .errors import missing_package

Row = dict[str, Any]

#: Beyond so many standard errors a difference has a star, as in the command's tables.
CERTAIN = 3.0
#: Most rows of a table that is shown.
SHOWN = 60
#: Most letters of a scheme in a table, as in the command's.
LONGEST = 40


@cache
def known_metrics() -> dict[str, dict[str, Any]]:
    """What rows tell of each metric: its name, a column's head, and the digits that it is worth, by its name in rows."""
    return {metric["id"]: metric for metric in json.loads(_core.row_metrics())}


def _tabled() -> list[str]:
    """Metrics that stand in tables, in their order."""
    shown = [metric for metric in known_metrics().values() if metric["place"] is not None]
    return [metric["id"] for metric in sorted(shown, key=lambda metric: metric["place"])]


def number(metric: str, value: float | None, sign: str = "") -> str:
    """A metric's value with the digits that it is worth; far ones without digits that nobody reads."""
    if value is None:
        return ""
    return f"{value:{sign}.{known_metrics()[metric]['digits'] if abs(value) < 100 else 1}f}"


def _pair(metric: str, value: float | None, error: float | None, sign: str = "") -> str:
    told = number(metric, error)
    return f"{number(metric, value, sign)} ± {told}" if told else number(metric, value, sign)


def label(name: str) -> str:
    """A name as tables have it: of what is long the end, where an address says its panel."""
    return name if len(name) <= LONGEST else "…" + name[1 - LONGEST :]


def title(row: Mapping[str, Any]) -> str:
    """What a row is called: what was varied, or whose it is; and how many particles are lost, which its metrics are not of."""
    over = ", ".join(f"{name} = {value}" for name, value in row["over"].items()) or label(row["name"])
    lost = row.get("results", {}).get("lost", 0)
    return f"{over} ({lost} lost)" if lost else over


class Table:
    """Rows of text under heads, the first column to the left."""

    def __init__(self, caption: str, heads: Iterable[str], lines: Iterable[Iterable[str]]) -> None:
        self.caption = caption
        self.lines = [list(heads), *map(list, lines)]

    def plain(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.lines, strict=True)]
        sides = ("<", *[">"] * (len(widths) - 1))
        lines = ("  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(line, sides, widths, strict=True)) for line in self.lines)
        return "\n".join([self.caption, *(line.rstrip() for line in lines)])

    def html(self) -> str:
        def line(cells: list[str], tag: str) -> str:
            sides = ("left", *["right"] * (len(cells) - 1))
            return "".join(f'<{tag} style="text-align:{side}">{html.escape(cell)}</{tag}>' for side, cell in zip(sides, cells, strict=True))

        heads, *lines = self.lines
        body = "".join(f"<tr>{line(cells, 'td')}</tr>" for cells in lines)
        caption = f'<caption style="text-align:left">{html.escape(self.caption)}</caption>'
        return f"<table>{caption}<thead><tr>{line(heads, 'th')}</tr></thead><tbody>{body}</tbody></table>"


def _values(rows: list[Row], caption: str) -> Table:
    ids = _tabled()

    def cells(row: Row, value: tuple[str, ...], error: tuple[str, ...]) -> Iterator[str]:
        for metric in ids:
            yield _pair(metric, _at(row["results"][metric], value), _at(row["results"][metric], error))

    def line(row: Row) -> list[str]:
        cost = row["results"]["cost"]
        costs = [str(cost["evaluationsPerParticle"]), f"{cost['milliseconds']:.0f}"]
        return [title(row), *cells(row, ("value",), ("standardError",)), *costs]

    lines = [line(row) for row in rows]
    whole = min(rows, key=lambda row: row["results"]["lost"])
    lines.append(["a perfect sampler", *cells(whole, ("floor", "mean"), ("floor", "spread")), "", ""])
    return Table(caption, ["", *(known_metrics()[metric]["head"] for metric in ids), "evaluations", "ms"], lines)


def _differences(rows: list[Row], against: str) -> Table:
    ids = _tabled()

    def cell(difference: Mapping[str, float], metric: str) -> str:
        value, error = difference["value"], difference["standardError"]
        certain = value is not None and error is not None and abs(value) > CERTAIN * error
        return _pair(metric, value, error, "+" if value else "") + ("*" if certain else "")

    lines = ([title(row), *(cell(row["results"][metric]["difference"], metric) for metric in ids)] for row in rows)
    caption = f"Less {against}, from the same starts (* beyond {CERTAIN:.0f} standard errors)"
    return Table(caption, ["", *(known_metrics()[metric]["head"] for metric in ids)], lines)


def _deviations(rows: list[Row]) -> Table:
    ids = _tabled()

    def line(row: Row) -> list[str]:
        cells = (number(metric, row["results"][metric]["deviation"]) for metric in ids)
        return [title(row), str(len(row["configuration"]["seeds"])), *cells]

    return Table("Standard deviation of one seed", ["", "seeds", *(known_metrics()[metric]["head"] for metric in ids)], map(line, rows))


def _at(part: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        part = part[name]
    return part


class Rows(list[Row]):
    """Rows as the command writes them, each a dict, with a table to look at."""

    def tables(self) -> list[Table]:
        """What ``repr`` shows: each metric with its standard error, and what a perfect sampler gives."""
        good = [row for row in self if "results" in row]
        return [_values(good[:SHOWN], self._caption(len(good)))] if good else []

    def _caption(self, good: int) -> str:
        configuration = self[0]["configuration"]
        data = configuration.get("data")
        called = distribution_of(data).called
        caption = f"{configuration['particles']} particles, {len(configuration['seeds'])} seeds, class A of {called}"
        return caption if good <= SHOWN else f"{caption}; the first {SHOWN} of {good} rows"

    def _refused(self) -> list[str]:
        refused = [row for row in self if "refused" in row]
        what = {"diverged": "has no metrics"}
        told = [f"{title(row)} {what.get(row['code'], 'was not run')}. {row['refused']} {row['advice']}" for row in refused[:SHOWN]]
        return told if len(told) == len(refused) else [*told, f"… and {len(refused) - len(told)} more"]

    def __repr__(self) -> str:
        if not self:
            return "no rows"
        return "\n\n".join([*(table.plain() for table in self.tables()), *self._refused()])

    def _repr_html_(self) -> str:
        if not self:
            return "no rows"
        told = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self._refused())
        return "".join(table.html() for table in self.tables()) + told

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` with a row for each of these: what was varied, then each number under its path in the row
        (``outliers.value``, ``outliers.standardError``, ``cost.milliseconds``, ...).

        Raises:
            GuidancePlaygroundError: There is no pandas (``missing-package``).
        """
        try:
            import pandas
        except ImportError as error:
            raise missing_package("pandas", "Data frames") from error
        lines = [{"name": row["name"], **row["over"], **dict(_flat(row.get("results", {}))), "refused": row.get("refused")} for row in self]
        return pandas.DataFrame(lines)


def _flat(part: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


class Comparison(Rows):
    """Rows of ``compare``: the rows of ``compare --json``, with the tables of ``compare``: metrics, differences, and, of several seeds, the
    standard deviation of one."""

    def tables(self) -> list[Table]:
        good = [row for row in self if "results" in row]
        if not good:
            return []
        good = good[:SHOWN]
        several = len(self[0]["configuration"]["seeds"]) > 1
        against = label(self[0].get("against", "the main model alone"))
        return [*super().tables(), _differences(good, against), *([_deviations(good)] if several else [])]
