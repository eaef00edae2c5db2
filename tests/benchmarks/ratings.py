"""Does an iteration of EM on ratings with gaps cost more if there are more users?

python3 run.py benchmark ratings
"""

import statistics
import time

import numpy as np

from emlib.models import Classes, JointCategorical, NaiveBayes

SIZES = (10**4, 10**5, 10**7)
STARS = (1, 2, 3, 4, 5)
TRUTH = Classes([0.5, 0.5], [[[0.1, 0.1, 0.2, 0.3, 0.3]] * 3, [[0.3, 0.3, 0.2, 0.1, 0.1]] * 3])
MODELS = {
    "big table": (JointCategorical, np.full((5, 5, 5), 1 / 125)),
    "types": (NaiveBayes, Classes([0.5, 0.5], np.random.default_rng(0).dirichlet(np.ones(5), (2, 3)))),
}


def ratings(users):
    stars = TRUTH.sample(users, STARS, seed=1).features
    stars[np.random.default_rng(2).random(stars.shape) < 0.2] = np.nan
    return stars


def seconds(action):
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def iterations(model, theta, number=20):
    for _ in range(number):
        theta = model.m_step(model.e_step(theta))


def main(rounds=9):
    built = {name: {} for name in MODELS}
    for size in SIZES:
        data = ratings(size)
        for name, (kind, _) in MODELS.items():
            built[name][size] = seconds(lambda kind=kind, data=data: kind(data, STARS))
    print("| model | users | patterns | an iteration | ratio to the first row | finding the patterns, once |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, (_, start) in MODELS.items():
        times = {size: [] for size in SIZES}
        for _ in range(rounds):  # sizes in turn, so that a busy moment of the machine hits all of them
            for size in SIZES:
                model = built[name][size][1]
                times[size].append(seconds(lambda model=model, start=start: iterations(model, start))[0] / 20)
        medians = {size: statistics.median(values) for size, values in times.items()}
        for size in SIZES:
            once, model = built[name][size]
            print(
                f"| {name} | {size:,} | {len(model.patterns)} | {1e6 * medians[size]:.0f} µs "
                f"| {medians[size] / medians[SIZES[0]]:.2f} | {1e3 * once:.0f} ms |"
            )


if __name__ == "__main__":
    main()
