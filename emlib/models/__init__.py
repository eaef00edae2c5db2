"""Other kinds of hidden data, on the loop of `emlib.em`: each model is a `Mixture` of a screenful.

Missing ratings (6.2), incomes with hidden ages (6.1), a class label that is mostly hidden, and the genetic linkage
counts of Dempster, Laird and Rubin (1977).
"""

from .categorical import Classes, JointCategorical, NaiveBayes
from .incomes import IncomeGroups, IncomeMixture, IncomeSample
from .linkage import GeneticLinkage

__all__ = [
    "Classes",
    "GeneticLinkage",
    "IncomeGroups",
    "IncomeMixture",
    "IncomeSample",
    "JointCategorical",
    "NaiveBayes",
]
