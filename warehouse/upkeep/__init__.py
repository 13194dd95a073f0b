"""Keeping the lake in order: mending it, converting what earlier versions wrote, throwing away what counts no more.

Not here: when that is done (`pipelines.guards`).
"""
