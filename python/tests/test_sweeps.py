"""Sweeps by any executor, equal to the command's to the bit, and comparisons."""

import functools
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from guidance_playground import GuidancePlaygroundError, compare, sweep, sweep_iter

# Few particles: what is tested is who computes rows, not what they say.
FEW = {"particles": 96, "seeds": 2}
LINE = ["--particles", "96", "--seeds", "2"]
OVER = {"w": [1, 2, 3], "k": "1.1:1.3:0.1"}
OVERS = ["--over", "w=1,2,3", "--over", "k=1.1:1.3:0.1"]
# A process of its own imports what it computes with: forked ones may not, of a process that has threads.
PROCESSES = functools.partial(ProcessPoolExecutor, 2, multiprocessing.get_context("spawn"))


def timeless(rows: Iterable[Any]) -> list[Any]:
    """Rows without the one thing that differs each time, sorted as a file may have them in any order."""
    texts = (row if isinstance(row, str) else json.dumps(row, sort_keys=True, separators=(",", ":")) for row in rows)
    return sorted(re.sub(r'"milliseconds":[^,}]*', "", text) for text in texts)


def lines(path: Path) -> list[str]:
    text = path.read_text()
    assert text.endswith("\n")
    return text.splitlines()


@pytest.fixture(scope="module")
def single(command: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command's rows, which one process computes."""
    path = tmp_path_factory.mktemp("command") / "grid.jsonl"
    command("sweep", "sigma-scaling", *OVERS, *LINE, "--out", str(path))
    return lines(path)


def test_rows_are_those_of_the_command(single: list[str], tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    rows = sweep("sigma-scaling", OVER, out=path, **FEW)
    assert [row["over"] for row in rows] == [{"k": k, "w": w} for w in (1, 2, 3) for k in (1.1, 1.2, 1.3)]
    # To the letter, and in the grid's order.
    assert [timeless([line]) for line in lines(path)] == [timeless([line]) for line in single]
    assert [json.loads(line) for line in lines(path)] == rows


def test_either_goes_on_where_the_other_stopped(command: Callable[..., str], single: list[str], tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    # Killed while it wrote its third row.
    path.write_text("\n".join([*single[:2], single[2][:100]]))
    begun = list(sweep_iter("sigma-scaling", OVER, out=path, **FEW))
    assert begun[:2] == [json.loads(line) for line in single[:2]]
    assert lines(path)[:2] == single[:2]
    assert timeless(lines(path)) == timeless(single)
    path.write_text("\n".join([*lines(path)[3:], single[0][:1]]))
    command("sweep", "sigma-scaling", *OVERS, *LINE, "--out", str(path))
    assert timeless(lines(path)) == timeless(single)
    with pytest.raises(GuidancePlaygroundError, match="a row of another sweep") as wrong:
        sweep("sigma-scaling", OVER, out=path, particles=97, seeds=2)
    assert wrong.value.code == "invalid"


def test_threads_give_the_same_rows(single: list[str], tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    with ThreadPoolExecutor(2) as executor:
        rows = sweep("sigma-scaling", OVER, executor=executor, out=path, **FEW)
    assert timeless(lines(path)) == timeless(rows) == timeless(single)


def test_a_lost_pool_of_processes_is_made_anew(single: list[str], tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    rows = sweep_iter("sigma-scaling", OVER, executor=PROCESSES, out=path, **FEW)
    next(rows)
    assert len(lines(path)) == 1
    os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
    assert len(list(rows)) == len(single) - 1
    assert timeless(lines(path)) == timeless(single)
    # One that was given is told of, and its rows are there.
    path.unlink()
    with PROCESSES() as executor:
        rows = sweep_iter("sigma-scaling", OVER, executor=executor, out=path, **FEW)
        next(rows)
        os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
        with pytest.raises(GuidancePlaygroundError, match="All workers of the executor are lost") as lost:
            list(rows)
    assert lost.value.code == "workers-lost"
    assert len(timeless(lines(path))) == len(set(timeless(lines(path)))) < len(single)


def test_dask_does_a_killed_workers_rows_again(single: list[str], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    path = tmp_path / "grid.jsonl"
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        workers = list(client.run(os.getpid).values())
        assert len(set(workers)) == 2
        rows = sweep_iter("sigma-scaling", OVER, executor=client.get_executor(), out=path, **FEW)
        next(rows)
        os.kill(workers[0], signal.SIGKILL)
        rest = list(rows)
    assert len(rest) == len(single) - 1
    assert timeless(lines(path)) == timeless(single)


def test_one_sweep_at_a_time_has_a_file(command: Callable[..., str], single: list[str], tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    rows = sweep_iter("sigma-scaling", OVER, out=path, **FEW)
    next(rows)
    with pytest.raises(GuidancePlaygroundError, match="another sweep adds rows to this file") as taken:
        sweep("sigma-scaling", OVER, out=path, **FEW)
    assert "give another file" in taken.value.advice
    told = command("sweep", "sigma-scaling", *OVERS, *LINE, "--out", str(path), status=1)
    assert "another sweep adds rows to this file" in told
    # A process that is forked meanwhile, as pools do, has the file as well; it lives on.
    if (child := os.fork()) == 0:
        signal.pause()
    try:
        rows.close()
        begun = lines(path)
        assert timeless(sweep("sigma-scaling", OVER, out=path, **FEW)) == timeless(single)
        assert lines(path)[: len(begun)] == begun
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_sweep_that_fails_leaves_its_file(tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    with pytest.raises(GuidancePlaygroundError, match="rows") as kept:
        sweep("sigma-scaling", {"w": "1:3:1"}, executor=Failing(100), out=path, **FEW)
    # Though the failure, as notebooks keep one, has all that it came through.
    assert kept.value.__traceback__
    assert len(sweep("sigma-scaling", {"w": "1:3:1"}, out=path, **FEW)) == 3


class Failing(Executor):
    """Fails the first `times` calls for rows of w = 2."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if '"over":{"w":2}' in args[0]:
            self.asked += 1
            if self.asked <= self.times:
                future.set_exception(MemoryError("no room"))
                return future
        future.set_result(fn(*args, **kwargs))
        return future


def test_failures_are_tried_again_and_told(tmp_path: Path) -> None:
    over = {"w": "1:3:1"}
    once = Failing(2)
    expected = sweep("sigma-scaling", over, **FEW)
    assert timeless(sweep("sigma-scaling", over, executor=once, **FEW)) == timeless(expected)
    assert once.asked == 3
    path = tmp_path / "grid.jsonl"
    always = Failing(100)
    with pytest.raises(GuidancePlaygroundError, match=r"1 of 3 rows .* of w = 2: MemoryError\('no room'\)") as told:
        sweep("sigma-scaling", over, executor=always, out=path, **FEW)
    assert (told.value.code, always.asked) == ("workers-lost", 3)
    assert timeless(lines(path)) == timeless([expected[0], expected[2]])


def test_a_network_of_ones_own_crosses_to_processes(root: Path) -> None:
    given = (root / "weights" / "guide-A32-0064.safetensors").read_bytes()
    over = {"main": ["mine", "guide-32-0064"]}
    mine, shipped = sweep("none", over, executor=PROCESSES, models={"mine": given}, **FEW)
    assert mine["results"]["outliers"] == shipped["results"]["outliers"]


# What runs in the background has Ctrl-C ignored.
CHILD = """
import signal
import sys
from guidance_playground import sweep_iter
signal.signal(signal.SIGINT, signal.default_int_handler)
for row in sweep_iter("sigma-scaling", {"w": "1:50:1"}, out=sys.argv[1], particles=96, seeds=2):
    print("row", flush=True)
"""


def test_ctrl_c_leaves_whole_rows(tmp_path: Path) -> None:
    path = tmp_path / "grid.jsonl"
    child = subprocess.Popen([sys.executable, "-P", "-c", CHILD, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"row\n"
    child.send_signal(signal.SIGINT)
    _, told = child.communicate()
    assert child.returncode != 0
    assert b"KeyboardInterrupt" in told
    found = [json.loads(line)["over"]["w"] for line in lines(path)]
    assert found == list(range(1, len(found) + 1))
    assert len(found) < 50


def test_what_makes_no_sense_is_a_row_or_an_error() -> None:
    good, refused = sweep("sigma-scaling", ["k=1.1,0.01"], **FEW)
    assert "results" in good
    assert refused["code"] == "invalid"
    assert "factor on sigma" in refused["refused"]
    shown = repr(sweep("sigma-scaling", "k=0.01", **FEW))
    assert "k = 0.01 was not run" in shown
    for arguments, words in [
        ({"over": {"z": [1]}}, "one of w, k"),
        ({"over": {"w": []}}, "NAME=a,b,c"),
        ({"over": {"w": [1]}, "particles": 1}, "between 2 and"),
        ({"over": {"w": [1]}, "seeds": 0}, "between 1 and"),
        ({"over": {"main": ["mine"]}}, "no model named"),
        ({"over": {"w": [1]}, "executor": "dask"}, "must be a concurrent.futures.Executor"),
    ]:
        with pytest.raises(GuidancePlaygroundError, match=words):
            sweep("sigma-scaling", **arguments)


@pytest.mark.parametrize(
    "names", [["none", "autoguidance", "dropout"], ["ht-1.10~weight:1.5", "#v=1&schemes=autoguidance~weight:2.5&seed=7"]]
)
def test_comparisons_are_those_of_the_command(command: Callable[..., str], names: list[str]) -> None:
    told = command("compare", *names, "--against", "sigma-scaling", *LINE, "--json")
    rows = compare(names, against="sigma-scaling", **FEW)
    assert timeless(rows) == timeless(told.splitlines())
    # The tables of the command, line by line, but for the time that runs took.
    shown = without_times(repr(rows))
    assert shown == without_times(command("compare", *names, "--against", "sigma-scaling", *LINE))
    assert shown[-1 - len(names)].split()[:3] == ["seeds", "outliers", "log"]
    assert rows._repr_html_().count("<table>") == 3


def without_times(tables: str) -> list[str]:
    return [re.sub(r" +\d+$|  +ms$", "", line) if place < 6 else line for place, line in enumerate(tables.rstrip().splitlines())]


def test_comparisons_of_ones_own() -> None:
    mine = compare({"my own": {"main": "exact:A"}}, exact=True, particles=96, seeds=1)
    assert [row["name"] for row in mine] == ["my own"]
    # One seed has no spread.
    assert [table.caption[:4] for table in mine.tables()] == ["96 p", "Less"]
    alone = compare(["autoguidance", "none"], exact=True, **FEW)
    assert "merely worse" in alone[0]["refused"]
    assert "autoguidance was not run" in repr(alone)


def test_rows_as_a_data_frame() -> None:
    rows = sweep("sigma-scaling", {"k": [1.1, 0.01], "solver": ["euler", "heun"]}, **FEW)
    frame = rows.to_pandas()
    assert list(frame["k"]) == [1.1, 1.1, 0.01, 0.01]
    assert list(frame["solver"]) == ["euler", "heun"] * 2
    assert set(frame["name"]) == {"sigma-scaling"}
    for place, row in enumerate(rows[:2]):
        assert frame["outliers.value"][place] == row["results"]["outliers"]["value"]
        assert frame["outliers.floor.spread"][place] == row["results"]["outliers"]["floor"]["spread"]
        assert frame["cost.evaluationsPerParticle"][place] == row["results"]["cost"]["evaluationsPerParticle"]
    assert list(frame["refused"].isna()) == [True, True, False, False]
    assert list(frame["outliers.value"].isna()) == [False, False, True, True]
    # Numbers stay numbers.
    assert frame["outliers.value"].dtype == float
    assert frame.dropna(subset="outliers.value").groupby("solver")["outliers.value"].mean().shape == (2,)
