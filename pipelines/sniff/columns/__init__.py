"""What is seen of each column, and what it may be by its heading and its values.

Not here: dates (`dates`), scores (`scores`), ids and persons (`people`), what is proposed (`proposal`).
"""
