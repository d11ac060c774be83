"""The cycle: `run` has the order of the stages, `open` what a cycle freezes, `close` what follows the
measurement, `record` the class Cycle. Read `run` first.
"""
