"""Columns of scores, and the scales that they were asked on.

Not here: what is asked of them (`proposal`).
"""
