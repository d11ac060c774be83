"""Faults at random moments of whole cycles, and what has to be true after each: docs/reliability.md."""
