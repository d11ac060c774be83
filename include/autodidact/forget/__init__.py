"""Forgetting a source: what came from it (`find`), the versions that were trained on it (`withdraw`), its
traces in the store (`erase`) and in the Chronicle (`erase_chronicle`), and the receipt. `run` does all of it.
"""
