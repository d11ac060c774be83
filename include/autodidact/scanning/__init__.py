"""Finds credentials, and masks personal data.

    find(text)        the kind of the first credential in a text, in whichever reading of it; None
    redact(text)      the text with a mark in the place of each personal datum
    suspicious(text)  the second, stricter scan for credentials, by a method of its own; None

None of them shows what it found. `hidden` and `denied` complete `redact` and `find` for the gate: personal
data that no mark can reach, and the user's own list. scan_artifacts.py looks at whole files and rows with
`suspicious`.
"""

from autodidact.scanning.deny_list import denied
from autodidact.scanning.first_scan import find
from autodidact.scanning.personal_data import hidden, redact
from autodidact.scanning.second_scan import suspicious

__all__ = ["denied", "find", "hidden", "redact", "suspicious"]
