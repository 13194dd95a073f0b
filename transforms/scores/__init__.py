"""What an answer says: from the text of a score to its number, its scale and its group.

Not here: which answers count (`answers`), figures of many of them (`warehouse.published`).
"""
