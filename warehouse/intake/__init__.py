"""From judged rows of files to loads that do not count yet, and what is found when they are held against earlier ones.

Not here: the verdict that makes a load count (`pipelines.intake`).
"""
