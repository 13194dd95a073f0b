"""The words of headings, where the modules of this package look for them.

Here: their names. Not here: the words themselves, which reading files needs too (`pipelines.adapters.words`).
"""

from pipelines.adapters.words import plain, said

__all__ = ["plain", "said"]
