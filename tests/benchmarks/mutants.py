"""Small faults put into emlib one at a time, by mutmut: how many do the tests that need no browser notice?

python3 run.py benchmark mutants                   all modules below, in an hour or more
python3 run.py benchmark mutants coins models.*    some of them
python3 run.py benchmark mutants --fifth coins     of each, only the faults whose number ends in 3 or 7
python3 run.py benchmark mutants --fifth=18 coins  of each, only those whose number ends in 1 or 8
"""

import fnmatch
import os
import resource
import shutil
import string
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# The tests for each module.
TESTS = {
    "algorithm": "algorithm coins linkage chapter",
    "mixture": "mixture coins categorical incomes free_energy",
    "coins": "coins chapter binomial algorithm",
    "binomial": "binomial coins",
    "chapter": "chapter",
    "checks": "checks",
    "tables": "tables",
    "models.labels": "labels",
    "models.categorical": "categorical",
    "models.incomes": "incomes",
    "models.linkage": "linkage",
    "beyond.gradient": "maxima",
    "beyond.many_starts": "maxima",
    "beyond.stationary": "maxima",
    "beyond.maxima": "maxima",
    "beyond.strategies": "strategies",
    "beyond.best": "best",
    "beyond.progress": "checks best",
    "beyond.ascent": "free_energy bound",
    "beyond.acceleration": "acceleration",
    "beyond.inference": "inference",
    "beyond.information": "information",
    "beyond.own_model": "own_model",
    "beyond.parts": "parts",
    "words.__init__": "words",
    "lessons.__init__": "check",
    "page.checking": "checking",
    "page.inputs": "inputs",
    "page.live_view": "live_view",
    "page.progress": "progress",
    "page.switch": "progress",
    "page.shares": "shares",
    "page.coin_sliders": "coin_sliders",
    "by_hand.outcomes": "one_iteration controls",
    "by_hand.one_iteration_sheet": "one_iteration controls",
    "by_hand.one_iteration_state": "one_iteration controls",
    "by_hand.one_iteration": "one_iteration controls",
    "by_hand.e_step_state": "e_step controls",
    "by_hand.e_step": "e_step controls",
    "by_hand.climb_state": "climb controls",
    "by_hand.climb": "climb controls",
    "by_hand.draw_state": "draw controls",
    "by_hand.draw": "draw controls",
    "explorer.state": "explorer explorer_state explorer_picture",
    "explorer.typed": "typed explorer_state",
    "landscape.state": "landscape_state",
    "landscape.view": "landscape",
    "lessons.local_maxima.growing": "growing",
    "lessons.one_iteration_by_hand.steps": "steps",
    "lessons.some_labels_known.known_ages": "known_ages",
    "lessons.some_labels_known.known_ages_state": "known_ages",
    "lessons.why_em_climbs.bound": "bound",
    "lessons.why_em_climbs.bound_state": "bound",
}
# mutmut changes no function with a decorator, so Dask's tests would find nothing more, and they leave threads behind.
# It puts frames of its own between a function and its caller.
SETTINGS = """[mutmut]
source_paths = emlib
only_mutate =
    {paths}
also_copy =
    notebooks
    README.md
timeout_multiplier = 10.0
pytest_add_cli_args =
    -o
    addopts=
    -p
    no:cacheprovider
    --hypothesis-profile=mutants
    -k
    not dask and not callers_loop
pytest_add_cli_args_test_selection =
    {tests}
"""
MEMORY = 8 << 30  # bytes: a fault that wants more is noticed by that, and does not stop the machine
SURVIVED = {"survived", "no tests", "not checked"}


def path_of(module: str) -> str:
    return f"emlib/{module.replace('.', '/')}.py"


def tests_of(module: str) -> list[str]:
    found = [next((ROOT / "tests").rglob(f"test_{name}.py")) for name in TESTS[module].split()]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def measure(modules: list[str], endings: str) -> dict[str, tuple[int, int]]:
    """Print what survived in modules with the same tests; of each, how many were killed of how many that end thus."""
    tests = tests_of(modules[0])
    print(f"{', '.join(modules)}: mutants tested by {', '.join(tests)} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in ("emlib", "tests", "notebooks"):
            shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        for part in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / part, home)
        settings = SETTINGS.format(paths="\n    ".join(map(path_of, modules)), tests="\n    ".join(tests))
        (home / "setup.cfg").write_text(settings, encoding="utf-8")
        (home / "mutants").mkdir()  # Python would not look for modules in a folder that was not there when it started
        # Processes that the tests start shall import the mutants, too.
        environment = os.environ | {"PYTHONPATH": str(home / "mutants"), "OPENBLAS_NUM_THREADS": "1"}

        def mutmut(*arguments, **options):
            command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *arguments]
            limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # noqa: E731
            return subprocess.run(command, cwd=home, env=environment, text=True, preexec_fn=limit, **options)

        hidden = {} if sys.stdout.isatty() else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        chosen = [f"*{digit}" for digit in endings]
        run = mutmut("run", "--max-children", "2", *chosen, **hidden)
        if run.returncode:
            sys.exit(f"{run.stdout or ''}\nmutmut could not run on {', '.join(modules)}; do their tests pass?")
        lines = mutmut("results", "--all", "true", stdout=subprocess.PIPE, check=True).stdout.splitlines()
        verdicts = dict(line.strip().split(": ") for line in lines)
        return {module: counted(module, verdicts, endings, mutmut) for module in modules}


def counted(module, verdicts, endings, mutmut):
    """Print what survived in a module."""
    name = f"emlib.{module}".removesuffix(".__init__")
    own = {key: verdict for key, verdict in verdicts.items() if key.rpartition(".")[0] == name}
    own = {key: verdict for key, verdict in own.items() if key.endswith(tuple(endings))}
    survivors = [key for key, verdict in own.items() if verdict in SURVIVED]
    for key in survivors:
        print(mutmut("show", key, stdout=subprocess.PIPE, check=True).stdout, flush=True)
    killed, late = len(own) - len(survivors), list(own.values()).count("timeout")
    print(f"{module}: {killed} of {len(own)} killed, {killed / len(own):.1%}; {late} of them by time", flush=True)
    return killed, len(own)


def main(arguments: list[str]) -> None:
    patterns = [argument for argument in arguments if not argument.startswith("--fifth")]
    sample = next((argument for argument in arguments if argument not in patterns), "")
    endings = string.digits if not sample else sample.removeprefix("--fifth").removeprefix("=") or "37"
    if not endings.isdecimal():
        sys.exit(f"--fifth must be followed by nothing or by the last digits, as in --fifth=18; it is {sample}")
    known = [module for module in TESTS if (ROOT / path_of(module)).is_file()]
    if unknown := [pattern for pattern in patterns if not fnmatch.filter(known, pattern)]:
        sys.exit(f"no such module: {', '.join(unknown)}; known are {', '.join(known)}")
    chosen = [module for module in known if any(fnmatch.fnmatch(module, pattern) for pattern in patterns or ["*"])]
    groups = {}  # those with the same tests are done together
    for module in chosen:
        groups.setdefault(tuple(tests_of(module)), []).append(module)
    scores = {module: score for group in groups.values() for module, score in measure(group, endings).items()}
    print("\n| module | mutants | killed | share |\n|---|---:|---:|---:|")
    for module in chosen:
        killed, total = scores[module]
        print(f"| {module} | {total} | {killed} | {killed / total:.1%} |")


if __name__ == "__main__":
    main(sys.argv[1:])
