"""For all tests: a slow machine is no fault of the code."""

from hypothesis import Phase, settings

settings.register_profile("course", deadline=None)
settings.load_profile("course")
# For mutation testing: the same examples for every mutant, and no time spent on the smallest that fails.
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
