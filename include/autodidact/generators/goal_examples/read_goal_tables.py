"""Goals out of the tables that people keep and the exports of their trackers (trackers.yaml has the names).

A value that is not understood is no value: it is noted, and nothing is denied of that field. `unread` holds
the gaps by scope: `goals` (rows), `state`, and the FIELDS, each with the id of a goal (`deadline/HAR-12`);
`freed` what waits for a goal; `standing` in which of the open states it is; `whose` whether its owner is one;
`obstacles` what is in the way of any, of a table without a column for that; `absent` what an export may have
been asked to leave out; `title` the titles that do not say which goal it is.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from autodidact.generators.goal_examples.goal_checklists import checklist, key_results, prose
from autodidact.generators.goal_examples.goal_columns import KNOWN, named
from autodidact.generators.goal_examples.goal_hold_ups import may_be_past, may_hold_up
from autodidact.generators.goal_examples.goal_links import (
    Links,
    denial,
    issue_links,
    linked_titles,
    mapped,
    references,
    refers,
)
from autodidact.generators.goal_examples.goal_owners import owners, single_owners
from autodidact.generators.goal_examples.goal_parents import note_parents
from autodidact.generators.goal_examples.goal_states import States
from autodidact.generators.goal_examples.goals import OPEN, Goal
from autodidact.generators.goal_examples.parse_goal_fields import (
    TABLE,
    Priority,
    deadline,
    empty,
    listed,
    plain,
    priority_label,
    scale,
)
from autodidact.generators.goal_examples.shared_titles import note_shared_titles
from autodidact.sources.table_files import UNKNOWN, Row
from autodidact.sources.unread import Unread

FIELDS = ("owner", "deadline", "depends_on", "blockers", "steps", "priority")
_WAITS = {"depends_on", "blockers"}
# Without any of these a table says nothing of what is in the way.
_OBSTACLES = _WAITS | {"blocks", "links"}
# A name that nobody uses: UUIDs, and the ids of Asana, Trello, Notion and GitHub. Such a goal goes by its
# title.
_OPAQUE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24}|[0-9a-f]{32}|\d{10,}|PVTI_[\w-]+|(?:DI|I|PR)_kw[\w-]+",
    re.IGNORECASE,
)
# Characters of a title that stands for a name.
MAX_NAME = 80


def read_goals(rows: list[Row], unread: Unread, day: date | None = None) -> dict[str, Goal]:
    """The goals by id. A record without an id or a title costs itself, two that say different things of one
    goal cost each other, and one whose state is not known goes without it. `day`: the day of the table.
    """
    given = [(named(row.data), row.ref) for row in rows]
    form = _Form([fields for fields, _ in given], unread, day)
    given = [(fields, ref) for fields, ref in given if not form.template(fields, ref)]
    titles = Counter(plain(form.value(fields, "title")) for fields, _ in given)
    goals: dict[str, Goal] = {}
    names: dict[str, str] = {}
    fields_of: dict[str, dict[str, Any]] = {}
    titled: list[tuple[str, str]] = []
    for fields, ref in given:
        title = plain(form.value(fields, "title"))
        name = form.name(fields, title, unique=titles[title] == 1)
        titled.append((title, name or ref))
        if not name or not title:
            unread.add("goals", "goal without id, title or known state", ref)
        elif name in fields_of:
            if fields != fields_of[name]:
                unread.add("goals", "goal named twice", ref)
                goals.pop(name, None)
        else:
            goals[name] = form.goal(name, title, fields, ref)
            fields_of[name] = fields
            names |= {text: name for text in form.identities(fields)}
            if titles[title] == 1:
                names.setdefault(title, name)
    note_shared_titles(goals, titled, unread)
    note_parents({name: form.called(goals[name], fields_of[name]) for name in goals}, fields_of, unread)
    return _linked(goals, fields_of, names | {name: name for name in goals}, form)


def _linked(
    goals: dict[str, Goal], fields_of: dict[str, dict], names: dict[str, str], form: "_Form"
) -> dict[str, Goal]:
    """The goals with what they depend on; a dependency that is no goal is a gap."""
    needs: dict[str, list[str]] = {name: [] for name in goals}
    names = {text: name for text, name in names.items() if name in goals}
    for name, ref in [(name, goal.ref) for name, goal in goals.items()]:
        fields = fields_of[name]
        waits, frees, blockers = form.links(name, fields, names, ref)
        for other in waits:
            if names.get(other) == name:
                form.unread.add(f"depends_on/{name}", "goal depends on itself", ref)
            elif other in names:
                needs[name].append(names[other])
            else:
                form.unread.add(
                    f"depends_on/{name}", "goal depends on an unknown goal", f"{ref}: {other}"[:200]
                )
        for other in frees:
            if names.get(other) == name:
                form.unread.add(f"depends_on/{name}", "goal depends on itself", ref)
            elif other in names:
                needs[names[other]].append(name)
            else:
                form.unread.note(f"freed/{name}", "a goal that waits for it is not there", ref)
                if not names.keys().isdisjoint(re.findall(r"[\w#-]+", other)):
                    form.unread.add("depends_on", "a dependency with a condition", f"{ref}: {other}"[:200])
        goals[name] = replace(goals[name], blockers=tuple(blockers))
    for name, found in needs.items():
        goals[name] = replace(goals[name], depends_on=tuple(dict.fromkeys(found)))
        if any(not goals[other].state for other in found):
            form.unread.note(f"depends_on/{name}", "depends on a goal of an unknown state", goals[name].ref)
    return goals


def _tracker(columns: set[str]) -> dict:
    """The tracker whose marks these columns hold, the one with most marks of several; {} for none."""
    fitting = (
        one
        for one in TABLE["trackers"].values()
        if columns.issuperset(one["marks"]) and columns.isdisjoint(one.get("without", ()))
    )
    return max(fitting, key=lambda one: len(one["marks"]), default={})


class _Form:
    """How one table calls what a goal has, and which tracker wrote it."""

    def __init__(self, rows: list[dict[str, Any]], unread: Unread, day: date | None):
        self.day = day
        self.unread, columns = unread, {name for fields in rows for name in fields}
        self.tracker: dict = _tracker(columns)
        self.columns: dict[str, list[str]] = TABLE["columns"] | self.tracker.get("columns", {})
        for field, names in TABLE["instead"].items():
            if columns.isdisjoint(self.columns[field]):
                self.columns[field] = names
        self.states = States(self.tracker, columns)
        self.has = {field for field, names in self.columns.items() if not columns.isdisjoint(names)}
        self.used = {name for field in self.has for name in self.columns[field]}
        self.single_owners = single_owners(self.value(fields, "owner") for fields in rows)
        self.unknown: set[str] = set()
        words = {self.priority(fields).lower() for fields in rows} - {"", *TABLE["no_priority"]}
        self.ranks = scale(words)
        # What a tracker has and its export does not: checklists stand in texts, priorities among labels.
        # Where there is no column for it, a free text may say it.
        self.prosaic = {field for field in FIELDS if field not in self.has}
        self.prosaic -= _WAITS if not self.has.isdisjoint(_WAITS | {"links"}) else set()
        missing = self.prosaic - ({"steps"} if "text" in self.has else set())
        exported = bool(self.tracker) or "results" in self.has
        for field in missing - ({"priority"} if words else set()) if exported else ():
            unread.note(field, "a field that was not exported")
        if rows and self.has.isdisjoint(_OBSTACLES):
            unread.note("obstacles", "a table without a column for what is in the way")
        if exported:
            unread.note("absent", "an export may leave out goals")
        if len(rows) in self.tracker.get("pages", ()):
            unread.add("goals", f"an export of {len(rows)} goals, which may end at a limit")

    def value(self, fields: dict[str, Any], field: str) -> Any:
        """The value of a field; None without one."""
        return next((fields[name] for name in self.columns[field] if not empty(fields.get(name))), None)

    def template(self, fields: dict[str, Any], ref: str) -> bool:
        """Whether a row is a form of which goals are made; counted, and no gap: it is no goal."""
        marks = self.tracker.get("templates", {}).items()
        found = any(plain(fields.get(column)).lower() == word for column, word in marks)
        if found:
            self.unread.add("templates", "a template of goals", ref)
        return found

    def name(self, fields: dict[str, Any], title: str, unique: bool) -> str:
        """What people call the goal: its id, or its title where the id says nothing or there is none."""
        name = plain(self.value(fields, "id"))
        if name.isdigit() and self.tracker.get("hash"):
            return f"#{name}"
        if "id" not in self.has:
            return title if unique else ""
        return title if unique and 0 < len(title) <= MAX_NAME and _OPAQUE.fullmatch(name) else name

    def identities(self, fields: dict[str, Any]) -> set[str]:
        """Whatever may name the goal in another row."""
        texts = {plain(fields.get(name)) for name in (*self.columns["id"], "uuid")} - {"", "0"}
        return texts | {f"#{text}" for text in texts if text.isdigit()}

    def called(self, goal: Goal, fields: dict[str, Any]) -> set[str]:
        """Whatever may name the goal as the parent of another one, such as the number behind its key."""
        return self.identities(fields) | ({goal.id, goal.title, plain(fields.get("issue id"))} - {""})

    def goal(self, name: str, title: str, fields: dict[str, Any], ref: str) -> Goal:
        """The goal without what it depends on. Notes what cannot be read of it."""
        reached = key_results(self.value(fields, "results"))
        if not reached.whole:
            self.unread.add(f"results/{name}", "a key result that is not understood", ref)
        state, word = self._state(name, fields, [share for _, share in reached.found], ref)
        if not state:
            self.unread.add(f"state/{name}", "goal without id, title or known state", ref)
        due, text = self.value(fields, "deadline"), prose(self.value(fields, "text"))
        day = deadline(due, bool(self.tracker.get("days"))) if due is not None else ""
        if day is None:
            self.unread.add(f"deadline/{name}", "goal with a deadline that is no date (YYYY-MM-DD)", ref)
        self._gaps(name, fields, text.rest, ref)
        by_comma = bool(self.tracker.get("owners by comma"))
        whose = owners(self.value(fields, "owner"), self.single_owners, by_comma)
        if not whose.whole:
            for scope in ("owner", "whose"):
                self.unread.note(f"{scope}/{name}", "an owner that is not known, or more than one", ref)
        listed_steps = checklist(self.value(fields, "steps"))
        entries = listed_steps if listed_steps.steps or not listed_steps.whole else text.steps
        if not entries.whole:
            self.unread.add(f"steps/{name}", "a step that was given up or is not understood", ref)
        if entries.held:
            self.unread.note(f"blockers/{name}", "a step that may be held up", ref)
        return Goal(
            id=name,
            title=title,
            state=state,
            ref=ref,
            word=word,
            priority=self._ranked(name, fields, ref),
            owners=whose.names,
            deadline=day or "",
            steps=entries.steps,
            results=reached.found,
        )

    def _known(self, texts: list[str], scope: str) -> list[str]:
        """The texts but those that say that it is not known, which are gaps, and that there is nobody."""
        if any(text.lower() in UNKNOWN for text in texts):
            self.unread.note(scope, "a value that is not known yet")
        return [text for text in texts if text.lower() not in {*UNKNOWN, *TABLE["nobody"]}]

    def _state(
        self, name: str, fields: dict[str, Any], shares: list[float | None], ref: str
    ) -> tuple[str, str]:
        """(state, the table's word for it); "" where it is not known."""
        word, category, resolution = (
            plain(self.value(fields, field)) for field in ("state", "category", "resolution")
        )
        if may_be_past(fields, self.day):
            return "", ""
        state, word, unclear = self.states.of(fields, word, category, resolution, shares)
        if unclear and state in OPEN:
            self.unread.note(f"blockers/{name}", "a state with a word that is not known", ref)
        return state, word

    def priority(self, fields: dict[str, Any]) -> str:
        """The table's word for the priority; "" without one."""
        return plain(self.value(fields, "priority")) or priority_label(self.value(fields, "labels"))

    def _ranked(self, name: str, fields: dict[str, Any], ref: str) -> Priority | None:
        word = self.priority(fields)
        if not word or word.lower() in TABLE["no_priority"]:
            return None
        if self.ranks is not None and word.lower() in self.ranks:
            return Priority(self.ranks[word.lower()], word)
        self.unread.add(f"priority/{name}", "a priority of no known scale", f"{ref}: {word}"[:200])
        return None

    def _gaps(self, name: str, fields: dict[str, Any], more_text: bool, ref: str) -> None:
        """Notes what the goal may have in columns that are not known, and in a free text."""
        for column, value in fields.items():
            if column in KNOWN or column in self.used or empty(value):
                continue
            if column not in self.unknown:
                self.unknown.add(column)
                self.unread.add(f"columns/{column}", "a column that is not known", f"{ref}: {column}"[:200])
            # Where a field has no column, that may be this one.
            for field in FIELDS:
                scope = field if field in self.prosaic else f"{field}/{name}"
                self.unread.note(scope, "a column that is not known", ref)
            self.unread.note(f"standing/{name}", "a column that is not known", ref)
        for reason in may_hold_up(fields, self.day, self.tracker.get("evidence", {}).values()):
            self.unread.note(f"blockers/{name}", reason, ref)
            self.unread.note(f"standing/{name}", reason, ref)
        # A description may say what is in the way, whatever columns there are.
        for field in self.prosaic | {"blockers"} if more_text else ():
            self.unread.note(f"{field}/{name}", "a free text", ref)
        for field, columns in TABLE["unread"].items():
            if any(not empty(fields.get(column)) for column in columns if column not in self.used):
                self.unread.note(f"{field}/{name}", "a column that is not read", ref)

    def links(self, name: str, fields: dict[str, Any], names: dict[str, str], ref: str) -> Links:
        """What a goal waits for, what waits for it (names of goals, where they are known), and what else is
        in its way.
        """
        by_program = bool(self.tracker)
        waits = [*references(self._there(fields, "depends_on", name, names, ref), names, by_program)]
        waits += prose(self.value(fields, "text")).waits_for
        frees, blockers = [*references(self.value(fields, "blocks"), names, by_program)], []
        for text in self._there(fields, "blockers", name, names, ref):
            others = list(references([text], names))
            if all(one in names or refers(one) for one in others) or linked_titles(text):
                waits += others
            else:
                blockers.append(text)
        for words, other in issue_links(self.value(fields, "links")):
            if words in TABLE["links"]["waits"]:
                waits.append(other)
            elif words in TABLE["links"]["frees"]:
                frees.append(other)
        return Links(waits, frees, blockers)

    def _there(
        self, fields: dict[str, Any], field: str, name: str, names: dict[str, str], ref: str
    ) -> list[str]:
        """The texts of a field but those that say that there is nothing, or nothing any more; what is not
        clear is a gap.
        """
        found, value = [], self.value(fields, field)
        if mapped(value):
            self.unread.add(f"{field}/{name}", "a dependency with a condition", ref)
            value = [one for one in value if not mapped(one)] if isinstance(value, list) else None
        for text in self._known(listed(value, r"[;|]"), f"{field}/{name}"):
            if text in names or not (said := denial(text)):
                found.append(text)
            elif said == "unclear":
                self.unread.add(f"{field}/{name}", "an obstacle that may be over", f"{ref}: {text}"[:200])
        return found
