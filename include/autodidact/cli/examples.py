"""`autodidact examples`: what the gate kept and dropped, a page at a time, each with its source."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autodidact.cli.command import Answer, command
from autodidact.cli.options import Common, CycleId, Repo, System
from autodidact.errors import UsageError
from autodidact.safe_text import harmless
from autodidact.terminal.view import Beside, Heading, View, cell, cut

if TYPE_CHECKING:
    from autodidact.cycle.source_lines_of_example import Lines

# Characters of a message, and lines of its source, that a page shows.
SHORT, LINES = 600, 12


@command
def examples(
    common: Common,
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder that the gate wrote; default: the newest cycle.", metavar="GATED"),
    ] = None,
    kept: Annotated[bool, typer.Option("--kept", help="Only those that the gate kept.")] = False,
    dropped: Annotated[bool, typer.Option("--dropped", help="Only those that it dropped.")] = False,
    generator: Annotated[str | None, typer.Option(help="Only of this generator.", metavar="NAME")] = None,
    category: Annotated[str | None, typer.Option(help="Only of this category.", metavar="NAME")] = None,
    rule: Annotated[
        str | None, typer.Option(help="Only those that this rule dropped.", metavar="NAME")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Only those whose source has this in its name.", metavar="TEXT")
    ] = None,
    search: Annotated[
        str | None, typer.Option(help="Only those that have all of these words.", metavar="WORDS")
    ] = None,
    page: Annotated[int, typer.Option(help="Which page.", min=1)] = 1,
    size: Annotated[int, typer.Option(help="Examples on a page.", min=1, max=200)] = 10,
    cycle: CycleId = None,
    repo: Repo = None,
    system: System = None,
) -> Answer:
    """What the gate kept and what it dropped, a page at a time, each with its rule and its source."""
    from autodidact.gate.example_pages import Wanted, page_of
    from autodidact.generators import select
    from autodidact.store import Store

    if kept and dropped:
        raise UsageError("--kept and --dropped exclude each other", "Leave both out to see all.")
    if generator and generator != "anchor":
        select([generator])  # names the nearest, where there is none of this name
    opened = None
    if folder:
        store, place = Store(folder), ""
    else:
        opened, runtime = common.cycle(cycle or "latest", repo, system)
        store, place = runtime.store, f"{opened.folder}/gate"
    fate = "kept" if kept else "dropped" if dropped else None
    found = page_of(store, place, Wanted(fate, generator, category, rule, source, search), page, size)
    forgotten = _forgotten(store, opened)
    rows = [row | {"source_lines": _lines(opened, row, forgotten)} for row in found.rows]
    answer = {"cycle": opened and opened.cycle_id, "page": page, "more": found.more, "examples": rows}
    return _plain(answer), _view(answer), 0


def _forgotten(store: Any, opened: Any) -> Any:
    from autodidact.sources import forgotten_sources

    return forgotten_sources.load(store, opened.system) if opened else None


def _lines(opened: Any, row: dict[str, Any], forgotten: Any) -> "Lines | None":
    from autodidact.cycle.source_lines_of_example import lines_of

    return lines_of(opened, row["source"], forgotten) if opened and row["source"] else None


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as JSON takes it: messages as objects, source lines as a list of texts."""
    rows = []
    for row in answer["examples"]:
        lines = row["source_lines"]
        texts = [{"role": role, "text": text} for role, text in row["messages"] or []]
        shown = lines and {
            "title": lines.title,
            "why": lines.why,
            "lines": [{"line": n, "named": named, "text": text} for n, named, text in lines.rows],
        }
        rows.append(row | {"messages": texts if row["messages"] else None, "source_lines": shown})
    return answer | {"examples": rows}


def _view(answer: dict[str, Any]) -> View:
    rows = answer["examples"]
    if not rows:
        return ["No such example." if answer["page"] == 1 else "There is no such page."]
    parts: list[Any] = []
    for row in rows:
        parts += [Heading(_head(row)), Beside(_conversation(row, SHORT), source_text(row)), ""]
    more = f"; --page {answer['page'] + 1} shows the next" if answer["more"] else "; the last"
    return [*parts, f"Page {answer['page']}{more}."]


def _head(row: dict[str, Any]) -> str:
    """Id, fate and who made it, in a line."""
    why = row["dropped"]
    fate = f"dropped by {why['rule']}: {why['reason']}" if why else str(row["fate"])
    value = why and why["value"]
    fate += f" ({cell(value)[:60]})" if isinstance(value, (int, float)) else ""
    who = f"{row['generator']}, to teach {row['category']}"
    return cell(f"{(row['id'] or 'without an id')[:12]}  {fate}  [{who}]")


def _conversation(row: dict[str, Any], most: int) -> str:
    if row["hidden"]:
        return str(row["hidden"])
    texts = [f"{role}: {cut(harmless(text), most)}" for role, text in row["messages"]]
    tools = [f"tools: {cut(harmless(row['tools']), most)}"] if row["tools"] else []
    return "\n".join(tools + texts)


def source_text(row: dict[str, Any]) -> str:
    """Where it is from, and the first of those lines; `>` stands before those that the example names."""
    source, lines = row["source"], row["source_lines"]
    if not source:
        return "its source is not shown" if row["hidden"] else "no source"
    head = f"{source.get('kind', '?')} {source.get('ref', '?')}"
    if lines is None:
        return head
    if lines.why:
        return f"{head}\n{lines.why}"
    numbered = [f"{'>' if named else ' '}{n:>5} {text}" for n, named, text in lines.rows[:LINES]]
    rest = len(lines.rows) - LINES
    return "\n".join([lines.title, *numbered, *([f"      and {rest} more lines"] if rest > 0 else [])])
