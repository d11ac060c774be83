"""Scoring tool calls by structure, as the Berkeley Function-Calling Leaderboard does: name, required
arguments, types, allowed values.
"""

import re
from itertools import permutations
from typing import Any

from autodidact.benchmark.clean_answer import clean, words
from autodidact.benchmark.names_in_text import find

Scored = tuple[float, str]


def call(target: dict, message: dict) -> Scored:
    """`calls`: the expected ones, each `{"name", "arguments": {parameter: [allowed values]}, "optional":
    [parameters that may be left out]}`; `ordered`: true when their order matters.

    A call of the wrong name is 0. One of the right name is 1.0 when every argument is right and none is
    invented, else 0.25 plus half the share of right ones. Several calls: the best assignment's sum over the
    larger number of calls. No expected call: as `no_call`.
    """
    if not target["calls"]:
        return no_call(target, message)
    given = [made["function"] for made in message.get("tool_calls") or ()]
    if not given:
        return 0.0, "no tool call"
    expected = target["calls"]
    most = max(len(given), len(expected))
    if len(given) > 2 * len(expected) + 2:
        return 0.0, f"{len(given)} calls instead of {len(expected)}"
    results = [one_call(e, g) for e, g in zip(expected, given, strict=False)]
    if not target.get("ordered"):
        fewer, more = sorted((expected, given), key=len)
        for chosen in permutations(more, len(fewer)):
            pairs = zip(fewer, chosen, strict=True) if fewer is expected else zip(chosen, fewer, strict=True)
            tried = [one_call(e, g) for e, g in pairs]
            if _total(tried) > _total(results):
                results = tried
    value = _total(results) / most
    why = "; ".join(reason for value, reason in results if value < 1) or "right"
    if len(given) != len(expected):
        why = f"{len(given)} calls instead of {len(expected)}; {why}"
    return round(value, 4), why


def _total(results: list[Scored]) -> float:
    return sum(value for value, _ in results)


def one_call(expected: dict, given: dict) -> Scored:
    """One call against one expectation: see `call`."""
    if given["name"] != expected["name"]:
        return 0.0, f"calls {given['name']} instead of {expected['name']}"
    allowed, optional, arguments = expected["arguments"], expected.get("optional", ()), given["arguments"]
    wrong = [
        name
        for name in arguments
        if name not in allowed or not any(same(value, arguments[name]) for value in allowed[name])
    ]
    missing = [name for name in allowed if name not in arguments and name not in optional]
    if not wrong and not missing:
        return 1.0, "right"
    total = len(set(arguments) | {name for name in allowed if name not in optional})
    right = len([name for name in arguments if name not in wrong])
    reason = ", ".join([f"{name} is wrong" for name in wrong] + [f"{name} is missing" for name in missing])
    return round(0.25 + 0.5 * right / total, 4), reason


def same(expected: Any, given: Any) -> bool:
    """Equal in type and value. An integer may stand for a float; strings may differ in white space, objects
    in key order.
    """
    if isinstance(expected, bool) or isinstance(given, bool):
        return expected is given
    if isinstance(expected, (int, float)) and isinstance(given, (int, float)):
        return expected == given and not (isinstance(expected, int) and isinstance(given, float))
    if isinstance(expected, str) and isinstance(given, str):
        return expected.split() == given.split()
    if isinstance(expected, dict) and isinstance(given, dict):
        return expected.keys() == given.keys() and all(
            same(value, given[key]) for key, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(given, list):
        return len(expected) == len(given) and all(same(a, b) for a, b in zip(expected, given, strict=True))
    return expected is None and given is None


_NO_TOOL = re.compile(r"\bno_call\b|\bno (?:\w+ )?tool\b|\bnone of the (?:\w+ )?tools\b", re.IGNORECASE)


def no_call(target: dict, message: dict) -> Scored:
    """The prompt asks for `no_call` when no tool fits. 1.0: that and nothing else. 0.5: 40 words or fewer
    that say so. Else 0.
    """
    if message.get("tool_calls"):
        return 0.0, f"calls {message['tool_calls'][0]['function']['name']} where no tool fits"
    text = message["content"]
    if clean(text).casefold() == "no_call":
        return 1.0, "rightly no call"
    if _NO_TOOL.search(text) and len(words(text)) <= 40:
        return 0.5, "rightly no call, in more words than asked"
    return 0.0, "does not say that no tool fits"


def ask(target: dict, message: dict) -> Scored:
    """A required argument is missing. `mention`: the ways to name it; `others`: the other parameters, which
    need no asking.

    1.0: no call, one question of at most 30 words that names it. 0.5: names it in a statement, or in more
    words. 0: a call, or it is not
    named, or it is one of a list of several that are needed.
    """
    if message.get("tool_calls"):
        return 0.0, "calls a tool though an argument is missing"
    text = message["content"].casefold()
    if not any(find(wording.casefold(), text) for wording in target["mention"]):
        return 0.0, f"does not ask for {target['mention'][0]}"
    names = "|".join(
        re.escape(name.casefold()) + "s?" for name in (*target["mention"], *target.get("others", ()))
    )
    if re.search(
        rf"\b(?:{names})\b[`\"']*(?:,| and | or |/|\n)\W*(?:and |or |which |what |the )*[`\"']*(?:{names})\b",
        text,
    ):
        return 0.0, "asks for several parameters, though one is missing"
    asks = text.count("?") == 1 or clean(text).startswith(("please ", "which ", "what "))
    if asks and len(words(text)) <= 30:
        return 1.0, "asks for what is missing"
    return 0.5, "names what is missing, but not as one short question"
