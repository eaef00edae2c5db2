"""Incomes of which some ages are known, and EM on all of them."""

import numpy as np

from ...algorithm import em
from ...checks import instance, tally, whole_number
from ...models.incomes import IncomeMixture, IncomeSample
from .pictures import AGES, check_groups


class KnownAgesState:
    """People of whom the first few told their age, and EM's fit to everybody.

    Parameters
    ----------
    truth : IncomeGroups
        Three groups that the people were drawn from.
    start : IncomeGroups
        Where EM starts.
    sample : IncomeSample
        The people.
    known : int
        How many of them told their age: the first ones.

    Attributes
    ----------
    model : IncomeMixture
    fit : Step
        The last step of EM on everybody.
    counted : numpy.ndarray, shape (K,)
        Medians by counting those who told their age, and nobody else; nan where nobody of the group did.
    """

    def __init__(self, truth, start, sample: IncomeSample, known: int):
        check_groups("truth", truth)
        self.truth = truth
        self.show(start, sample, known)

    def show(self, start, sample, known) -> None:
        """Run EM again, from another start, on other people, or with more or fewer ages known.

        Nothing changes if it cannot be run.
        """
        check_groups("start", start)
        instance("sample", sample, IncomeSample)
        known = whole_number("known", known, least=0)
        if known > len(sample.labels):
            raise ValueError(f"known must be at most {len(sample.labels)}, the number of people; it is {known}")
        labels = np.where(np.arange(len(sample.labels)) < known, sample.labels, -1)
        model = IncomeMixture(sample.incomes, labels)
        *_, fit = em(model, start, 500, tolerance=1e-5)
        self.start, self.sample, self.known, self.model, self.fit = start, sample, known, model, fit
        told, logs = sample.labels[:known], np.log(sample.incomes[:known])
        counts, sums = (tally(told, weights, len(AGES)) for weights in (None, logs))
        with np.errstate(invalid="ignore"):
            self.counted = np.exp(sums / counts)

    def errors(self):
        """Errors of the medians in per cent, of EM on everybody and of counting; nan where nothing was counted."""
        return [100 * (medians / self.truth.medians - 1) for medians in (self.fit.theta.medians, self.counted)]

    def describe(self) -> str:
        """What the picture shows, in words."""
        by_em, by_counting = (
            ", ".join("none" if np.isnan(value) else f"{value:.1f}" for value in medians)
            for medians in (self.fit.theta.medians, self.counted)
        )
        return (
            f"{self.known} of {len(self.model.incomes)} ages known. Medians of {', '.join(AGES)}: by EM {by_em}, "
            f"by counting {by_counting}; true {', '.join(f'{median:g}' for median in self.truth.medians)}"
        )
