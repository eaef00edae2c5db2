"""Data in parts: expected sufficient statistics add up, so the E-step can be split over processes and machines.

`PartitionedModel` is a model for `emlib.em` like any other. Where its parts live, and who asks them, is the matter of
an engine:

- `PartitionedModel([model, model])` asks one after the other, here.
- `with on_processes(make, pieces) as parts` has a process for each part, on this machine.
- `with on_dask(make, pieces) as parts` has Dask's workers, on this machine or on many.

With the last two, parts are made where they stay; only parameters and statistics travel.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

LOOPBACK = "127.0.0.1"  # what listens there is not seen from other machines
SETTINGS = ("learn_weights", "values")  # of the models of this package; all else in them is data
NO_GUARD = (
    "the processes ended as they began. Each imports the script that is run, so all that it does must stand under "
    'if __name__ == "__main__": (as in a script that run.py export makes of a notebook)'
)


class PartitionedModel:
    """A model whose data are those of all its parts together, none of them twice.

    Its E-step is the sum of the parts' E-steps, its log-likelihood the sum of theirs. The M-step needs only the sums,
    so the first part takes it.

    Parameters
    ----------
    models : sequence of Model
        One for each part of the data, of the same kind and with the same settings.
    map : callable, default map
        Works as the built-in `map` does, for instance the `map` of a `ProcessPoolExecutor`. That one sends the data
        along each time; `on_processes` and `on_dask` do not.
    """

    def __init__(self, models, map: Callable = map):
        if not callable(map):
            raise TypeError(f"map must work as the built-in map does; it is {map!r}")
        elsewhere = isinstance(models, range)  # numbers of models that only `map` can reach
        self.models = _some("models", models)
        if not elsewhere:
            _of_one_kind(self.models)
        self._map = map

    def e_step(self, theta) -> Any:
        """Expected sufficient statistics of all data, equation (6.4): the parts' statistics, added up."""
        return add(self._ask(self.models, "e_step", theta))

    def m_step(self, statistics) -> Any:
        """Maximum-likelihood parameters for the sums, equation (6.5)."""
        return self._ask(self.models[:1], "m_step", statistics)[0]

    def log_likelihood(self, theta) -> float:
        """Log-likelihood of all data, in nats: the sum over the parts."""
        return float(sum(self._ask(self.models, "log_likelihood", theta)))

    def _ask(self, models, method, argument):
        return list(self._map(_call, models, [method] * len(models), [argument] * len(models)))


def _of_one_kind(models):
    for model in models:
        missing = [name for name in ("e_step", "m_step", "log_likelihood") if not callable(getattr(model, name, None))]
        if missing or isinstance(model, type):
            what = f"has no {missing[0]}" if missing else "is a class; call it with data"
            raise TypeError(f"models must be models, one for each part of the data; {model!r} {what}")
    kinds = sorted({type(model).__name__ for model in models})
    if len({type(model) for model in models}) > 1:
        raise ValueError(f"models must be of one kind; they are {', '.join(kinds)}")
    for setting in SETTINGS:
        found = [np.array(getattr(model, setting, None)) for model in models]
        different = [other for other in found if not np.array_equal(other, found[0])]
        if different:
            raise ValueError(
                f"models must have the same settings; {setting} is {found[0].tolist()} here, "
                f"{different[0].tolist()} there"
            )


def _some(name, values):
    try:
        values = list(values)
    except TypeError as error:
        raise TypeError(f"{name} must be a list, one for each part of the data; it is {values!r}") from error
    if not values:
        raise ValueError(f"{name} must be one or more; there are none")
    return values


def _call(model, method, argument):
    return getattr(model, method)(argument)


def add(statistics) -> Any:
    """Sum of sufficient statistics: of numbers and arrays, or part by part where they are tuples, dicts, dataclasses.

    A field named `previous` holds the parameters under which the expectation was taken. It is the same in all parts,
    and kept.

    Parameters
    ----------
    statistics : sequence
        All of one kind.

    Returns
    -------
    object
        Of the same kind.

    Raises
    ------
    ValueError
        If there are none, or they are no numbers, arrays or structures of such, or differ in kind, shape or length.
    """
    first, *others = statistics = _some("statistics", statistics)
    if any(type(other) is not type(first) for other in others):
        raise ValueError(f"statistics must be of one kind; they are {sorted({type(s).__name__ for s in statistics})}")
    if is_dataclass(first):
        names = [field.name for field in fields(first) if field.name != "previous"]
        return replace(first, **{name: add([getattr(part, name) for part in statistics]) for name in names})
    if hasattr(first, "_fields"):  # a NamedTuple
        names = [name for name in first._fields if name != "previous"]
        return first._replace(**{name: add([getattr(part, name) for part in statistics]) for name in names})
    if isinstance(first, (tuple, list, dict)):
        keys = [list(part) if isinstance(part, dict) else range(len(part)) for part in statistics]
        if any(sorted(other, key=str) != sorted(keys[0], key=str) for other in keys):
            raise ValueError(f"statistics must have the same entries in all parts; they are {first} and {others}")
        sums = {key: first[key] if key == "previous" else add([part[key] for part in statistics]) for key in keys[0]}
        return sums if isinstance(first, dict) else type(first)(sums.values())
    if not isinstance(first, (np.ndarray, np.number, int, float)):
        raise ValueError(
            "statistics must be numbers, arrays, or tuples, lists, dicts or dataclasses of them; "
            f"one is a {type(first).__name__}"
        )
    shapes = sorted({np.shape(part) for part in statistics})
    if len(shapes) > 1:
        raise ValueError(f"statistics must have the same shape in all parts; their shapes are {shapes}")
    return sum(others, start=first)


@contextmanager
def on_processes(make: Callable, pieces) -> Iterator[PartitionedModel]:
    """Parts that live in processes of their own, one for each, until the `with` block ends.

    A browser has no processes: there the parts take turns, and a line says so.

    As many parts as processors are enough. Numpy may use several threads in each process; set OPENBLAS_NUM_THREADS=1
    before Python starts, so that they do not compete.

    Parameters
    ----------
    make : callable
        Takes a piece and returns its model. A function or class of a module, so that the processes can import it; in a
        script all else must stand under `if __name__ == "__main__":`.
    pieces : sequence
        One for each process: the data themselves, which are sent once, or where to find them, such as a file's name.

    Yields
    ------
    PartitionedModel

    Raises
    ------
    ValueError
        If there are no pieces; and whatever `make` raises.
    RuntimeError
        If the processes end as they begin, for instance because a script has no guard.
    """
    _callable(make)
    pieces = _some("pieces", pieces)
    try:
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context, synchronize  # noqa: F401 - without it a pool says so later
    except ImportError:
        print("This Python has no processes, as in a browser: the parts take turns.")
        yield PartitionedModel([make(piece) for piece in pieces])
        return
    with ExitStack() as stack:
        # A pool of one for each part, so that it is known who has which. "spawn" is safe beside threads.
        pools = [stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"))) for _ in pieces]
        try:
            for made in [pool.submit(_keep, make, piece) for pool, piece in zip(pools, pieces, strict=True)]:
                made.result()
        except BrokenProcessPool as error:
            raise RuntimeError(NO_GUARD) from error

        def ask(function, numbers, *arguments):
            calls = zip(numbers, *arguments, strict=True)
            futures = [pools[number].submit(_call_kept, function, *rest) for number, *rest in calls]
            return [future.result() for future in futures]

        yield PartitionedModel(range(len(pieces)), ask)


def _callable(make):
    if not callable(make):
        raise TypeError(f"make must take a piece and return its model; it is {make!r}")


def _keep(make, piece):
    global kept  # in a process that has nothing else to do
    kept = make(piece)


def _call_kept(function, *arguments):
    return function(kept, *arguments)


@contextmanager
def on_dask(make: Callable, pieces, client=None) -> Iterator[PartitionedModel]:
    """Parts that live on Dask's workers until the `with` block ends.

    Parameters
    ----------
    make : callable
        Takes a piece and returns its model.
    pieces : sequence
        Best a file's name or the like, from which a worker makes its part. Data themselves are sent once.
    client : dask.distributed.Client, optional
        Connected to a cluster; it stays open. Default: a cluster on this machine with a process for each processor or
        piece, whichever are fewer, which listens to this machine alone and is closed at the end.

    Yields
    ------
    PartitionedModel

    Raises
    ------
    ValueError
        If there are no pieces; and whatever `make` raises.
    ImportError
        If Dask is not installed.
    """
    try:
        from dask.distributed import Client, wait
        from dask.system import CPU_COUNT
    except ImportError as error:
        if sys.platform == "emscripten":
            raise ImportError(
                "Dask needs processes, and a browser has none; on_processes lets the parts take turns"
            ) from error
        raise ImportError('Dask is not installed; "pip install dask[distributed]" does it') from error
    _callable(make)
    pieces = _some("pieces", pieces)
    with ExitStack() as stack:
        if client is None:
            workers = max(1, min(CPU_COUNT, len(pieces)))
            # Whoever reaches a scheduler, a worker or its page can have it run anything.
            page = f"{LOOPBACK}:0"
            own = Client(n_workers=workers, threads_per_worker=1, host=LOOPBACK, dashboard_address=page)
            client = stack.enter_context(own)
        names = sorted(client.scheduler_info(n_workers=-1)["workers"])
        # Each part has a home. Dask may not know how large a part is and so would move it without need; if the home is
        # lost, Dask makes the part anew elsewhere.
        homes = [
            {"workers": [names[i % len(names)]], "allow_other_workers": True, "pure": False} for i in range(len(pieces))
        ]
        models = [client.submit(make, piece, **home) for piece, home in zip(pieces, homes, strict=True)]
        wait(models)
        for model in models:
            if model.status == "error":
                model.result()  # raises it

        def ask(function, numbers, *arguments):
            calls = zip(numbers, *arguments, strict=True)
            return client.gather([client.submit(function, models[i], *rest, **homes[i]) for i, *rest in calls])

        yield PartitionedModel(range(len(pieces)), ask)
