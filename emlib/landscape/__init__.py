"""The landscape of the likelihood, with a start to move on it: its state, its picture, and its view."""
