"""Grids of schemes, by whatever executor, and schemes beside each other: rows as the command writes them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, NamedTuple

from . import _core
from .data import DistributionLike, distribution_of
from .errors import GuidancePlaygroundError
from .networks import NetworkLike, networks_of
from .numbers import MOST_PARTICLES, MOST_SEED, threads_of, whole
from .progress import progress_of
from .rows import Comparison, Row, Rows, title
from .schemes import SchemeLike, configuration, fitted

#: Most runs of a point.
MOST_SEEDS = 1000
#: So often a row is tried whose worker is lost or fails.
TRIES = 3
#: Most rows that are with an executor at once: more than clusters have cores, and few enough to take back.
AHEAD = 4096


class _Setting(NamedTuple):
    """What all rows of a call have in common, as it crosses to workers."""

    distribution: str
    networks: tuple[tuple[str, bytes], ...]
    particles: int
    threads: int | None
    against: str | None = None


_here = threading.local()


def _row(task: str, setting: _Setting, attempt: int = 0) -> str:
    """A row, computed here: what workers are asked for. An attempt is another call, of which no engine has an answer yet."""
    # What rows have in common is computed once in each thread, and kept until other rows are asked for.
    if getattr(_here, "setting", None) != setting:
        _here.trials, _here.setting = _trials(setting), setting
    trials: _core.Trials = _here.trials
    return trials.row(task, None)


def _trials(setting: _Setting) -> _core.Trials:
    distribution, networks, particles, threads, against = setting
    return _core.Trials(distribution_of(distribution), list(networks), particles, against, threads)


def sweep(
    base: SchemeLike,
    over: Mapping[str, Any] | Iterable[str],
    *,
    executor: Executor | Callable[[], Executor] | None = None,
    out: str | os.PathLike[str] | None = None,
    particles: int = 4096,
    seeds: int = 5,
    seed: int = 0,
    distribution: DistributionLike | None = None,
    exact: bool = False,
    models: Mapping[str, NetworkLike] | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Rows:
    """Run every combination of some values and judge each against class A.

    Args:
        base: The scheme that is varied, in any form that ``sample`` takes.
        over: What is varied, and its values: ``{"k": "1:1.3:0.02", "w": [1, 2, 4]}``, or a list of ``"NAME=VALUES"``. A name is a
            parameter as formulas write it (``w``, ``k``, ``nu``, ...), a part (``schedule``, ``solver``, ``main``, ...), or a JSON
            pointer into the scheme. Values are a list, or as text ``a,b,c`` or ``from:to:step`` with both ends.
        executor: What computes rows: any ``concurrent.futures.Executor`` (threads, processes, Dask's, Ray's, MPI's), which stays open; or
            a function that makes one, which is called again when all its workers are lost, and what it makes is shut down in the end.
            This process otherwise.
        out: A file of JSON Lines that rows are added to as they are done. Rows that it has are not computed again: the same call goes on
            where one stopped, and so does the command's ``sweep --out``. Nobody else adds rows to it until this is done.
        particles: Particles a run, 2 to 1,048,576.
        seeds: Runs of each point, 1 to 1000. The same seed gives the same starts for all points.
        seed: The first of the seeds.
        distribution: What is sampled; the paper's tree otherwise.
        exact: Replace every network by the exact model of its class.
        models: Networks of one's own, by the names that schemes have for them.
        threads: Threads of a row: all cores without an executor, and one with it, which has workers of its own.
        progress: Whether to show how far it is.

    Returns:
        A row for each point, in the grid's order, the last name varying fastest: ``name``, ``over``, ``configuration``, and either
        ``results`` or, of a point that makes no sense or has lost all its particles, ``refused``, ``code`` and ``advice``.

    Raises:
        GuidancePlaygroundError: What is asked for makes no sense (``invalid`` and others); the file cannot be written, is another
            sweep's, or another process is adding to it; rows could not be computed, each tried three times (``workers-lost``): all
            others are in the file.
    """
    given = (executor, out, particles, seeds, seed, distribution, exact, models, threads, progress)
    found = dict(_sweep(base, over, *given))
    return Rows(found[place] for place in sorted(found))


def sweep_iter(
    base: SchemeLike,
    over: Mapping[str, Any] | Iterable[str],
    *,
    executor: Executor | Callable[[], Executor] | None = None,
    out: str | os.PathLike[str] | None = None,
    particles: int = 4096,
    seeds: int = 5,
    seed: int = 0,
    distribution: DistributionLike | None = None,
    exact: bool = False,
    models: Mapping[str, NetworkLike] | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Iterator[Row]:
    """As ``sweep``, row by row as they are done, first those that the file has. An iterator that is closed takes back what is not begun."""
    given = (executor, out, particles, seeds, seed, distribution, exact, models, threads, progress)
    return (row for _, row in _sweep(base, over, *given))


def compare(
    schemes: SchemeLike | Iterable[SchemeLike] | Mapping[str, SchemeLike],
    *,
    against: SchemeLike | None = None,
    particles: int = 4096,
    seeds: int = 5,
    seed: int = 0,
    distribution: DistributionLike | None = None,
    exact: bool = False,
    models: Mapping[str, NetworkLike] | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Comparison:
    """Run schemes from the same starts and judge them against class A.

    Args:
        schemes: Schemes in any form that ``sample`` takes: one, a list, or a mapping from what each is to be called.
        against: The scheme that all are compared against; the main model of each alone otherwise.
        particles: Particles a run, 2 to 1,048,576.
        seeds: Runs of each scheme, 1 to 1000. The same seed gives the same starts for all.
        seed: The first of the seeds.
        distribution: What is sampled; the paper's tree otherwise.
        exact: Replace every network by the exact model of its class.
        models: Networks of one's own, by the names that schemes have for them.
        threads: Threads; all cores otherwise.
        progress: Whether to show how far it is.

    Returns:
        A row for each scheme, as ``compare --json`` has them; shown, they are its tables.

    Raises:
        GuidancePlaygroundError: What is asked for makes no sense (``invalid`` and others).
    """
    chosen = named(schemes)
    particles, seeds, seed, threads = _numbers(particles, seeds, seed, threads)
    all_told = [configuration(scheme) for scheme in [*(scheme for _, scheme in chosen), *([] if against is None else [against])]]
    data = _data(distribution, all_told)

    def text(scheme: SchemeLike, told: dict[str, Any]) -> str:
        return json.dumps(told["scheme"] if exact else fitted(scheme, told["scheme"], data))

    texts = [(name, text(scheme, told)) for (name, scheme), told in zip(chosen, all_told, strict=False)]
    other = None if against is None else text(against, all_told[-1])
    (planned, files), against_text = _core.compare_tasks(texts, other, data, networks_of(models), particles, seed, seeds, exact)
    tasks = {place: task for place, (task, refused) in enumerate(planned) if refused is None}
    found = {place: refused for place, (_, refused) in enumerate(planned) if refused is not None}
    setting = _Setting(data.name, tuple(files), particles, threads, against_text)
    with progress_of(progress, len(tasks) * seeds, "runs") as advance:
        found.update(_computed(tasks, setting, advance))
    rows = [json.loads(found[place]) for place in sorted(found)]
    if against is not None:
        for row in rows:
            row["against"] = _name(against)
    return Comparison(rows)


def _sweep(
    base: SchemeLike,
    over: Mapping[str, Any] | Iterable[str],
    executor: Executor | Callable[[], Executor] | None,
    out: str | os.PathLike[str] | None,
    particles: int,
    seeds: int,
    seed: int,
    distribution: DistributionLike | None,
    exact: bool,
    models: Mapping[str, NetworkLike] | None,
    threads: int | None,
    progress: bool,
) -> Iterator[tuple[int, Row]]:
    """Rows with their places in the grid, as they are done."""
    if executor is not None and not isinstance(executor, Executor) and (isinstance(executor, type) or not callable(executor)):
        raise GuidancePlaygroundError(
            "invalid",
            f"The executor must be a concurrent.futures.Executor, or a function that makes one; it is {executor!r}.",
            "Dask's is client.get_executor(); of a pool that is to be made anew, give functools.partial(ProcessPoolExecutor, 4).",
        )
    told = configuration(base)
    data = _data(distribution, [told])
    description = told["scheme"] if exact else fitted(base, told["scheme"], data)
    particles, seeds, seed, threads = _numbers(particles, seeds, seed, threads)
    planned, files = _core.sweep_tasks(
        _name(base), json.dumps(description), _overs(over), data, networks_of(models), particles, seed, seeds, exact
    )
    setting = _Setting(data.name, tuple(files), particles, 1 if threads is None and executor is not None else threads)
    tasks = [task for task, _ in planned]
    with contextlib.ExitStack() as kept:
        file = None if out is None else kept.enter_context(contextlib.closing(_core.RowFile(os.fspath(out), tasks)))
        left = {}
        for place, (task, refused) in enumerate(planned):
            known = file.row(task) if file else None
            if known is None and refused is not None and file:
                file.add(refused)
            row = known or refused
            if row is None:
                left[place] = task
            else:
                yield place, json.loads(row)
        advance = kept.enter_context(progress_of(progress, len(left) * seeds, "runs"))
        told_of = 0.0

        def begun(runs: float) -> None:
            nonlocal told_of
            told_of += runs
            advance(runs)

        rows: Generator[tuple[int, str], None, None]
        rows = _computed(left, setting, begun) if executor is None else _handed_out(left, setting, executor)
        kept.enter_context(contextlib.closing(rows))
        for count, (place, text) in enumerate(rows, 1):
            if file:
                file.add(text)
            begun(count * seeds - told_of)
            yield place, json.loads(text)


def named(schemes: SchemeLike | Iterable[SchemeLike] | Mapping[str, SchemeLike]) -> list[tuple[str, SchemeLike]]:
    """Schemes with what they are called: a mapping says so, and a description that has no name is called a scheme."""
    # A description and a configuration are mappings, too.
    if isinstance(schemes, Mapping) and not {"main", "scheme"} & set(schemes):
        return list(schemes.items())
    several: Iterable[SchemeLike] = [schemes] if isinstance(schemes, str | os.PathLike | Mapping) else schemes
    return [(_name(scheme), scheme) for scheme in several]


def _name(scheme: SchemeLike) -> str:
    if isinstance(scheme, os.PathLike):
        return os.fspath(scheme)
    return scheme if isinstance(scheme, str) and not scheme.lstrip().startswith("{") else "scheme"


def _numbers(particles: int, seeds: int, seed: int, threads: int | None) -> tuple[int, int, int, int | None]:
    """Numbers, if they are whole and in range."""
    return (
        whole("The number of particles", particles, 2, MOST_PARTICLES),
        whole("The number of seeds", seeds, 1, MOST_SEEDS),
        whole("The seed", seed, 0, MOST_SEED),
        threads_of(threads),
    )


def _data(distribution: DistributionLike | None, told: Iterable[dict[str, Any]]) -> _core.Distribution:
    """The data that are asked for, or else those that schemes say they are of."""
    if distribution is not None:
        return distribution_of(distribution)
    names = {each["distribution"] for each in told} - {None}
    if len(names) > 1:
        called = " and ".join(sorted(distribution_of(name).called for name in names))
        raise GuidancePlaygroundError("invalid", f"The schemes are of several data: {called}.", "Say which by distribution.")
    return distribution_of(next(iter(names), None))


def _overs(over: Mapping[str, Any] | Iterable[str]) -> list[str]:
    """What is varied, as the command takes it."""
    if isinstance(over, str):
        return [over]
    if not isinstance(over, Mapping):
        return list(over)
    return [f"{name}={_values(values)}" for name, values in over.items()]


def _values(values: Any) -> str:
    if isinstance(values, str):
        return values
    return ",".join(map(str, values)) if isinstance(values, Iterable) else str(values)


def _computed(tasks: dict[int, str], setting: _Setting, begun: Callable[[float], object]) -> Generator[tuple[int, str], None, None]:
    """Rows by this process, one after another."""
    trials = _trials(setting)
    for place, task in tasks.items():
        yield place, trials.row(task, begun)


def _handed_out(
    tasks: dict[int, str], setting: _Setting, executor: Executor | Callable[[], Executor]
) -> Generator[tuple[int, str], None, None]:
    """Rows by an executor, as they are done. A row whose worker is lost or fails is handed out again; so are all that were under way where
    the whole executor is lost and another can be made."""
    make, pool = (None, executor) if isinstance(executor, Executor) else (executor, executor())
    todo = deque((place, 0) for place in tasks)
    under_way: dict[Future[str], tuple[int, int]] = {}
    done: queue.SimpleQueue[Future[str]] = queue.SimpleQueue()
    failed: dict[int, Exception] = {}
    computed, losses = 0, 0
    try:
        while todo or under_way:
            loss = None
            try:
                while todo and len(under_way) < AHEAD:
                    place, tried = todo[0]
                    future = pool.submit(_row, tasks[place], setting, tried)
                    under_way[future] = todo.popleft()
                    future.add_done_callback(done.put)
            except BrokenExecutor as error:
                loss = error
            if loss is None:
                future = done.get()
                place, tried = under_way[future]
                try:
                    row = future.result()
                except BrokenExecutor as error:
                    loss = error
                except GuidancePlaygroundError:
                    raise
                except Exception as error:
                    del under_way[future]
                    if tried + 1 < TRIES:
                        todo.append((place, tried + 1))
                        continue
                    failed[place] = error
                    if not computed:
                        break
                else:
                    del under_way[future]
                    computed, losses = computed + 1, 0
                    yield place, row
            if loss is not None:
                losses += 1
                if make is None or losses == TRIES:
                    raise _lost(f"All workers of the executor are lost, with {computed} of {len(tasks)} rows done", not make) from loss
                # Whatever was handed out first may be what broke it: that goes last.
                for future, (place, tried) in reversed(under_way.items()):
                    if future.done() and not future.cancelled() and future.exception() is None:
                        computed, losses = computed + 1, 0
                        yield place, future.result()
                    else:
                        todo.append((place, tried))
                under_way, done = {}, queue.SimpleQueue()
                pool.shutdown(wait=False)
                pool = make()
    finally:
        for future in under_way:
            future.cancel()
        if make:
            pool.shutdown()
    if failed:
        place, cause = next(iter(failed.items()))
        which = title(json.loads(tasks[place]))
        raise _lost(f"{len(failed)} of {len(tasks)} rows could not be computed, tried {TRIES} times each; of {which}: {cause!r}") from cause


def _lost(sentence: str, anew: bool = False) -> GuidancePlaygroundError:
    advice = "Rows that are done stand in the file that out names: the same call goes on from there."
    if anew:
        advice += (
            " In place of a pool give a function that makes it, such as functools.partial(ProcessPoolExecutor, 4): it is asked for another."
        )
    return GuidancePlaygroundError("workers-lost", f"{sentence}.", advice)
