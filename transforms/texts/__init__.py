"""Texts of one column: spellings of names, keys in place of persons, amounts.

Not here: dates (`dates`) and scores (`scores`), which have folders of their own.
"""
