"""Ids of answers and of who gave them, and how many answers would not count by each."""
