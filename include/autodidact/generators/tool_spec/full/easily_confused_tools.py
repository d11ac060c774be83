"""Whether two tools could be taken for each other: only such a pair is worth a question which one it is."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from autodidact.generators.tool_spec.description_phrases import sentences
from autodidact.generators.tool_spec.known_tool import KnownTool, stems
from autodidact.generators.tool_spec.spelled_values import human

# Share of the tools that have a word from which on it tells nothing of one: `stripe`, `browser`.
COMMON = 0.4
# Tools of which a word in two is one in many.
FEW = 5


# Words that things of every kind share.
_GENERAL = stems(
    "entity object item record detail detailed information specific given current new single value data"
    " result number name id read write system tool text time day existing list create update delete"
)


@lru_cache(maxsize=512)
def core(known: KnownTool) -> frozenset[str]:
    """The words for what a tool is about: those of its name and of the first sentence of its description."""
    first = sentences(known.purpose)[0] if known.purpose else ""
    says = known.phrase.task or known.phrase.thing or first
    return frozenset(stems(f"{human(known.name)} {says}") | stems(known.name)) - _GENERAL


def alike(one: KnownTool, other: KnownTool, tools: Iterable[KnownTool]) -> bool:
    """Whether both speak of the same thing: by a word of their names, or by two words, that most of the
    tools do not have.
    """
    if one.tool.server != other.tool.server:
        return False
    found = [core(known) for known in tools]
    counts = Counter(word for words in found for word in words)
    most = max(2, COMMON * len(found)) if len(found) >= FEW else len(found)
    shared = {word for word in core(one) & core(other) if counts[word] <= most}
    return len(shared) > 1 or bool(shared & stems(one.name) & stems(other.name))
