"""When does it pay to split the E-step over processes?

python3 run.py benchmark split
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

import emlib
from emlib.beyond import PartitionedModel, on_dask, on_processes
from emlib.models import IncomeGroups, IncomeMixture

SEQUENCES, INCOMES, PIECES, ROUNDS = 20_000_000, 2_000_000, 2, 5
CHUNK = 5_000  # rows that are worked on together, few enough to stay in the processor's cache
TRUTH = emlib.Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8])
GROUPS = IncomeGroups([0.3, 0.4, 0.3], [15, 30, 60], 0.3)


class Rows(emlib.BinomialMixture):
    """One row per sequence of 10 tosses, as if equal ones were not worked on once."""

    def __init__(self, heads):
        self.learn_weights, self.heads, self.distinct_heads = True, heads, heads
        self.distinct_tosses = np.full(len(heads), 10, dtype=np.int8)
        self.occurrences = np.ones(len(heads))
        self.many_tosses = False
        self.log_coefficients = self.log_constants = emlib.BinomialMixture(np.arange(11)).log_coefficients[heads]


def chunks(values):
    return np.array_split(values, max(1, len(values) // CHUNK))


def collapsed(files):
    return emlib.BinomialMixture(np.concatenate([np.load(file) for file in files]))


def rows(files):
    return PartitionedModel([Rows(chunk) for file in files for chunk in chunks(np.load(file))])


def incomes_at_once(files):
    return IncomeMixture(np.concatenate([np.load(file) for file in files]))


def incomes_in_chunks(files):
    return PartitionedModel([IncomeMixture(chunk) for file in files for chunk in chunks(np.load(file))])


@contextmanager
def one_process(make, pieces):
    yield make([file for piece in pieces for file in piece])


def write(folder):
    """The data, in a file for each piece."""
    generator, heads, incomes = np.random.default_rng(1), [], []
    for number in range(PIECES):
        files = folder / f"heads{number}.npy", folder / f"incomes{number}.npy"
        np.save(files[0], TRUTH.sample(SEQUENCES // PIECES, seed=generator).heads.astype(np.int8))
        np.save(files[1], GROUPS.sample(INCOMES // PIECES, seed=generator).incomes)
        heads.append([files[0]])
        incomes.append([files[1]])
    return heads, incomes


def measure(theta, pieces, variants):
    """Seconds until each variant is ready, and for an iteration: medians of rounds in which they take turns."""
    ready, iteration, ends = {}, {name: [] for name in variants}, {}
    with ExitStack() as stack:
        models = {}
        for name, (engine, make) in variants.items():
            start = time.perf_counter()
            models[name] = stack.enter_context(engine(make, pieces))
            ready[name] = time.perf_counter() - start
        for round_ in range(ROUNDS + 1):
            for name, model in models.items():
                repeats = 1 if round_ == 0 or np.median(iteration[name] or [1]) > 0.1 else 20
                start = time.perf_counter()
                for _ in range(repeats):
                    ends[name] = model.m_step(model.e_step(theta))
                if round_:  # the first warms up
                    iteration[name].append((time.perf_counter() - start) / repeats)
    first, *others = ends.values()
    assert all(np.allclose(first, other, rtol=1e-9, atol=0) for other in others)
    return ready, {name: statistics.median(times) for name, times in iteration.items()}


def table(title, ready, iteration, single):
    """`single` is the row that the ratios refer to."""
    print(f"\n| {title} | ready after | an iteration | ratio |\n|---|---:|---:|---:|")
    for name, seconds in iteration.items():
        took = f"{1e3 * seconds:,.0f} ms" if seconds > 0.01 else f"{1e3 * seconds:.2f} ms"
        print(f"| {name} | {ready[name]:.1f} s | {took} | {seconds / iteration[single]:.3g} |")


def main():
    engines = {"one process": one_process, f"{PIECES} processes": on_processes, f"Dask, {PIECES} workers": on_dask}
    with tempfile.TemporaryDirectory() as folder:
        heads, incomes = write(Path(folder))
        kinds = {"11 outcomes": collapsed, "one row each": rows}
        variants = {f"{kind}, {name}": (e, make) for kind, make in kinds.items() for name, e in engines.items()}
        result = measure(emlib.chapter.start, heads, variants)
        table(f"{SEQUENCES:,} sequences", *result, "one row each, one process")
        variants = {"all at once, one process": (one_process, incomes_at_once)}
        variants |= {f"in chunks, {name}": (engine, incomes_in_chunks) for name, engine in engines.items()}
        result = measure(IncomeGroups([0.4, 0.3, 0.3], [10, 25, 70], 0.5), incomes, variants)
        table(f"{INCOMES:,} incomes", *result, "in chunks, one process")


if __name__ == "__main__":
    # In a fresh Python by the module's name, so that other processes find what it makes; and with one thread for each
    # process, or numpy's threads compete.
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", "import split; split.main()"]
    sys.exit(subprocess.run(command, cwd=Path(__file__).parent, env=os.environ | threads).returncode)
