"""The words of relations: how they are stated and asked about. Those that people use most have words of their
own (relation_phrases.yaml); the others are read as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autodidact.generators.writing.facts_into_words import listing, lower
from autodidact.shipped_tables import own_table
from autodidact.sources.graphs.triple_graph import Attribute, Flag


@dataclass(frozen=True)
class Phrase:
    """The words of one relation. `{0}` is the node asked about.

    `verb` and `verbs`: what stands between subject and object, one subject or several. `things` and `whos`:
    what objects and subjects are called. `carries`: trouble travels against the relation, so paths and
    impact make sense. `code`: nodes are written as code.
    """

    verb: str
    verbs: str
    things: str
    whos: str
    ask: Sequence[str]
    ask_back: Sequence[str]
    does: str = ""  # "Does {0} depend on {1}?"
    carries: bool = False
    code: bool = False
    ask_path: Sequence[str] = ()
    ask_impact: Sequence[str] = ()
    # Where nothing suffers; empty: it is not asked then.
    nobody: str = "Nothing: no other part needs {0}."

    def quoted(self, node: str) -> str:
        return f"`{node}`" if self.code else as_one(node)

    def say(self, subjects: list[str], objects: list[str], *, many: bool = False) -> str:
        """The fact as a sentence."""
        verb = self.verbs if many or len(subjects) > 1 else self.verb
        said = f"{listing(map(self._name, subjects))} {verb} {listing(map(self._name, objects))}"
        said = with_article(said)
        # A value may be a sentence.
        return said if said.endswith((".", '."')) else f"{said}."

    def _name(self, node: str) -> str:
        return node if node[:1].isdigit() and " " in node else self.quoted(node)

    def whether(self, subject: str, obj: str) -> str:
        if self.does:
            return self.does.format(self.quoted(subject), self.quoted(obj))
        return f"Is it right that {self.quoted(subject)} {self.verb} {self.quoted(obj)}?"

    def mistaken(self, subject: str, obj: str) -> str:
        """A question that takes for granted what does not hold."""
        return with_article(f"{self.quoted(subject)} {self.verb} {self.quoted(obj)}, right?")

    def each(self, node: str, other: "Phrase", *, many: bool) -> str:
        """A question in two steps: first this relation from `node`, then the other one from where it
        leads."""
        then = lower(other.ask[0].format("it"))
        begin = f"For each of the {self.things} of" if many else f"Take what {self.quoted(node)} {self.verb}:"
        return f"{begin} {self.quoted(node)}: {then}" if many else f"{begin} {then}"

    def how_many(self, node: str) -> str:
        return f"{self.quoted(node)} {self.verb} how many {self.things}?"

    def how_many_back(self, node: str) -> str:
        return f"How many {self.whos} {self.verbs} {self.quoted(node)}?"


def as_one(node: str) -> str:
    """A name as it is; in quotes where it would be read as several in a list."""
    return f'"{node}"' if re.search("[,;]", node) and '"' not in node else node


def with_article(text: str) -> str:
    """A sentence with "is an" where a vowel follows, and "part of Wendau" without an article."""
    text = re.sub(r"\bpart of the (?=[A-Z]|\w+[-_\d])", "part of ", text)
    return re.sub(r"\bis a (?=[aeioAEIO])", "is an ", text)


def read_phrases(table: dict[str, dict]) -> dict[str, Phrase]:
    """The phrases of a table: relation to the fields of Phrase."""
    return {relation: Phrase(**words) for relation, words in table.items()}


_TABLE = own_table(__file__)
# Relations of a graph that people keep, and relations among the definitions of a code base.
KNOWN, CODE = read_phrases(_TABLE["kept"]), read_phrases(_TABLE["code"])


def of_code(relation: str) -> Phrase:
    """The words for a relation among definitions of code."""
    return CODE[relation]


def _spelled(relation: str) -> str:
    """`dependsOn` and `depends-on` as `depends_on`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", relation).lower().replace("-", "_").replace(" ", "_")


def is_known(relation: str) -> bool:
    """Whether a relation has words of its own."""
    return _spelled(relation) in KNOWN


def of(relation: str) -> Phrase:
    """The words for a relation: its own, or the relation itself read as a verb."""
    known = KNOWN.get(_spelled(relation))
    noun_alone = isinstance(relation, Attribute) and not _is_said(_words(relation))
    if known and not noun_alone and not isinstance(relation, Flag):
        return known
    verb, verbs, noun = _has_the(relation) if noun_alone else _as_verb(relation)
    escaped = verb.replace("{", "{{").replace("}", "}}")  # into templates
    inside = escaped.replace("`", "")  # and into code
    return Phrase(
        verb,
        verbs,
        noun,
        "things",
        (
            f"{{0}} {escaped} what?",
            f"In the graph, what follows `{{0}} {inside}`?",
            f"Complete from the graph: {{0}} {escaped} ...",
        ),
        (
            f"What {escaped} {{0}}?",
            f"In the graph, what stands before `{inside} {{0}}`?",
            f"List everything of which the graph says that it {escaped} {{0}}.",
        ),
    )


# What begins no statement in the present: `formerlyDependedOn`, `replicas`. By their endings, verbs left out,
# and what inventories count.
_ADVERB = re.compile(r"\w{2,}ly|once|ex|not|no|never|had|did|without")
_NO_ADVERBS = frozenset("ally anomaly apply assembly family fly monopoly reply supply".split())
_PLURAL = re.compile(r"\w{2,}(as|[eo]rs|ions|ments|[ae]nces|ities|nesses|isms|ists|ships)")
_VERBS = frozenset(
    "administers advances alters anchors answers assists authors balances banners bothers buffers caters"
    " cements centers charters clusters conditions confers conquers considers consists covers defers"
    " delivers differs discovers documents engineers enhances enlists enters evidences exists experiences"
    " fathers favors filters finances fosters functions gathers harbors honors implements infers"
    " influences insists labors layers levers lowers masters matters mentions ministers mirrors monitors"
    " murders numbers offers orders partners persists petitions pioneers powers prefers provisions"
    " questions recovers references refers registers remembers renders resists sections sequences sponsors"
    " stations suffers supplements tenders towers transfers transitions triggers tutors utters wanders"
    " wonders".split()
)
_COUNTED = frozenset(
    "aliases categories cores cpus domains emails endpoints environments events hashtags instances keys"
    " keywords labels languages nodes pods ports queues roles secrets skills synonyms tables tags"
    " technologies topics urls values volumes zones".split()
)
# Verbs that have no passive: what `depended on` a thing was not depended on.
_INTRANSITIVE = frozenset(
    "belonged corresponded depended evolved listened lived participated relied resided spoke talked"
    " went worked".split()
)


def _is_plural(first: str) -> bool:
    """Whether the first word of a relation may be a noun of several things, and no verb."""
    return bool(_PLURAL.fullmatch(first) and first not in _VERBS) or first in _COUNTED


# Verbs in the past, `replaced`: not `feed` and `shed`, which are things.
_PAST = re.compile(r"\w{3,}(?<!e)ed")
_IRREGULAR = frozenset("wrote built made sent led taught became left held kept met found won gave".split())
# Participles that are states: who is `related` or `located` has done nothing to the other.
_STATES = frozenset(
    "affiliated aligned associated attached based connected dedicated engaged entitled interested involved"
    " linked located married named paired related situated stationed titled typed".split()
)
# `doesnt_call`: names have no apostrophes.
_DENYING = re.compile(
    r"(?:ai|are|ca|could|did|do|does|had|has|have|is|must|need|ought|should|was|were|wo|would)nt|cannot"
)
_PARTICIPLE = frozenset(
    "born bound bought brought built chosen drawn driven found given grown held kept known led left made met"
    " paid run sent shown sold spoken taken taught won written".split()
)
_PREPOSITIONS = ("by", "in", "on", "to", "at", "from", "of", "with", "for")
_NOUNS, _LINKING, _MODALS, _FOREIGN = (
    frozenset(_TABLE[name].split()) for name in ("nouns", "linking", "modals", "foreign")
)
_LIKE_A_NOUN = re.compile(r"[a-z]{2,}(?:tion|sion|ment|ness|ity|ship|hood|ance|ence|ency|ancy|age|ism|ology)")
_LIKE_AN_ADJECTIVE = re.compile(r"[a-z]{2,}(?:able|ible|ful|ous|ical|ional|ent|ant|ive)")


def _is_not_plain(relation: str, words: list[str]) -> bool:
    """Whether a relation is not said to be so today, or in no English that can be read: `NOT calls`,
    `might_call`, `used to call`, `ruft auf`.
    """
    first = words[0]
    adverb = _ADVERB.fullmatch(first) and first not in _NO_ADVERBS
    return bool(
        adverb
        or first in _MODALS
        or any(map(_DENYING.fullmatch, words))
        or words[0] in _STATES
        and len(words) == 1
        or words[:2] == ["used", "to"]
        or re.search(r"[^A-Za-z0-9 _-]", relation)
        or len(words) > 1
        and not _FOREIGN.isdisjoint(words)
    )


def _is_noun(words: list[str]) -> bool:
    """Whether a name surely is a noun, `home pier` or `date of birth`, and has no verb before it."""
    if "of" in words[1:-1]:
        words = words[: words.index("of")]
    last, inner = words[-1], words[:-1]
    sure = last in _NOUNS or _LIKE_A_NOUN.fullmatch(last)
    return bool(sure) and not any(word in _PREPOSITIONS or word.endswith("ing") for word in inner)


def _is_before_preposition(words: list[str]) -> bool:
    """Whether a name that ends in a preposition is said with "is": `located in`, `next to`, `owner of`."""
    first, before = words[0], words[-2] if len(words) > 1 else ""
    if len(words) == 2 and (_PAST.fullmatch(first) or first in _PARTICIPLE):
        return first not in ("used", "stopped", "ceased", "refused", "failed")
    sure = before in _LINKING or before in _NOUNS or _LIKE_AN_ADJECTIVE.fullmatch(before)
    return bool(sure) and "to" not in words[:-1]


def _words(relation: str) -> list[str]:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", relation).replace("_", " ").replace("-", " ").lower().split()


def _is_said(words: list[str]) -> bool:
    """Whether the name of an attribute makes a sentence without quotes, `located_in`, `is_a`, `home pier`."""
    verb = not words or words[0] == "has" or words[-1] in _PREPOSITIONS or words == ["is", "a"]
    return verb or (_is_noun(words) and not _ends_like_a_verb(words[0]))


def _ends_like_a_verb(first: str) -> bool:
    return first.endswith("s") and not first.endswith(("ss", "us"))


def _has_the(relation: str) -> tuple[str, str, str]:
    """An attribute as (verb of one, verb of several, name of its values): by its name as it is written."""
    shown = relation.replace("`", "'")
    return f"has the `{shown}`", f"have the `{shown}`", f"`{shown}`"


def _as_verb(relation: str) -> tuple[str, str, str]:
    """A relation as (verb of one, verb of several, name of its objects): `calls_at`, `located_in` and
    `home_pier` as people would say them; what is surely neither verb nor noun in the present is quoted.
    """
    words = _words(relation)
    if not words:
        return relation, relation, relation
    if isinstance(relation, Flag):
        return f"has `{relation}` set to", f"have `{relation}` set to", "values"
    first, plain = words[0], " ".join(words)
    named = f'in the relation "{relation.replace(chr(34), chr(39))}" to'
    neutral = f"stands {named}", f"stand {named}", "things"
    if _is_not_plain(relation, words):
        return neutral
    if _is_plural(first):
        return _has_the(relation)
    if first in ("is", "has", "was", "does"):
        return (
            plain,
            " ".join([{"is": "are", "has": "have", "was": "were", "does": "do"}[first], *words[1:]]),
            plain,
        )
    if _ends_like_a_verb(first):
        return plain, " ".join([_of_several(first), *words[1:]]), plain
    if first in _INTRANSITIVE or len(words) == 1 and (_PAST.fullmatch(first) or first in _IRREGULAR):
        return plain, plain, "things"
    if words[-1] in _PREPOSITIONS:
        return (f"is {plain}", f"are {plain}", plain) if _is_before_preposition(words) else neutral
    return (f"has the {plain}", f"have the {plain}", plain) if _is_noun(words) else neutral


def _of_several(verb: str) -> str:
    """`calls` of one as `call` of several."""
    if verb.endswith(("shes", "ches", "sses", "xes")):
        return verb[:-2]
    return verb[:-3] + "y" if verb.endswith("ies") else verb[:-1]
