"""Columns of dates: how they are written, and which one is that of the answer.

Not here: what is asked of them (`proposal.date_lines`).
"""
