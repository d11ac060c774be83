"""Whether the facts of an `affect_examples` answer are those of the table, read with PyYAML alone, and its
words those of the right state.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

import yaml

from tests.grounding import open_book


class Wrong(Exception):
    """What does not follow from the source."""


def check(row: dict, snapshot) -> str | None:
    """None when tone, facts and labels follow from the table of states and contexts, else the reason."""
    try:
        _check(row, _table(str(snapshot.settings.sources.affect)))
    except Wrong as wrong:
        return str(wrong)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        return f"not of a known form: {type(error).__name__}: {error}"
    return None


@lru_cache(8)
def _table(path: str) -> tuple[dict, dict]:
    text = Path(path).expanduser().read_text(encoding="utf-8")
    data = json.loads(text) if path.endswith(".json") else yaml.safe_load(text)
    return {str(s.get("id")): s for s in data["states"] if isinstance(s, dict)}, {
        str(c.get("id")): c for c in data["contexts"] if isinstance(c, dict)
    }


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Wrong(reason)


def _list(value) -> list[str]:
    return [
        " ".join(str(item).split())
        for item in (value if isinstance(value, list) else [value] if value else [])
    ]


def _check(row: dict, table: tuple[dict, dict]) -> None:
    states, contexts = table
    source, user, answer = row["source"], row["messages"][-2]["content"], row["messages"][-1]["content"]
    if source["ask"] == "open book":
        _reading(row, states, contexts)
        return
    ask, state = source["ask"], states.get(source["ref"].partition("#")[2])
    context = contexts.get(source.get("context"))
    facts = _list(context["facts"]) if context else []
    others = [
        fact
        for name, other in contexts.items()
        if name != source.get("context")
        for fact in _list(other["facts"])
        if fact not in facts
    ]
    if context:
        given = any(fact in user for fact in facts) or ask in ("rewrite", "not there")
        _need(context["asks"].lower() in user.lower() or given, "the question is not that of the context")
        _need(
            state is None or state["id"] not in _list(context.get("never")), "nobody asks this in that state"
        )
        _need(not any(fact in answer for fact in others), "a fact of another situation")
    if state and context and ask != "rewrite" and ask != "check":
        _need(
            any(said in user for said in _list(state["says"])) or f"who is {state['id']}" in user,
            "nothing in the question tells the state",
        )
    if ask == "plain":
        _need(answer == " ".join(facts), "not the facts alone")
    elif ask in ("answer", "given", "rewrite", "mend"):
        text = answer.removeprefix("No. ") if user.endswith("give me a better one.") else answer
        _toned(text, state, facts)
        _need(
            ask != "rewrite" or (all(fact in user for fact in facts) and state["tone"] in user),
            "the request has other facts or another tone",
        )
        own = set(_list(state.get("open")) + _list(state.get("close")))
        foreign = {
            w
            for other in states.values()
            if other["tone"] != state["tone"]
            for w in _list(other.get("open")) + _list(other.get("close"))
        } - own
        _need(
            ask != "mend"
            or (any(words in user for words in foreign) and all(fact in user for fact in facts)),
            "the draft needs no mending, or lacks facts",
        )
    elif ask == "not there":
        _toned(
            answer, state, ["That is not among the facts I was given, and I will not guess."], closes=False
        )
        _need(not any(fact in user for fact in facts), "the facts that answer it are given")
    elif ask == "check":
        reply = next(
            part
            for part in (user.split("Reply: ")[-1] if "Reply: " in user else user).split("\n")
            if any(f in part for f in facts) or "eply" in part
        )
        reply = (
            re.sub(r"^Before I send this: ", "", user.split("\n")[0]) if user.startswith("Before") else reply
        )
        missing = [fact for fact in facts if fact not in reply]
        quoted = re.findall(r'"(.*)"', answer)
        _need(quoted == missing, f"missing is {missing}, named is {quoted}")
        changed = bool(missing) and re.sub(r"\d+", "#", missing[0]) in re.sub(r"\d+", "#", reply)
        _need(
            not missing or ("should say" in answer) == changed != ("is missing" in answer),
            "it is not missing but changed, or the reverse",
        )
        _need(answer.startswith(("Yes", "Nothing")) == (not missing), "the verdict is the other one")
    elif ask == "better":
        a, b = re.search(r"\nA: (.*)\nB: (.*?)(\nA or B\?)?$", user, re.DOTALL).groups()[:2]
        right = {"A": a, "B": b}[answer[0]]
        _toned(right, state, facts)
        _need({"A": b, "B": a}[answer[0]] != right, "the replies are the same")
        _need(answer == f"{answer[0]}: {_rule(state)}", "not the tone of the state")
    elif ask == "tone":
        _need(
            any(said in user for said in _list(state["says"]))
            and answer.lower() == f"{state['tone']}.".lower(),
            "not the tone of the state",
        )
    elif ask == "choose tone":
        offered = user.split("Tone of the answer: ")[1].rstrip("?").split("; ")
        _need(answer == state["tone"] and answer in offered, "not the tone of the state")
    elif ask == "choose state":
        offered = re.split(r", | or ", user.split("How does the writer feel: ")[1].rstrip("?"))
        _need(answer == state["id"] and answer in offered, "not the state")
        _need(
            sum(any(said in user for said in _list(states[name]["says"])) for name in offered) == 1,
            "the message fits more than one",
        )
    elif ask == "avoid":
        _need(
            re.split(r", | and ", answer.rstrip(".").lower())
            == [word.lower() for word in _list(state["avoid"])],
            "not what is to be avoided",
        )
    elif ask == "how":
        rest = f" Without {_either(_list(state.get('avoid')))}." if state.get("avoid") else ""
        _need(answer == f"In this tone: {state['tone']}.{rest}", "not the rule of the state")
    else:
        raise Wrong(f"an unknown kind: {ask}")


def _reading(row: dict, states: dict, contexts: dict) -> None:
    """Facts of the table shown; or an opening of the state and the fact; or the one reply that has the fact,
    or has it not.
    """
    source, user, answer = row["source"], row["messages"][-2]["content"], row["messages"][-1]["content"]
    kind, *about = source["open_book"]
    if source["triples"]:
        said = {
            "answered": lambda s: [s["tone"]],
            "sounds": lambda s: [f'"{one}"' for one in _list(s["says"])],
            "avoids": lambda s: _list(s["avoid"]),
        }
        reason = open_book.check(row, lambda fact: fact[2] in said[fact[1]](states[fact[0]]))
        _need(reason is None, reason or "")
        return
    fact = source["fact"]
    _need(
        fact in _list(contexts[source["context"]]["facts"]) and f"Fact: {fact}" in user or kind == "fits",
        "not a fact of the situation",
    )
    replies = {letter: text for letter, text in re.findall(r"(?m)^([ABC]): (.+)$", user)}
    if kind == "fact":
        right = [letter for letter, text in replies.items() if text.endswith(fact) is (about[0] == "kept")]
        _need(len(replies) == 3 and right == [answer], "another reply has the fact")
        return
    openings = {name: text for name, text in re.findall(r"(?m)^- ([\w-]+): (.+)$", user)}
    _need(
        all(text in _list(states[name]["open"]) for name, text in openings.items()),
        "an opening that is not that of the state",
    )
    _need(f" {about[0]}." in user or f" {about[0]}?" in user, "the reader is another")
    right = f"{openings[about[0]]} {fact}"
    _need(
        (replies[answer] if kind == "fits" else answer) == right, "not the opening of the state and the fact"
    )


def _toned(text: str, state: dict, facts: list[str], closes: bool = True) -> None:
    """Exactly the facts, in order, between words of the state."""
    opens, ends = _list(state.get("open")) or [""], (_list(state.get("close")) or [""]) if closes else [""]
    body = " ".join(facts)
    allowed = {" ".join(part for part in (first, body, last) if part) for first in opens for last in ends}
    _need(text in allowed, "not the facts between the words of this state")


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _rule(state: dict) -> str:
    avoid = _list(state.get("avoid"))
    return f"{state['tone']}, without {_either(avoid)}." if avoid else f"{state['tone']}."
