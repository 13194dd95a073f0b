"""From the text of a file's rows to rows of the lake, and the reason for each that does not count: answers and lists.

Not here: reading files (`pipelines.adapters`), holding rows of several files against one another (`answers`).
"""
