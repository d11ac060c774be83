"""When a server wants to be asked again: the header Retry-After of HTTP."""

import time
from email.utils import parsedate_to_datetime


def retry_after(header: str, default: float) -> float:
    """The seconds of a Retry-After header, which is a number or a date; `default` where it is neither."""
    if header.isdecimal():
        return float(header[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time()) if header else default
    except (ValueError, TypeError, OverflowError):
        return default
