"""What descriptions say of arguments that the schema leaves open: that one is needed after all ("Required
unless `all` is true"), or stands for another ("Use instead of `lamp`").
"""

import re
from dataclasses import dataclass, field
from typing import Any

from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.spelled_values import human
from autodidact.sources.json_of_expected_type import dict_of

_WORDS = (
    r"required|requires?|mandatory|obligatory|compulsory|necessary|needed|also needs?"
    r"|(?:must|ha(?:s|ve) to|needs? to) (?:also )?be"
    r" (?:given|set|passed|present|provided|specified|supplied|included|used)"
    r"|must come with|accompanied by|(?:along|together|combined|paired|in combination) with"
    r"|erforderlich|notwendig|benötigt|obligatoire|requise?|nécessaire"
    r"|obligatori[oa]|requerid[oa]|necesari[oa]"
)
_NEEDED = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)
# What is not needed in one case is needed in others; what is never needed is optional.
_NEVER = re.compile(
    rf"\b(?:not|never|isn['’]t|nicht|pas|no(?:t)? es) (?:\w+ )?(?:{_WORDS})\b(?![^.;]*\b(?:if|when|unless"
    r"|where|for|wenn|falls|sofern|si|cuando|quand)\b)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:instead|in place of|rather than|alternative(?:ly)? to|an alternative|mutually exclusive|exclusive"
    r" with|either|exactly one|only one of|at (?:least|most) one|not both"
    r"|one of (?:the (?:two|three|following)|th(?:ese|em|ose)|both)"
    r"|(?:provide|give|pass|specify|supply|set|use)\b[^.;]*\bor"
    r"|(?:can(?:not|'t)|not|never) (?:be )?(?:used |given |combined )?(?:together )?with|statt|anstelle"
    r"|anstatt|entweder|au lieu|en lugar|en vez)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Needs:
    """`needed`: arguments of which a description says that a call needs them, at least in some cases.
    `instead`: argument -> those that it stands for, or that stand for it. `grouped`: arguments that stand for
    another one only together with more ("Either `lamp` or (`from` and `to`)"). `unclear`: descriptions bind
    them in ways that no call fulfils for sure.
    """

    needed: frozenset[str] = frozenset()
    instead: dict[str, frozenset[str]] = field(default_factory=dict)
    grouped: frozenset[str] = frozenset()
    unclear: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The arguments of which it is not known when a call may leave them out."""
        return self.needed | self.instead.keys() | self.grouped

    def met(self, given: dict[str, Any]) -> bool:
        """Whether a call surely has what the descriptions want: each that may be needed, and of those that
        stand for one another one alone.
        """
        if self.unclear or self.grouped & given.keys():
            return False
        sets = ({key, *others} for key, others in self.instead.items())
        return self.needed <= given.keys() and all(len(given.keys() & names) == 1 for names in sets)


def needs_in_words(properties: dict[str, dict], optional: list[str], description: str) -> Needs:
    """What the description of a tool, and those of its arguments, say of the ones that its schema does not
    require.
    """
    own = {name: sentences(str(dict_of(part).get("description") or "")) for name, part in properties.items()}
    needed: set[str] = set()
    instead: dict[str, frozenset[str]] = {}
    grouped: set[str] = set()
    unclear = False
    whole = sentences(description)
    for key in optional:
        elsewhere = [*whole, *(one for name, said in own.items() if name != key for one in said)]
        for one in [*own[key], *(one for one in elsewhere if _spells(one, key))]:
            others = frozenset(name for name in properties if name != key and _spells(one, name))
            if others and (_INSTEAD.search(one) or len(properties) == len(optional) and _by_one(one)):
                together = _together(one, [key, *others])
                grouped |= together
                unclear |= not {key, *others} - together
                if key not in together:
                    instead[key] = instead.get(key, frozenset()) | others - together
            elif _NEEDED.search(one) and not _NEVER.search(one):
                needed |= {key} - _only_condition(one, key, own)
    # What is needed, or stands for another, as who reads both sentences may know: no call is sure.
    unclear |= bool(needed & (instead.keys() | grouped))
    return Needs(frozenset(needed), instead, frozenset(grouped), unclear)


def without_needs(text: str) -> str:
    """A description without the sentences that say no more than when an argument is to be given."""
    more = re.compile(r"\b(?:as|in|of|only|format|valid|match\\w*)\b", re.IGNORECASE)
    kept = (one for one in sentences(text) if not _NEEDED.search(one) or more.search(one))
    return ". ".join(one.rstrip(".") for one in kept)


def _by_one(sentence: str) -> bool:
    """Whether a sentence of a tool that requires nothing says what it goes by: "a user by id or email"."""
    return re.search(r"\b(?:by|with|for|from)\b.*\bor\b", sentence, re.IGNORECASE) is not None


def _only_condition(sentence: str, key: str, own: dict[str, list[str]]) -> set[str]:
    """The argument, where another one's description names it as when that one is needed alone."""
    of_another = any(sentence in said for name, said in own.items() if name != key)
    behind = rf"\b(?:if|when|unless|where|while|as|wenn|falls|sofern|si|cuando|quand)\b[^,;:]*{_spelled(key)}"
    return {key} if of_another and re.search(behind, sentence, re.IGNORECASE) else set()


def _together(sentence: str, names: list[str]) -> set[str]:
    """Those of the arguments that a sentence joins with "and" to another one."""
    found: set[str] = set()
    for one in names if len(names) > 2 else []:
        for other in names:
            pair = rf"(?<![\w-]){_spelled(one)}\W+(?:and|und|et|y|plus)\W+{_spelled(other)}(?![\w-])"
            if one != other and re.search(pair, sentence, re.IGNORECASE):
                found |= {one, other}
    return found


def _spelled(key: str) -> str:
    return f"(?:{'|'.join(re.escape(one) for one in {key, human(key)})})"


def _spells(sentence: str, key: str) -> bool:
    """Whether a sentence has an argument's name, as it is spelled or as one says it."""
    return re.search(rf"(?<![\w-]){_spelled(key)}(?![\w-])", sentence, re.IGNORECASE) is not None
