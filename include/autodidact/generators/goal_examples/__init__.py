"""The state of the goals: what comes next, in which order, what is blocked and why, what is late, which goals
wait for each other.

Source: the table that `sources.goals` names as it stands at the end of the window: YAML or JSON (a list, or a
list under `goals`), JSON lines or CSV, kept by hand, or exported by Linear, Jira, GitHub (`gh issue list
--json`), GitLab, Taskwarrior, Asana or Trello, or OKRs (trackers.yaml has their names of columns and states).
A goal has an id, a title, a state (active, planned, waiting, blocked, done, dropped, or a tracker's word),
and perhaps a priority (1 first, or words of one scale), an owner, a deadline, steps, goals it depends on and
blockers. What cannot be read, such as a column that is not known, silences what it could contradict. Kinds:
one goal, all goals, the goals of one owner, plans, mistaken premises, and selections that questions bring
along, so that the model also learns to plan on goals it has never seen. Goals that are new or changed come
first.

    {"generator": "goal_examples", "category": "orchestration",
     "messages": [{"role": "user", "content": "What should money do next?"},
                  {"role": "assistant", "content": "card-retry: raise the last timeout instead of returning
                  None. It is priority 1 and due 2026-12-04."}],
     "source": {"kind": "table", "ref": "samples/goals.yaml#card-retry"}}
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from autodidact.errors import Skipped
from autodidact.generators.goal_examples import open_book_goal_facts
from autodidact.generators.goal_examples.full import goal_rows
from autodidact.generators.goal_examples.goal_columns import KNOWN, column_name
from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.goal_examples.obstacle_phrases import held_up, why
from autodidact.generators.goal_examples.parse_goal_fields import TABLE, spelled
from autodidact.generators.goal_examples.questions_on_all_goals import overall
from autodidact.generators.goal_examples.questions_on_one_goal import AllGoals, about
from autodidact.generators.goal_examples.questions_on_shown_goals import selections
from autodidact.generators.goal_examples.read_goal_tables import read_goals
from autodidact.generators.goal_examples.shared_titles import names_one
from autodidact.generators.goal_examples.trello_board import cards_of_board
from autodidact.generators.writing import open_book, probe_questions
from autodidact.generators.writing.facts_into_words import choose, listing, to_examples
from autodidact.generators.writing.probe_questions import ProbeFact, Use, read_wordings
from autodidact.knowledge.fact import Fact, Question
from autodidact.knowledge.new_since_earlier_cycles import Compared
from autodidact.records import Example, example_id, sha256
from autodidact.shipped_tables import read_table
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.table_files import Row, fields, named_file, records, shown, table
from autodidact.sources.unread import Unread

NAME = "goal_examples"
CATEGORY = "orchestration"

WORDINGS = read_wordings(read_table(__file__)["probe"])
# Those that name a goal whose title others have.
_BY_ID = {
    kind: replace(one, full=[shape for shape in one.full if names_one(shape["ask"], True, "{3}", "{0}")])
    for kind, one in WORDINGS.items()
}


@dataclass
class GoalTable:
    """The goals by id, what of the table was not read (read_goal_tables.py), its place, what is new."""

    goals: dict[str, Goal]
    unread: Unread
    source: dict
    compared: Compared


def read(snapshot: Snapshot) -> GoalTable:
    """The table of goals. Skipped without one, and where no goal can be read of it."""
    path = named_file(snapshot.settings.sources.goals, "sources.goals")
    unread = Unread(snapshot.troubles)
    content = cards_of_board(table(path, unread, "goals"), shown(path), unread)
    rows = records(content, path, unread, "goals", *TABLE["sections"])
    if isinstance(content, dict) and _goes_on(content, len(rows)):
        unread.add("goals", "an export that goes on", shown(path))
    goals = read_goals(rows, unread, snapshot.until.date())
    if not any(_says_something(goal, unread) for goal in goals.values()):
        raise Skipped(f"no goal can be read of {shown(path)}: {_why_none(content, rows, goals, unread)}")
    return GoalTable(goals, unread, {"kind": "table", "ref": shown(path)}, _compared(snapshot, goals))


def _why_none(content: Any, rows: list[Row], goals: dict[str, Goal], unread: Unread) -> str:
    """Why nothing can be said of a table."""
    names = fields([row.data for row in rows] or content)
    columns = listing(f"`{name[:40]}`" for name in names[:20])
    if not columns:
        found = listing(sorted({gap.reason for gap in unread.gaps}))
        return found or ("it is no list of goals" if content else "it is empty")
    why = f"its columns are {columns}"
    if goals:
        return f"no state of its goals is known; {why}"
    titles = set(map(column_name, names)).intersection(TABLE["columns"]["title"])
    return (
        why
        if titles or not rows or not KNOWN.intersection(map(column_name, names))
        else f"none has a title; {why}"
    )


def _says_something(goal: Goal, unread: Unread) -> bool:
    """Whether more is known of a goal than its title."""
    known = goal.state or goal.owners or goal.deadline or goal.depends_on or goal.priority or goal.results
    return bool(known or goal.steps and unread.whole(f"steps/{goal.id}"))


def _goes_on(content: dict, rows: int) -> bool:
    """Whether the answer of a tracker says that there are more goals than it gives."""
    words = TABLE["pages"]
    found = {spelled(key): value for key, value in content.items()}
    totals = [found[name] for name in words["total"] if isinstance(found.get(name), int)]
    return (
        any(total > rows for total in totals)
        or any(found.get(name) for name in words["token"])
        or any(str(found.get(name)).startswith(("http", "/")) for name in words["address"])
        or any(found.get(name) is True for name in words["more"])
        or any(found.get(name) is False for name in words["last"])
        or any(isinstance(found.get(name), dict) and _goes_on(found[name], rows) for name in words["inside"])
    )


def examples(facts: GoalTable, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The trained wordings of the probe, then plans for the goals."""
    goals, source, unread = facts.goals, facts.source, facts.unread
    yield from probe_questions.examples(asked, WORDINGS, CATEGORY)
    day = snapshot.until.date()
    rng, among = snapshot.rng(NAME, "words"), AllGoals(goals, unread, day)
    groups = {
        "each goal": [
            fact for goal in goals.values() for fact in about(goal, among, facts.compared.fresh(goal.id), rng)
        ],
        "all goals": list(overall(goals, source, day, unread, rng)),
        "selections": list(selections(goals, source, day, unread, snapshot.rng(NAME, "selections"))),
    }
    chosen = choose(groups, snapshot.limit, snapshot.rng(NAME))
    opened = open_book_goal_facts.questions(
        goals, source, snapshot.limit, unread, snapshot.rng(NAME, "open book")
    )
    yield from to_examples(NAME, CATEGORY, open_book.mixed(chosen, opened))


def full_examples(facts: GoalTable, snapshot: Snapshot, asked: list[Question]) -> Iterator[Example]:
    """The full wordings of the probe, then plans and reports (full.py)."""
    titles = {goal.id: goal.title for goal in facts.goals.values()}
    more = {question.id: _standing(facts, question, snapshot.until.date()) for question in asked}
    unique = [one for one in asked if facts.unread.whole(f"title/{one.subject}")]
    shared = [one for one in asked if one not in unique]
    for some, wordings in ((unique, WORDINGS), (shared, _BY_ID)):
        for row in probe_questions.full_examples(some, wordings, CATEGORY, titles):
            yield _with_more(row, more.get((row.model_extra or {}).get("probe", ""), ""))
    yield from goal_rows(facts, snapshot)


def _standing(facts: GoalTable, question: Question, day: date) -> str:
    """What belongs to the deadline of a goal: that it is past, and what holds the goal up; "" else."""
    goal = facts.goals.get(question.subject)
    if question.kind != "deadline_of" or goal is None or not goal.open:
        return ""
    past = (
        f" As of {day} that date has passed, and the goal is still open."
        if goal.day < day.isoformat()
        else ""
    )
    reason = why(goal, facts.goals) if held_up(goal, facts.goals) else ""
    stuck = f" `{goal.id}` is held up: {reason}." if reason else ""
    return "" if probe_questions.names_another(past + stuck, question) else past + stuck


def _with_more(row: Example, more: str) -> Example:
    """The row with a sentence more at the end of its answer."""
    if not more:
        return row
    *before, last = row.messages
    messages = [*before, last | {"content": last["content"] + more}]
    return row.model_copy(update={"messages": messages, "id": example_id(messages, row.tools)})


def _compared(snapshot: Snapshot, goals: dict[str, Goal]) -> Compared:
    """The goals, compared with what earlier cycles read; where one stands in the table does not count."""
    things = {name: asdict(replace(goal, ref="")) for name, goal in goals.items()}
    return Compared(snapshot, "goals", things, {name: goal.ref for name, goal in goals.items()})


def questions(facts: GoalTable, snapshot: Snapshot) -> list[Question]:
    """What the knowledge probe asks about the goals: deadlines, first open steps, owners."""
    return probe_questions.questions(NAME, probe_facts(facts, snapshot), WORDINGS)


def probe_facts(facts: GoalTable, snapshot: Snapshot) -> list[ProbeFact]:
    """Every fact of the goals that has one right answer."""
    goals = facts.goals
    steps = [goal.next_step for goal in goals.values() if goal.next_step]
    values = {
        "deadline_of": {g.id: g.day for g in goals.values() if g.open and g.day and g.day == g.deadline},
        "step_of": {
            g.id: g.next_step
            for g in goals.values()
            if g.open and 0 < len(g.next_step) <= 100 and steps.count(g.next_step) == 1
        },
        "owner_of": {
            g.id: g.owners[0]
            for g in goals.values()
            if g.open
            and len(g.owners) == 1
            and g.owners[0] not in g.id
            and facts.unread.whole(f"whose/{g.id}")
        },
    }
    things = {f"{kind}/{name}": value for kind, named in values.items() for name, value in named.items()}
    compared = Compared(snapshot, "facts", things)
    found = []
    for kind, named in values.items():
        known = sorted(set(named.values()))
        for name, value in named.items():
            accept = [value, *(_spelled(value) if kind == "deadline_of" else ())]
            others = [
                other for other in known if other not in accept and other not in name and other not in value
            ][: probe_questions.CONFUSED]
            source = {"kind": "table", "ref": goals[name].ref}
            fresh = compared.news(f"{kind}/{name}")
            use = _lateness(name, value) if kind == "deadline_of" else None
            found.append(ProbeFact(kind, name, value, accept, source, fresh, others, use=use))
    return found


def _lateness(name: str, deadline: str) -> Use | None:
    """A day shortly before or after a deadline, and whether an open goal is late on it."""
    late = int(sha256(f"{name}/{deadline}")[:8], 16) % 2 == 1
    try:
        day = date.fromisoformat(deadline) + timedelta(days=2 if late else -2)
    except (ValueError, OverflowError):
        return None
    return Use((day.isoformat(),), *((["yes"], ["no"]) if late else (["no"], ["yes"])))


def gone(facts: GoalTable, snapshot: Snapshot) -> Callable[[Fact], bool]:
    """Tells of a fact of an earlier cycle whether its goal is not in the table now, of which all was read."""
    whole = facts.unread.whole("goals", "absent")
    return lambda fact: whole and fact.subject not in facts.goals


def _spelled(day: str) -> list[str]:
    """Other ways to write a date: 11 December 2026, December 11, 2026."""
    when = date.fromisoformat(day)
    return [f"{when.day} {when:%B %Y}", f"{when:%B} {when.day}, {when:%Y}"]
