"""Aider: `.aider.chat.history.md`, many sessions a file.

`# aider chat started at TIME` begins a session, `#### ` with two spaces at the end of the line is what a
person typed, `> ` with two spaces what the program says; everything else is the model's answer. Its edits,
and what it says of files that were added to the chat, need files that the history does not show.
"""

import re
from datetime import datetime

from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.outcomes import Outcome
from autodidact.sources.transcripts.reader_base import Reading, ThreadFormat
from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.turn_text import typed
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT, moment

# The field under which a line of text stands, as no JSON names its own.
LINE = "line of Markdown"
_STARTED = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*\Z")
# Commands that a prompt follows.
_ASKING = re.compile(r"/(?:ask|code|architect|context)\s+")
_FAILED = re.compile(
    r"(litellm\.|\w*(Error|Exception)\b|The LLM did not conform|Attempt to fix|Only \d+ reflections allowed"
    r"|Can't initialize|Unable to|API provider|Retrying in|Empty response\b)"
)
_CUT = re.compile(
    r"(\^C|Model \S+ has hit a token limit|.*\bFinishReasonLength\b|.*token limit)", re.IGNORECASE
)
# Lines of one turn that are kept; a longer one is cut anyway.
MAX_LINES = 1_000
_EDITS = re.compile(r"(<{5,9} (SEARCH|ORIGINAL)|Applied edit to )")
EDITED = "with an edit of files that the record does not show"
# The person did not let the model change a file.
_DECLINED = re.compile(r"(?:Create new file|Allow (?:edits|creation))\b.*:\s*(?:n|no|d)\s*\Z", re.IGNORECASE)

_ADDED = re.compile(
    r"Added (\S.{0,200}?) to (?:the|this) chat|Add (\S.{0,200}?) to the chat\?.*:\s*(?:y|yes|a)\s*\Z"
)
# Files of the chat whose names are kept.
MAX_FILES = 50
# A word for a file, or for what stands in it.
_OF_FILE = re.compile(
    r"\b(?:files?|code|scripts?|modules?|datei(?:en)?|fichiers?|archivos?|ficheros?|arquivos?|файл\w{0,3})\b"
    r"|文件|檔案|ファイル|파일",
    re.IGNORECASE,
)
ADDED = "about a file that the record does not show"


# Notices of several lines, of which only the last ends in two spaces.
_LONG_NOTICE = re.compile(
    r"> (Tokens:|Commit [0-9a-f]{7}\b|Command Line Args|Added |WARNING|Debug|Files are)"
)
MAX_NOTICE = 200


def begins(line: bytes) -> bool:
    """Whether a file's line begins a session of Aider."""
    return line.startswith(b"# aider chat started at ")


class Aider(ThreadFormat):
    @staticmethod
    def reads(record: dict) -> bool:
        return isinstance(record.get(LINE), str)

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.time: datetime | None = None
        # Whether this session began after the window.
        self.late = False
        # Whether the lines of this session still end in two spaces; None before its first.
        self.spaced: bool | None = None
        # Lines of a notice that may still come.
        self.notice = 0
        # Lines of the person's turn, or of the model's, that is being read, and where it began.
        self.asked: list[str] = []
        self.said: list[str] = []
        self.line = 0
        # Files of the chat, which the model sees and the history does not show.
        self.files: list[str] = []

    def feed(self, line: int, record: dict) -> list[Exchange]:
        text = record[LINE]
        if started := _STARTED.match(text):
            settled = self.close()
            self.thread, self.time = self.new_thread(), moment(started[1])
            self.late = not self.reading.keeps(self.time)
            self.spaced, self.notice, self.files = None, 0, []
            return settled
        if self.late:
            return []
        if self.spaced is None and text.startswith(("#### ", "> ")):
            self.spaced = text.endswith("  ")
        ends = text.endswith("  ") or not self.spaced
        if self.notice:
            self.notice = 0 if ends else self.notice - 1
            return []
        if text.startswith("#### ") and ends:
            self._answered()
            if not self.spaced and self.thread.current and self.thread.current.reply.endswith(":"):
                # It may be a heading of the answer.
                self.thread.ends(Outcome.UNKNOWN)
            self.line = self.line if self.asked else line
            if len(self.asked) < MAX_LINES:
                self.asked.append(text[5:].strip()[:MAX_TEXT])
            return self.thread.take()
        self._put()
        if text.startswith("> ") and (ends or _LONG_NOTICE.match(text)):
            self.notice = 0 if ends else MAX_NOTICE
            self._answered()
            self._notice(text[2:].strip())
        elif text.strip() or self.said:
            self.line = self.line if self.said else line
            if _EDITS.match(text) and self.thread.current:
                self.thread.current.lost = EDITED
            if len(self.said) < MAX_LINES:
                self.said.append(text[:MAX_TEXT])
        return self.thread.take()

    def _put(self) -> None:
        """Ends what a person typed."""
        if not self.asked:
            return
        text, self.asked = "\n".join(self.asked).strip(), []
        if re.match(r"/undo\b", text):
            # Of the edits of the last answer; it is taken back.
            self.thread.rolled_back(1)
            return
        if re.match(r"/(?:drop|reset)\b", text):
            dropped = text.split()[1:]
            self.files = [name for name in self.files if dropped and name not in dropped]
        turn = typed(Turn(Who.PERSON, _ASKING.sub("", text, count=1), self.line, self.time))
        if turn.text.startswith(("/", "!")) or turn.text == "<blank>":
            turn.who, turn.text = Who.HARNESS, ""
        elif self.files and (_OF_FILE.search(turn.text) or self._names_file(turn.text)):
            turn.lost = turn.lost or ADDED
        self.thread.add(turn)

    def _names_file(self, text: str) -> bool:
        """Whether words name a file of the chat: `src/berths.py`, `berths.py`."""
        names = (re.escape(name.replace("\\", "/").rsplit("/", 1)[-1]) for name in self.files)
        return any(re.search(rf"(?<![\w.-]){name}(?![\w-])", text) for name in names)

    def _answered(self) -> None:
        if self.said:
            # Some models' thoughts stand before their answer, under a heading.
            text, self.said = "\n".join(self.said).rpartition("► **ANSWER**")[2], []
            lost = ADDED if self._names_file(text) else ""
            said = Turn(Who.MODEL, text, self.line, self.time, message=str(self.line), lost=lost)
            self.thread.add(said)

    def _notice(self, text: str) -> None:
        if _CUT.match(text):
            self.thread.ends(Outcome.CUT)
        elif _FAILED.match(text):
            self.thread.ends(Outcome.FAILED)
        elif _DECLINED.match(text):
            self.thread.ends(Outcome.REFUSED)
        elif (added := _ADDED.match(text)) and len(self.files) < MAX_FILES:
            self.files.append(added[1] or added[2])
        elif _EDITS.match(text) and self.thread.current:
            self.thread.current.lost = EDITED

    def close(self) -> list[Exchange]:
        self._put()
        self._answered()
        return self.thread.close()

    def plain(self) -> dict:
        own = {"asked": self.asked, "said": self.said, "line": self.line, "late": self.late}
        own |= {"spaced": self.spaced, "notice": self.notice, "files": self.files}
        return self.thread.plain() | own | {"time": self.time.isoformat() if self.time else None}

    def restore(self, state: dict) -> None:
        self.asked, self.said, self.line, self.late = (state[k] for k in ("asked", "said", "line", "late"))
        self.time, self.spaced, self.notice = moment(state["time"]), state["spaced"], state["notice"]
        self.files = state["files"]
        self.thread.restore(state)
