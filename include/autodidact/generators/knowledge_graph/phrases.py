"""How relations of a knowledge graph are asked about and told. Those that people use most have words of their
own; the others are read as they are.
"""

import re
from dataclasses import dataclass

from autodidact.generators.writing.wording import listing, lower


@dataclass(frozen=True)
class Phrase:
    """The words of one relation. `{0}` is the node asked about.

    `verb` and `verbs`: what stands between subject and object, one subject or several. `things` and `whos`:
    what objects and subjects are
    called. `carries`: trouble travels against the relation, so paths and impact make sense. `code`: nodes are
    written as code.
    """

    verb: str
    verbs: str
    things: str
    whos: str
    ask: tuple[str, ...]
    ask_back: tuple[str, ...]
    does: str = ""  # "Does {0} depend on {1}?"
    carries: bool = False
    code: bool = False
    ask_path: tuple[str, ...] = ()
    ask_impact: tuple[str, ...] = ()
    nobody: str = "Nothing: no other part needs {0}."

    def quoted(self, node: str) -> str:
        return f"`{node}`" if self.code else node

    def say(self, subjects: list[str], objects: list[str], *, many: bool = False) -> str:
        """The fact as a sentence."""
        verb = self.verbs if many or len(subjects) > 1 else self.verb
        return f"{listing(map(self._name, subjects))} {verb} {listing(map(self._name, objects))}."

    def _name(self, node: str) -> str:
        return node if node[:1].isdigit() and " " in node else self.quoted(node)

    def whether(self, subject: str, obj: str) -> str:
        if self.does:
            return self.does.format(self.quoted(subject), self.quoted(obj))
        return f"Is it right that {self.quoted(subject)} {self.verb} {self.quoted(obj)}?"

    def mistaken(self, subject: str, obj: str) -> str:
        """A question that takes for granted what is not so."""
        return f"{self.quoted(subject)} {self.verb} {self.quoted(obj)}, right?"

    def each(self, node: str, other: "Phrase", *, many: bool) -> str:
        """A question in two steps: first this relation from `node`, then the other one from where it
        leads."""
        asked = lower(other.ask[0].format("it"))
        begin = f"For each of the {self.things} of" if many else f"Take what {self.quoted(node)} {self.verb}:"
        return f"{begin} {self.quoted(node)}: {asked}" if many else f"{begin} {asked}"

    def how_many(self, node: str) -> str:
        return f"{self.quoted(node)} {self.verb} how many {self.things}?"

    def how_many_back(self, node: str) -> str:
        return f"How many {self.whos} {self.verbs} {self.quoted(node)}?"


_BREAKS = (
    "What breaks if {0} is down?",
    "{0} goes down. Who is affected?",
    "We have to stop {0} for an hour. Which parts suffer, directly and indirectly?",
    "Name everything that fails with {0}.",
    "Planning maintenance of {0}: whom do I have to warn?",
)
_REACHES = (
    "How does {0} come to need {1}?",
    "Through what does {0} depend on {1}?",
    "Trace the dependency from {0} to {1}.",
    "Why does {0} fail when {1} does? Give the chain.",
)

# Relations of a graph that people keep.
KNOWN: dict[str, Phrase] = {
    "depends_on": Phrase(
        "depends on",
        "depend on",
        "direct dependencies",
        "components",
        (
            "What does {0} depend on?",
            "What are the direct dependencies of {0}?",
            "{0}: what does it need to run?",
            "List what {0} depends on directly.",
            "I want to start {0} alone on my machine. What must be there before?",
        ),
        (
            "What depends on {0}?",
            "Who uses {0} directly?",
            "Which components need {0}?",
            "{0}: direct dependents?",
            "List the components that depend directly on {0}.",
        ),
        "Does {0} depend on {1}?",
        carries=True,
        ask_path=_REACHES,
        ask_impact=_BREAKS,
    ),
    "calls": Phrase(
        "calls",
        "call",
        "callees",
        "callers",
        ("What does {0} call?", "Which calls does {0} make?", "List what {0} calls."),
        ("What calls {0}?", "Who are the callers of {0}?", "{0}: called by whom?"),
        "Does {0} call {1}?",
        carries=True,
        ask_path=("How does a call get from {0} to {1}?", "Trace the calls from {0} to {1}."),
        ask_impact=_BREAKS,
        nobody="Nothing: nobody calls {0}.",
    ),
    "owned_by": Phrase(
        "is owned by",
        "are owned by",
        "owners",
        "things",
        (
            "Who owns {0}?",
            "Which team is responsible for {0}?",
            "Whom do I page for {0}?",
            "{0}: owner?",
            "Something is wrong with {0}. Whom do I ask?",
        ),
        ("What does {0} own?", "Which parts belong to {0}?", "List what {0} is responsible for."),
        "Is {0} owned by {1}?",
    ),
    "owns": Phrase(
        "owns",
        "own",
        "things",
        "owners",
        ("What does {0} own?", "What is {0} responsible for?", "List what {0} owns."),
        ("Who owns {0}?", "Whom do I ask about {0}?", "{0}: owner?"),
        "Does {0} own {1}?",
    ),
    "listens_on": Phrase(
        "listens on",
        "listen on",
        "ports",
        "services",
        (
            "Which port does {0} listen on?",
            "Where does {0} listen?",
            "{0}: which port?",
            "I need the port of {0}.",
            "What port do I connect to for {0}?",
        ),
        (
            "What listens on {0}?",
            "Which service is behind port {0}?",
            "Something answers on port {0}. What is it?",
        ),
        "Does {0} listen on {1}?",
    ),
    "written_in": Phrase(
        "is written in",
        "are written in",
        "languages",
        "services",
        ("Which language is {0} written in?", "What is {0} written in?", "{0}: implementation language?"),
        ("What is written in {0}?", "Which parts use {0}?"),
        "Is {0} written in {1}?",
    ),
    "is_a": Phrase(
        "is a",
        "are each a",
        "kinds",
        "things",
        ("What is {0}?", "What kind of thing is {0}?", "{0}: what is that?"),
        ("What is there that is a {0}?", "Name every {0}.", "List each {0} that we have."),
        "Is {0} a {1}?",
    ),
    "sub_class_of": Phrase(
        "is a kind of",
        "are kinds of",
        "wider classes",
        "classes",
        ("What is {0} a kind of?", "Which class is {0} a subclass of?"),
        ("What kinds of {0} are there?", "Which classes are subclasses of {0}?"),
        "Is {0} a kind of {1}?",
    ),
    "exposes": Phrase(
        "exposes",
        "expose",
        "tools",
        "services",
        ("Which tools does {0} expose?", "What can I call on {0}?", "List the tools of {0}."),
        ("Which service exposes {0}?", "Where do I find {0}?", "I want to call {0}. On which service?"),
        "Does {0} expose {1}?",
    ),
    "publishes": Phrase(
        "publishes",
        "publish",
        "events",
        "publishers",
        ("Which events does {0} publish?", "What does {0} emit?"),
        ("Who publishes {0}?", "Where does the event {0} come from?"),
        "Does {0} publish {1}?",
    ),
    "subscribes_to": Phrase(
        "subscribes to",
        "subscribe to",
        "events that it reads",
        "subscribers",
        ("Which events does {0} subscribe to?", "What does {0} listen for?"),
        ("Who subscribes to {0}?", "Who reads the event {0}?"),
        "Does {0} subscribe to {1}?",
    ),
    "part_of": Phrase(
        "is part of the",
        "are part of the",
        "groups",
        "parts",
        ("What is {0} part of?", "Where does {0} belong?"),
        ("What is part of the {0}?", "Which parts make up the {0}?"),
        "Is {0} part of the {1}?",
    ),
    "documented_in": Phrase(
        "is documented in",
        "are documented in",
        "documents",
        "parts",
        ("Where is {0} documented?", "Which document describes {0}?"),
        ("What does {0} document?", "What is described in {0}?"),
        "Is {0} documented in {1}?",
    ),
    "is_linked_to": Phrase(
        "is linked to",
        "are linked to",
        "neighbours",
        "neighbours",
        ("What is {0} linked to?", "Where do the edges of {0} lead?"),
        ("What is linked to {0}?", "From where do edges lead to {0}?"),
        "Is {0} linked to {1}?",
        ask_path=("Trace a way from {0} to {1}.",),
    ),
}

# Relations among the definitions of a code base.
CODE: dict[str, Phrase] = {
    "imports": Phrase(
        "imports",
        "import",
        "modules of this repository",
        "modules",
        (
            "Which modules of this repository does {0} import?",
            "What does {0} import from its own code base?",
            "{0}: its imports inside the project?",
            "List the project's own modules that {0} imports.",
            "I am splitting {0} out. Which of our modules does it need?",
            "`from ... import ...` in {0}: which of our own modules?",
        ),
        (
            "Which modules import {0}?",
            "Who uses {0}?",
            "Where is {0} imported?",
            "{0}: imported by?",
            "List the modules that import {0} directly.",
            "I want to delete {0}. Which modules import it?",
        ),
        "Does {0} import {1}?",
        carries=True,
        code=True,
        ask_path=(
            "Through what does {0} reach {1}?",
            "{0} does not import {1} itself. How does it get there?",
            "Show the import chain from {0} to {1}.",
        ),
        ask_impact=(
            "If the interface of {0} changes, which modules may break?",
            "I want to rename something in {0}. Who is affected?",
            "What breaks if {0} is removed?",
            "Name every module that needs {0}, directly or not.",
        ),
        nobody="No module outside the tests: none imports {0}.",
    ),
    "inherits": Phrase(
        "inherits from",
        "inherit from",
        "base classes",
        "classes",
        ("What does {0} inherit from?", "What are the base classes of {0}?", "{0}: bases?"),
        (
            "What inherits from {0}?",
            "Which classes derive from {0}?",
            "List the direct subclasses of {0}.",
            "{0}: which classes extend it directly?",
        ),
        "Does {0} inherit directly from {1}?",
        carries=True,
        code=True,
        ask_path=("How is {0} derived from {1}?", "Show the chain of base classes from {0} up to {1}."),
        ask_impact=(
            "If {0} changes, which classes inherit the change?",
            "I add an abstract method to {0}. Which classes have to follow?",
            "What breaks if {0} loses a method? Name the classes below it.",
        ),
        nobody="No class of this repository inherits from {0}.",
    ),
    "calls": Phrase(
        "calls",
        "call",
        "callees",
        "callers",
        ("What does {0} call?",),
        (
            "Which functions and methods outside the tests call {0}?",
            "Outside the tests, who calls {0}?",
            "{0}: callers, tests aside?",
        ),
        "Does {0} call {1} itself?",
        carries=True,
        code=True,
        ask_path=(
            "How does a call get from {0} to {1}?",
            "Trace the calls from {0} down to {1}.",
            "Through which functions does {0} reach {1}?",
        ),
        ask_impact=(
            "If {0} starts to raise, which callers outside the tests notice, directly or not?",
            "The signature of {0} changes. Which functions are affected, up the chain of calls, tests aside?",
            "What breaks if {0} is removed, by its chain of callers outside the tests?",
        ),
        nobody="Nothing outside the tests: no function or method there calls {0}.",
    ),
    "defined_in": Phrase(
        "is defined in",
        "are defined in",
        "modules",
        "definitions",
        ("Which module defines {0}?", "Which module owns {0}?"),
        ("What does {0} define?",),
        "Is {0} defined in {1}?",
        code=True,
    ),
}


def of_code(relation: str) -> Phrase:
    """The words for a relation among definitions of code."""
    return CODE[relation]


def of(relation: str) -> Phrase:
    """The words for a relation: its own, or the relation itself read as a verb."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", relation).lower().replace("-", "_").replace(" ", "_")
    known = KNOWN.get(words)
    if known:
        return known
    verb, verbs, noun = _read(relation)
    put = verb.replace("{", "{{").replace("}", "}}")  # into templates
    return Phrase(
        verb,
        verbs,
        noun,
        "things",
        (
            f"{{0}} {put} what?",
            f"In the graph, what follows `{{0}} {put}`?",
            f"Complete from the graph: {{0}} {put} ...",
        ),
        (
            f"What {put} {{0}}?",
            f"In the graph, what stands before `{put} {{0}}`?",
            f"List everything of which the graph says that it {put} {{0}}.",
        ),
    )


def _read(relation: str) -> tuple[str, str, str]:
    """A relation as (verb of one, verb of several, name of its objects): `calls_at`, `located_in` and
    `home_pier` as people would say them.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", relation).replace("_", " ").replace("-", " ").lower().split()
    if not words:
        return relation, relation, relation
    first, plain = words[0], " ".join(words)
    if first in ("is", "has", "was"):
        return plain, " ".join([{"is": "are", "has": "have", "was": "were"}[first], *words[1:]]), plain
    if first.endswith("s") and not first.endswith(("ss", "us")):
        several = (
            first[:-2]
            if first.endswith(("shes", "ches", "sses", "xes"))
            else first[:-3] + "y"
            if first.endswith("ies")
            else first[:-1]
        )
        return plain, " ".join([several, *words[1:]]), plain
    if words[-1] in ("by", "in", "on", "to", "at", "from", "of", "with", "for"):
        return f"is {plain}", f"are {plain}", plain
    return f"has the {plain}", f"have the {plain}", plain
