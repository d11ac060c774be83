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
    r"required|requires?|mandatory|obligatory|compulsory|necessary|needed|must be (?:given|set|passed|present"
    r"|provided|specified|supplied)|erforderlich|notwendig|benötigt|obligatoire|requise?|nécessaire"
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
    r" with|either|exactly one|only one of|one of (?:the two|these|both)|at least one|not both"
    r"|(?:can(?:not|'t)|not|never) (?:be )?(?:used |given |combined )?(?:together )?with|statt|anstelle"
    r"|anstatt|entweder|au lieu|en lugar|en vez)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Needs:
    """`needed`: arguments of which a description says that a call needs them, at least in some cases.
    `instead`: argument -> those that it stands for, or that stand for it.
    """

    needed: frozenset[str] = frozenset()
    instead: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """The arguments of which it is not known when a call may leave them out."""
        return self.needed | self.instead.keys()

    def met(self, given: dict[str, Any]) -> bool:
        """Whether a call surely has what the descriptions want: each that may be needed, and of those that
        stand for one another one alone.
        """
        sets = ({key, *others} for key, others in self.instead.items())
        return self.needed <= given.keys() and all(len(given.keys() & names) == 1 for names in sets)


def needs_in_words(properties: dict[str, dict], optional: list[str], description: str) -> Needs:
    """What the description of a tool, and those of its arguments, say of the ones that its schema does not
    require.
    """
    needed: set[str] = set()
    instead: dict[str, frozenset[str]] = {}
    whole = sentences(description)
    for key in optional:
        own = sentences(str(dict_of(properties.get(key)).get("description") or ""))
        said = [*own, *(one for one in whole if _spells(one, key))]
        if any(_NEEDED.search(one) and not _NEVER.search(one) for one in said):
            needed.add(key)
        for one in said:
            others = frozenset(name for name in properties if name != key and _spells(one, name))
            if others and _INSTEAD.search(one):
                instead[key] = instead.get(key, frozenset()) | others
    # Of "either one is needed" either will do.
    return Needs(frozenset(needed - instead.keys()), instead)


def _spells(sentence: str, key: str) -> bool:
    """Whether a sentence has an argument's name, as it is spelled or as one says it."""
    names = "|".join(re.escape(one) for one in {key, human(key)})
    return re.search(rf"(?<![\w-])(?:{names})(?![\w-])", sentence, re.IGNORECASE) is not None
