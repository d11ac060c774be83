"""Tasks about commits: the subject is the short form that the author gave the message."""

import re
from collections.abc import Iterator

from autodidact.generators.ast_parser.full.codebase_for_full_answers import VERBS
from autodidact.generators.conciseness_drills.full.shorten_sentences import covered
from autodidact.generators.conciseness_drills.full.task_base import Tasks, ask
from autodidact.generators.conciseness_drills.full.texts_with_short_forms import Change
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import Example
from autodidact.shipped_tables import read_table
from autodidact.sources.snapshot import Snapshot

_VERBS = read_table(__file__, "verbs.yaml")
# Words with a capital from which on a subject is written as a title.
TITLED = 3
_TITLE = re.compile(r"(?<![\w.])[A-Z][a-z]+(?![\w.(])")
# "Add support arrays on mapping" lacks a word.
_BARE_SUPPORT = re.compile(
    r"(?:(?:initial|basic|experimental|full|better|missing) )?support "
    r"(?!(?:for|to|of|in|on|from|with|via|as|by|when|and)\b|page|matrix|librar|policy|section|class|function"
    r"|module|file|code|script|package)"
)
# What may be a second verb.
_SECOND = re.compile(r"(?:\b(?:and|then|but|or)|[&;,]) ([a-z]+)(?= )")
# A verb of the sentence that makes a noun of its first word ("Import should skip ..."), unless a clause
# begins before it.
_VERB = re.compile(
    r"\b(?:should|shall|must|can|cannot|could|may|might|will|would|is|are|was|were|has|have|had|does|did"
    r"|do)\b"
    r"|n't\b"
)
_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|when|where|if|whether|because|so|how|why|what|until|unless|while|after|before"
    r"|since|once|as|than|although|though)\b",
    re.IGNORECASE,
)
# What a message adds to its subject as one more change, which a line made of the subject would lose.
_MORE = re.compile(
    r"\b(?:also|additionally|in addition|besides|furthermore|moreover|likewise|as well|along the way"
    r"|while (?:here|at it|there)|at the same time)\b",
    re.IGNORECASE,
)
# Verbs that no noun is called by: behind another verb they are no English ("Stop ignore the folder").
_ONLY_VERBS = frozenset(
    "add allow apply avoid convert create delete disable enable ensure extend ignore improve include install"
    " introduce keep make override prevent remove replace resolve".split()
)
# Short forms that only those who know the code read: "Replace setting exc async w/cooperative helpers".
_SHORTHAND = re.compile(
    r"(?<!\w)(?:w/|b/c\b|(?:impls?|excs?|incrs?|decrs?|cfgs?|ctx|msgs?|mgmt|reqs?"
    r"|resps?|vals?|pkgs?|btns?|cnt|wrt|k/vs?)\b)",
    re.IGNORECASE,
)
# Slips of grammar: "a specific icons for ...", "a error", "an user".
_SLIP = re.compile(
    r"(?<![-\w])an? (?!few |couple )(?:[a-z]+ )?(?!series\b|means\b)[a-z]{3,}[^aius\W]s"
    r"(?= (?:for|of|in|on|to|from|if|and)\b|[.,;]|$)"
    r"|(?<![-\w])a (?!and\b|in\b|one|once|eu)[aeio][a-z]|\ban (?:[bcdgjkpqtvwyz][a-z]|user|uni[tqv])"
)
# A number, a name of the code.
_EXACT = re.compile(r"\d+|\w+(?:[_.]\w+)+|\w*[a-z][A-Z]\w*")


class ChangeTasks(Tasks):
    """Examples of commits."""

    def __init__(self, changes: list[Change], snapshot: Snapshot):
        super().__init__(snapshot)
        changes = [one for one in changes if not has_shorthand(one.subject) and not has_slip(one.subject)]
        self.long = [
            one
            for one in changes
            if one.body
            and not _MORE.search(one.body)
            and is_order(one.subject)
            and says_less(one.subject, _shown(one))
        ]

    def kinds(self) -> dict[str, Iterator[Example]]:
        """Kind -> its examples."""
        return {"subject": self._subjects()}

    def _subjects(self) -> Iterator[Example]:
        for one in self.long:
            rng = self.rng("subject", one.sha)
            paths = listing(f"`{path}`" for path in one.paths)
            text = f"{one.body}\n\nFiles: {paths}" if paths else one.body
            asked = ask("subject", rng, text=text)
            # A subject line and a title have no full stop, a sentence has one.
            answer = one.subject if "sentence" in asked.removesuffix(text) else one.subject.removesuffix(".")
            yield self.row(rng, asked, answer, one.source, time=one.time)


def has_shorthand(subject: str) -> bool:
    """Whether a subject has short forms outside of code."""
    return _SHORTHAND.search(re.sub(r"`[^`]*`", "", subject)) is not None


def has_slip(subject: str) -> bool:
    """Whether the articles of a subject, outside of code, do not go with their nouns."""
    return _SLIP.search(re.sub(r"`[^`]*`", "``", subject)) is not None


def is_order(subject: str) -> bool:
    """Whether a subject says in whole English, with a verb that is known, what one change does."""
    verb, _, rest = subject.removesuffix(".").partition(" ")
    verb = verb.lower()
    titled = len(_TITLE.findall(re.sub(r"`[^`]*`", "", rest))) >= TITLED  # "Show All Predicates in Docs"
    noun = re.match(r"(of|for|from|in) ", rest)  # "Support for 3.11": the first word is a noun
    second = any(word in VERBS or not word.endswith(("s", "ing")) for word in _SECOND.findall(rest))
    broken = titled or noun or second or _BARE_SUPPORT.match(rest)
    return verb in _VERBS["verbs"] and not broken and not _is_noun(verb, rest) and _is_object(verb, rest)


def _is_noun(word: str, rest: str) -> bool:
    """Whether the first word of a subject is what the subject speaks of: "Import should skip ..."."""
    following = rest.partition(" ")[0].strip("`,;:").lower()
    if following in _VERBS["nouns"].get(word, ()):
        return True
    plain = re.sub(r"`[^`]*`", "", rest)
    verb, clause = _VERB.search(plain), _CLAUSE.search(plain)
    if verb is None or (clause and clause.start() < verb.start()):
        return False
    return verb.start() == 0 or word not in _VERBS["states"]


def _is_object(verb: str, rest: str) -> bool:
    """Whether what stands behind the verb may be its object: "Stop ignore the folder" is no English, and
    "Update chat - add users" is two changes.
    """
    first = rest.partition(" ")[0].lower()
    bare = first in _ONLY_VERBS or (verb == "stop" and first in VERBS | set(_VERBS["verbs"]))
    cleared = verb == "fix" and first == "clear"
    # What stands before a colon is what the change is about: "Upgrade guide: correct the link" names no verb.
    apart = re.search(r" [-\u2013\u2014] |:(?=\s|$)", re.sub(r"`[^`]*`", "``", rest))
    # "Allow to opt out" lacks who, "Use main() in tests, uprev" is two changes.
    lacks = verb in ("allow", "enable") and first == "to"
    more = re.search(r", [a-z]+\.?\Z", rest) and not re.search(r", [^,]+,| (?:and|or) ", rest)
    return not (bare or cleared or apart or lacks or more)


def _shown(one: Change) -> str:
    return f"{one.body} {' '.join(one.paths)}"


def says_less(short: str, long: str) -> bool:
    """Whether the short form can be had from the long one: what it names stands there, each number and each
    name of the code exactly.
    """
    exact = all(name in long for name in _EXACT.findall(short))
    # The verb may be of the short form's own ("Make it possible to ..."): what it is about may not.
    said = covered(short.partition(" ")[2], long) == 1
    return exact and said and 2 * len(short.split()) <= len(long.split())
