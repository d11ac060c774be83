"""English verbs in their base form, from a third person or a gerund."""

from autodidact.shipped_tables import read_table

_TABLE = read_table(__file__)["phrases"]
VERBS, ALSO_NOUNS, ALSO_ADJECTIVES, NO_VERBS = (
    frozenset(_TABLE[kind]) for kind in ("verbs", "also_nouns", "also_adjectives", "no_verbs")
)
DETERMINERS = frozenset(
    "a an the all any your one two three every each multiple several some this that these those its their"
    " both more new existing current specific given another".split()
)
PREPOSITIONS = frozenset("of for from in by with on at to about between across per into within".split())

_IRREGULAR = {"has": "have", "does": "do", "goes": "go", "is": None, "was": None}


def base_of_third(word: str) -> str | None:
    """ "lists" is "list"; None for what is no third person of a known verb."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    return next((base for base in _without_s(word) if base in VERBS), None)


def guessed_third(word: str) -> str | None:
    """As `base_of_third`, by its ending alone."""
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")) or word in NO_VERBS | VERBS:
        return None
    bases = _without_s(word)
    if not bases:
        return None
    # "-ses" and "-zes" are mostly of verbs in -e: parses, closes, analyzes.
    if word.endswith(("sses", "shes", "ches", "xes", "oes")):
        return word[:-2]
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def base_of_gerund(word: str) -> str | None:
    """ "measuring" is "measure"; None for what is none of a known verb."""
    stem = word.removesuffix("ing")
    if stem == word or len(stem) < 2:
        return None
    bases = [stem, f"{stem}e", stem[:-1] if stem[-1] == stem[-2] else "", f"{stem[:-1]}ie"]
    return next((base for base in bases if base in VERBS), None)


def _without_s(word: str) -> list[str]:
    if not word.endswith("s") or word.endswith("ss"):
        return []
    return [
        word[:-1],
        *([word[:-2]] if word.endswith("es") else ()),
        *([word[:-3] + "y"] if word.endswith("ies") else ()),
    ]
