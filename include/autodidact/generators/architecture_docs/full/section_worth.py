"""Which documents and sections are worth a question: not what is there for an example program to show, not a
section that only sends the reader elsewhere or only introduces those below it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from autodidact.generators.architecture_docs.full.document_block import Block
from autodidact.generators.architecture_docs.full.heading_phrases import tells
from autodidact.generators.architecture_docs.full.quotable_passages import first_sentence
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.sources.documents.sentences import sentences

# Folders whose documents are what a program or a test reads; a README there speaks of the folder.
_DATA = re.compile(
    r"(?:\A|/)(?:examples?|samples?|testdata|test-data|fixtures|__fixtures__|tests?|specs?|snapshots)/", re.I
)
# What a tool writes into a new project says nothing of what became of it.
_GENERATED = re.compile(
    r"project was (?:generated|bootstrapped|created|scaffolded) (?:with|by|using)"
    r"|This template (?:provides|should help)|Getting Started with Create React App|created by \[?`?create-",
    re.IGNORECASE,
)
# Words of a section that says something besides what lies below it, or elsewhere.
INTRODUCES, SAYS = 80, 10
_SENDS = re.compile(
    r"\b([Ss]ee (the|our|also|https?:|[A-Z`])|check (it |them )?out|[Rr]efer to|[Vv]isit"
    r"|[Rr]ead (more|on|about)|[Hh]ead (over )?to|(have|take) a look"
    r"|[Mm]ore (information|details|help|examples?|applications)"
    r"|(?:is|are) (?:configured|described|documented|explained) (?:in|by|according to) the [A-Z]"
    r"|\b(?:[Gg]uide|page) (?:provides|explains|describes|shows)|[Ll]earn how"
    r"|(can |will )?point you (to|in)|[Ll]earn more|[Gg]et (more )?help|[Cc]ontact (us|the))"
)
# Headings that only name where something runs or what installs it.
_PLATFORM = re.compile(
    r"(?:(?:linux|mac ?os|os ?x|windows|ubuntu|debian|arch|fedora|centos|rhel|red hat|alpine|gentoo|void"
    r"|nix(?:os)?|opensuse|suse|mint|manjaro|(?:free|open|net)?bsd|android|ios|termux|wsl|docker|podman"
    r"|homebrew|brew"
    r"|macports|snap(?:craft)?|flatpak|scoop|chocolatey|winget|cargo|pip|pipx|npm|yarn|conda|linuxbrew"
    r"|apt|dnf|yum|pacman"
    r"|rpm|deb|and|or|with|on|from|the|via|os|\d[\d.]*)\W*)+",
    re.IGNORECASE,
)
# Who pays for a project is nobody's question.
_MONEY = re.compile(r"\bdonat(e|ions?)\b|\bOpen Collective\b|\bsponsor(s|ing|ship)?\b|\bPatreon\b", re.I)


def is_generated(text: str) -> bool:
    """Whether a document is the one that a tool writes into a new project."""
    return _GENERATED.search(text[:1_500]) is not None


def is_example_data(path: str) -> bool:
    """Whether a document is what an example or a test reads, and says nothing of the system."""
    return _DATA.search(path) is not None and not path.rpartition("/")[2].lower().startswith("readme")


def says_little(part: Part, below: Sequence[Part]) -> bool:
    """Whether the text of a section is a few words that send the reader elsewhere or introduce the sections
    `below` it, which are what it is about.
    """
    texts = [block.text for block in part.blocks if block.kind == "text"]
    if any(map(_MONEY.search, texts)):
        return True
    sent = texts and all(_SENDS.search(one) for text in texts for one in sentences(text))
    listed = (block.kind == "list" and not _links(block) and not sent for block in part.blocks)
    if any(block.kind == "code" for block in part.blocks) or any(listed):
        return False
    if below and sum(len(text.split()) for text in texts) < INTRODUCES:
        return True
    statements = [
        one for text in texts for one in sentences(text) if not _SENDS.search(one) and one[-1:] not in "?!"
    ]
    return sum(len(one.split()) for one in statements) < SAYS


def _links(block: Block) -> bool:
    """Whether the items of a list are addresses to go to."""
    return all(re.search(r"https?://\S+\Z", line) for line in block.text.split("\n"))


def is_placed(part: Part, parts: Sequence[Part], path: str) -> bool:
    """Whether somebody may ask where a section is: its heading says enough, and is not the name of the
    project at the top of its README, nor that of a platform: one looks for how to install there.
    """
    if _PLATFORM.fullmatch(part.title):
        return False
    name = path.rpartition("/")[2]
    headed = [one for one in parts if one.title and one.title != name]
    title = name.lower().startswith("readme") and headed[:1] == [part]
    return tells(part.title) and not title


def repeated_openings(parts: Iterable[Part]) -> set[str]:
    """The first sentences with which more than one section begins: they tell nobody which one is meant."""
    times = Counter(filter(None, map(first_sentence, parts)))
    return {sentence for sentence, count in times.items() if count > 1}
