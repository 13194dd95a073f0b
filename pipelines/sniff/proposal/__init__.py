"""What a source of nps.yaml would have to say of a file, and what has to be asked: a module for each part of it.

Not here: the whole of it (`entry`), files without answers (`others`), files held against one another (`several`).
"""
