"""A tool's description as a request can use it: what to do ("inspect a berth"), what is wanted ("the tide at
a berth"), or, where grammar does not tell, the words themselves, to be quoted.

Only forms that are known are turned: an imperative, a third person ("Lists files"), and frames around either
("This tool allows you to ...", "Use this when you need to ...", "A tool for listing ..."). In doubt, and in
other languages than English, the description is quoted.
"""

import re
from dataclasses import dataclass

from autodidact.generators.tool_spec.verb_forms import (
    ALSO_ADJECTIVES,
    ALSO_NOUNS,
    DETERMINERS,
    NO_VERBS,
    PREPOSITIONS,
    VERBS,
    base_of_gerund,
    base_of_third,
    guessed_third,
)
from autodidact.shipped_tables import read_table
from autodidact.sources.placeholders import has_open_place

# Characters of a task or a thing, and of what is quoted.
LONGEST, MOST_QUOTED = 140, 180

_TABLE = read_table(__file__)["phrases"]
_FOREIGN, _GIVING, _BARE = (frozenset(_TABLE[kind]) for kind in ("foreign", "giving", "bare"))

_SUBJECT = (
    r"(?:(?:this|the|an?) )?(?:(?!(?:to|for|of|that|which|is)\b)[\w-]+ ){0,3}?"
    r"(?:tool|function|command|endpoint|operation|action|utility|helper|method|api)"
    r"(?: (?:tool|function|command|endpoint|method))?"
)
_WHO = r"(?:you|(?:the )?users?|(?:the )?agents?|the model|clients?|one|developers|(?:an )?(?:ai )?assistant)"
_OF_SUBJECT = re.compile(rf"{_SUBJECT}(?: (?:that|which))? (.+)", re.IGNORECASE)
_OF_USE = re.compile(
    rf"(?:{_WHO} (?:can|may|should) )?(?:please )?(?:use|call|invoke|run|used|useful)"
    rf"(?: this| it)?(?: {_SUBJECT})? ((?:to|for|when|whenever|if|in order)\b.+)",
    re.IGNORECASE,
)
_ALLOWS = re.compile(rf"(?:allows?|lets?|enables?|helps?|permits?)(?: {_WHO})?(?: to)? (.+)", re.IGNORECASE)
_WANTS = rf"(?:when|whenever|if) {_WHO} (?:needs?|wants?|has|have|would like|wish(?:es)?) to (.+)"
_PURPOSE = re.compile(rf"(?:in order )?to (.+)|for (.+)|{_WANTS}", re.IGNORECASE)
_FINITE = re.compile(
    r"(?:(?:can|may|should|must|will|could) )?(?:(?:be|is|are) )?"
    r"(?:used|useful|designed|meant|intended|able) (.+)"
    r"|(?:can|may|will|could) (?!be )(.+)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|vs|approx|cf|incl|st|dr|mr|ms)\.$", re.IGNORECASE)
_END = re.compile(r"(?<=[\w)\]`\"'%])[.!?](?=\s|$)|;\s|\s[-–—]+\s|\n")
_STOP = re.compile(r"(?<=[\w)\]`\"'%])[.!?](?=\s|$)")
_SECTION = re.compile(r"(?:[-*•]|\d+[.)]|#+|[A-Z][\w ]{0,30}:(?:\s|$)|<\w)")
_QUESTION = "whether|if|how|what|which|where|when|who|why"
_SPEAKS = re.compile(
    r"\b(?:[Yy]ou|[Yy]ours|[Ww]e|us|[Oo]ur|I|[Mm]e|[Tt]his (?:tool|function)|[Uu]se (?:this|it))\b"
    r"|[:?\"“”(){}<>|]| \+ "
)


@dataclass(frozen=True)
class Phrase:
    """At most one of: `task` follows "I need to", `thing` follows "I need", `quote` stands in quotation
    marks. None of them for a tool that says nothing of itself.
    """

    task: str = ""
    thing: str = ""
    quote: str = ""


def phrase(name: str, description: str) -> Phrase:
    """What a tool's description, or else its name, says that it does."""
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]
    text = _plain(description)
    if not text:
        return Phrase(task=" ".join(words)) if len(words) > 1 and words[0] in VERBS else Phrase()
    if has_open_place(description):
        # A template has left something out.
        return Phrase()
    head = re.sub(r"\s*\([^()]*\)", "", sentences(text)[0])
    head = re.split(r", (?:this|it) \w", head)[0].strip(" .,!")
    if len(head.partition(": ")[0].split()) >= 3:
        head = head.partition(": ")[0]
    if _is_english(head) and len(head) <= LONGEST:
        found = _of_frame(head) or _of_sentence(head, words)
        if found and not _SPEAKS.search(whole := found.task + found.thing) and whole.count("`") % 2 == 0:
            return found
    return Phrase(quote=shortened(text, MOST_QUOTED))


def shortened(text: str, most: int) -> str:
    """At most so many characters: whole sentences, or else whole words and an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?。！？](?=\s|$)|[。！？]", text[: most + 1])]
    ends = [end for end in ends if end <= most and not _ABBREVIATED.search(text[:end])]
    return text[: ends[-1]] if ends else f"{text[: most - 4].rpartition(' ')[0] or text[: most - 4]} ..."


def sentences(text: str) -> list[str]:
    """The sentences of a text, and the parts of one at a semicolon or a dash; "e.g." ends none."""
    return _split_at(_END, text)


def whole_sentences(text: str) -> list[str]:
    """The sentences of a text, each up to its full stop."""
    return _split_at(_STOP, text)


def _split_at(end: re.Pattern, text: str) -> list[str]:
    found, start = [], 0
    for match in end.finditer(text):
        if _ABBREVIATED.search(text[max(0, match.end() - 12) : match.end()]):
            continue
        found.append(text[start : match.start()].strip())
        start = match.end()
    return [one for one in [*found, text[start:].strip()] if one] or [text]


def _plain(description: str) -> str:
    """The first paragraph without marks and tags (`[BETA]`, emoji), up to a list or a section (`Args:`)."""
    for paragraph in re.split(r"\n\s*\n", description.strip()):
        kept: list[str] = []
        for line in paragraph.splitlines():
            line = line.strip()
            if kept and _SECTION.match(line):
                break
            kept.append(line)
        text = re.sub(r"(\*\*|__)(.+?)\1", r"\2", " ".join(" ".join(kept).split()))
        text = re.sub(r"^(?:\[[^\]]{1,30}\]|<[^>]{1,20}>|[^\w`\"'「『\[<]+)+", "", text).strip()
        if text:
            return text
    return ""


def _is_english(text: str) -> bool:
    """Whether nothing speaks against it: other letters, or words that English does not have."""
    words = re.findall(r"[^\W\d_]+", text)
    latin = all(letter < "\u0250" for word in words for letter in word)
    return bool(words) and latin and not any(word.lower() in _FOREIGN for word in words)


def _of_frame(text: str) -> Phrase | None:
    """What stands in a frame such as "This tool allows you to ..."."""
    if match := _OF_USE.fullmatch(text):
        return _of_purpose(match[1])
    first = _split(text)[0].lower()
    if first not in VERBS and not base_of_third(first) and (match := _OF_SUBJECT.fullmatch(text)):
        return _of_finite(match[1])
    if match := _ALLOWS.fullmatch(text):
        return _of_base(match[1])
    return _of_finite(text) if _FINITE.fullmatch(text) else _of_purpose(text)


def _of_finite(text: str) -> Phrase | None:
    """Of "lists files", "can be used to list files", "is for listing files"."""
    text = re.sub(r"^is (?=for|to)", "", text)
    if match := _ALLOWS.fullmatch(text):
        return _of_base(match[1])
    if match := _FINITE.fullmatch(text):
        return _of_base(match[2]) if match[2] else _of_purpose(match[1])
    if found := _of_purpose(text):
        return found
    first, rest = _split(text)
    base = base_of_third(first.lower()) or guessed_third(first.lower())
    return _made(base, _bare_forms(rest, True)) if base and rest else None


def _of_purpose(text: str) -> Phrase | None:
    """Of "to list files", "for listing files", "when you need to list files"."""
    match = _PURPOSE.fullmatch(text)
    if not match:
        return None
    to, gerund, when = match.groups()
    if gerund:
        first, rest = _split(gerund)
        base = base_of_gerund(first.lower())
        return _made(base, _bare_forms(rest, None)) if base and rest else None
    return _of_base(to or when)


def _of_base(text: str) -> Phrase | None:
    """Of "list files", after "to"; also of "listing files"."""
    first, rest = _split(text)
    if first.lower().endswith("ing") and (base := base_of_gerund(first.lower())):
        return _made(base, _bare_forms(rest, None)) if rest else None
    if not rest or first.lower() in NO_VERBS or not re.fullmatch(r"[A-Za-z][a-z-]+", first):
        return None
    return _made(first.lower(), _bare_forms(rest, False), orders=True)


def _of_sentence(text: str, name: list[str]) -> Phrase | None:
    """Of an imperative, a third person, or a noun with its article."""
    first, rest = _split(text)
    word, following = first.lower(), (rest.split() or [""])[0].lower()
    if not rest:
        return None
    if word.endswith("ly") and len(word) > 4 and (found := _of_sentence(rest.strip(), name)) and found.task:
        return Phrase(task=f"{word} {found.task}")
    if re.fullmatch(r"[A-Z]?[a-z]+(?:-[a-z]+)?", first) and word not in NO_VERBS:
        clear = following in DETERMINERS or following[:1].isdigit() or following[:1] == "`"
        several = following.endswith("s") and not following.endswith("ss")
        clear |= (several or name[:1] == [word]) and word not in ALSO_ADJECTIVES  # "free slots" are things
        clear |= (word.removesuffix("es"), following) in {("search", "for"), ("look", "for"), ("wait", "for")}
        known = word not in ALSO_NOUNS | ALSO_ADJECTIVES
        if word in VERBS and (known or clear) and following != "of":
            return _made(word, _bare_forms(rest, False), orders=True)
        if word not in VERBS and following != "of" and (base := base_of_third(word)):
            noun = base in ALSO_NOUNS and following in PREPOSITIONS and not clear
            return None if noun else _made(base, _bare_forms(rest, True))
        if following in DETERMINERS:
            third = guessed_third(word)
            return _made(third or word, _bare_forms(rest, bool(third)), orders=not third)
        if clear and (base := base_of_gerund(word)):
            return _made(base, _bare_forms(rest, None))
    plural = guessed_third(word) or base_of_third(word) and following == "of"
    is_thing = word in DETERMINERS or plural and following in PREPOSITIONS
    is_thing = is_thing and first[1:] == word[1:] and not _OF_SUBJECT.fullmatch(text)
    if is_thing and not _has_verb(rest):
        return Phrase(thing=_as_mine(word + rest))
    return None


def _has_verb(text: str) -> bool:
    """Whether a noun's text is a sentence after all: a finite verb that no "that" or "which" introduces."""
    before = re.split(r"\b(?:that|which|who|whose|where|when)\b", text)[0]
    return any(
        word
        in ("is", "are", "was", "were", "has", "have", "will", "can", "must", "should", "does", "do", "may")
        or (base := base_of_third(word)) is not None
        and base not in ALSO_NOUNS
        for word in re.findall(r"[a-z]+", before)
    )


def _bare_forms(rest: str, third: bool | None) -> str | None:
    """The rest of a sentence with the verbs of the same rank in their base form: "fetches[, normalises and
    stores the log]". `third`: the form of the first verb (None: a gerund). None where a word may be a verb or
    a noun.
    """

    def base(word: str) -> str | None:
        return base_of_gerund(word) if third is None else base_of_third(word)

    done = ""
    while match := re.match(r"((?:,? (?:and|or)|,|/) ?(?:then )?)([a-z]+)(?=[ ,/])", rest):
        found = base(match[2]) or (guessed_third(match[2]) if third else None)
        if third is False or not found:
            break
        done, rest = f"{done}{match[1]}{found}", rest[match.end() :]
    unclear = False

    def turned(match: re.Match) -> str:
        nonlocal unclear
        found = base(match[2]) if match[2] not in VERBS else None
        if found is None:
            return match[0]
        if match[3] in DETERMINERS or match[3] in _QUESTION.split("|") or match[3] in ("it", "them"):
            return f"{match[1]}{found} {match[3]}"
        if third is not False and found not in ALSO_NOUNS:
            return f"{match[1]}{found}{f' {match[3]}' if match[3] else ''}"
        unclear = unclear or third is not False
        return match[0]

    rest = re.sub(r"(,? (?:and|or|then) (?:then )?(?:[a-z]+ly )?|, )([a-z]+)\b(?: ([a-z]+))?", turned, rest)
    return None if unclear else done + rest


def _made(base: str, rest: str | None, orders: bool = False) -> Phrase | None:
    """The phrase of a verb in its base form and what follows it. Where a tool "returns the tide", the tide is
    what one wants; `orders`: its description orders it to give or to return something.
    """
    if not rest:
        return None
    asks = re.match(rf" (?:me |you |us )?({_QUESTION}) ", rest)
    if asks and base in (*_GIVING, "say", "tell", "indicate", "report", "state"):
        word = "whether" if asks[1] == "if" else asks[1]
        return Phrase(task=_as_mine(f"find out {word} {rest[asks.end() :]}"))
    if base in _GIVING and not orders:
        words = rest.split()
        noun = re.split(rf" (?:{'|'.join(sorted(PREPOSITIONS))}|that|which|and|or)\b|,", rest)[0].split()
        plural = noun and (
            noun[-1].endswith("s") and not noun[-1].endswith("ss") or noun[-1].lower() in _BARE
        )
        return Phrase(thing=_as_mine(" ".join(words))) if plural or words[0].lower() in DETERMINERS else None
    return Phrase(task=_as_mine(base + rest))


def _split(text: str) -> tuple[str, str]:
    """The first word, and the rest with what stands before it."""
    match = re.match(r"[\w'-]+", text)
    return (match[0], text[match.end() :]) if match else ("", "")


def _as_mine(text: str) -> str:
    """Whoever asks for a tool calls their own what the tool calls yours."""
    return re.sub(r"\byour\b", "my", text)
