"""Autodidact keeps a language model up to date with a living system. Read `cycle/run.py` first."""

__version__ = "0.1.0"
