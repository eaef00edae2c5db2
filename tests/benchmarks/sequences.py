"""Does an iteration of EM cost more if there are more sequences?

python3 run.py benchmark sequences
"""

import statistics
import time

import numpy as np

import emlib

SIZES = (10**3, 10**5, 10**7)
TRUTH = emlib.Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8])


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def run_em(model):
    *_, last = emlib.em(model, emlib.chapter.start, max_iterations=100, tolerance=0)
    assert last.iteration == 100


def one_row_per_sequence(heads):
    """A hundred iterations in plain numpy that do not collapse the data: what the collapsing saves."""
    weights, biases = emlib.chapter.start.weights, emlib.chapter.start.biases
    joint = weights * biases ** heads[:, None] * (1 - biases) ** (10 - heads[:, None])
    posterior = joint / joint.sum(axis=1, keepdims=True)
    counts = posterior.sum(axis=0)
    return counts / counts.sum(), heads @ posterior / (10 * counts)


def main(rounds=9):
    samples = {size: TRUTH.sample(size, tosses=10, seed=1).heads for size in SIZES}
    models = {size: emlib.BinomialMixture(heads, tosses=10) for size, heads in samples.items()}
    assert all(np.array_equal(model.distinct_heads, range(11)) for model in models.values())  # equally many outcomes
    times = {size: [] for size in SIZES}
    for _ in range(rounds):  # sizes in turn, so that a busy moment of the machine hits all of them
        for size, model in models.items():
            times[size].append(seconds(lambda model=model: run_em(model)) / 100)
    medians = {size: statistics.median(values) for size, values in times.items()}
    collapse = {
        size: statistics.median(seconds(lambda heads=heads: emlib.BinomialMixture(heads, 10)) for _ in range(3))
        for size, heads in samples.items()
    }
    plain = {
        size: statistics.median(seconds(lambda heads=heads: one_row_per_sequence(heads)) for _ in range(3))
        for size, heads in samples.items()
    }
    print("| sequences | an iteration | ratio to the first row | one row per sequence, ratio | collapsing, once |")
    print("|---:|---:|---:|---:|---:|")
    for size in SIZES:
        ratio = medians[size] / medians[SIZES[0]]
        print(
            f"| {size:,} | {1e6 * medians[size]:.0f} µs | {ratio:.2f} | {plain[size] / medians[size]:,.0f} "
            f"| {1e3 * collapse[size]:.1f} ms |"
        )


if __name__ == "__main__":
    main()
