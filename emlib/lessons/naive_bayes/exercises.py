"""Exercises of notebook 12. The worked answers use the names that the notebook has."""

import numpy as np

from ...page.checking import exercise


def e_step(x, w, p):
    joint = w * np.prod(np.where(x[:, None, :] == 1, p, 1 - p), axis=2)
    return joint / joint.sum(axis=1, keepdims=True)


def _first(message, p, w=(0.5, 0.5)):
    """The posterior of topic 1 for one message."""
    return e_step(np.array([message]), np.array(w), np.array(p))[0, 0]


P = [[0.1, 0.2], [0.3, 0.4]]  # topic by topic: "cup", "hot"
P_TWICE = [[0.1, 0.1, 0.2], [0.3, 0.3, 0.4]]


@exercise(
    "12.1",
    hints=(
        "Weight times one factor a word, in each topic. Does a word that is not there have a factor?",
        "0.1 times (1 - 0.2) in topic 1, 0.3 times (1 - 0.4) in topic 2; the equal weights cancel.",
    ),
    why="0.08 against 0.18: a word that is not there is evidence like any other.",
)
def cup_but_not_hot():
    joint = 0.5 * np.array([0.1 * (1 - 0.2), 0.3 * (1 - 0.4)])
    return joint[0] / joint.sum()


cup_but_not_hot.mistake(
    "absence forgotten",
    'You looked at "cup" alone. That "hot" is not there speaks, too.',
    lambda: _first([1], [[0.1], [0.3]]),
)
cup_but_not_hot.mistake(
    "both there", 'That would be so if the message had both words. It lacks "hot".', lambda: _first([1, 1], P)
)
cup_but_not_hot.mistake(
    "both absent", 'That would be so if both words were missing. "cup" is there.', lambda: _first([0, 0], P)
)
cup_but_not_hot.mistake(
    "exchanged", 'You have the two words exchanged: "cup" is there, "hot" is not.', lambda: _first([0, 1], P)
)
cup_but_not_hot.mistake(
    "only hot", 'You looked at "hot" alone. What does "cup" say?', lambda: _first([0], [[0.2], [0.4]])
)
cup_but_not_hot.mistake(
    "hot alone", 'You took "hot" as if it were there, and left out "cup".', lambda: _first([1], [[0.2], [0.4]])
)
cup_but_not_hot.mistake("topic 2", "That is the posterior of topic 2.", lambda: 1 - cup_but_not_hot())
cup_but_not_hot.mistake(
    "joint", "That is the joint of topic 1 and this message. A posterior is its share in the sum.", lambda: 0.04
)
cup_but_not_hot.mistake(
    "likelihood",
    "That is how probable the message is in topic 1. How probable is topic 1 for the message?",
    lambda: 0.08,
)
cup_but_not_hot.mistake(
    "odds", "You divided by topic 2. A posterior divides by the sum over both.", lambda: 0.08 / 0.18
)
cup_but_not_hot.mistake(
    "weight", "That is the weight of the topic, or you added the factors. Multiply them.", lambda: 0.5
)
cup_but_not_hot.mistake("evidence", "That is the sum over both topics. What is topic 1's part of it?", lambda: 0.13)


@exercise(
    "12.2",
    hints=(
        "What does the model do with a column, not knowing that it is a copy?",
        "A factor for each column: 0.1 times 0.1 times (1 - 0.2) in topic 1, and likewise in topic 2.",
    ),
    why="A second word that says nothing new has pushed the posterior further from one half: too sure.",
)
def cup_counted_twice():
    joint = 0.5 * np.array([0.1 * 0.1 * (1 - 0.2), 0.3 * 0.3 * (1 - 0.4)])
    return joint[0] / joint.sum()


cup_counted_twice.mistake(
    "as before",
    "So it should be. But the model does not know that the two columns are one word.",
    lambda: cup_but_not_hot(),
)
cup_counted_twice.mistake(
    "hot twice", 'You counted "hot" twice. It is "cup" that stands there twice.', lambda: 0.064 / (0.064 + 0.108)
)
cup_counted_twice.mistake(
    "both twice", 'You counted both words twice. "hot" has one column.', lambda: 0.08**2 / (0.08**2 + 0.18**2)
)
cup_counted_twice.mistake(
    "squared",
    "You squared the posterior. Square the factor of the word, in both topics, and divide again.",
    lambda: cup_but_not_hot() ** 2,
)
cup_counted_twice.mistake(
    "posterior times bias",
    "You multiplied a posterior by a bias. Do so in both topics, then divide by the sum.",
    lambda: cup_but_not_hot() * 0.1,
)
cup_counted_twice.mistake(
    "absence forgotten", 'That "hot" is not there speaks, too.', lambda: _first([1, 1], [[0.1, 0.1], [0.3, 0.3]])
)
cup_counted_twice.mistake(
    "hot there", 'The message lacks "hot". You took it as if it were there.', lambda: _first([1, 1, 1], P_TWICE)
)
cup_counted_twice.mistake(
    "three times", 'You counted "cup" three times.', lambda: 0.1**3 * 0.8 / (0.1**3 * 0.8 + 0.3**3 * 0.6)
)
cup_counted_twice.mistake(
    "second absent", 'Where "cup" is, its copy is, too: both columns hold a 1.', lambda: _first([1, 0, 0], P_TWICE)
)
cup_counted_twice.mistake("topic 2", "That is the posterior of topic 2.", lambda: 1 - cup_counted_twice())
cup_counted_twice.mistake("odds", "You divided by topic 2, not by the sum over both.", lambda: 0.008 / 0.054)
cup_counted_twice.mistake("joint", "That is the joint of topic 1. A posterior is its share in the sum.", lambda: 0.004)
cup_counted_twice.mistake(
    "likelihood", "That is the likelihood of topic 1. A posterior is a share of the sum.", lambda: 0.008
)


@exercise(
    "12.3",
    hints=(
        "The topic owns only a part of each message. How much does it own all together?",
        "How much of that lies in messages with the word?",
    ),
    why="1.5 of 2.5 messages: fractions of messages are counted like whole ones.",
)
def bias_after_an_m_step():
    shares, contains = np.array([0.9, 0.6, 0.3, 0.7]), np.array([1, 1, 0, 0])
    return shares @ contains / shares.sum()


bias_after_an_m_step.mistake(
    "whole messages",
    "Two of four messages contain the word. But this topic does not own them whole.",
    lambda: 0.5,
)
bias_after_an_m_step.mistake(
    "all messages",
    "You divided by all four messages. Divide by what this topic owns of them.",
    lambda: 1.5 / 4,
)
bias_after_an_m_step.mistake(
    "mean share",
    "That is how much the topic owns, on average, of a message with the word. It is the other way round.",
    lambda: 0.75,
)
bias_after_an_m_step.mistake("hard", "You gave each message to one topic, whole. EM counts shares.", lambda: 2 / 3)
bias_after_an_m_step.mistake("weight", "That is the topic's new weight.", lambda: 2.5 / 4)
bias_after_an_m_step.mistake(
    "count", "That is how many of its messages contain the word. A bias is a share of what it owns.", lambda: 1.5
)
bias_after_an_m_step.mistake("owned", "That is how much the topic owns. How much has the word?", lambda: 2.5)
bias_after_an_m_step.mistake(
    "without the word", "That is the share without the word.", lambda: 1 - bias_after_an_m_step()
)
bias_after_an_m_step.mistake("other topic", "That is the bias in the other topic.", lambda: 0.5 / 1.5)
bias_after_an_m_step.mistake("product", "You multiplied the two shares. Messages are counted: add.", lambda: 0.54)
bias_after_an_m_step.mistake(
    "smoothed", "You smoothed it. EM's M-step is not smoothed here.", lambda: (1.5 + 1) / (2.5 + 2)
)


@exercise(
    "12.4",
    hints=(
        "Each topic is given two more messages, one with every word, one with none.",
        "How many messages are there then, and how many contain the word?",
    ),
    why="(0 + 1) / (3 + 2): rare, but possible.",
)
def bias_of_an_unseen_word():
    return (0 + 1) / (3 + 2)


bias_of_an_unseen_word.mistake("not smoothed", "That is counting, not smoothed. And a 0 stays 0.", lambda: 0)
bias_of_an_unseen_word.mistake(
    "two messages forgotten", "One more with the word, right. But how many messages are there now?", lambda: 1 / 3
)
bias_of_an_unseen_word.mistake(
    "one message", "Two messages are added: one with the word, and one without.", lambda: 1 / 4
)
bias_of_an_unseen_word.mistake(
    "two with the word", "Only one of the two added messages contains the word.", lambda: 2 / 5
)
bias_of_an_unseen_word.mistake("absence", "That is the probability that the word is not there.", lambda: 4 / 5)
bias_of_an_unseen_word.mistake(
    "both topics", "Two messages are added in each topic. The bias is of one.", lambda: 1 / 7
)
bias_of_an_unseen_word.mistake("added only", "Those are the added messages alone. Three are real.", lambda: 1 / 2)
bias_of_an_unseen_word.mistake(
    "vocabulary", "That has one added for each of 30 words. Here two messages are added.", lambda: 1 / 33
)


@exercise(
    "12.5",
    hints=(
        "Two messages are labelled: what does each of them add to topic 1?",
        "The biases are 2/3, 2/3, 1/3 in topic 1 and 1/3, 1/3, 2/3 in topic 2.",
        "For the other three, weight times three factors in each topic, then the share of topic 1.",
    ),
    why="1 + 0 + 3/4 + 3/7 + 3/7: what is labelled counts whole, what is not counts in shares.",
)
def messages_in_the_first_topic():
    silent = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0]])
    p = np.array([[2, 2, 1], [1, 1, 2]]) / 3
    return 1 + 0 + e_step(silent, np.array([0.6, 0.4]), p)[:, 0].sum()


def _expected(messages, w=(0.6, 0.4)):
    p = np.array([[2, 2, 1], [1, 1, 2]]) / 3
    return e_step(np.array(messages), np.array(w), p)[:, 0].sum()


SILENT = [[1, 0, 0], [0, 1, 1], [0, 0, 0]]
messages_in_the_first_topic.mistake(
    "labels forgotten",
    "You asked Bayes' rule about all five. Two are labelled: nothing is left to guess.",
    lambda: _expected([[1, 1, 0], [0, 0, 1], *SILENT]),
)
messages_in_the_first_topic.mistake(
    "weights forgotten", "That is with equal weights. They are 0.6 and 0.4.", lambda: 1 + _expected(SILENT, (0.5, 0.5))
)
messages_in_the_first_topic.mistake(
    "weights exchanged", "You have the two weights exchanged.", lambda: 1 + _expected(SILENT, (0.4, 0.6))
)
messages_in_the_first_topic.mistake(
    "unlabelled only", "Those are the three without a label. What do the other two add?", lambda: _expected(SILENT)
)
messages_in_the_first_topic.mistake(
    "both labelled", "One of the two labelled messages belongs to topic 2.", lambda: 2 + _expected(SILENT)
)
messages_in_the_first_topic.mistake(
    "topic 2", "That is how many it expects in topic 2.", lambda: 5 - messages_in_the_first_topic()
)
messages_in_the_first_topic.mistake(
    "absence forgotten",
    "You left out the words that are not there. Each of them has a factor, too.",
    lambda: 1 + 0.6 * 2 / (0.6 * 2 + 0.4) + 0.6 + 0.6,
)
messages_in_the_first_topic.mistake(
    "whole messages", "A whole number: a message without a label is shared out.", lambda: 2
)
messages_in_the_first_topic.mistake(
    "share", "That is a share of the five. How many messages is it?", lambda: messages_in_the_first_topic() / 5
)
messages_in_the_first_topic.mistake(
    "by weight", "That shares out the three by the weights alone. What do their words say?", lambda: 1 + 3 * 0.6
)
messages_in_the_first_topic.mistake("all by weight", "That is 0.6 of five messages. Did you look at them?", lambda: 3)
messages_in_the_first_topic.mistake("labelled only", "The others count as well, in shares.", lambda: 1)


@exercise(
    "12.6",
    choices=("football", "cooking", "neither"),
    hints=(
        "Which bias does add-one smoothing give the word in each topic?",
        "(0 + 1) over the labelled messages of the topic, plus 2. In which topic is that more?",
    ),
    why="1/8 against 1/3. That a word is in none of six messages says more than that it is not in a single one. "
    "So with unequal numbers of labels every word that nobody used speaks for the topic with fewer.",
)
def for_whom_soup_speaks():
    football, cooking = (0 + 1) / (6 + 2), (0 + 1) / (1 + 2)
    return "football" if football > cooking else "cooking" if cooking > football else "neither"


for_whom_soup_speaks.mistake(
    "neither", "No message with it in either topic, right. But of how many messages? Smooth both.", lambda: "neither"
)
for_whom_soup_speaks.mistake(
    "football",
    "More messages are labelled football, and none of them has the word. Is that for it, or against it?",
    lambda: "football",
)

X = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1], [1, 0, 0]])
R = np.array([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8], [0.8, 0.2]])


@exercise(
    "12.7",
    hints=(
        "m_step divides expected messages with the word by expected messages. What does smoothing add to each?",
        "r.T @ x has a row for each topic and a column for each word; r.sum(axis=0) has one number for each topic.",
        "[:, None] makes a column of these, so that each row is divided by its own.",
    ),
    why="For shares of 0 and 1 this is the formula for labelled messages. A topic that owns nothing gets biases of "
    "one half, and no bias is ever 0.",
    cases={
        "four messages and two topics": (X, R),
        "shares of 0 and 1": (X, np.eye(2)[[0, 0, 1, 0]]),
        "a topic that owns nothing": (X, np.eye(3)[[0, 0, 1, 0]]),
        "two words": (X[:, :2], np.array([[0.2, 0.3, 0.5], [1, 0, 0], [0.25, 0.5, 0.25], [0, 0.1, 0.9]])),
    },
)
def smoothed_biases(x, r):
    with_word, owned = r.T @ x, r.sum(axis=0)
    return (with_word + 1) / (owned[:, None] + 2)


def _owned(r):
    return r.sum(axis=0)[:, None]


smoothed_biases.mistake("not smoothed", "That is m_step: nothing is added yet.", lambda x, r: r.T @ x / _owned(r))
smoothed_biases.mistake(
    "two forgotten",
    "One message is added above the line. How many are added below it?",
    lambda x, r: (r.T @ x + 1) / _owned(r),
)
smoothed_biases.mistake(
    "one forgotten",
    "Two messages are added below the line. How many of them have the word?",
    lambda x, r: r.T @ x / (r.sum(axis=0)[:, None] + 2),
)
smoothed_biases.mistake(
    "one and one",
    "You added one message, with every word. There is one more, with none.",
    lambda x, r: (r.T @ x + 1) / (r.sum(axis=0)[:, None] + 1),
)
smoothed_biases.mistake(
    "all messages",
    "Each topic is divided by the number of all messages. Which part of them does it own?",
    lambda x, r: (r.T @ x + 1) / (len(x) + 2),
)
smoothed_biases.mistake(
    "words",
    "You share out each topic among the words. Here every word is a coin of its own.",
    lambda x, r: (r.T @ x + 1) / (r.T @ x + 1).sum(axis=1, keepdims=True),
)
smoothed_biases.mistake(
    "as many as words",
    "Below the line you add as many as there are words. How many messages does each topic get?",
    lambda x, r: (r.T @ x + 1) / (r.sum(axis=0)[:, None] + x.shape[1]),
)
smoothed_biases.mistake(
    "as many as topics",
    "Below the line you add as many as there are topics. Each of them gets two messages.",
    lambda x, r: (r.T @ x + 1) / (r.sum(axis=0)[:, None] + r.shape[1]),
)
smoothed_biases.mistake(
    "shared out",
    "You share the two messages out among the topics. Each topic gets two of its own.",
    lambda x, r: (r.T @ x + 1 / r.shape[1]) / (r.sum(axis=0)[:, None] + 2 / r.shape[1]),
)
smoothed_biases.mistake(
    "two with the word",
    "Of the two added messages, how many have the word?",
    lambda x, r: (r.T @ x + 2) / (r.sum(axis=0)[:, None] + 2),
)
smoothed_biases.mistake(
    "weights too",
    "The biases are in it, and the weights, too. Return the biases alone.",
    lambda x, r: [*r.mean(axis=0), *smoothed_biases(x, r).ravel()],
)
smoothed_biases.mistake(
    "hard",
    "You give each message to its likeliest topic. Count shares.",
    lambda x, r: smoothed_biases(x, np.eye(r.shape[1])[r.argmax(axis=1)]),
)
smoothed_biases.mistake(
    "afterwards",
    "You smooth the biases. Add the two messages before you divide.",
    lambda x, r: (r.T @ x / _owned(r) + 1) / 3,
)
smoothed_biases.mistake(
    "shares smoothed",
    "You add to the shares of every message. Add to the sums.",
    lambda x, r: ((r + 1).T @ x) / ((r + 2).sum(axis=0)[:, None]),
)
smoothed_biases.mistake("not divided", "Those are messages, not shares of messages.", lambda x, r: r.T @ x + 1)
smoothed_biases.mistake(
    "one topic",
    "Every topic gets the same biases. Whose messages are they?",
    lambda x, r: np.tile((x.sum(axis=0) + 1) / (len(x) + 2), (r.shape[1], 1)),
)
smoothed_biases.mistake(
    "absence", "That is the probability that the word is not there.", lambda x, r: 1 - smoothed_biases(x, r)
)

W = np.array([0.6, 0.4])
BIASES = np.array([[0.7, 0.2, 0.5], [0.3, 0.4, 0.6]])


@exercise(
    "12.8",
    hints=(
        "What should the counts sum to, and what do they sum to? Which messages are counted more than once?",
        "Look at the row of a labelled message, before and after the loop. What should both numbers in it be?",
        "The posterior of the other topic must become 0: give the whole row, np.eye(2)[k].",
    ),
    why="A labelled message is 1 in its topic and 0 in the other. The program had left it its old share there.",
    cases={
        "four messages, two of them labelled": (X, np.array([0, 1, -1, -1]), W, BIASES),
        "two labels of the same topic": (X, np.array([-1, 1, 1, -1]), W, BIASES),
        "four labels": (X, np.array([0, 1, 1, 0]), W, BIASES),
        "no label": (X, np.full(4, -1), W, BIASES),
    },
)
def expected_messages(x, labels, w, p):
    r = e_step(x, w, p)
    for k in (0, 1):
        r[labels == k] = np.eye(2)[k]
    return r.sum(axis=0)


@expected_messages.mistake(
    "untouched", "This is still the program as it stood: each labelled message adds more than 1 to the counts."
)
def one_in_its_topic(x, labels, w, p):
    r = e_step(x, w, p)
    for k in (0, 1):
        r[labels == k, k] = 1
    return r.sum(axis=0)


@expected_messages.mistake(
    "made to sum",
    "Now every row sums to 1. But has a labelled message no share left in the other topic?",
)
def rows_made_to_sum(x, labels, w, p):
    r = e_step(x, w, p)
    for k in (0, 1):
        r[labels == k, k] = 1
    return (r / r.sum(axis=1, keepdims=True)).sum(axis=0)


expected_messages.mistake(
    "counts made to sum",
    "You scale the counts until they sum. Which message was counted too much?",
    lambda x, labels, w, p: one_in_its_topic(x, labels, w, p) * len(x) / one_in_its_topic(x, labels, w, p).sum(),
)
expected_messages.mistake(
    "labels forgotten",
    "They sum, but the labels are not used any more.",
    lambda x, labels, w, p: e_step(x, w, p).sum(axis=0),
)
expected_messages.mistake(
    "unlabelled only",
    "The labelled messages are left out. Each of them counts as one.",
    lambda x, labels, w, p: (e_step(x, w, p) * (labels < 0)[:, None]).sum(axis=0),
)
expected_messages.mistake(
    "labelled only",
    "Those are the labelled messages alone. The others count in shares.",
    lambda x, labels, w, p: np.array([np.sum(labels == 0), np.sum(labels == 1)]),
)
expected_messages.mistake(
    "both 1",
    "Now a labelled message has a 1 in both topics.",
    lambda x, labels, w, p: np.where(labels[:, None] < 0, e_step(x, w, p), 1).sum(axis=0),
)
expected_messages.mistake(
    "1 added",
    "You add 1 to a share that is there already.",
    lambda x, labels, w, p: (e_step(x, w, p) + (labels[:, None] == [0, 1])).sum(axis=0),
)
expected_messages.mistake(
    "other topic only",
    "The other topic gets nothing now. But a labelled message is more than its old share in its own.",
    lambda x, labels, w, p: (e_step(x, w, p) * (labels[:, None] != [1, 0])).sum(axis=0),
)
expected_messages.mistake(
    "topic 1 only",
    "Only the labels of topic 1 are used now. Its number is 0, and topic 2 has the number 1.",
    lambda x, labels, w, p: expected_messages(x, np.where(labels == 0, 0, -1), w, p),
)
expected_messages.mistake(
    "topic 2 only",
    "Only the labels of topic 2 are used now. The first topic has the number 0.",
    lambda x, labels, w, p: expected_messages(x, np.where(labels == 1, 1, -1), w, p),
)
expected_messages.mistake(
    "exchanged",
    "Each labelled message is counted in the topic that it does not belong to.",
    lambda x, labels, w, p: expected_messages(x, np.where(labels < 0, -1, 1 - labels), w, p),
)
expected_messages.mistake(
    "shares",
    "Those are shares. The question is about expected numbers of messages.",
    lambda x, labels, w, p: expected_messages(x, labels, w, p) / len(x),
)
