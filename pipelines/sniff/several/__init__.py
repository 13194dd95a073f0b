"""Several files of one source, and rows or files that hold the same answers twice."""
