"""Data beside the chapter's 20 sequences."""

import numpy as np

from . import chapter
from .checks import read_only
from .coins import Coins
from .words import mark

A = (0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4, 7, 7, 8, 9, 9, 9, 10, 10)
"""Heads in 20 sequences of 10 tosses, whose likelihood has two summits for three coins."""

B = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 5, 6, 6, 7, 9, 10)
"""As A, with other summits."""

simulated = tuple(Coins([0.3, 0.4, 0.3], [0.2, 0.5, 0.8]).sample(60, tosses=10, seed=6).heads.tolist())
"""Heads in 60 sequences of 10 tosses of three coins that are far apart."""

CHAPTER, SIMULATED = mark("The chapter's 20 sequences"), mark("Simulated: coins of 0.2, 0.5, 0.8")
SUMMITS = mark("Two summits")
DATA = {CHAPTER: chapter.heads, SIMULATED: simulated, SUMMITS: A, mark("Two other summits"): B}
"""What the explorer and the map have to choose from: name of a data set to its heads in sequences of 10 tosses."""

families = (3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7)
"""How many families had 0, 1, ..., 12 boys, of 6,115 with 12 children in Saxony, 1876 to 1885.

At the registration of a birth the parents had to name the sex of all their children. A. Geissler made tables of it:
Beitraege zur Frage des Geschlechtsverhaeltnisses der Geborenen, Zeitschrift des Koeniglich Saechsischen Statistischen
Bureaus 35 (1889), 1-24. The counts are those that R. R. Sokal and F. J. Rohlf (Biometry, 1969) and J. K. Lindsey
(Modelling Frequency and Count Data, 1995) quote. A. W. F. Edwards (Annals of Human Genetics 23, 1958, 6-15) discusses
what can and cannot be concluded from Geissler's tables.
"""

children = 12
"""Children in each family."""

boys = read_only(np.repeat(np.arange(children + 1), families))
"""Boys in each of the 6,115 families, ascending: what `BinomialMixture` calls heads."""

pleural = (1513, 23, 59, 12, 21, 19, 11, 34)
"""How many of 1,692 chest X-rays three readers called 000, 001, 010, 011, 100, 101, 110, 111; 1 is pleural thickening.

C. M. Dayton, Latent Class Scaling Analysis, Sage 1998.
"""
