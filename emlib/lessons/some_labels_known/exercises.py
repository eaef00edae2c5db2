"""Exercises of notebook 7. The worked answers use the names that the notebook has."""

import numpy as np

import emlib

from ...models.incomes import IncomeGroups, IncomeMixture
from ...page.checking import exercise

truth = IncomeGroups(weights=[0.30, 0.45, 0.25], medians=[16, 50, 32], spread=0.25)
town = truth.sample(300, seed=0)
nobody = IncomeMixture(town.incomes)
start = IncomeGroups(weights=[1 / 3, 1 / 3, 1 / 3], medians=[20, 40, 30], spread=0.3)
rising = IncomeGroups(weights=[1 / 3, 1 / 3, 1 / 3], medians=[20, 30, 40], spread=0.3)


def told(sample, known):
    return np.where(np.arange(len(sample.labels)) < known, sample.labels, -1)


@exercise(
    "7.1",
    hints=(
        "Two of the four are certain. What does each of them add?",
        "The other two earn just the median of group 1, and are one spread away from that of group 2.",
        "So their joints are as exp(0) to exp(-1/2): the weights are equal and cancel.",
    ),
    why="1 for the person who told, twice 1 / (1 + exp(-1/2)) for those who did not, and 0 for the last.",
)
def people_in_the_first_group():
    spreads_away = np.array([0, 1])  # an income of 20 from the two medians
    joint = 0.5 * np.exp(-(spreads_away**2) / 2)
    silent = joint[0] / joint.sum()
    return 1 + 2 * silent + 0


def _in_group_1(labels=(0, -1, -1, 1), spread=1):
    """With a spread that is `spread` times too large."""
    model = IncomeMixture([10, 20, 20, 30], labels)
    return model.e_step(IncomeGroups([0.5, 0.5], [20, 40], spread * np.log(2))).counts[0]


people_in_the_first_group.mistake(
    "group 2", "That is how many it expects in group 2.", lambda: 4 - people_in_the_first_group()
)
people_in_the_first_group.mistake(
    "labels forgotten",
    "You asked Bayes' rule about all four. Two of them have told: there is nothing left to guess.",
    lambda: _in_group_1([-1] * 4),
)
people_in_the_first_group.mistake(
    "silent only",
    "Those are the two who said nothing. The question is about all four.",
    lambda: people_in_the_first_group() - 1,
)
people_in_the_first_group.mistake(
    "one silent",
    "You counted one person who earns 20. There are two.",
    lambda: 1 + (people_in_the_first_group() - 1) / 2,
)
people_in_the_first_group.mistake(
    "one share",
    "That is how one of the silent belongs to group 1. Now add up all four.",
    lambda: (people_in_the_first_group() - 1) / 2,
)
people_in_the_first_group.mistake(
    "whole people",
    "A whole number: each of the silent two is put into one group. EM shares them out.",
    lambda: 3,
)
people_in_the_first_group.mistake(
    "last one too",
    "The last person has told, and not that he is in group 1.",
    lambda: people_in_the_first_group() + 1,
)
people_in_the_first_group.mistake(
    "weights only",
    "That gives half of each silent person to group 1. But which median is their income nearer to?",
    lambda: 2,
)
people_in_the_first_group.mistake("told only", "Who said nothing counts as well, in shares.", lambda: 1)
people_in_the_first_group.mistake(
    "not in spreads",
    "You took the distance of the logarithms as it is. In the exponent it is divided by the spread.",
    lambda: _in_group_1(spread=1 / np.log(2)),
)
people_in_the_first_group.mistake(
    "half forgotten",
    "Look at the exponent again: minus the square of the distance, over 2.",
    lambda: _in_group_1(spread=np.sqrt(0.5)),
)
people_in_the_first_group.mistake(
    "share", "That is a share of the four. How many people is it?", lambda: people_in_the_first_group() / 4
)


@exercise(
    "7.2",
    hints=(
        "Which model knows incomes and labels? IncomeMixture takes both, and told makes the labels.",
        "told(other, 12) has the first 12 labels, and -1 for everybody else. Start emlib.em from rising.",
        "The last step of emlib.em has .theta.medians.",
    ),
    why="Twelve ages out of 300 turned the names round: the middle group earns most, as it should.",
)
def medians_with_twelve_ages():
    other = truth.sample(300, seed=14)
    *_, last = emlib.em(IncomeMixture(other.incomes, told(other, 12)), rising, 500, 1e-6)
    return last.theta.medians


def _end(known=12, sample=None, iterations=500, tolerance=1e-6, people=300):
    sample = sample or truth.sample(300, seed=14)
    model = IncomeMixture(sample.incomes[:people], told(sample, known)[:people])
    *_, last = emlib.em(model, rising, iterations, tolerance)
    return last.theta


medians_with_twelve_ages.mistake(
    "nobody told",
    "That is where EM ends if nobody tells an age: two names are exchanged. Does your model get the labels?",
    lambda: _end(known=0).medians,
)
medians_with_twelve_ages.mistake(
    "everybody told", "Those are the medians if all 300 tell. Only the first 12 do.", lambda: _end(known=300).medians
)
medians_with_twelve_ages.mistake(
    "counting", "You used the 12 who told, and nobody else. EM is given all 300.", lambda: _end(people=12).medians
)
medians_with_twelve_ages.mistake(
    "13 ages", "That is with 13 ages. told(other, k) takes the first k.", lambda: _end(known=13).medians
)
medians_with_twelve_ages.mistake(
    "the old town",
    "That is the town of the notebook. The question is about another, of seed 14.",
    lambda: _end(sample=town).medians,
)
medians_with_twelve_ages.mistake(
    "one iteration",
    "That is where the first iteration ends. Let it go on, up to 500.",
    lambda: _end(iterations=1).medians,
)
medians_with_twelve_ages.mistake(
    "the old town, nobody told",
    "Those are the medians of the notebook's own town, with no age. The question is about another, of seed 14.",
    lambda: _end(known=0, sample=town).medians[[0, 2, 1]],
)
medians_with_twelve_ages.mistake(
    "the old town, counted",
    "Those are the medians of the notebook's own town, with all ages. The question is about another, of seed 14.",
    lambda: _end(known=300, sample=town).medians,
)
medians_with_twelve_ages.mistake("start", "That is where EM starts.", lambda: rising.medians)
medians_with_twelve_ages.mistake("truth", "Those are the true medians. What does EM find?", lambda: truth.medians)
medians_with_twelve_ages.mistake(
    "sorted",
    "The right numbers. But keep the order of the groups: that is the point.",
    lambda: np.sort(medians_with_twelve_ages()),
)
medians_with_twelve_ages.mistake("weights", "Those are the weights of the groups.", lambda: _end().weights)
medians_with_twelve_ages.mistake(
    "logarithms", "Those are logarithms. Give the medians themselves.", lambda: np.log(medians_with_twelve_ages())
)
medians_with_twelve_ages.mistake(
    "all of theta",
    "Those are weights, medians and spread. Give the three medians alone.",
    lambda: [*_end().weights, *medians_with_twelve_ages(), _end().spread],
)


@exercise(
    "7.3",
    hints=(
        "This is Bayes' rule, and what is observed is that somebody tells.",
        "The weight of a group times the chance that its people tell, over the sum of all three.",
    ),
    why="0.0075 of 0.2325, about 3 in 100: that is the weight that counting gives to a quarter of the town.",
)
def old_among_those_who_tell():
    telling = np.array([0.3, 0.45, 0.25]) * [0.3, 0.3, 0.03]
    return telling[2] / telling.sum()


old_among_those_who_tell.mistake(
    "tellers among the old",
    "That is the other way round: the share of those who tell among the old.",
    lambda: 0.03,
)
old_among_those_who_tell.mistake(
    "joint",
    "That is the share of all people who are old and tell. The question is about those who tell.",
    lambda: 0.25 * 0.03,
)
old_among_those_who_tell.mistake("weight", "That is the share of the old in the whole town.", lambda: 0.25)
old_among_those_who_tell.mistake(
    "tellers", "That is the share of the town who tell. How many of those are old?", lambda: 0.2325
)
old_among_those_who_tell.mistake(
    "weights forgotten", "That would be so if the three groups were equally large.", lambda: 0.03 / 0.63
)
old_among_those_who_tell.mistake(
    "two groups", "That has two groups, equally large. There are three, with weights.", lambda: 0.03 / 0.33
)
old_among_those_who_tell.mistake(
    "one group of two",
    "The first two groups both tell. You have one of them in the sum, and not the other.",
    lambda: 0.0075 / (0.0075 + 0.3 * 0.3),
)
old_among_those_who_tell.mistake(
    "other group of two",
    "The first two groups both tell. You have one of them in the sum, and not the other.",
    lambda: 0.0075 / (0.0075 + 0.45 * 0.3),
)
old_among_those_who_tell.mistake(
    "odds", "You divided by the others who tell. The old who tell belong to the sum, too.", lambda: 0.0075 / 0.225
)
old_among_those_who_tell.mistake(
    "the silent", "That is their share among those who do not tell.", lambda: 0.25 * 0.97 / (1 - 0.2325)
)
old_among_those_who_tell.mistake(
    "the others", "That is the share of all who are not old.", lambda: 1 - old_among_those_who_tell()
)
old_among_those_who_tell.mistake(
    "per cent", "Give a share between 0 and 1, not per cent.", lambda: 100 * old_among_those_who_tell()
)


@exercise(
    "7.4",
    choices=("higher", "lower", "the same", "it depends"),
    hints=(
        "What does one person add to the log-likelihood if her age is not known, and what if it is known?",
        "Is one term larger or smaller than the sum that it is a part of?",
    ),
    why="Each known age puts one term in the place of the sum of all three, and a term is smaller than its sum. The "
    "model has more to explain, ages and incomes. So never compare heights of models that know different ages.",
)
def height_with_twelve_ages():
    knows = IncomeMixture(town.incomes, told(town, 12))
    return "lower" if knows.log_likelihood(start) < nobody.log_likelihood(start) else "higher"


height_with_twelve_ages.mistake(
    "higher",
    "More is known, and so there is more to explain: 300 incomes, and now twelve ages as well.",
    lambda: "higher",
)
height_with_twelve_ages.mistake(
    "same", "It is the same theta, but is it the same observation? Twelve people have said more.", lambda: "the same"
)
height_with_twelve_ages.mistake(
    "depends",
    "By how much depends on theta. Compare what one person adds: does the sign depend on it?",
    lambda: "it depends",
)

JOINT = np.array([[0.30, 0.10, 0.20], [0.02, 0.40, 0.05], [0.10, 0.10, 0.30], [0.25, 0.05, 0.15], [0.01, 0.07, 0.6]])


@exercise(
    "7.5",
    hints=(
        "What is observed of a person who says nothing? And of one who tells?",
        "Where the label is -1, sum the row. Else take one number of it.",
        "joint[known, labels[known]] takes that number in every row where known is True.",
    ),
    why="A sum for each silent person and one term for each who tells: this is what EM climbs here.",
    cases={
        "two who tell and one who does not": (JOINT[:3], np.array([1, -1, 2])),
        "people who tell of the first group": (JOINT[1:], np.array([0, 0, -1, 0])),
        "five people who say nothing": (JOINT, np.full(5, -1)),
        "five people who tell": (JOINT, np.array([2, 1, 1, 0, 2])),
        "two groups": (JOINT[:4, :2], np.array([-1, 0, 1, -1])),
    },
)
def log_likelihood(joint, labels):
    each = joint.sum(axis=1)
    known = labels >= 0
    each[known] = joint[known, labels[known]]
    return np.log(each).sum()


def _each(joint, labels, known=lambda labels: labels >= 0):
    return np.where(known(labels), joint[np.arange(len(joint)), labels], joint.sum(axis=1))


log_likelihood.mistake(
    "labels forgotten",
    "You sum over the groups for everybody. Of those who tell, one group is left.",
    lambda joint, labels: np.log(joint.sum(axis=1)).sum(),
)
log_likelihood.mistake(
    "last group",
    "numpy counts -1 from the end: those who said nothing are all put into the last group.",
    lambda joint, labels: np.log(joint[np.arange(len(joint)), labels]).sum(),
)
log_likelihood.mistake(
    "group 0",
    "Labels count from 0. Those who tell that they are of the first group are treated as silent.",
    lambda joint, labels: np.log(_each(joint, labels, lambda labels: labels > 0)).sum(),
)
log_likelihood.mistake(
    "0 as False",
    "In Python the label 0 counts as False, and -1 as True. Compare with 0.",
    lambda joint, labels: np.log(_each(joint, labels, lambda labels: labels != 0)).sum(),
)
log_likelihood.mistake(
    "posterior of those who tell",
    "For those who tell you divide by the row's sum: that is a posterior. Their income is observed, too.",
    lambda joint, labels: np.log(
        np.where(labels >= 0, _each(joint, labels) / joint.sum(axis=1), joint.sum(axis=1))
    ).sum(),
)
log_likelihood.mistake(
    "average over groups",
    "For the silent you average over the groups. The weights are in the joint already: sum.",
    lambda joint, labels: np.log(np.where(labels >= 0, _each(joint, labels), joint.mean(axis=1))).sum(),
)
log_likelihood.mistake(
    "told only",
    "Only those who tell are in it. The others have an income all the same.",
    lambda joint, labels: np.log(_each(joint, labels)[labels >= 0]).sum(),
)
log_likelihood.mistake(
    "silent only",
    "Only those who say nothing are in it. What do the others add?",
    lambda joint, labels: np.log(_each(joint, labels)[labels < 0]).sum(),
)
log_likelihood.mistake(
    "likelihood",
    "That is the likelihood itself. Where is the logarithm?",
    lambda joint, labels: _each(joint, labels).prod(),
)
log_likelihood.mistake(
    "added",
    "You add probabilities of different people. They are multiplied, or their logarithms added.",
    lambda joint, labels: _each(joint, labels).sum(),
)
log_likelihood.mistake(
    "one logarithm",
    "You take the logarithm of a sum over people. Take one for each person, then add.",
    lambda joint, labels: np.log(_each(joint, labels).sum()),
)
log_likelihood.mistake(
    "logarithms first",
    "For those who say nothing you sum logarithms over the groups. Which comes first, the sum or the logarithm?",
    lambda joint, labels: np.where(labels >= 0, np.log(_each(joint, labels)), np.log(joint).sum(axis=1)).sum(),
)
log_likelihood.mistake(
    "posterior",
    "You make the rows sum to 1. That gives posteriors, and loses how probable the incomes are.",
    lambda joint, labels: np.log(_each(joint / joint.sum(axis=1, keepdims=True), labels)).sum(),
)
log_likelihood.mistake(
    "expected",
    "For the silent you average logarithms over their posterior. That is what the M-step climbs; it is too low.",
    lambda joint, labels: np.where(
        labels >= 0,
        np.log(_each(joint, labels)),
        (joint * np.log(joint)).sum(axis=1) / joint.sum(axis=1),
    ).sum(),
)
log_likelihood.mistake(
    "likeliest group",
    "Each silent person is given the likeliest group. Every group may be theirs.",
    lambda joint, labels: np.log(np.where(labels >= 0, _each(joint, labels), joint.max(axis=1))).sum(),
)
log_likelihood.mistake(
    "mean",
    "That is the average over the people. The log-likelihood is their sum.",
    lambda joint, labels: np.log(_each(joint, labels)).mean(),
)
log_likelihood.mistake(
    "each", "That is a number for each person. The log-likelihood is one number for all of them.", _each
)
log_likelihood.mistake(
    "each logarithm",
    "That is what each person adds. Add it up.",
    lambda joint, labels: np.log(_each(joint, labels)),
)
log_likelihood.mistake("minus", "Its sign is turned round.", lambda joint, labels: -np.log(_each(joint, labels)).sum())

LOGS = np.log([10.0, 12, 30, 45, 60, 20])
SHARES = np.array([[1, 0], [0.9, 0.1], [0.6, 0.4], [0.1, 0.9], [0, 1], [0.8, 0.2]])


@exercise(
    "7.6",
    hints=(
        "A spread for all groups: should a group of three people say as much about it as a group of three hundred?",
        "counting has no such step. How does it get from the squares to the one spread?",
        "Sum the squares over all people and groups, then divide by the number of people.",
    ),
    why="It is the people who have a spread, not the groups: each person counts once, in shares. With that the M-step "
    "is at its top again, and the likelihood cannot fall.",
    cases={
        "six people and two groups": (LOGS, SHARES),
        "a group of one": (LOGS, np.eye(2)[[0, 0, 0, 0, 1, 0]]),
        "three groups": (LOGS, np.column_stack([SHARES * 0.7, np.full(6, 0.3)])),
    },
)
def common_spread(logs, r):
    means = logs @ r / r.sum(axis=0)
    squares = r * (logs[:, None] - means) ** 2
    return np.sqrt(squares.sum() / len(logs))


def _squares(logs, r):
    means = logs @ r / r.sum(axis=0)
    return r * (logs[:, None] - means) ** 2


@common_spread.mistake(
    "untouched", "This is still the program as it stood: every group has the same say, however few people are in it."
)
def as_it_stood(logs, r):
    means = logs @ r / r.sum(axis=0)
    variances = (r * (logs[:, None] - means) ** 2).sum(axis=0) / r.sum(axis=0)
    return np.sqrt(variances.mean())


common_spread.mistake(
    "spreads averaged",
    "Now you average spreads instead of variances. The groups still have the same say.",
    lambda logs, r: np.sqrt(_squares(logs, r).sum(axis=0) / r.sum(axis=0)).mean(),
)
common_spread.mistake(
    "spreads weighted",
    "The groups now count by their people. But average the variances, and take the root last.",
    lambda logs, r: np.sqrt(_squares(logs, r).sum(axis=0) / r.sum(axis=0)) @ r.mean(axis=0),
)
common_spread.mistake(
    "variance", "That is the variance. Where is the root?", lambda logs, r: _squares(logs, r).sum() / len(logs)
)
common_spread.mistake(
    "one mean",
    "That is the spread of everybody around one mean. Each group has its own.",
    lambda logs, r: logs.std(),
)
common_spread.mistake(
    "summed",
    "The variances of the groups are summed. Should a further group make the spread larger?",
    lambda logs, r: np.sqrt((_squares(logs, r).sum(axis=0) / r.sum(axis=0)).sum()),
)
common_spread.mistake(
    "not divided", "You do not divide by the number of people.", lambda logs, r: np.sqrt(_squares(logs, r).sum())
)
common_spread.mistake(
    "squares", "Those are the squares, summed. Divide, and take the root.", lambda logs, r: _squares(logs, r).sum()
)
common_spread.mistake(
    "by groups",
    "You divide by the number of groups. How many people are there?",
    lambda logs, r: np.sqrt(_squares(logs, r).sum() / r.shape[1]),
)
common_spread.mistake(
    "by cells",
    "You divide by people times groups. Each person is shared out, but counts once.",
    lambda logs, r: np.sqrt(_squares(logs, r).mean()),
)
common_spread.mistake(
    "unbiased",
    "You divide by fewer than the people, as for an unbiased variance. Which divisor has the highest likelihood?",
    lambda logs, r: np.sqrt(_squares(logs, r).sum() / (len(logs) - r.shape[1])),
)
common_spread.mistake(
    "one less",
    "You divide by one less than the people. Which divisor has the highest likelihood?",
    lambda logs, r: np.sqrt(_squares(logs, r).sum() / (len(logs) - 1)),
)
common_spread.mistake(
    "own spreads",
    "That is a spread for each group. The model has one for all.",
    lambda logs, r: np.sqrt(_squares(logs, r).sum(axis=0) / r.sum(axis=0)),
)
common_spread.mistake(
    "largest group",
    "That is the spread of the largest group alone.",
    lambda logs, r: np.sqrt((_squares(logs, r).sum(axis=0) / r.sum(axis=0))[r.sum(axis=0).argmax()]),
)
