"""The file that readers query: how it is built and swapped in, and what stands in it.

Not here: the marts that it has (`marts`), and their SQL (`models`).
"""
