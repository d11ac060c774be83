"""A minute of the inputs of benchmarks/fuzz_readers.py: no reader exceeds its time or its memory, fails, or
loses what stands beside.
"""

import pytest

from benchmarks import fuzz_readers

pytestmark = pytest.mark.slow


def test_no_input_breaks_a_reader():
    made = list(fuzz_readers.rounds(60, seed=15))
    assert {one.format for one in made} == set(fuzz_readers.formats())
    assert [(one.number, one.wrong) for one in made if one.wrong] == []
    assert (
        max(one.seconds for one in made) < fuzz_readers.SECONDS
        and max(one.megabytes for one in made) < fuzz_readers.MEGABYTES
    )
