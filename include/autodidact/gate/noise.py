"""Terminal and markup noise: what a harness or a shell wrote between the words of people.

Stripped, because the rest stays useful: notification and reminder blocks that stand on lines of their own,
ANSI escapes and control characters, progress bars and spinners, the `user@host:~$` before a command, a
model's thoughts before its answer. Dropped: an example of which nothing is left, or whose answer or question
is mostly terminal output or one pasted blob. The article: "strips terminal dumps, task notification blocks".

A block must begin a line: code that only mentions such a tag in quotes stays as it is.

Good text is left alone: of 17,245 functions and 6,773 docstrings of the standard library none is dropped or
changed, of 1,254 files of JSON two are dropped (tables in one long word), of 52,384 examples of three
repositories none is dropped and one is changed (`benchmarks/gate_rules.py`).
"""

import re

from autodidact.gate.rule import Context, Drop, question, rewrite
from autodidact.records import Example
from autodidact.shipped_tables import own_table

NAME = "noise"

# Blocks that coding agents and their harnesses write into conversations.
TAGS: list[str] = own_table(__file__)["tags"]

# A text is a terminal dump when it has at least so many lines and at least this share of them is terminal
# output.
DUMP_LINES, DUMP_SHARE = 12, 0.6

# Characters without a space or punctuation of prose: a pasted blob. One of 16,053 functions and classes has
# one, a table of bytes.
BLOB = 400

# A longer line is no progress bar.
PROGRESS_CHARACTERS = 300

_BLOCK = re.compile(
    rf"^[ \t]*<({'|'.join(TAGS)})\b[^>\n]{{0,200}}>.*?(?:</\1>[ \t]*\n?|\n\s*\n|\Z)", re.DOTALL | re.MULTILINE
)
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_=>]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?!\n)", re.MULTILINE)
_PROGRESS = re.compile(
    r"\d{1,3}%\s{0,9}\|[^|]{0,200}\||\[[=#>\-. ]{8,80}\]\s{0,9}\d|[━╸╺]{8,80}\s{0,9}\d"
    r"|[█▉▊▋▌▍▎▏▒░]{3,80}.{0,40}\d%|\d%.{0,40}[█▉▊▋▌▍▎▏▒░]{3,80}|^\s{0,9}[⠁-⣿]\s"
)
# A part of each of these, and of each prompt below, which few texts have.
_BAR = re.compile(r"[%\]━╸╺█▉▊▋▌▍▎▏▒░⠁-⣿](?:(?<=\d%)|(?<=[=#>\-. ]\])\s{0,9}\d|(?<=[^%\]]))")
_SIGN = re.compile(r"[$#%➜❯λ] ")
_PROMPT = re.compile(
    r"""^(?:\([\w.-]+\)\ )?(?:
      [\w.-]+@[\w.-]+(?::[~/][^\n$#]{0,120}|\ [~/\w.-]{1,80}\ )[$\#%]\      # jo@box:~/src$, jo@box src %
    | \[[\w.-]+@[\w.-]+\ [^\]\n]{1,80}\][$\#]\                              # [jo@box src]$
    | (?:bash|sh|zsh)-\d\.\d[$\#]\                                          # bash-5.1$
    | [➜❯λ]\ {1,2}(?:[\w~./-]{1,60}\ (?:git:\([^)\n]{1,60}\)\ )?(?:✗\ )?)?   # oh-my-zsh and its like
    )""",
    re.MULTILINE | re.VERBOSE,
)
_POWERSHELL = re.compile(r"^PS [A-Z]:\\[^>\n]*> |^[A-Z]:\\[\w\\ .-]{0,120}>(?=\S)", re.MULTILINE)
_OUTPUT = re.compile(
    r"""^\s*(?:
      \[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d                              # a log line with its time
    | \[?\d\d:\d\d:\d\d
    | (?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|TRACE)\b
    | [-dl][rwxsStT-]{9}[.+@]?\s+\d+                               # ls -l
    | [0-9a-f]{8}:?\s+(?:[0-9a-f]{2,4}\s+){4}                      # a hex dump
    | (?:Collecting|Downloading|Installing|Requirement\ already|Successfully\ installed|Using\ cached)\b
    | (?:Get:\d+|Hit:\d+|Unpacking)\b
    | (?:added|removed|changed|audited)\ \d+\ packages
    | [\w/.-]+\.py(?:::\S+)?\s+(?:PASSED|FAILED|SKIPPED|ERROR|[.FsxE]+\s+\[)
    | (?:PASS|FAIL|ok|not\ ok)\s+\S+
    | npm\ (?:ERR!|WARN)
    | Step\ \d+/\d+\s:
    | (?:=|-|_|\*){20,}
    | \[\ {0,4}\d{1,6}\.\d{6}\]\                                   # dmesg
    | [A-Z][a-z]{2}\ [\ \d]\d\ \d\d:\d\d:\d\d\ \S+                 # syslog
    | \w+\ +\d+\ +\d+\.\d\ +\d+\.\d\ +\d+                          # ps aux
    | \S+\ +\d+(?:\.\d)?[KMGT]?\ +\d+(?:\.\d)?[KMGT]?\ +\d+(?:\.\d)?[KMGT]?\ +\d+%   # df
    | \#\d+\ +(?:0x)?[0-9a-f]{4,16}\ in\                           # gdb
    | at\ [\w.$]+\([\w.]+:\d+\)$                                   # a Java stack
    | [0-9a-f]{12}:\ (?:Pull|Download|Verif|Wait|Extract|Already|Layer|Push)
    | (?:Compiling|Checking|Downloaded|Fresh|Linking|Building)\ \S+\ v?\d
    | (?:[<>*]\ (?:HTTP/\d|[A-Za-z-]+:\ |Connected|Trying|TLS|ALPN|SSL|GET|POST))    # curl -v
    | (?:INSERT\ INTO|CREATE\ TABLE|COPY)\ [`"\w.]+\ .{0,400};\s*$ # a dump of a database
    | commit\ [0-9a-f]{40}\b
    | \$\ \S
    )""",
    re.VERBOSE,
)
_RUN = re.compile(rf"[A-Za-z0-9+/=_\-\\]{{{BLOB},}}")
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)


def strip(text: str) -> str:
    """The text without what can be taken out; a text without noise comes back as it was."""
    clean = _ANSI.sub("", text)
    if "\r" in clean:
        clean = _OVERWRITTEN.sub("", clean.replace("\r\n", "\n")).replace("\r", "")
    clean = _CONTROL.sub("", clean)
    if "<" in clean:
        clean = _BLOCK.sub("", clean)
    if _BAR.search(clean):
        clean = "\n".join(
            line
            for line in clean.split("\n")
            if len(line) > PROGRESS_CHARACTERS or not _PROGRESS.search(line)
        )
    if _SIGN.search(clean):
        clean = _PROMPT.sub("$ ", clean)
    if ":\\" in clean:
        clean = _POWERSHELL.sub("PS> ", clean)
    return text if clean == text else re.sub(r"\n{3,}", "\n\n", clean).strip()


def dump(text: str) -> str | None:
    """ "terminal dump" or "pasted blob" when that is what the text mostly is, else None."""
    if text.count("\n") >= DUMP_LINES - 1:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) >= DUMP_LINES and sum(map(bool, map(_OUTPUT.match, lines))) >= DUMP_SHARE * len(lines):
            return "terminal dump"
    if len(text) >= BLOB and _RUN.search(text):
        return "pasted blob"
    return None


def _spoken(message: dict) -> str:
    """What a message says; of an assistant's without the thoughts before it, as they are off in training and
    serving.
    """
    text = message["content"]
    return _THOUGHTS.sub("", text) if message["role"] == "assistant" and "<think>" in text else text


def check(example: Example, context: Context) -> Example | Drop:
    """Strips every message; drops the example when its question or answer was noise alone."""
    contents = [strip(_spoken(message)) for message in example.messages]
    messages, stripped = example.messages, example
    if any(content is not message["content"] for content, message in zip(contents, messages, strict=True)):
        messages = [
            message | {"content": content} for content, message in zip(contents, messages, strict=True)
        ]
        stripped = rewrite(example, messages)
    answer = messages[-1]
    if not answer["content"] and not answer.get("tool_calls"):
        return Drop("nothing left of the answer")
    if question(example).strip() and not question(stripped):
        return Drop("nothing left of the question")
    for message in (answer, {"content": question(stripped)}):
        if kind := dump(message["content"]):
            return Drop(kind)
    return stripped
