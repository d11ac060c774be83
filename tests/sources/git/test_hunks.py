"""Hunks of unified diffs, and the stream that patches are read from."""

import difflib

from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.sources.bounded_process_output import Pipe
from autodidact.sources.git.hunks import hunks

LINES = st.lists(
    st.sampled_from(["", "a", "  b = 1", "-- c", "++ d", "@@ e", "def f():", "    return 2", "\\ g"]),
    max_size=30,
)


def patch(old: list[str], new: list[str]) -> str:
    """The hunks of a unified diff, as git prints them."""
    return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=2))[2:])


@settings(deadline=None)
@given(LINES, LINES)
def test_hunks_hold_both_sides_under_their_numbers(old, new):
    for hunk in hunks(patch(old, new)):
        before, after = hunk.before(), hunk.after()
        assert old[hunk.old - 1 : hunk.old - 1 + len(before)] == before or not before
        assert new[hunk.new - 1 : hunk.new - 1 + len(after)] == after or not after
        assert all(new[number - 1] == line[1:] for line, number in hunk.numbered() if line[0] != "-")


@settings(deadline=None)
@given(LINES, LINES, st.integers(4, 12))
def test_parts_of_a_hunk_are_the_hunk(old, new, most):
    for hunk in hunks(patch(old, new)):
        parts = [hunk.part(*cut) for cut in hunk.cuts(most)]
        assert [line for part in parts for line in part.lines] == hunk.lines and all(
            len(part.lines) <= most for part in parts
        )
        assert [row for part in parts for row in part.numbered()] == hunk.numbered()
        assert [again.text() for part in parts for again in hunks(part.text())] == [
            part.text() for part in parts
        ]


class Chunks(Pipe):
    """A pipe whose process has written these chunks."""

    def __init__(self, chunks: list[bytes]):
        self._chunks, self._buffer, self._at = list(chunks), b"", 0

    def _more(self) -> bool:
        data = self._chunks.pop(0) if self._chunks else b""
        if data:
            self._buffer, self._at = self._buffer[self._at :] + data, 0
        return bool(data)


@given(st.lists(st.sampled_from([b"a", b"\n", b"\x01", b"\n\x01", b"bc\n"]), max_size=12), st.integers(0, 20))
def test_what_stands_before_a_mark_however_it_arrives(chunks, limit):
    pipe, whole = Chunks(chunks), b"".join(chunks)
    before = whole.partition(b"\n\x01")[0]
    assert pipe.before(b"\n\x01", limit) == before[:limit]
    rest = whole[len(before) :]
    assert (pipe.take(len(rest)) if rest else b"") == rest and pipe.peek() == b""
