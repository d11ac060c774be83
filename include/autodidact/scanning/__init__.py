"""Finds and redacts credentials and personal data; the gate and everything that writes a file for people
use it."""
