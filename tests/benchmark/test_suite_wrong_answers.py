"""Ten wrong answers and more to every family: what each may score at most. The reference in its usual dress
scores 1.0.
"""

import copy
import re

import pytest

from autodidact.benchmark.item_family import LEVELS
from autodidact.benchmark.scorers import CALLS, score
from autodidact.records import call, response_text
from tests.benchmark.test_suite import ALL, drawn, every_family, message

# Scorers of answers that stand alone.
SHORT = ("label", "exact", "number", "budget", "set", "order")
CHATTER = " ".join(
    ["One could look into this together with everybody else some other time, and there is more to say."] * 6
)
# Scorers for which the answer to another item can be right too.
FREE = ("order", "set", "label", "facts", "judge", "budget", "ask", "no_call")


def wrong_answers(item, other):
    """[(what is wrong, message, the most it may score)]"""
    target, reference = item.target, item.reference
    text = response_text(reference)
    prompt = item.messages[-1]["content"]
    calls = item.scorer in CALLS and bool(reference.get("tool_calls"))
    found = [
        ("empty", message(""), 0.0),
        ("blank", message(" \n\t"), 0.0),
        ("dots", message("..."), 0.0),
        ("a refusal", message("I'm sorry, but I can't help with that."), 0.0),
        ("an excuse", message("As a language model I would rather not say anything about it."), 0.0),
        ("empty JSON", message('{"answer": null}'), 0.0),
        ("the prompt said back", message(prompt), 0.0),
        ("the reference and much more", message(f"{text} {CHATTER}"), 0.5 if item.scorer in SHORT else 0.75),
        ("much, then the reference", message(f"{CHATTER} {text}"), 0.99),
        ("a call of a tool that is not there", call(("do_it", {"now": True})), 0.0),
        ("a torn call", message('<tool_call>\n{"name": "'), 0.0),
        ("another item's answer", other.reference, 1.0 if _same(item, other) else 0.99),
    ]
    if calls:
        found += [
            ("the call as text", message(text), 0.0),
            ("another tool", _changed(reference, lambda f: f.update(name="other_tool")), 0.99),
            ("no arguments", _changed(reference, lambda f: f["arguments"].clear()), 0.75),
            ("one argument more", _changed(reference, lambda f: f["arguments"].update(force=True)), 0.99),
            ("an argument lost", _changed(reference, lambda f: f["arguments"].popitem()), 0.99),
            (
                "called three times",
                call(
                    *[(c["function"]["name"], c["function"]["arguments"]) for c in reference["tool_calls"]]
                    * 3
                ),
                0.5,
            ),
        ]
    elif item.scorer == "label":
        found += [
            (f"the label {one}", message(one), 0.0) for one in target["labels"] if one != target["answer"]
        ]
        found += [
            ("every label", message(", ".join(target["labels"])), 0.0),
            ("the label denied", message(f"not {target['answer']}"), 0.0),
        ]
    elif item.scorer == "number":
        answer = target["answer"]
        found += [(f"off by {step}", message(f"{answer + step:g}"), 0.0) for step in (-1, 1, 10, answer or 7)]
        found += [("several numbers", message(f"{answer:g} or {answer + 1:g}"), 0.0)]
    elif item.scorer == "exact":
        found += [
            ("its end changed", message(re.sub(r"\w(\W*)$", r"\1", text)), 0.5),
            ("its begin changed", message(f"x{text}"), 0.0),
        ]
        found += [("another value", message(other), 0.0) for other in target.get("others", ())]
    elif item.scorer == "set":
        right = target["items"]
        wrong = [one for one in target.get("universe", ()) if one not in right]
        found += (
            [
                ("one too many", message(", ".join([*right, wrong[0]])), 0.95),
                ("everything", message(", ".join(target["universe"])), 0.0),
            ]
            if wrong
            else []
        )
        found += (
            [("one lost", message(", ".join(right[1:])), 0.95)]
            if right
            else [("something", message("something else"), 0.0)]
        )
    elif item.scorer == "order":
        right = target["items"]
        found += [
            ("backwards", message(", ".join(right[::-1])), 0.0),
            ("the last one lost", message(", ".join(right[:-1])), 0.49),
            (
                "the last one first",
                message(", ".join([right[-1], *right[:-1]])),
                0.49 if not target.get("before") else 1.0,
            ),
            ("one named twice", message(", ".join([*right, right[0]])), 0.0),
        ]
    elif item.scorer in ("facts", "budget", "judge"):
        facts = target.get("checks", {}) if item.scorer == "judge" else target
        found += [(f"says {bad!r}", message(f"{text} {bad}"), 0.0) for bad in facts.get("forbidden", ())[:4]]
        for fact in facts.get("required", ()):
            shorter = text
            for wording in [fact] if isinstance(fact, str) else fact:
                shorter = re.sub(rf"(?<!\w){re.escape(wording)}(?!\w)", "it", shorter, flags=re.IGNORECASE)
            found.append((f"without {fact!r}", message(shorter), 0.95))
    elif item.scorer in ("no_call", "ask"):
        found += [
            ("a call all the same", call((item.tools[0]["function"]["name"], {})), 0.0),
            ("done", message("Done."), 0.0),
        ]
    return found


def _same(item, other):
    return response_text(item.reference) == response_text(other.reference) or item.scorer in FREE


def _changed(reference, change):
    changed = copy.deepcopy(reference)
    change(changed["tool_calls"][0]["function"])
    return changed


@every_family
def test_ten_wrong_answers_score_what_they_should(category, family):
    for seed in range(6):
        item, other = (drawn(category, family, LEVELS[seed % 3], number) for number in (seed, seed + 60))
        tried = wrong_answers(item, other)
        assert len(tried) >= 10
        for what, answer, most in tried:
            result = score(item, answer)
            assert 0.0 <= result.value <= most, (
                what,
                answer,
                result,
                item.target,
                item.messages[-1]["content"],
            )
            assert result.explanation


@every_family
def test_the_reference_in_its_usual_dress_is_right(category, family):
    for seed in range(3):
        item = drawn(category, family, LEVELS[seed % 3], seed)
        text = item.reference["content"]
        if item.scorer in ("label", "exact", "number", "set", "order"):
            for dressed in (
                f"**{text}**",
                f"`{text}`",
                f"```\n{text}\n```",
                f"Answer: {text}",
                f"{text}\n",
                f"  {text.rstrip('.')}.",
            ):
                assert score(item, message(dressed)).value == 1.0, (
                    dressed,
                    score(item, message(dressed)),
                    item.target,
                )


@pytest.mark.parametrize("category", sorted({category for category, _ in ALL}))
def test_no_one_answer_pays_across_a_category(category):
    """What a collapsed model says to everything: a short word, a long one, the label of the first item."""
    items = [drawn(category, family, 1, 1) for c, family in ALL if c == category]
    for answer in (
        "yes",
        "no",
        "none",
        "0",
        "1",
        "A",
        "I don't know.",
        "Sure! Here is the answer:",
        response_text(items[0].reference),
    ):
        values = [score(item, message(answer)).value for item in items]
        assert sum(values) / len(values) <= 0.2, (answer, values)
