"""The lake itself: tables in folders, ledgers, and what must survive a loss of power.

Not here: what is written into it (`intake`, `months`), and mending it (`upkeep`).
"""
