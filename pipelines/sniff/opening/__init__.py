"""From the bytes of an unknown file to a table: what it is, and where its headings and rows stand.

Not here: what its columns hold (`columns`, `dates`, `scores`, `people`).
"""
