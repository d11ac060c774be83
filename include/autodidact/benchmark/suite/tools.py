"""Tools that requests are about. A tool is told in parts, so that a request can leave an argument out, or
mention an optional one.

One line a tool: group | name | description | how a request begins | parameter=kind: how a request says it |
... The most important parameters come first; level 1 keeps two of them, level 2 three.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from autodidact.benchmark.suite.family import tool
from autodidact.benchmark.suite.vocabulary import (
    ENVIRONMENTS,
    FUNCTIONS,
    MODULES,
    PEOPLE,
    PRODUCTS,
    PROJECTS,
    REGIONS,
    STORES,
    TEAMS,
    WEEKDAYS,
    path,
)

_TABLE = """
ops | scale_service | Change how many copies of a service run. | scale | service=project: {} | replicas=small: to {} replicas | environment=environment: in {}
ops | restart_service | Restart a service. | restart | service=project: {} | delay=number: after {} seconds | environment=environment: in {}
ops | deploy_version | Bring a version into service. | deploy | version=version: version {} | service=project: of {} | environment=environment: to {}
ops | read_logs | Read the newest log lines. | show | lines=number: the last {} log lines | service=project: of {} | environment=environment: in {}
ops | set_alert | Tell somebody when a service is slow. | set an alert | service=project: for {} | limit=number: above {} ms | person=person: that goes to {}
ops | rotate_key | Replace the key of a service. | replace the key | service=project: of {} | days=small: keeping the old one for {} days
tickets | open_ticket | Open a ticket. | open a ticket | title=title: called "{}" | team=team: for the {} team | priority=priority: with {} priority
tickets | assign_ticket | Give a ticket to somebody. | give | ticket=id: ticket {} | person=person: to {} | day=day: until {}
tickets | close_ticket | Close a ticket. | close | ticket=id: ticket {} | reason=outcome: as {}
tickets | merge_tickets | Merge one ticket into another. | merge | source=id: ticket {} | target=id: into ticket {}
tickets | rename_ticket | Change the title of a ticket. | rename | ticket=id: ticket {} | title=title: to "{}"
orders | refund_order | Pay money back for an order. | refund | amount=number: {} euros | order=id: for order {} | reason=complaint: because it was {}
orders | cancel_order | Cancel an order. | cancel | order=id: order {} | reason=complaint: because it is {}
orders | track_order | Find out where an order is. | track | order=id: order {} | person=person: and tell {}
orders | add_item | Add a product to an order. | add | count=small: {} pieces | product=product: of the {} | order=id: to order {}
orders | set_price | Set the price of a product. | set the price | product=product: of the {} | price=number: to {} euros | day=day: from {} on
orders | set_stock | Set how many pieces are in stock. | set the stock | product=product: of the {} | count=number: to {} pieces
people | invite_user | Invite somebody to a project. | invite | person=person: {} | project=project: to {} | role=role: as {}
people | remove_user | Remove somebody from a project. | remove | person=person: {} | project=project: from {}
people | send_message | Send a message to somebody. | send a message | person=person: to {} | text=title: saying "{}" | channel=channel: by {}
people | book_room | Book a meeting room. | book | room=room: room {} | day=day: on {} | hour=hour: at {} o'clock
people | plan_meeting | Plan a meeting with somebody. | plan a meeting | person=person: with {} | day=day: on {} | hour=hour: at {} o'clock
people | enter_holiday | Enter a holiday for somebody. | enter a holiday | person=person: for {} | days=small: of {} days | day=day: starting on {}
files | read_file | Read the beginning of a file. | read | path=path: {} | lines=number: up to line {}
files | move_file | Move a file into a folder. | move | path=path: {} | folder=module: to the folder {}
files | delete_file | Delete a file. | delete | path=path: {} | branch=branch: on the branch {}
files | search_code | Search the code for a name. | search the code | name=function: for {} | folder=module: in the folder {}
files | rename_function | Rename a function. | rename | old_name=function: {} | new_name=function: to {} | path=path: in {}
files | run_tests | Run the tests of a module. | run the tests | module=module: of {} | attempts=small: {} times
data | export_report | Export a report as a file. | export | report=module: the {} report | format=format: as {} | person=person: for {}
data | backup_store | Save a copy of a store. | back up | store=store: {} | days=number: for {} days | region=region: in {}
data | restore_store | Bring a saved copy of a store back. | restore | store=store: {} | day=day: as it was on {}
data | query_metric | Read a metric of a service. | read | metric=metric: the {} | service=project: of {} | minutes=number: over {} minutes
data | set_quota | Set how much a team may store. | set the quota | team=team: of the {} team | gigabytes=number: to {} GB
data | import_file | Load a file into a store. | load | path=path: {} | store=store: into {}
"""  # noqa: E501

TITLES = [
    f"{what} {state}"
    for what in (
        "login page",
        "price list",
        "export button",
        "search box",
        "order form",
        "start page",
        "weekly mail",
        "image upload",
    )
    for state in ("is slow", "is empty", "is ready", "shows old data", "needs a review", "fails on mobile")
]

CHOICES = {
    "environment": ENVIRONMENTS,
    "region": REGIONS,
    "priority": ["low", "normal", "high", "urgent"],
    "role": ["reader", "editor", "owner"],
    "outcome": ["fixed", "duplicate", "declined"],
    "complaint": ["late", "damaged", "unwanted"],
    "channel": ["mail", "chat", "sms"],
    "format": ["csv", "pdf", "xlsx"],
}
"""Kinds whose values are listed in the schema."""

_NUMBERS = {"small": (2, 9), "number": (10, 480), "id": (1000, 9899), "hour": (8, 18)}

_WORDS = {
    "project": PROJECTS,
    "person": PEOPLE,
    "day": WEEKDAYS,
    "product": PRODUCTS,
    "team": TEAMS,
    "store": STORES,
    "module": MODULES,
    "function": FUNCTIONS,
    "title": TITLES,
    "metric": ["error rate", "latency", "traffic", "queue length", "memory use", "cache hits"],
    "branch": ["main", "develop", "release", "hotfix", "preview"],
    "room": ["Ada", "Euler", "Gauss", "Hopper", "Noether", "Turing", "Lovelace", "Shannon"],
}


def value(rng: Random, kind: str) -> Any:
    """A value of a kind: an integer for numbers, else a text."""
    if kind in _NUMBERS:
        return rng.randint(*_NUMBERS[kind])
    if kind == "path":
        return path(rng)
    if kind == "version":
        return f"{rng.randint(1, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}"
    return rng.choice(CHOICES.get(kind) or _WORDS[kind])


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind."""
    if kind in CHOICES:
        return {"type": "string", "enum": CHOICES[kind]}
    return {"type": "integer" if kind in _NUMBERS else "string"}


@dataclass(frozen=True)
class Tool:
    group: str
    name: str
    about: str
    begin: str
    parameters: dict[str, tuple[str, str]] = field(hash=False)  # name -> (kind, how a request says it)

    def cut(self, n: int) -> "Tool":
        """The same tool with its first `n` parameters."""
        return Tool(self.group, self.name, self.about, self.begin, dict(list(self.parameters.items())[:n]))

    def spec(self, optional: tuple[str, ...] = (), notes: dict[str, str] | None = None) -> dict[str, Any]:
        """The function tool; `notes`: descriptions of parameters."""
        schemas = {
            name: {**schema(kind), **self._note(name, notes)} for name, (kind, _) in self.parameters.items()
        }
        required = {name: s for name, s in schemas.items() if name not in optional}
        return tool(self.name, self.about, required, {name: schemas[name] for name in optional})

    def _note(self, name: str, notes: dict[str, str] | None) -> dict[str, str]:
        return {"description": notes[name]} if notes and name in notes else {}

    def draw(self, rng: Random) -> dict[str, Any]:
        """Arguments; two of the same kind differ."""
        found: dict[str, Any] = {}
        for name, (kind, _) in self.parameters.items():
            found[name] = value(rng, kind)
            while any(found[name] == other for key, other in found.items() if key != name):
                found[name] = value(rng, kind)
        return found

    def say(self, arguments: dict[str, Any]) -> str:
        """The request without its full stop: only the arguments given are said."""
        return " ".join(
            [
                self.begin,
                *(
                    phrase.format(arguments[name])
                    for name, (_, phrase) in self.parameters.items()
                    if name in arguments
                ),
            ]
        )


def _read() -> list[Tool]:
    found = []
    for line in _TABLE.strip().splitlines():
        group, name, about, begin, *rest = (part.strip() for part in line.split(" | "))
        parameters = {}
        for part in rest:
            key, _, phrase = part.partition(": ")
            parameter, _, kind = key.partition("=")
            parameters[parameter] = (kind, phrase)
        found.append(Tool(group, name, about, begin, parameters))
    return found


TOOLS = _read()


def pick(rng: Random, level: int, at_least: int = 1) -> Tool:
    """A tool with as many parameters as the level allows, and no fewer than `at_least`."""
    return rng.choice([t for t in TOOLS if len(t.parameters) >= at_least]).cut(max(at_least, 1 + level))


def others(rng: Random, right: Tool, n: int, level: int) -> list[Tool]:
    """`n` tools that do not fit; at level 3 first of all the neighbours of the right one."""
    rest = [t for t in TOOLS if t.name != right.name]
    near = [t for t in rest if t.group == right.group] if level == 3 else []
    near = rng.sample(near, min(n, len(near)))
    far = [t for t in rest if t.group != right.group]
    return [t.cut(1 + level) for t in near + rng.sample(far, n - len(near))]


def sentence(rng: Random, said: str) -> str:
    """The request, more or less politely."""
    form = rng.choice(
        [
            "{0}.",
            "Please {1}.",
            "Could you {1}?",
            "I need you to {1}.",
            "{0}, please.",
            "Can you {1}?",
            "We have to {1}.",
        ]
    )
    return form.format(said[0].upper() + said[1:], said)
