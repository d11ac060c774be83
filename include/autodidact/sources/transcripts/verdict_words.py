"""Words in the names of fields that judge an answer, and what their values mean."""

import re
from collections.abc import Sequence
from typing import Any

from autodidact.sources.transcripts.judgements import in_bad_words
from autodidact.sources.transcripts.outcomes import Outcome

# Good when they are true.
GOOD_IF_TRUE = frozenset(
    "good acceptable preferred pass passes valid useful factual accurate satisfied safe target"
    " desirable desired solved fulfilled worked works train trainable training faithful grounded"
    " relevant truthful harmless appropriate satisfactory".split()
)
# Bad when they are true, or when they count anything.
BAD_IF_TRUE = {
    "partial": Outcome.CUT,
    **dict.fromkeys(
        "negative thumbsdown dislike dislikes downvote downvotes reported regenerated toxic toxicity"
        " hallucination hallucinations hallucinated hallucinating hallucinates harmful harm unsafe"
        " offensive abusive inappropriate nsfw spam filtered detected inaccurate misleading irrelevant"
        " unfaithful untrue fabricated biased nonsense unacceptable unsatisfactory dissatisfied poor"
        " violation violations violated violates complaint complaints escalated outdated deprecated"
        " superseded stale obsolete misinformation ungrounded unsupported untruthful unanswered useless"
        " rude insulting confusing mistaken erroneous buggy broken invalid garbage gibberish mistake"
        " mistakes disagree disagreed".split(),
        Outcome.REFUSED,
    ),
}
# `thumbs_down`, `votesDown`.
VOTES = frozenset("thumb thumbs vote votes".split())
_REVIEW = frozenset("review fix fixing correction edit editing revision rework improvement work".split())
# Of two words together: `low_quality`, `needs_review`, `off_topic`, `madeUp`.
_TOGETHER = (
    (frozenset(("down",)), VOTES),
    (frozenset(("low",)), frozenset("quality rating grade".split())),
    (frozenset(("needs", "need", "requires")), _REVIEW),
    (frozenset(("off",)), frozenset(("topic",))),
    (frozenset(("made",)), frozenset(("up",))),
    (frozenset(("no",)), frozenset(("answer",))),
    (frozenset(("opt", "opted")), frozenset(("out",))),
)
# `not_helpful` is what is bad when it is true.
_NOT, _PRAISE = (
    frozenset("not non isnt never".split()),
    frozenset("helpful correct ok resolved accepted approved".split()),
)
# What an evaluation measures that is the better the less of it there is.
_LESS_IS_BETTER = frozenset(
    "error errors failed failure failures exception timeout cut truncated incomplete unfinished"
    " aborted cancelled canceled interrupted stopped deleted removed retracted flagged flag flags"
    " rejected refused refusal refusals blocked hidden disliked incorrect wrong bad downvoted"
    " unhelpful bias contradiction contradictions leakage repetition repetitions".split()
)
# Of a field that switches a check on, or names what is looked for: `spam_check`, `safe_mode`.
_SETTINGS = frozenset(
    "check checks filter filters enabled detection detector threshold thresholds policy setting"
    " settings config mode model prompt prompts example examples limit allowed language lang locale".split()
)
# What an answer is measured by, from the least to the most.
ASPECTS = frozenset(
    "correctness helpfulness coherence coherency factuality faithfulness groundedness truthfulness"
    " accuracy relevance relevancy honesty harmlessness usefulness completeness fluency clarity"
    " satisfaction stars csat nps".split()
)
# Of which 1 is the least.
FROM_ONE = frozenset("rating ratings star stars csat nps satisfaction".split())
# Of which 0 is that nobody said anything.
MAY_BE_NONE = frozenset("rating ratings star stars csat nps vote votes feedback".split())
# Of numbers that say nothing of good or bad by their size.
SIZES = frozenset("reward rewards score scores".split())
NOTHING = frozenset(("", "none", "null", "na", "unknown", "unrated", "notrated", "pending"))
_YES, _NO = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
# A mark, and what a grader writes for one that is right, wrong, or not given (Inspect: C, I, N).
_WELL, _BADLY = frozenset(("c", "a", "a+", "1", "pass", "passed", "p1", "t")), frozenset("i n f e d".split())
_GOOD = frozenset(
    "ok okay pass passed passes success successful succeeded true yes up thumbsup thumbup upvote"
    " upvoted like liked positive good great excellent perfect best correct right helpful accept"
    " accepted acceptable approved chosen desirable gold high factual faithful grounded relevant"
    " safe clean nontoxic nothallucinated satisfied accurate preferred submitted done closed"
    " resolved 👍".split()
)
_WRONG = frozenset(
    "fail failed fails failure failing error errored errors ko irrelevant unfaithful ungrounded"
    " unsupported notcorrect nothelpful notrelevant notfactual notgrounded notpassed unacceptable"
    " notok unsatisfied dissatisfied low worst terrible partiallywrong hallucinations refuted"
    " contradicted".split()
)


def number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def bad_name(words: Sequence[str]) -> Outcome | None:
    """What a field says when it is true, of one whose name says something bad."""
    if any(one.intersection(words) and other.intersection(words) for one, other in _TOGETHER):
        return Outcome.REFUSED
    if _NOT.intersection(words) and (GOOD_IF_TRUE | _PRAISE).intersection(words):
        return Outcome.REFUSED
    return next((BAD_IF_TRUE[word] for word in words if word in BAD_IF_TRUE), None)


def less_is_better(words: Sequence[str]) -> bool:
    """Whether an evaluation by this name says something bad when it is true, or high."""
    return bad_name(words) is not None or not _LESS_IS_BETTER.isdisjoint(words)


def flagged(words: list[str], value: Any) -> Outcome | None:
    """What a field says that is good, or bad, when it is true; None of any other."""
    if not _SETTINGS.isdisjoint(words):
        return None
    plain = _plain(value) if isinstance(value, str) else ""
    if "up" in words and not VOTES.isdisjoint(words) and number(value) and value == 0:
        return Outcome.SUCCEEDED
    if bad := bad_name(words):
        is_so = value is True or plain in _YES or (number(value) and value >= 0.5)
        said = isinstance(value, bool) or number(value) or plain in (*_YES, *_NO)
        return (bad if is_so else Outcome.SUCCEEDED) if said else None
    if GOOD_IF_TRUE.isdisjoint(words):
        return None
    if value is False or plain in _NO or (number(value) and value <= 0):
        return Outcome.REFUSED
    return Outcome.SUCCEEDED if value is True or plain in _YES else None


def of_number(words: list[str], value: float, more: bool, about: Sequence[str] = ()) -> Outcome:
    """Of a measure: 0 is bad, the top of a known scale good, anything else unknown. `more`: the same scale
    has numbers above 1; `about`: the words of what holds it.
    """
    if less_is_better([*about, *words]):
        if value < 0.1:
            return Outcome.SUCCEEDED
        return Outcome.REFUSED if value >= 0.5 else Outcome.UNKNOWN
    if value <= 0:
        none = value == 0 and not MAY_BE_NONE.isdisjoint(words) and SIZES.isdisjoint(words)
        return Outcome.SUCCEEDED if none else Outcome.REFUSED
    if value <= 1:
        # Open WebUI's `annotation.rating` is 1 or -1.
        least = more or ("annotation" not in about and not FROM_ONE.isdisjoint([*about, *words]))
        least = least and value == 1
        return Outcome.SUCCEEDED if value >= 0.9 and not least else Outcome.UNKNOWN
    of_five = 4 <= value <= 5 and not SIZES.issuperset(words)
    return Outcome.SUCCEEDED if of_five or 9 <= value <= 10 or 90 <= value <= 100 else Outcome.UNKNOWN


def of_text(words: list[str], value: str) -> Outcome | None:
    """Of a verdict in words; None of one that is not known."""
    plain, bad = _plain(value), less_is_better(words)
    if plain in NOTHING:
        return Outcome.SUCCEEDED
    if plain in _YES or plain in _NO:
        return Outcome.REFUSED if (plain in _YES) == bad else Outcome.SUCCEEDED
    if "grade" in words and len(plain) == 1 and plain not in "afi":
        return None
    if plain in _GOOD or plain in _WELL:
        return Outcome.SUCCEEDED
    wrong = plain in _WRONG or plain in _BADLY or in_bad_words(value)
    return Outcome.REFUSED if wrong else None


def _plain(value: str) -> str:
    return re.sub(r"[\s_\-.!]", "", value[:80]).lower()
