"""Sentences that are worth keeping in a shorter text, and how they are cut and joined."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

# Words of a fact.
WORDS = (7, 24)
ARTICLES = frozenset("the a an each every all most some no only if when while once by because since".split())
# Letters by which two words are taken for one.
STEM = 5

# Words that need another sentence or a place on the page to be understood, or speak to somebody.
_ELSEWHERE = re.compile(
    r"\b(this|these|those|above|below|following|previous(ly)?|next|earlier|later on|such|latter|former|here"
    r"|see|they|them|their|theirs|I|we|our|us|my|me|you|your|he|she|section|chapter|page|note|e\.g|i\.e"
    r"|example|aforementioned|thus|also|too|as well|then|another|other|others|however|instead|therefore|but"
    r"|yes|even|still|rather|currently|TODO|FIXME|somebody|someone|something|let['’]s|things?|respective"
    r"|friendly|minimalist|blazing\w*|powerful|elegant|awesome"
    r"|(doing|do|of|for|to|than|on|by) that)\b"
    r"|\. [a-z]|\s[,.;:!?)]|https?:|\.\.\.|[\"“”…|<>{}→]|\*|::|\$|~|: `",
    re.IGNORECASE,
)
# A verb that lacks "be": "Great care must taken".
_NO_BE = re.compile(
    r"\b(?:must|can|cannot|should|will|may|might|could|would) (?:not )?"
    r"(?:taken|done|given|made|known|seen|been|used|called|passed|shown|written)\b"
)
# A comma between a subject and its verb ("All colors in the map, are variables"), a condition without a verb
# ("If several paths passed, ..."), and code without its article ("in `map.scss` file").
_SLIPS = re.compile(
    r"[^,]*, (?:is|are|was|were|has|have|can|will|must)\b[^,]*$"
    r"|(?:If|When|While|Once|Unless) (?![^,]*\b(?:is|are|was|were|has|have|had|be|been|being|gets?)\b)"
    r"[^,]*\w(?:ed|given|set),"
    r"|.*\b(?:in|from|to|of|with|by) `[^`]+` (?:file|directory|folder|class|function|method|module|option"
    r"|setting|argument|parameter|command|variable)\b"
)
# Names of an example, in code.
_EXAMPLE = re.compile(r"`[^`]*\b(?:foo|bar|baz|qux)\b[^`]*`")
# Verbs that make a sentence of words.
FINITE = re.compile(
    r"\b(is|are|was|were|can|cannot|will|must|may|might|should|has|have|does|do|supports|uses|requires"
    r"|returns|raises|sends|takes|needs|runs|contains|defaults|means|provides|allows|applies|keeps"
    r"|stores|accepts|becomes|gets|makes|works|creates|expires|waits|happens|isn't|aren't|doesn't|don't"
    r"|won't)\b"
)
# A clause that says which, before any verb of the sentence itself: what follows may be no sentence.
_WHICH = re.compile(r"\b(that|which|who|where|whose|to)\b")
# What no main clause begins with: "the number of seconds that ..." names a thing.
_NO_CLAUSE = re.compile(
    r"(the |a )?(\w+ )?(number|amount|time|list|name|path|value|set|kind) (of|in|to|for)\b"
)
_CONDITION = ("If ", "When ", "While ", "Once ", "Because ", "Since ")
_CODE_IS = re.compile(
    r"`[^`]+`(?: and `[^`]+`)? (?!option|setting|argument)(?:\w+s|can|will|must|may|are|should|does)\b"
)
# Of a statement: an article, a condition, a name in code, or a name.
_STATES = re.compile(
    r"(The|A|An|Each|Every|All|Most|Some|No|Only|If|When|While|Once|By default|Because|Since"
    r"|[A-Z][\w.-]*(?: [\w.-]+){0,3} (?:is|are|can|must|will|does|has|have|should|may))\b|`"
)
_ORDERS = re.compile(
    r"(So|And|Then|Thus|Now|Or|Hence|Actually|Basically|As|What|How|Why|Where|Which|Who|Both|At|With|On|From"
    r"|After|Before|Unlike|Answer|Use|See|Set|Run|Add|Call|Make|Check|Read|Note|Let|Do|Don't|Create"
    r"|Install|Try|Ensure|Please|Remember"
    r"|Consider|Keep|Start|Specify|Enable|Disable|Change|Remove|Define|To|For|In|Please|There|It|Default)\b"
)
# A clause whose subject stands in the heading, and words that only announce what is said.
_ELLIPTIC = re.compile(
    r"(If|When|While|Once|Unless) (?:not |also |explicitly )?(\w+ed|set|unset|true|false|on|off|given|not)\b"
    r"|(A|The)( default)? value of\b|The default ([\w-]+ ){1,3}(is|are|can|will)\b"
    r"|(The|A|By default,? (?:the|a)) (default|value|setting|option|argument|parameter|container|command"
    r"|file|directory|script)( value)? (is|are|can|must|will|should|may|has|does)\b"
    r"|The (first|second|third|last|names?|result|output) (?!of\b|time\b)"
    r"|The (option|argument|parameter|setting|command|field)['’]s "
    r"|.*\b(fact|point|thing|idea|catch|truth|bottom line) is that\b"
)
# What somebody would look up: a name in code, a number, a rule, a reason or a condition.
_WORTH = re.compile(
    r"`|\d|\b(must|never|always|only|cannot|because|unless|default|require[sd]?|fails?|lost|raises?|limit"
    r"|timeout|expires?|retr(y|ied|ies)|disabled|enabled|without|until|after|before|if|when)\b|\b[A-Z]{3,}\b"
)
_WEAK_OPENINGS = re.compile(r"(Note that|Please note that|It is (?:important|worth) to note that),? ", re.I)
_WORD = re.compile(r"[A-Za-z][\w-]{3,}")


def is_fact(sentence: str) -> bool:
    """Whether a sentence states something worth keeping, and is understood alone."""
    inner = re.sub(r"`[^`]*`", "`x`", sentence)
    return (
        WORDS[0] <= len(sentence.split()) <= WORDS[1]
        and sentence.endswith(".")
        and not _ELSEWHERE.search(inner)
        and not _EXAMPLE.search(sentence)
        and not _NO_BE.search(sentence)
        and not _SLIPS.match(sentence)
        and not _ORDERS.match(sentence)
        and not _ELLIPTIC.match(sentence)
        and _STATES.match(sentence) is not None
        and _is_whole(sentence, inner)
        and _WORTH.search(sentence) is not None
        and balanced(sentence)
        and not re.search(r"\bit\b", " ".join(inner.split()[:4]), re.IGNORECASE)
    )


def _is_whole(sentence: str, inner: str) -> bool:
    """Whether it has a verb of its own. `inner`: the sentence with `x` for all code."""
    if sentence.startswith("`"):
        return _CODE_IS.match(sentence) is not None
    verb = FINITE.search(inner)
    if verb is None:
        return False
    if sentence.startswith(_CONDITION):
        main = inner.partition(", ")[2]
        return FINITE.search(main) is not None and not _NO_CLAUSE.match(main)
    return not _WHICH.search(inner[: verb.start()])


def balanced(text: str) -> bool:
    """Whether its parentheses, brackets and backticks are in pairs."""
    return (
        text.count("`") % 2 == 0 and text.count("(") == text.count(")") and text.count("[") == text.count("]")
    )


def plain(sentence: str) -> str:
    """The sentence without the words that only announce it."""
    rest = _WEAK_OPENINGS.sub("", sentence, count=1)
    return rest[:1].upper() + rest[1:]


def inside(sentence: str, common: Collection[str] = ()) -> str:
    """A statement as a part of a longer sentence: without its full stop, its first word in lower case unless
    that is a name. `common`: words that are none.
    """
    first, text = sentence.split(" ", 1)[0].rstrip(","), sentence.removesuffix(".")
    small = first.lower()
    is_name = first != small.capitalize() or not (small in ARTICLES or small in common)
    return text if is_name else text[:1].lower() + text[1:]


def common_words(text: str) -> set[str]:
    """The words that a text writes with a small letter more often than, within a sentence, with a capital."""
    text = re.sub(r"`[^`]*`", "", text)
    small = Counter(re.findall(r"(?<= )[a-z]{2,}(?=[ ,.])", text))
    names = Counter(name.lower() for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]+(?=[ ,.])", text))
    return {word for word, count in small.items() if count > names[word]}


def stems(text: str) -> set[str]:
    """The beginnings of the telling words of a text."""
    return {word[:STEM].lower() for word in _WORD.findall(text)}


def covered(short: str, long: str) -> float:
    """The share of the telling words of `short` that stand in `long`; 0 where it has none."""
    telling = stems(short)
    return len(telling & stems(long)) / len(telling) if telling else 0.0


def bullets(lines: Iterable[str]) -> str:
    """One line each, without its full stop."""
    return "\n".join(f"- {line.removesuffix('.')}" for line in lines)


def words(lines: Sequence[str]) -> int:
    """Words in all."""
    return sum(len(line.split()) for line in lines)
