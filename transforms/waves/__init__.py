"""What a wave of employees may show, so that nobody can work out what a few answered.

Not here: when a wave closes, and keeping what it showed (`warehouse.published.waves`).
"""
