"""Runs one generator: its sources are read once, its examples and its questions are written."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import Any

from autodidact.generators import GENERATORS, find, select
from autodidact.generators.limit_examples import limited
from autodidact.generators.writing import probe_questions, unknown_facts_first
from autodidact.generators.writing.exchanges_before import with_exchanges_before
from autodidact.generators.writing.probe_questions import ProbeFact, Wordings
from autodidact.generators.writing.sentence_frame_limit import without_common_frames
from autodidact.knowledge.add_repository_name import named, named_example
from autodidact.knowledge.fact import Fact, Question
from autodidact.knowledge.new_since_earlier_cycles import newness
from autodidact.records import Example
from autodidact.settings import Settings
from autodidact.sources.snapshot import Snapshot
from autodidact.stage import Work
from autodidact.teacher import varied


def run_generator(name: str, snapshot: Snapshot, run: Work) -> None:
    """Writes `<name>.jsonl`, and for a generator with a share of the knowledge probe `<name>.questions.jsonl`
    and `<name>.facts_now.jsonl` (records `Fact`), into the folder of `run`; counts go to `run.counts`, bad
    input to `run.troubles`. Raises Skipped when its source is absent.
    """
    snapshot.troubles = run.troubles
    generator, read = find(name), load(name).read(snapshot)
    rows, asked = written(name, read, snapshot)
    if generator.varied:
        requests = teacher_share(snapshot.settings) // snapshot.part[1]
        rows = varied(rows, snapshot, requests=requests, is_reserved=is_reserved)
    if snapshot.register == "full":
        rows = without_common_frames(rows, run.troubles)
        rows = with_exchanges_before(rows, snapshot.system)
    rows = limited(rows, snapshot.limit, run, newness(snapshot, window=generator.replayed))
    facts = facts_now(name, read, snapshot) if generator.probe else iter(())
    if snapshot.repository_name:
        rows, asked, facts = _named(rows, asked, facts, snapshot, snapshot.repository_name)
    run.outputs[f"{name}.jsonl"] = run.store.write_jsonl(run.key(f"{name}.jsonl"), rows)
    if generator.probe:
        file = f"{name}.questions.jsonl"
        run.outputs[file] = run.store.write_jsonl(run.key(file), asked)
        file = f"{name}.facts_now.jsonl"
        run.outputs[file] = run.store.write_jsonl(run.key(file), facts)


def _named(
    rows: Iterator[Example], asked: list[Question], facts: Iterator[Fact], snapshot: Snapshot, name: str
) -> tuple[Iterator[Example], list[Question], Iterator[Fact]]:
    """Examples, questions and facts of one of `sources.repositories`: they name it."""
    asked_so = [named(question, name) for question in asked]
    ids = {question.id: new.id for question, new in zip(asked, asked_so, strict=True)}
    ids |= {one.fact.id: named(one.fact, name).id for one in snapshot.steered.values()}
    return (named_example(row, name, ids) for row in rows), asked_so, (named(fact, name) for fact in facts)


def generate(name: str, snapshot: Snapshot) -> tuple[Iterator[Example], list[Question]]:
    """(examples, questions for the knowledge probe) of one generator, unlimited and not reworded. The
    examples are made while they are taken. Raises Skipped when its source is absent.
    """
    return written(name, load(name).read(snapshot), snapshot)


def written(name: str, facts: Any, snapshot: Snapshot) -> tuple[Iterator[Example], list[Question]]:
    """(examples, questions for the knowledge probe) of what a generator has read."""
    module = load(name)
    write = examples_of(module, snapshot.register)
    if not find(name).probe:
        return write(facts, snapshot), []
    asked = _share(list(module.questions(facts, snapshot)), snapshot)
    rows: Iterator[Example] = iter(())
    if snapshot.steered:
        probe_facts, category = module.probe_facts(facts, snapshot), find(name).teaches[0]
        wordings = _wordings(module, probe_facts)
        asked = unknown_facts_first.steer(name, asked, probe_facts, wordings, snapshot.steered)
        rows = unknown_facts_first.contrasts(asked, wordings, snapshot.steered, category, snapshot.register)
    return chain(rows, write(facts, snapshot, asked)), asked


def _share(asked: list[Question], snapshot: Snapshot) -> list[Question]:
    """Of the questions those of the snapshot's part: of all kinds, and of all parts no more than of one. With
    more parts than questions other ones have their turn in each window.
    """
    place, parts = snapshot.part
    turn = snapshot.seed if parts > len(asked) else 0
    return asked[(place + turn) % parts :: parts]


def facts_now(name: str, read: Any, snapshot: Snapshot) -> Iterator[Fact]:
    """Every fact that a generator could ask about; `read`: what it has read."""
    module = load(name)
    found = module.probe_facts(read, snapshot)
    return probe_questions.facts_now(name, found, _wordings(module, found))


def _wordings(module: ModuleType, found: list[ProbeFact]) -> Mapping[str, Wordings]:
    """How a generator asks about what it found: its table, or what it makes of the facts."""
    made: Mapping[str, Wordings] = module.wordings(found) if hasattr(module, "wordings") else module.WORDINGS
    return made


def examples_of(module: ModuleType, register: str) -> Callable[..., Iterator[Example]]:
    """What writes the examples of a generator in this register. A generator that writes in one way alone has
    `examples`; with `full_examples`, that is what `full` takes.
    """
    full = getattr(module, "full_examples", module.examples)
    return full if register == "full" else module.examples


def load(name: str) -> ModuleType:
    """The module of a generator."""
    return import_module(f"autodidact.generators.{name}")


def teacher_share(settings: Settings) -> int:
    """The requests to the teacher of one generator: an even share of `teacher.budget`, so that generators
    that run at the same time need not count together.
    """
    return settings.teacher.budget // len(select(settings.generators.only))


def is_reserved(question: str) -> bool:
    """Whether the words of a question are kept for the knowledge probe, whatever its subject: no other
    example may train them by chance.
    """
    return _reserved().fullmatch(" ".join(question.split())) is not None


@cache
def _reserved() -> re.Pattern[str]:
    tables = [load(generator.name).WORDINGS for generator in GENERATORS if generator.probe]
    every = [wordings for table in tables for wordings in table.values()]
    wordings = [one.reserved for one in every] + [one.use["ask"] for one in every if one.use]
    return re.compile("|".join(re.sub(r"\\{\d*\\}", ".+", re.escape(one)) for one in wordings), re.IGNORECASE)
