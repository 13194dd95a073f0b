"""Answers held against one another: which count, whose they are, where they belong.

Not here: what a row of a file says (`rows`).
"""
