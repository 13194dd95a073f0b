"""What is odd about figures, lists and landing as a whole: a module for each thing, and what a night says of it.

Not here: what is odd about one file (`pipelines.intake.notes`).
"""
