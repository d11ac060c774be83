"""No regular expression of the library tries all ways to take the same characters."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pumped_patterns import dear


@pytest.mark.parametrize(
    ("pattern", "flags", "found"),
    [
        (r"(?:^|: )[A-Za-z][\w .-]{0,40}(?:[,;\t][ ]?[\w .-]{1,40}){1,30}$", re.MULTILINE, True),
        (r"(?:^|: )[A-Za-z][\w .-]{0,40}(?>[,;\t][ ]?[\w .-]{1,40}){1,30}$", re.MULTILINE, False),
        (r"\A(?:#[^\n]*\n|\s*\n)*x", 0, True),
        (r"\A(?:#[^\n]*\n|[^\S\n]*\n)*x", 0, False),
        (r"(?:a*a)*$", 0, True),
        (r"[a-z]+(?: [a-z]+)*$", 0, False),
    ],
)
def test_a_pattern_with_two_ways_is_found(pattern, flags, found):
    assert bool(dear(pattern, flags)) == found


@pytest.mark.slow
def test_none_of_the_library_is_one():
    script = Path(__file__).with_name("pumped_patterns.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=900)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-2000:]
