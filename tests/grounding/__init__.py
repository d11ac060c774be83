"""Independent checkers, one a generator: `check(row, snapshot)` returns why a fact of the answer does not
follow from the source, or None.
"""
