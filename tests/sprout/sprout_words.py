"""A small vocabulary and two documents, so that the tests do not read the machine."""

TEXT = """
apple river stone cloud paper window garden engine silver bridge market forest candle ladder
pocket mirror basket anchor butter castle dragon feather guitar hammer island jacket kettle lemon
magnet needle orange pencil quartz rabbit saddle tunnel violin walnut yellow zipper barrel copper
dinner fabric gravel harbor insect jungle kitten lizard
"""
WORDS = TEXT.split()
DOCS = [
    ("load", "shop/io.py", "Read a file. It may be large and then it is read in parts."),
    ("Cart", "shop/cart.py", "What a customer wants to buy. Not yet paid."),
]
