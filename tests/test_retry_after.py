"""The header Retry-After: seconds, a date, or something else."""

import pytest

from autodidact.retry_after import retry_after


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("soon", 2), ("", 2), ("-3", 2), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_the_header_is_seconds_or_a_date_and_anything_else_is_the_default(header, seconds):
    assert retry_after(header, 2) == seconds


def test_a_date_to_come_is_that_far_away():
    assert retry_after("Wed, 21 Oct 2099 07:28:00 GMT", 2) > 1e9
