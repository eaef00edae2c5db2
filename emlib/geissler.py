"""Boys among the 12 children of 6,115 families in Saxony, 1876 to 1885.

At the registration of a birth the parents had to name the sex of all their children. A. Geissler made tables of it:
Beitraege zur Frage des Geschlechtsverhaeltnisses der Geborenen, Zeitschrift des Koeniglich Saechsischen Statistischen
Bureaus 35 (1889), 1-24. The counts are those that R. R. Sokal and F. J. Rohlf (Biometry, 1969) and J. K. Lindsey
(Modelling Frequency and Count Data, 1995) quote. A. W. F. Edwards (Annals of Human Genetics 23, 1958, 6-15) discusses
what can and cannot be concluded from Geissler's tables.
"""

import numpy as np

from .checks import read_only

families = (3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7)
"""How many families had 0, 1, ..., 12 boys."""

children = 12
"""Children in each family."""

boys = read_only(np.repeat(np.arange(children + 1), families))
"""Boys in each of the 6,115 families, ascending: what `BinomialMixture` calls heads."""
