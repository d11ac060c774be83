"""Every number of the system, once, with where it comes from.

`sections` has each table of settings with its defaults, `settings` all of them as one object, `profiles` what
differs on a laptop, `load` reads them from file, variables and command line. "The article" is the text that
this package implements: https://aitherium.com, "The Model That Trains Itself", March 2026.
"""

from autodidact.settings.load import KEYS, RESERVED, known_keys, load_settings, merge, parse_assignments
from autodidact.settings.pod import Pod
from autodidact.settings.profiles import PROFILES
from autodidact.settings.retention_and_budget import Budget, Retention
from autodidact.settings.sections import (
    Benchmark,
    ChronicleSettings,
    Deploy,
    Gate,
    Generators,
    Judge,
    Knowledge,
    Sources,
    Teacher,
    Training,
    VerdictSettings,
    Wikipedia,
)
from autodidact.settings.settings import RUNTIME_KEYS, SAMPLES, Settings, thaw

__all__ = [
    "KEYS",
    "PROFILES",
    "RESERVED",
    "RUNTIME_KEYS",
    "SAMPLES",
    "Benchmark",
    "Budget",
    "ChronicleSettings",
    "Deploy",
    "Gate",
    "Generators",
    "Judge",
    "Knowledge",
    "Pod",
    "Retention",
    "Settings",
    "Sources",
    "Teacher",
    "Training",
    "VerdictSettings",
    "Wikipedia",
    "known_keys",
    "load_settings",
    "merge",
    "parse_assignments",
    "thaw",
]
