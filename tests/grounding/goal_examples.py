"""Checks examples of `goal_examples`: reads the table itself (or the goals that a question shows) and tests
each answer for what must hold.

An order is not computed again but tested: everything after what it needs, and at each place the most pressing
of what is free.
"""

import csv
import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from tests.grounding import open_book

_STATES = ("active", "planned", "waiting", "blocked", "done", "dropped")
_WORDS = {
    "in progress": "active",
    "todo": "planned",
    "to do": "planned",
    "on hold": "waiting",
    "closed": "done",
    "completed": "done",
    "cancelled": "dropped",
}


def check(row: dict, snapshot) -> str | None:
    """None when every fact of the answer follows from the table, or from the goals that the question
    shows."""
    table = _table(snapshot.settings.sources.goals)
    asked, answer = row["messages"][-2]["content"], row["messages"][-1]["content"]
    day = snapshot.until.date().isoformat()
    if row.get("probe"):
        found = next(
            ((match["goal"], key) for pattern, key in _PROBE if (match := re.fullmatch(pattern, asked))), None
        )
        if found is None or found[0] not in table:
            return "asks what the probe does not"
        goal = table[found[0]]
        right = {"due": goal["due"], "step": _next(goal), "owner": goal["owner"]}[found[1]]
        return None if right and _open(goal) and answer == right else "the table says otherwise"
    if "open_book" in row["source"]:
        return _reading(row["source"]["open_book"], asked, answer, table) or (
            open_book.check(row, lambda fact: _told(fact, table)) if row["source"]["triples"] else None
        )
    shown = _shown(asked) or _listed_otherwise(asked)
    if shown:
        wrong = next(
            (
                name
                for name, goal in shown.items()
                if name not in table or any(goal[k] != table[name][k] for k in goal if k != "steps")
            ),
            None,
        )
        return f"shows {wrong} otherwise than it is" if wrong else _selection(asked, answer, shown, day)
    for pattern, test in (*_FORMS, *_MORE):
        if match := re.fullmatch(pattern, asked, re.DOTALL):
            named = match.groupdict().get("goal")
            goal = (
                next((name for name, g in table.items() if named in (name, g["title"])), None)
                if named
                else None
            )
            if named and goal is None:
                return _unknown(named, answer, table)
            return None if test(table, goal, match, answer, day) else "the table says otherwise"
    return "no known form"


def _told(fact: tuple[str, str, str], table: dict) -> bool:
    name, relation, value = fact
    goal = table[name]
    said = {
        "needs": goal["needs"],
        "belongs_to": [goal["owner"]],
        "is": [goal["state"]],
        "is_due_on": [goal["due"]],
        "has_priority": [str(goal["priority"])],
    }
    return value in said[relation]


def _reading(what: list, asked: str, answer: str, table: dict) -> str | None:
    """What is asked of numbered steps, and which of some dates is the earliest."""
    kind, *names = what
    if kind == "earliest":
        first = min(names, key=lambda name: table[name]["due"])
        dates = [date.fromisoformat(table[name]["due"]) for name in names]
        written = all(str(day) in asked or f"{day.day} {day:%B %Y}" in asked for day in dates)
        return (
            None
            if first == answer and written and len(set(dates)) == len(dates)
            else "another date is earlier"
        )
    if kind not in ("next", "left"):
        return None
    steps = table[names[0]]["steps"]
    lines = [
        re.search(rf"(?m)^{n}\. \[(.+)\] {re.escape(step)}$", asked) for n, (step, _) in enumerate(steps, 1)
    ]
    if not all(lines) or any(
        (line[1] in ("done", "x", "finished")) is not done
        for line, (_, done) in zip(lines, steps, strict=True)
    ):
        return "shows the steps otherwise"
    open_ = [n for n, (_, done) in enumerate(steps, 1) if not done]
    return (
        None
        if answer == str(open_[0] if kind == "next" else len(open_))
        else "another step is next, or more are left"
    )


def _unknown(name: str, answer: str, table: dict) -> str | None:
    match = re.fullmatch(r"There is no goal (\S+)\. There is (\S+): (.*)\.", answer)
    return (
        None
        if match and match[1] == name and table.get(match[2], {}).get("title") == match[3]
        else "asks for a goal that is not there"
    )


# ---- what holds of a goal


def _open(goal: dict) -> bool:
    return goal["state"] not in ("done", "dropped")


def _claims(table: dict, name: str) -> set[str]:
    """Every reason why a goal cannot go on, as an answer words it."""
    goal = table[name]
    found = {
        f"{other} is not done ({table[other]['state']})"
        for other in goal["needs"]
        if table[other]["state"] != "done"
    } | set(goal["blockers"])
    return found or (
        {f"it is marked {goal['state']} without a reason"}
        if goal["state"] in ("blocked", "waiting")
        else set()
    )


def _tells(text: str, claims: set[str]) -> bool:
    """Whether a text is exactly these reasons, joined by commas and "and"."""
    rest = text
    for claim in sorted(claims, key=len, reverse=True):
        if claim not in rest:
            return False
        rest = rest.replace(claim, "", 1)
    return not re.sub(r"\band\b|[,\s]", "", rest)


def _rank(table: dict, name: str) -> tuple:
    return table[name]["priority"], table[name]["due"] or "9999", name


def _free(table: dict) -> list[str]:
    return [name for name, goal in table.items() if _open(goal) and not _claims(table, name)]


def _ordered(names: list[str], expected: set[str], table: dict) -> bool:
    if set(names) != expected or len(set(names)) < len(names):
        return False
    for place, name in enumerate(names):
        left = set(names[place:])
        free = [other for other in left if not left & set(table[other]["needs"])]
        if name not in free or name != min(free, key=lambda other: _rank(table, other)):
            return False
    return True


def _lines(answer: str) -> list[str]:
    """What a list numbered from 1 lists; [] when it is numbered otherwise."""
    found = re.findall(r"(?m)^(\d+)\. (.+)$", answer)
    return (
        [text for _, text in found]
        if [int(number) for number, _ in found] == list(range(1, len(found) + 1))
        else []
    )


def _circular(text: str, table: dict, among: set[str]) -> bool:
    """Whether `a waits for b, b for c and c for a` is so."""
    if alone := re.fullmatch(r"(\S+) waits for itself", text):
        return alone[1] in table[alone[1]]["needs"]
    pairs = re.findall(r"(\S+) (?:waits )?for (\S+?)(?=,| and |$)", text)
    closed = [a for a, _ in pairs] == [b for _, b in [pairs[-1], *pairs[:-1]]] if pairs else False
    return closed and all(b in table[a]["needs"] and {a, b} <= among for a, b in pairs)


def _has_circle(names: set[str], table: dict) -> bool:
    left = set(names)
    while free := {name for name in left if not left & set(table[name]["needs"])}:
        left -= free
    return bool(left)


def _behind(name: str, table: dict) -> set[str]:
    found: set[str] = set()
    layer = {name}
    while layer:
        found |= layer
        layer = {other for one in layer for other in table[one]["needs"] if _open(table[other])} - found
    return found


def _listed(text: str) -> list[str]:
    return [] if text in ("None.", "None of them.") else re.split(r", | and ", text.removesuffix("."))


def _next(goal: dict) -> str:
    return next((step for step, done in goal["steps"] if not done), "")


def _started(answer: str, name: str, table: dict) -> bool:
    """`id: step. It is priority 1 and due 2026-12-04.`"""
    due = f" and due {table[name]['due']}" if table[name]["due"] else ""
    return (
        answer
        == f"{name}: {_next(table[name]) or 'start it'}. It is priority {table[name]['priority']}{due}."
    )


# ---- questions that bring the goals along


def _selection(asked: str, answer: str, table: dict, day: str) -> str | None:
    question = "\n".join(
        line for line in asked.split("\n") if not re.match(r"- |\||\{|goals:|  ", line)
    ).strip()
    unfinished = {name for name, goal in table.items() if _open(goal)}
    if re.search(r"(?i)order|sort", question):
        if answer.startswith("There is no such order: "):
            right = _circular(
                answer.removeprefix("There is no such order: ").removesuffix("."), table, unfinished
            )
        else:
            right = _ordered(_lines(answer), unfinished, table)
    elif re.search(r"overdue|late|missed", question):
        late = {
            f"{name} (due {table[name]['due']})"
            for name in unfinished
            if table[name]["due"] and table[name]["due"] < day
        }
        right = question.startswith(f"Today is {day}.") and set(_listed(answer)) == late
    elif re.search(r"right now|free to start|nothing stands", question):
        right = set(_listed(answer)) == set(_free(table))
    elif re.search(r"blocked|stuck", question):
        right = _blocked(answer, table, "None of them.")
    else:
        free = _free(table)
        best = min(free, key=lambda name: _rank(table, name)) if free else None
        right = answer == (
            f"{best}: {_next(table[best]) or 'start it'}."
            if best
            else "None: every one of them is finished, waiting or blocked."
        )
    return None if right else "the goals shown say otherwise"


def _blocked(answer: str, table: dict, nothing: str) -> bool:
    stuck = {
        name: _claims(table, name) for name, goal in table.items() if _open(goal) and _claims(table, name)
    }
    if not stuck:
        return answer == nothing
    told = dict(re.findall(r"(?m)^- ([^:]+): (.+)$", answer))
    return set(told) == set(stuck) and all(_tells(text, stuck[name]) for name, text in told.items())


def _shown(asked: str) -> dict:
    """The goals of a question's lines."""
    table = {}
    for name, state, priority, rest in re.findall(r"(?m)^- ([^:]+): (\w+), priority (\d+)(.*)$", asked):
        step = re.search(r", next step: (.*)$", rest)
        rest = rest[: step.start()] if step else rest
        because = re.search(r", blocked because (.*)$", rest)
        rest = rest[: because.start()] if because else rest
        due, needs = re.search(r"due (\S+?)(?:,|$)", rest), re.search(r"needs (.*)$", rest)
        table[name] = {
            "state": state,
            "priority": int(priority),
            "due": due[1] if due else "",
            "needs": re.split(r", | and ", needs[1]) if needs else [],
            "steps": [(step[1], False)] if step else [],
            "blockers": re.split(r", (?!and )| and (?=the )", because[1]) if because else [],
        }
    return table


def _listed_otherwise(asked: str) -> dict:
    """The goals of a question's JSON lines, YAML or table."""
    if raw := [json.loads(line) for line in asked.split("\n") if line.startswith('{"goal"')]:
        pass
    elif block := re.search(r"(?m)^goals:\n(?:  .*(?:\n|\Z))+", asked):
        raw = yaml.safe_load(block[0])["goals"]
    else:
        head, _, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in asked.split("\n")
            if line.startswith("|")
        ] or [[], []]
        raw = [dict(zip(head, row, strict=True)) for row in rows]
    return {
        one["goal"]: {
            "state": one["state"],
            "priority": int(one["priority"]),
            "due": str(one.get("due", "")),
            "needs": _cell(one.get("needs"), ";"),
            "steps": [(one["next"], False)] if one.get("next") else [],
            "blockers": _cell(one.get("blockers"), ";"),
        }
        for one in raw
    }


# ---- questions about one goal, and about all


def _going_on(t, name, m, answer, day):
    goal, claims = t[name], _claims(t, name)
    if not _open(goal):
        return answer == f"None: {name} is {goal['state']}."
    if claims:
        return answer.startswith("Nothing yet: ") and _tells(answer[13:-1], claims)
    if _next(goal):
        return answer.lower() == f"{_next(goal)}.".lower()
    return (
        answer.startswith("All its steps are done")
        if goal["steps"]
        else answer.startswith("Start it: ") and answer.endswith(f"for {name} yet.")
    )


_LEADS = (
    (r"^Why|For what reason", "Because "),
    (r"right\?|, yes\?|correct\?", "No: "),
    (r"^Please start|^Next on my list", "Not yet: "),
    (r"", "Yes: "),
)


def _hindered(t, name, m, answer, day):
    claims = _claims(t, name)
    if not claims:
        return answer == "No: nothing is in its way" + (
            ", its dependencies are done." if t[name]["needs"] else "."
        )
    lead = next(lead for words, lead in _LEADS if re.search(words, m[0]))
    return answer.startswith(lead) and _tells(answer.removeprefix(lead).removesuffix("."), claims)


def _freed(t, name, m, answer, day):
    freed = {one for one, goal in t.items() if _open(goal) and name in goal["needs"] and one != name}
    at_once = {one for one in freed if len(_claims(t, one)) == 1}
    if not freed:
        return answer == f"Nothing: no other goal depends on {name}."
    if at_once == freed:
        return (
            answer.endswith(": nothing else is in the way.")
            and set(_listed(answer.rpartition(": nothing")[0])) == freed
        )
    kept = dict(re.findall(r"(?:^|; |: |\. )(\S+) still waits because (.*?)(?=; \S+ still|\.$)", answer))
    head = answer.partition(f"{next(iter(kept), '')} still waits")[0].strip()
    first = set(_listed(head)) if head != "Nothing at once:" else set()
    mine = f"{name} is not done ({t[name]['state']})"
    return (
        first == at_once
        and set(kept) == freed - at_once
        and all(_tells(text, _claims(t, one) - {mine}) for one, text in kept.items())
    )


def _plan(t, name, m, answer, day):
    needed = _behind(name, t)
    if told := re.fullmatch(
        r"There is no way as it stands: (.*)\. One of these dependencies has to go\.", answer
    ):
        return _has_circle(needed, t) and _circular(told[1], t, needed)
    lines = [(one, step) for one, _, step in (line.partition(": ") for line in _lines(answer))]
    return _ordered([one for one, _ in lines], needed, t) and all(
        step == _next(t[one]) for one, step in lines
    )


def _late(t, name, m, answer, day):
    days = (date.fromisoformat(t[name]["due"]) - date.fromisoformat(m["day"])).days
    told = re.search(r"(?:by|in) (\d+) days?", answer)
    return (
        m["day"] == day
        and t[name]["due"] in answer
        and answer.startswith("Yes" if days < 0 else "No")
        and (int(told[1]) if told else 0) == abs(days)
    )


def _keeps(t, name, m, answer, day):
    later = {
        f"{one} (due {t[one]['due']})"
        for one in t[name]["needs"]
        if _open(t[one]) and t[one]["due"] > t[name]["due"]
    }
    told = re.fullmatch(r"No: it is due (\S+), but needs (.*)\.", answer)
    return bool(later) and told and told[1] == t[name]["due"] and set(_listed(told[2])) == later


def _steps(t, name, m, answer, day):
    steps = t[name]["steps"]
    left = [step for step, done in steps if not done]
    head = f"{len(steps) - len(left)} of {len(steps)} steps are done"
    return answer.startswith(head) and (
        _tells(answer.partition("; left: ")[2].removesuffix("."), set(left)) if left else answer == f"{head}."
    )


def _ours(t, m):
    who = m.groupdict().get("who")
    return {name: goal for name, goal in t.items() if who in (None, "we") or goal["owner"] == who}


def _first(t, name, m, answer, day):
    mine = _ours(t, m)
    free = [one for one in _free(t) if one in mine]
    if free:
        return _started(answer.removeprefix("The goal "), min(free, key=lambda one: _rank(t, one)), t)
    stuck = {one: _claims(t, one) for one, goal in mine.items() if _open(goal)}
    told = dict(
        part.split(": ", 1)
        for part in answer.removeprefix("Nothing can go on. ").removesuffix(".").split("; ")
    )
    return set(told) == set(stuck) and all(
        _tells(text, stuck[one] or {t[one]["state"]}) for one, text in told.items()
    )


def _all_order(t, name, m, answer, day):
    unfinished = {one for one, goal in t.items() if _open(goal)}
    if answer.startswith("There is no such order: "):
        return _circular(answer[24:-1], t, unfinished)
    return _ordered(_lines(answer), unfinished, t)


def _circle(t, name, m, answer, day):
    unfinished = {one for one, goal in t.items() if _open(goal)}
    has = _has_circle(unfinished, t)
    return (
        _circular(answer[5:-1], t, unfinished)
        if answer.startswith("Yes: ")
        else not has and answer.startswith("No: ")
    )


def _in_state(t, name, m, answer, day):
    found = {one for one, goal in t.items() if goal["state"] == m["state"]}
    return answer == str(len(found)) if m[0].startswith("How many") else set(_listed(answer)) == found


def _overdue(t, name, m, answer, day):
    late = {f"{one} (due {g['due']})" for one, g in t.items() if _open(g) and g["due"] and g["due"] < day}
    return m["day"] == day and (
        set(_listed(answer)) == late if late else answer.startswith("None: no open goal")
    )


def _coming(t, name, m, answer, day):
    due, one = min((g["due"], one) for one, g in t.items() if _open(g) and g["due"] >= day)
    return m["day"] == day and answer == f"{due}, of {one}."


def _owner(t, name, m, answer, day):
    owner = t[name]["owner"]
    return (
        re.search(rf"(?:belongs to |^){re.escape(owner)}\.$", answer)
        if owner
        else answer == f"Nobody's: no owner is written down for {name}."
    )


def _not_theirs(t, name, m, answer, day):
    owner = t[name]["owner"]
    return m["who"] != owner and answer == f"No, it belongs to {owner}."


def _closed(t, name, m, answer, day):
    state = t[name]["state"]
    right = (
        f"No, that goal is {state}."
        if re.match("Shall|Should|Do we", m[0])
        else f"{name} is {state}: there is nothing left to do."
    )
    return not _open(t[name]) and answer == right


def _due(t, name, m, answer, day):
    due = t[name]["due"]
    return answer == (due or f"No deadline is written down for {name}.") and _open(t[name])


def _state(t, name, m, answer, day):
    claims = _claims(t, name) if _open(t[name]) else set()
    head, _, rest = answer.removesuffix(".").partition(": ")
    return head.lower() == t[name]["state"] and _tells(rest, claims)


_G, _T, _DAY = r"(?P<goal>[^\s`]+)", r"\"(?P<goal>.+)\"", r"(?P<day>\d{4}-\d\d-\d\d)"
_FORMS = [
    (rf"What is the next step of the goal {_G}\?", _going_on),
    (rf"How do we go on with {_T}\?", _going_on),
    (rf"{_G}: what now\?", _going_on),
    (rf"I have an hour for {_G}\. What do I do\?", _going_on),
    (rf"Is {_G} blocked\?", _hindered),
    (rf"Can anything stop us from working on {_T} today\?", _hindered),
    (rf"Anything in the way of {_G}\?", _hindered),
    (rf"Why is nobody working on {_T}\?", _hindered),
    (rf"{_G} can start now, right\?", _hindered),
    (rf"Please start with '(?P<step>.*)' of {_G}\.", _hindered),
    (rf"Please start with \"(?P<step>.*)\" of {_G}\.", _hindered),
    (rf"Shall I plan time for {_T}\?", _closed),
    (rf"Put {_G} on this week's list\.", _closed),
    (rf"What is the state of {_G}\?", _state),
    (rf"When is {_T} due\?", _due),
    (rf"Today is {_DAY}\. Is {_G} late\?", _late),
    (rf"It is {_DAY}: has {_G} missed its deadline\?", _late),
    (rf"Can {_G} keep its deadline\?", _keeps),
    (rf"Whose goal is {_G}\?", _owner),
    (rf"Who owns {_G}\?", _owner),
    (rf"{_G} is (?P<who>.+)'s, isn't it\?", _not_theirs),
    (rf"How far is {_G}\?", _steps),
    (rf"What does finishing {_G} set free\?", _freed),
    (rf"Who waits for {_G}\?", _freed),
    (rf"What would {_G} unblock\?", _freed),
    (rf"Plan the way to {_G}\.", _plan),
    (rf"What has to be finished for {_G}, in order and including it\?", _plan),
    (r"Which goals are (?P<state>\w+)\?", _in_state),
    (r"List every (?P<state>\w+) goal\.", _in_state),
    (r"How many goals are (?P<state>\w+)\?", _in_state),
    (rf"Today is {_DAY}\. Which goals are overdue\?", _overdue),
    (rf"What is late as of {_DAY}\?", _overdue),
    (rf"{_DAY}: which deadlines have we missed\?", _overdue),
    (rf"Today is {_DAY}\. Which deadline comes next\?", _coming),
    (
        r"What is blocked right now, and why\?",
        lambda t, n, m, a, d: _blocked(a, t, "Nothing: every open goal can go on."),
    ),
    (
        r"Stand-up: what is stuck, and on what\?",
        lambda t, n, m, a, d: _blocked(a, t, "Nothing: every open goal can go on."),
    ),
    (r"Do any goals wait for each other in a circle\?", _circle),
    (r"Is there a cycle in the goals' dependencies\?", _circle),
    (r"What should (?P<who>.+) do next\?", _first),
    (r"Which goal comes first for (?P<who>.+)\?", _first),
    (r"Which goal comes first\?", _first),
    (
        r"Which open goals does (?P<who>.+) have\?",
        lambda t, n, m, a, d: set(_listed(a)) == {one for one, g in _ours(t, m).items() if _open(g)},
    ),
    (r"In which order should we finish the open goals, .*\?", _all_order),
]
_MORE = [
    (rf"We have two people free for {_G}\. Where do they begin\?", _going_on),
    (rf"Give me the very next thing to do on {_T}\.", _going_on),
    (rf"Somebody asks me to move {_G} along\. How\?", _going_on),
    (rf"Monday morning, and {_T} is on my desk\. What first\?", _going_on),
    (rf"Tell the team in one line how {_G} continues\.", _going_on),
    (rf"Does something hold {_G} up\?", _hindered),
    (rf"Is there an obstacle to {_T}\?", _hindered),
    (rf"Would we run into a wall if we took up {_G}\?", _hindered),
    (rf"Does {_T} wait for anything\?", _hindered),
    (rf"Why does {_T} not move\?", _hindered),
    (rf"{_G} has not moved for days\. For what reason\?", _hindered),
    (rf"We begin with {_G} this afternoon, yes\?", _hindered),
    (rf"Nothing stands against {_T} any more, correct\?", _hindered),
    (rf"Next on my list is (?:'.*'|\".*\") for {_G}\. Fine\?", _hindered),
    (rf"Should somebody pick up {_T} this week\?", _closed),
    (rf"Do we still owe work on {_G}\?", _closed),
    (rf"Remind me of {_G} tomorrow\.", _closed),
    (rf"Assign {_T} to somebody, please\.", _closed),
    (rf"Where does {_G} stand\?", _state),
    (rf"How do things stand with {_T}\?", _state),
    (rf"Status of {_G}, please\.", _state),
    (rf"Whom do I talk to about {_G}\?", _owner),
    (rf"{_T}: whose is it\?", _owner),
    (rf"I thought {_G} was with (?P<who>.+)\. True\?", _not_theirs),
    (rf"Let me ask (?P<who>.+) about {_G}, it is theirs, no\?", _not_theirs),
    (rf"How much of {_T} is done\?", _steps),
    (rf"Progress on {_G}\?", _steps),
    (rf"Lay out everything that leads to {_G}, step by step\.", _plan),
    (rf"Which goals come before {_G}, and in which order\? End with it\.", _plan),
    (rf"Deadline of {_G}\?", _due),
    (rf"Which date is set for {_T}\?", _due),
    (rf"{_DAY}, morning round\. Is {_G} behind its date\?", _late),
    (rf"As of {_DAY}, is {_T} past the day it was due\?", _late),
    (rf"Is the date of {_G} realistic\?", _keeps),
    (rf"Once {_G} is done, what can start\?", _freed),
    (rf"Suppose {_T} were finished\. What would that release\?", _freed),
    (r"Name all that is (?P<state>\w+)\.", _in_state),
    (r"Filter the goals: (?P<state>\w+) only\.", _in_state),
]
_B = r"`(?P<goal>[^`]+)`"
_PROBE = [
    (rf"What is the deadline of the goal {_B}\?", "due"),
    (rf"By which day must {_B} be finished\?", "due"),
    (rf"{_B} is due when\?", "due"),
    (rf"Tell me the due date of {_B}\.", "due"),
    (rf"What is the first open step of the goal {_B}\?", "step"),
    (rf"Which unfinished step of {_B} comes first\?", "step"),
    (rf"I am picking up {_B}\. Where do I go on\?", "step"),
    (rf"{_B}: which step is left first\?", "step"),
    (rf"Who owns the goal {_B}\?", "owner"),
    (rf"To whom does the goal {_B} belong\?", "owner"),
    (rf"Which team is responsible for {_B}\?", "owner"),
    (rf"Name the owner of {_B}\.", "owner"),
]


@cache
def _table(path: str) -> dict:
    """id -> the goal, read without the package."""
    text = Path(path).expanduser().read_text(encoding="utf-8-sig")
    if path.endswith(".csv"):
        raw = list(csv.DictReader(text.splitlines()))
    elif path.endswith((".jsonl", ".ndjson")):
        raw = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        raw = yaml.safe_load(text)
        raw = raw.get("goals", []) if isinstance(raw, dict) else raw
    table = {}
    for one in raw:
        state = str(one.get("state") or one.get("status") or "").lower()
        state = _WORDS.get(state, state)
        if not isinstance(one, dict) or state not in _STATES or not one.get("id") or str(one["id"]) in table:
            continue
        steps = one.get("steps") or []
        table[str(one["id"])] = {
            "title": " ".join(str(one["title"]).split()),
            "state": state,
            "priority": int(one.get("priority") or 9),
            "owner": str(one.get("owner") or ""),
            "due": str(one.get("deadline") or "")[:10],
            "needs": _cell(one.get("depends_on"), r"[;,\s]+"),
            "blockers": _cell(one.get("blockers"), ";"),
            "steps": [(str(step["do"]), bool(step.get("done"))) for step in steps if isinstance(step, dict)],
        }
    for goal in table.values():
        goal["needs"] = [other for other in goal["needs"] if other in table]
    return table


def _cell(value, separator: str) -> list[str]:
    parts = value if isinstance(value, list) else re.split(separator, value or "")
    return [str(part).strip() for part in parts if str(part).strip()]
