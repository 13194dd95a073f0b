"""What is odd about a file that may be true all the same: sentences for its record, which stop nothing.

Here: a module for each thing that may be odd: in what its `columns` say, in its `answers`, or beside `earlier` files. Not
here: what holds a file (`gated`, `snapshots`), when each is looked at (`reading`, `ingest`).
"""
