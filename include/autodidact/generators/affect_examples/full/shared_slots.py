"""The words around what the table of moods says: slots that several kinds of examples have in common."""

import random
import re

from autodidact.generators.affect_examples.read_affect_table import AffectTable, Context, State
from autodidact.generators.writing.facts_into_words import capital
from autodidact.records import Example, example
from autodidact.shipped_tables import read_table

NAME = "affect_examples"
CATEGORY = "affect_reasoning"
TABLE = read_table(__file__, "wordings.yaml")

# What calls for help before anything else: no record of opening hours answers that.
EMERGENCY = re.compile(
    r"\b(?:can['’]?t find|cannot find|(?:does|do)(?:n['’]t| not) (?:move|breathe|wake|react)|not breathing"
    r"|help me|somebody help|bleed\w*|unconscious|trapped|on fire|drown\w*|is missing|hurt|injured"
    r"|we are stuck|gets dark|kill myself|collapsed|smell of (?:gas|smoke)|smells? (?:of|like) (?:gas|smoke)"
    r"|alarm\b.* (?:went|goes|is going|rings|rang|is ringing)|gas leak|follow(?:s|ing) me|smoke|flames"
    r"|burning|fainted|overdose|break(?:ing|s)? in|attacked|threaten\w*|emergency)\b",
    re.IGNORECASE,
)
# Words for how somebody is, by their form.
_ADJECTIVE = re.compile(
    r"in (?:a |an )?[a-z]+|(?:very |so )?(?:[a-z]+(?:ed|ous|ful|less|ish|ive|ical|sick|worn)"
    r"|(?:worn|burnt|stressed) out|fed up|lost|sad|glad|calm"
    r"|mad|cross|bereft|upset|angry|happy|hungry|sorry|proud|afraid|tense|nosy|busy|shy|weary|grumpy"
    r"|jolly|merry|lonely|ready|frantic|sarcastic|enthusiastic|optimistic|nervous|bitter|eager|torn|brusque"
    r"|guilty|unsure|moody|cranky|gloomy|jumpy|touchy|uneasy|on edge|in tears|under pressure|at a loss"
    r"|(?:pressed|short) (?:for|of) time|heartbroken|polite|rude|impatient|indignant|reluctant|confident"
    r"|hesitant|insecure|playful|moved|chuffed|in pain"
    r"|mourning|grieving|panicking|hurting|doubting|joking|gloating|(?:very )?new)",
    re.IGNORECASE,
)


def row(state: State, context: Context | None, kind: str, ask: str, answer: str, **more) -> Example:
    """An example about a state, in a context or by itself."""
    source = {"kind": "table", "ref": state.ref, "ask": kind} | ({"context": context.id} if context else {})
    return example(NAME, CATEGORY, ask, answer, source, **more)


def said(kind: str, slots: dict[str, str], rng: random.Random) -> tuple[str, str]:
    """A question of this kind, and one of the answers that fit it."""
    group = rng.choice(TABLE[kind])
    ask, say = rng.choice(group["ask"]).format(**slots), rng.choice(group["say"]).format(**slots)
    say = say.replace(">  ", "> ")  # where a state has no opening words
    ask, say = (re.sub(r'([.!?…]")\.', r"\1", text) for text in (ask, say))
    return ask, say.rstrip()


def adjective(name: str) -> str:
    """How somebody in a state is, after "who is": "in a hurry", "worried"; "" of what may be no adjective."""
    words = re.sub(r"[-_ ]+", " ", name).strip()
    return words if _ADJECTIVE.fullmatch(words) else ""


def quoted(text: str) -> str:
    return f'"{text}"'


def ended(sentence: str) -> str:
    """The sentence with a full stop, unless it ends with a quotation that has one."""
    return sentence if re.search(r'[.!?…]"\Z', sentence) else f"{sentence}."


def without(state: State, facts: AffectTable) -> str:
    """` (to avoid: "jokes", "excuses")`, as the table has it: "maybe" is a word there, and no hedge. Empty
    where what is avoided was not read whole, or is nothing.
    """
    avoided = facts.unread.closed(", ".join(map(quoted, state.avoid)), f"avoid/{state.id}")
    return f" (to avoid: {avoided})" if avoided else ""


def about(state: State, mood: str, facts: AffectTable) -> dict[str, str]:
    """Slots on the state: its tone, what to avoid, and who writes so. A state whose name is no adjective is
    named as the table's heading.
    """
    name = adjective(state.id)
    filed = f"The writer is {name}." if name else f"In our tone sheet such messages stand under `{state.id}`."
    return {
        "state": name,
        "who": f"somebody who is {name}" if name else f'somebody who writes "{mood}"',
        "filed": filed,
        "because": f"because the writer is {name}" if name else f'as our sheet has it for "{mood}"',
        "tone": quoted(state.tone),
        "capital_tone": quoted(capital(state.tone)),
        "without": without(state, facts),
    }
