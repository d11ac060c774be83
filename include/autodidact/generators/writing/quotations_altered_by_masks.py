"""Whether a text that quotes would be changed before it is trained on: a mask in a quotation makes it a wrong
one.
"""

from collections.abc import Iterable, Iterator

from autodidact.records import Example
from autodidact.scanning.personal_data import redact


def is_masked(row: Example) -> bool:
    """Whether something in an example's messages would be taken for a personal datum and masked: the home
    folder of a README's `/Users/Alice/`.
    """
    texts = (message.get("content") for message in row.messages if message["role"] != "system")
    return any(isinstance(text, str) and redact(text) != text for text in texts)


def without_masks(rows: Iterable[Example]) -> Iterator[Example]:
    """The examples of which nothing would be masked."""
    return (row for row in rows if not is_masked(row))
