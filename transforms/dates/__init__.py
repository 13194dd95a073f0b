"""When: from texts to instants, business months and the names of periods.

Not here: which dates are believable (`rows.staged`), when a case is due (`follow_up`).
"""
