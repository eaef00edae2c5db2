"""How long do 10,000 starts x 200 iterations take on the chapter's 20 sequences, all at once?

python3 run.py benchmark starts

`emlib.em_many` stands beside plain numpy that does the same without a guard, and beside existing packages, which take
one start after the other. Those are installed once, into a folder of .venv that nothing else uses; they are timed on
fewer starts, and their times are multiplied up. Everybody does all iterations of the same model from the same starts,
and must end where em_many ends.
"""

import math
import os
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

import emlib
from emlib.beyond import basins, random_starts
from emlib.landscape.state import grid_of_starts

STARTS, ITERATIONS = 10_000, 200
LOOPED = 40  # starts on which the packages are timed
ROUNDS = 9
PACKAGES = ("scikit-learn==1.9.1", "mixem==0.1.4", "stepmix==3.0.0")
FOLDER = Path(sys.prefix) / "benchmark" / "_".join(PACKAGES).replace("==", "-")
TOSSES = 10
MODEL = emlib.BinomialMixture(emlib.chapter.heads, TOSSES)
BASIN_DATA = {
    "data A": emlib.BinomialMixture(emlib.data.A),
    "data B": emlib.BinomialMixture(emlib.data.B),
    "the chapter's data": MODEL,
}


def install_packages():
    """The packages in a folder of their own; their numpy and scipy stay unused, since the project's stand first."""
    if not FOLDER.is_dir():
        print(f"Installing {', '.join(PACKAGES)} in {FOLDER} ...", flush=True)
        unfinished = FOLDER.with_name(FOLDER.name + "-unfinished")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
        subprocess.run([*pip, "--target", unfinished, *PACKAGES], check=True)
        unfinished.rename(FOLDER)
    sys.path.append(str(FOLDER))


def plain_numpy(weights, biases, size):
    """Log space, unobserved outcomes dropped, starts last in memory. Nothing is checked and nothing may be 0 or 1."""
    heads, counts = MODEL.distinct_heads[:, None].astype(float), MODEL.occurrences[:, None].astype(float)
    tails = TOSSES - heads
    ends = np.empty_like(weights), np.empty_like(biases), np.empty(len(weights))
    for first in range(0, len(weights), size):
        rows = slice(first, first + size)
        w, b = weights[rows].T.copy(), biases[rows].T.copy()
        joint = np.empty((len(w), len(heads), w.shape[1]))
        term = np.empty_like(joint)
        for iteration in range(ITERATIONS + 1):
            np.multiply(heads, np.log(b)[:, None], out=joint)
            joint += np.multiply(tails, np.log(1 - b)[:, None], out=term)
            joint += np.log(w)[:, None]
            total = np.exp(joint, out=joint).sum(axis=0)
            if iteration < ITERATIONS:
                joint *= counts / total
                owned = joint.sum(axis=1)
                w = owned / counts.sum()
                b = np.einsum("m,kmr->kr", heads[:, 0], joint) / (TOSSES * owned)
        ends[0][rows], ends[1][rows] = w.T, b.T
        ends[2][rows] = MODEL.occurrences @ (np.log(total) + MODEL.log_coefficients[:, None])
    return ends


def plain_numpy_products(weights, biases, size):
    """The same with matrix products, as em_many does it."""
    heads, counts = MODEL.distinct_heads.astype(float), MODEL.occurrences[:, None].astype(float)
    sums = np.stack([np.ones(len(heads)), heads])
    factors = np.stack([np.ones(len(heads)), heads, TOSSES - heads], axis=1)
    ends = np.empty_like(weights), np.empty_like(biases), np.empty(len(weights))
    for first in range(0, len(weights), size):
        rows = slice(first, first + size)
        w, b = weights[rows].T.copy(), biases[rows].T.copy()
        joint = np.empty((len(w), len(heads), w.shape[1]))
        for iteration in range(ITERATIONS + 1):
            np.matmul(factors, np.stack([np.log(w), np.log(b), np.log(1 - b)], axis=1), out=joint)
            total = np.exp(joint, out=joint).sum(axis=0)
            if iteration < ITERATIONS:
                joint *= counts / total
                expected = sums @ joint
                w, b = expected[:, 0] / counts.sum(), expected[:, 1] / (TOSSES * expected[:, 0])
        ends[0][rows], ends[1][rows] = w.T, b.T
        ends[2][rows] = MODEL.occurrences @ (np.log(total) + MODEL.log_coefficients[:, None])
    return ends


def emlib_looped(weights, biases):
    theta = emlib.Coins(weights, biases)
    for _ in range(ITERATIONS):
        theta = MODEL.m_step(MODEL.e_step(theta))
    return theta.weights, theta.biases


def scikit_learn():
    """A run from one start, by a subclass of scikit-learn's base of mixtures."""
    from sklearn.mixture._base import BaseMixture

    class Binomials(BaseMixture):
        def __init__(self, weights, biases):
            super().__init__(
                n_components=len(weights),
                tol=0,  # stops at a smaller change, so never
                reg_covar=0,
                max_iter=ITERATIONS,
                n_init=1,
                init_params="random",
                random_state=None,
                warm_start=False,
                verbose=0,
                verbose_interval=10,
            )
            self.weights, self.biases = weights, biases

        def _check_parameters(self, X, xp=None):
            pass

        def _initialize_parameters(self, X, random_state, xp=None):
            self._set_parameters((self.weights, self.biases))

        def _initialize(self, X, resp):
            pass

        def _m_step(self, X, log_resp, xp=None):
            posterior = np.exp(log_resp)
            counts = posterior.sum(axis=0)
            self._set_parameters((counts / len(X), X[:, 0] @ posterior / (TOSSES * counts)))

        def _estimate_log_weights(self, xp=None):
            return np.log(self.weights_)

        def _estimate_log_prob(self, X, xp=None):
            return X * np.log(self.biases_) + (TOSSES - X) * np.log(1 - self.biases_)

        def _compute_lower_bound(self, log_resp, log_prob_norm):
            return log_prob_norm

        def _get_parameters(self):
            return self.weights_, self.biases_

        def _set_parameters(self, params, xp=None):
            self.weights_, self.biases_ = params

    data = MODEL.heads[:, None].astype(float)

    def run(weights, biases):
        fit = Binomials(weights, biases).fit(data)
        assert fit.n_iter_ == ITERATIONS
        return fit.weights_, fit.biases_

    return run


def mixem():
    """A run from one start, by mixem with a density of one's own."""
    import mixem
    from mixem.distribution import Distribution

    class Binomial(Distribution):
        def __init__(self, bias):
            self.bias = bias

        def log_density(self, data):
            return data * math.log(self.bias) + (TOSSES - data) * math.log(1 - self.bias)

        def estimate_parameters(self, data, weights):
            self.bias = weights @ data / (TOSSES * weights.sum())

        def __repr__(self):
            return f"Binomial({self.bias})"

    data = MODEL.heads.astype(float)

    def run(weights, biases):
        coins = [Binomial(bias) for bias in biases]
        # It counts from 0, and stops at a gain below `tol`, so never.
        weights, _, _ = mixem.em(data, coins, weights, ITERATIONS - 1, tol=-math.inf, progress_callback=None)
        return weights, [coin.bias for coin in coins]

    return run


def stepmix():
    """A run from one start, by StepMix's binary measurement: a column for each toss, each holding heads / tosses."""
    from stepmix.stepmix import StepMix

    class FromStart(StepMix):
        def _initialize_parameters(self, X, random_state):
            self.weights_ = self.start[0]
            self._initialize_parameters_measurement(X, random_state, init_emission=False)
            self._mm.set_parameters({"pis": np.tile(self.start[1][:, None], TOSSES)})

    data = np.tile(MODEL.distinct_heads[:, None] / TOSSES, TOSSES)  # it takes weights, so each outcome stands here once

    def run(weights, biases):
        fit = FromStart(
            len(weights), measurement="binary", abs_tol=0, rel_tol=0, max_iter=ITERATIONS, progress_bar=0, verbose=0
        )
        fit.start = weights, biases
        fit.fit(data, sample_weight=MODEL.occurrences)
        assert fit.n_iter_ == ITERATIONS
        return fit.weights_, fit.get_parameters()["measurement"]["pis"][:, 0]

    return run


def seconds(action):
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def measure_starts():
    weights, biases = random_starts(3, STARTS, seed=0)
    assert biases.min() > 0 and biases.max() < 1 and weights.min() > 0  # or plain numpy would fail
    at_once = {"`emlib.em_many`": lambda: emlib.em_many(MODEL, weights, biases, ITERATIONS)}
    for size in (STARTS, STARTS // 2, STARTS // 5):
        chunks = "all in one" if size == STARTS else f"{size:,} at a time"
        for form, name in ((plain_numpy, "plain numpy"), (plain_numpy_products, "plain numpy, matrix products")):
            at_once[f"{name}, {chunks}"] = lambda form=form, size=size: form(weights, biases, size)
    packages = zip(PACKAGES, (scikit_learn, mixem, stepmix), strict=True)
    one_by_one = {name.replace("==", " "): make() for name, make in packages} | {
        "emlib's `e_step` and `m_step`": emlib_looped
    }
    expected = emlib.em_many(MODEL, weights, biases, ITERATIONS)

    times = {name: [] for name in (*at_once, *one_by_one)}
    for _ in range(ROUNDS):  # all in turn, so that a busy moment of the machine hits all of them
        for name, run in at_once.items():
            spent, ends = seconds(run)
            times[name].append(spent)
            for found, wanted in zip(ends, expected, strict=True):
                np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-10, err_msg=name)
        for name, run in one_by_one.items():
            loop = zip(weights[:LOOPED], biases[:LOOPED], strict=True)
            spent, ends = seconds(lambda run=run, loop=loop: [run(w, b) for w, b in loop])
            times[name].append(spent * STARTS / LOOPED)
            for row, (w, b) in enumerate(ends):
                np.testing.assert_allclose(w, expected.weights[row], rtol=0, atol=1e-10, err_msg=name)
                np.testing.assert_allclose(b, expected.biases[row], rtol=0, atol=1e-10, err_msg=name)

    medians = {name: statistics.median(spent) for name, spent in times.items()}
    plain = min(spent for name, spent in medians.items() if name.startswith("plain"))
    print(f"\n| {STARTS:,} starts x {ITERATIONS} iterations | time | to the fastest plain numpy | to `em_many` |")
    print("|---|---:|---:|---:|")
    for name, spent in sorted(medians.items(), key=lambda entry: entry[1]):
        how = f"{name}, one by one (from {LOOPED} starts)" if name in one_by_one else name
        to_many = spent / medians["`emlib.em_many`"]
        numbers = [f"{number:,.{3 if number < 10 else 0}f}" for number in (spent, spent / plain, to_many)]
        print(f"| {how} | {numbers[0]} s |", " | ".join(numbers[1:]), "|")
    print(f"\nMedians of {ROUNDS} rounds, in which all took turns.")


def measure_basins():
    rows = {}
    for name, model in BASIN_DATA.items():
        maxima = emlib.local_maxima(model)
        for third in (0.1, 0.5, 0.9):
            starts = grid_of_starts(emlib.Coins([1 / 3] * 3, [0.5, 0.5, third]))
            rows[name, third] = lambda model=model, starts=starts, maxima=maxima: basins(model, *starts, maxima)
    times = {key: [] for key in rows}
    for _ in range(ROUNDS):
        for key, run in rows.items():
            times[key].append(seconds(run)[0])
    print(f"\n| basin map, {100 * 100:,} starts | third bias | median | fastest | slowest |")
    print("|---|---:|---:|---:|---:|")
    for (name, third), spent in times.items():
        numbers = (statistics.median(spent), min(spent), max(spent))
        print(f"| {name} | {third} |", " | ".join(f"{1000 * number:.0f} ms" for number in numbers), "|")


def main():
    install_packages()
    warnings.filterwarnings("ignore", message=".*did not converge")  # no package is allowed to
    if hasattr(os, "getloadavg"):  # not on Windows
        print(f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.", flush=True)
    measure_starts()
    measure_basins()


if __name__ == "__main__":
    main()
