"""Exercises of notebook 12."""

EXERCISES = {}
