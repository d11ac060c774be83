"""How often Python looks for garbage."""

import gc

import pytest

from autodidact.garbage import looked_for_rarely


def test_python_looks_rarely_and_then_as_before():
    before = gc.get_threshold()
    with pytest.raises(ValueError), looked_for_rarely():
        assert gc.get_threshold() == (100_000, *before[1:])
        raise ValueError
    assert gc.get_threshold() == before
