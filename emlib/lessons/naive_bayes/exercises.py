"""Exercises of notebook 12."""

from ...models.categorical import Classes, NaiveBayes
from ...page.checking import exercise

# A message holds the word "cup", but not the word "hot": probabilities of "not there" and "there", topic by topic.
CUP, HOT = ([0.9, 0.1], [0.7, 0.3]), ([0.8, 0.2], [0.6, 0.4])


def _first_topic(features, words):
    """The posterior of the first of two equally common topics."""
    topics = Classes([0.5, 0.5], [[word[0] for word in words], [word[1] for word in words]])
    return NaiveBayes([features]).responsibilities(topics)[0, 0]


@exercise(
    "12.3",
    hints=("Of all the shares of the topic, which part belongs to messages that contain the word?",),
    why=("1.5 of 2 messages: fractions of messages are counted like whole ones."),
)
def bias_after_an_m_step():
    shares, contains = [0.9, 0.6, 0.3, 0.2], [1, 1, 0, 0]
    return sum(r * x for r, x in zip(shares, contains, strict=True)) / sum(shares)


@exercise(
    "12.5",
    hints=("The biases are 2/3, 2/3, 1/3 in topic 1 and 1/3, 1/3, 2/3 in topic 2. Two messages count 1 and 0.",),
    why=("1 + 0 + 2/3 + 1/3 + 1/3: what is labelled counts whole, what is not counts in shares."),
)
def messages_in_the_first_topic():
    features = [[1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 1], [0, 0, 0]]
    smoothed = [[[1 - p, p] for p in biases] for biases in ((2 / 3, 2 / 3, 1 / 3), (1 / 3, 1 / 3, 2 / 3))]
    model = NaiveBayes(features, labels=[0, 1, -1, -1, -1])
    return model.e_step(Classes([0.5, 0.5], smoothed)).counts[0]


@exercise(
    "12.1",
    hints=("The message lacks the word hot, and that speaks, too: 0.1 times (1 - 0.2) against 0.3 times (1 - 0.4).",),
    why=("0.08 against 0.18: a word that is not there is evidence like any other."),
)
def exercise_12_1():
    return _first_topic([1, 0], [CUP, HOT])


@exercise(
    "12.2",
    hints=("The word cup now counts twice: 0.1 times 0.1 times (1 - 0.2) against 0.3 times 0.3 times (1 - 0.4).",),
    why=("A second word that says nothing new has pushed the posterior further from one half: too sure."),
)
def exercise_12_2():
    return _first_topic([1, 1, 0], [CUP, CUP, HOT])


@exercise(
    "12.4",
    hints=("Each topic has two more messages: one with every word, one with none.",),
    why=("(0 + 1) / (3 + 2): rare, but possible."),
)
def exercise_12_4():
    return 1 / 5
