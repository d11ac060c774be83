"""Independent checkers of the generators that read code, history and conversations: `check(row,
snapshot)` returns why a fact of the answer does not follow from the source, or None.
"""
