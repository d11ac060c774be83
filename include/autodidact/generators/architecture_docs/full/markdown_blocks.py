"""The blocks of Markdown (document_block.py)."""

import re
from collections.abc import Callable

from autodidact.generators.architecture_docs.full.document_block import (
    ITEM,
    MAX_LIST,
    Block,
    fenced,
    fenced_code,
    flush,
    is_lost,
    note_block,
    text_block,
)

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*\{?\.?([\w+-]*)")
_ALERT = re.compile(r"^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*|^\**(Note|Tip|Warning)\**:\**\s+", re.I)
_ADMONITION = re.compile(
    r"^(:{3,}|!!!|\?\?\?\+?)\s*\{?(note|tip|info|warning|danger|caution|important)\b", re.I
)


class Markdown:
    """Blocks of Markdown."""

    def __init__(self, words: Callable[[str], str]):
        self.words = words

    def blocks(self, lines: list[str], first: int) -> list[Block]:
        """`first`: the number of the first line."""
        self.found: list[Block] = []
        place = 0
        while place < len(lines):
            line = lines[place]
            if not line.strip():
                place += 1
                continue
            end, block = self._block(lines, place)
            self.found.append(
                Block(block.kind, block.text, block.title, block.inner, (first + place, first + end - 1))
            )
            place = max(end, place + 1)
        return self.found

    def _block(self, lines: list[str], place: int) -> tuple[int, Block]:
        line = lines[place]
        if fence := FENCE.match(line):
            return fenced_code(lines, place, fence)
        if _ADMONITION.match(line):
            return self._admonition(lines, place)
        if line.startswith(">"):
            return self._quote(lines, place)
        if ITEM.match(line) and not line.startswith("    "):
            return self._list(lines, place)
        end = place
        while end < len(lines) and lines[end].strip() and not self._begins(lines, end, place):
            end += 1
        text = " ".join(part.strip() for part in lines[place:end])
        odd = line.startswith(("    ", "\t", "|", "<", "[", "!", ":", "{", "+++", "---", "===", "#"))
        if odd or "|" in line and end - place > 1 and re.search(r"^\s*\|?\s*:?-{2,}", lines[place + 1]):
            return end, Block("gap")
        return end, text_block(self.words(text))

    def _begins(self, lines: list[str], at: int, place: int) -> bool:
        line = lines[at]
        return at > place and bool(
            FENCE.match(line) or line.startswith(">") or re.match(r"\s*([-*+]|1[.)])\s+\S", line)
        )

    def _admonition(self, lines: list[str], place: int) -> tuple[int, Block]:
        match = _ADMONITION.match(lines[place])
        assert match
        end = place + 1
        closed = match[1].startswith(":")
        while end < len(lines) and (
            lines[end].strip() != match[1]
            if closed
            else not lines[end].strip() or lines[end].startswith("    ")
        ):
            end += 1
        body = [line.strip() for line in lines[place + 1 : end]]
        return end + closed, note_block(match[2].lower(), self.words(" ".join(filter(None, body))))

    def _quote(self, lines: list[str], place: int) -> tuple[int, Block]:
        end = place
        while end < len(lines) and lines[end].startswith(">"):
            end += 1
        body = " ".join(line.lstrip("> ").strip() for line in lines[place:end])
        if alert := _ALERT.match(body):
            return end, note_block((alert[1] or alert[2]).lower(), self.words(body[alert.end() :]))
        return end, Block("gap")

    def _list(self, lines: list[str], place: int) -> tuple[int, Block]:
        """A list with the code in its items, up to a line that is not indented and no item."""
        rows: list[str] = []
        end, item, table, apart, runs_in = place, "", False, False, False
        while end < len(lines):
            line = lines[end]
            match = ITEM.match(line)
            if end - place > MAX_LIST:
                return end, Block("gap")
            if fence := FENCE.match(line):
                if not fence[1]:
                    break
                flush(rows, item, self.words)
                item = ""
                after, code = fenced_code(lines, end, fence)
                indent = "  " if rows and not rows[-1].lstrip()[:1].isdigit() else "   "
                rows += [f"{indent}{part}".rstrip() for part in fenced(code).split("\n")]
                end = after
                continue
            if match:
                # A heading of the items that follow would run into the item before it.
                runs_in, apart = runs_in or (apart and item.endswith(":")), False
                flush(rows, item, self.words)
                item = f"{match[1]}{match[2]} {match[3].rstrip()}"
            elif line.strip() and (line.startswith(" ") or lines[end - 1].strip()):
                if line.startswith((">", "#", "|", "<")):
                    break
                table = table or line.lstrip().startswith("|")
                apart = apart or (bool(item) and not lines[end - 1].strip())
                item = f"{item} {line.strip()}" if item else f"   {line.strip()}"
            elif line.strip():
                break
            end += 1
        flush(rows, item, self.words)
        while end > place and not lines[end - 1].strip():
            end -= 1
        text = "\n".join(rows)
        # A table in an item would become one line.
        bad = is_lost(text) or not text or table or runs_in
        return end, Block("gap") if bad else Block("list", text)
