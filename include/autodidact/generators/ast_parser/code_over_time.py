"""Facts of code over time, from the history of its branch (sources/code/definition_history.py): since which
commit a function is in its file, a method in its class, a class below its base; what was so before; what is
gone.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from autodidact.generators.ast_parser.changed_code import PythonCode
from autodidact.generators.ast_parser.code_probe_facts import WORDINGS, about
from autodidact.knowledge.fact import EarlierValue, Fact, Moment, fact_id
from autodidact.knowledge.facts_over_time import GONE_FOR, MOST_EARLIER
from autodidact.records import Source
from autodidact.sources.code.codebase import CODE, ELSEWHERE, CodeBase
from autodidact.sources.code.definition_history import NameHistory


def dated(facts: Iterable[Fact], code: CodeBase, history: NameHistory) -> Iterator[Fact]:
    """The facts of a commit, with since when they are true and what was true before. `history`: up to that
    commit. `since` stays None where the history does not say.
    """
    for fact in facts:
        assert fact.value is not None
        span = history.now(fact.kind, fact.subject, fact.value)
        since = _moment(history, span.start) if span else None
        earlier = [
            one.model_copy(update={"accept": [said for said in one.accept if said not in fact.accept]})
            for one in _earlier(fact.kind, fact.subject, code, history)
            if one.value != fact.value
        ]
        yield fact.model_copy(update={"since": since, "earlier": [one for one in earlier if one.accept]})


def gone_facts(facts: PythonCode, history: NameHistory, until: datetime) -> Iterator[Fact]:
    """What is gone since a year before `until`: subjects that had one answer, and that no file which may
    define them names any more.
    """
    is_gone, is_subject = gone(facts), about(facts.code)
    for kind, subject in history.gone(history.number_at(until - GONE_FOR)):
        earlier = _earlier(kind, subject, facts.code, history)
        path = history.last("defined_in", earlier[-1].value if kind == "method_of" else subject)
        ended = history.ended(kind, subject)
        until_then = _moment(history, ended) if ended is not None else None
        if path and until_then and is_subject(path) and is_gone(kind, subject):
            yield Fact(
                id=fact_id("ast_parser", kind, subject),
                generator="ast_parser",
                kind=kind,
                subject=subject,
                value=None,
                reserved=WORDINGS[kind].reserved.format(subject),
                source=Source.model_validate(
                    {"kind": "git", "ref": path, "commit": until_then.commit, "path": path}
                ),
                until=until_then,
                earlier=earlier,
            )


def gone(facts: PythonCode) -> Callable[[str, str], bool]:
    """Tells of (kind, subject) whether nothing in the code bears this name: no definition, no assignment, no
    import, and nothing in a file that cannot be read.
    """
    code = facts.code
    names = {name for file in code.files.values() for name in (*file.inner, *file.imports)}
    names |= code.simple | {name for d in code.definitions for name in d.binds}

    def is_gone(kind: str, subject: str) -> bool:
        naming = subject if subject.isascii() else None
        return subject not in names and code.unread.whole(CODE, ELSEWHERE, naming=naming)

    return is_gone


def _earlier(kind: str, subject: str, code: CodeBase, history: NameHistory) -> list[EarlierValue]:
    """What was the answer before, the oldest first."""
    found = []
    for value, span in history.earlier(kind, subject)[-MOST_EARLIER:]:
        until = _moment(history, span.end) if span.end is not None else None
        module = code.modules.name(value) if kind == "defined_in" else ""
        accept = [value, *([module] if "." in module else [])]
        if until:
            since = _moment(history, span.start)
            found.append(EarlierValue(value=value, accept=accept, since=since, until=until))
    return found


def _moment(history: NameHistory, number: int) -> Moment | None:
    known = history.moment(number)
    return Moment(time=known[0], commit=known[1]) if known else None
