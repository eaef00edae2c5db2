"""How many evaluations, and how much time, does each way need to within 1e-6 nats of the maximum?

python3 run.py benchmark acceleration

An evaluation is one E-step, M-step and likelihood; for L-BFGS one likelihood with its gradient; for Newton's method one
likelihood with its gradient and second derivatives, which takes longer. Trials of Newton's method that fail count, too.
"""

import os
import statistics
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # on so small problems, threads only wait for each other, above all in L-BFGS

import numpy as np  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

import emlib  # noqa: E402
from emlib.beyond import em_jacobian, polish, slope_and_curvature, squarem  # noqa: E402  # noqa: E402
from emlib.coins import Coins  # noqa: E402

SPREADS = ((0.3, 0.5, 0.7), (0.2, 0.5, 0.8), (0.1, 0.5, 0.9))  # from much overlap to little
WEIGHTS = [0.3, 0.4, 0.3]
SEQUENCES = 10_000
START = Coins([1 / 3, 1 / 3, 1 / 3], [0.1, 0.5, 0.9])
NEAR = 1e-6  # nats
TRIALS = {5 * 2**power for power in range(15)}


def until_near(steps, goal):
    """Evaluations, each an E-step, an M-step and a likelihood."""
    for step in steps:
        if step.log_likelihood >= goal:
            return step.iteration, step.theta
    raise AssertionError("never came near")


def plain_em(model, goal):
    return until_near(emlib.em(model, START, 50_000, tolerance=0), goal)


def leaping(model, goal):
    return until_near(squarem(model, START, 50_000, tolerance=0), goal)


def quasi_newton(model, goal):
    """L-BFGS on the logarithms of odds and of weights. The E-step gives the gradient (Fisher's identity)."""
    best = {"height": -np.inf, "evaluations": 0}

    def theta_from(x):
        weights = np.exp(x[:3] - x[:3].max())
        return Coins(weights / weights.sum(), 1 / (1 + np.exp(-x[3:])))

    def minus(x):
        theta = theta_from(x)
        found, height = model.e_step(theta), model.log_likelihood(theta)
        best["evaluations"] += 1
        if height > best["height"]:
            best.update(height=height, theta=theta)
        gradient = np.append(found.counts - SEQUENCES * theta.weights, found.heads - found.tosses * theta.biases)
        return -height / SEQUENCES, -gradient / SEQUENCES

    def stop(x):
        if best["height"] >= goal:
            raise StopIteration

    start = np.append(np.log(START.weights), np.log(START.biases / (1 - START.biases)))
    minimize(minus, start, jac=True, method="L-BFGS-B", callback=stop, options={"ftol": 0, "gtol": 0, "maxiter": 5000})
    assert best["height"] >= goal, "never came near"
    return best["evaluations"], best["theta"]


def then_newton(run):
    """Newton's method, tried after 5, 10, 20, 40, ... iterations of `run` and given up where it does not climb."""

    def way(model, goal):
        tried = 0
        for step in run(model, START, 50_000, tolerance=0):
            theta, height = step.theta, step.log_likelihood
            if step.iteration in TRIALS:
                while height < goal:
                    tried += 1
                    slope, curvature = slope_and_curvature(model, theta)
                    move = -np.linalg.solve(curvature, slope)
                    try:
                        theta = Coins(theta.weights + np.append(move[3:], -move[3:].sum()), theta.biases + move[:3])
                    except ValueError:  # outside the parameter space
                        break
                    height, before = model.log_likelihood(theta), height
                    if height <= before:
                        break
            if height >= goal:
                return step.iteration + tried, theta
        raise AssertionError("never came near")

    return way


WAYS = {
    "EM": plain_em,
    "SQUAREM": leaping,
    "EM, then Newton": then_newton(emlib.em),
    "SQUAREM, then Newton": then_newton(squarem),
    "L-BFGS": quasi_newton,
}


def main(rounds=15):
    print("| biases | rate of EM | way | evaluations | EM needs, ratio | time | EM needs, ratio |")
    print("|---|---:|---|---:|---:|---:|---:|")
    for biases in SPREADS:
        model = emlib.BinomialMixture(Coins(WEIGHTS, biases).sample(SEQUENCES, tosses=10, seed=1).heads)
        *_, last = squarem(model, START, 5000)
        maximum = polish(model, last.theta)
        rate = np.abs(np.linalg.eigvals(em_jacobian(model, maximum))).max()
        goal = model.log_likelihood(maximum) - NEAR
        evaluations, times = {}, {name: [] for name in WAYS}
        for _ in range(rounds):  # in turn, so that a busy moment of the machine hits all of them
            for name, way in WAYS.items():
                start = time.perf_counter()
                evaluations[name], theta = way(model, goal)
                times[name].append(time.perf_counter() - start)
                assert np.allclose(theta, maximum, atol=0.01), f"{name} found another maximum"
        for name in WAYS:
            median, plain = statistics.median(times[name]), statistics.median(times["EM"])
            print(
                f"| {', '.join(map(str, biases))} | {rate:.4f} | {name} "
                f"| {evaluations[name]:,} | {evaluations['EM'] / evaluations[name]:.1f} "
                f"| {1e3 * median:.1f} ms | {plain / median:.1f} |"
            )


if __name__ == "__main__":
    main()
