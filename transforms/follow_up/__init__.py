"""Calling unhappy clients back: cases, when they are due, and the tickets that tell of them.

Not here: reading dumps of tickets (`rows.tickets`).
"""
