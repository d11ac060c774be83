"""The examples of a cycle, kept and dropped: by generator, rule, category and source, with full-text search,
and one of them with its source.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from autodidact.errors import UsageError
from autodidact.gate.example_trace import thresholds
from autodidact.gate.report import twin_of
from autodidact_airflow.dashboard.example_index import FILTERS, index_of
from autodidact_airflow.dashboard.hidden_examples import field, may_be_shown, reason, source_of, texts_of
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Table, answer
from autodidact_airflow.dashboard.source_lines import lines_of

router = APIRouter()

SIZE = 25


@router.get("/cycle/{cycle_id}/examples")
def examples(
    request: Request,
    cycle_id: str,
    system: str | None = None,
    fate: str = "",
    generator: str = "",
    category: str = "",
    rule: str = "",
    source: str = "",
    q: str = "",
    page: int = 1,
) -> Response:
    at = here(system)
    row = at.cycle(cycle_id)
    index = index_of(at.store, f"{at.system}/cycles/{cycle_id}/gate")
    wanted = dict(zip(FILTERS, (fate, generator, category, rule, source), strict=True))
    page = max(1, min(page, 100_000))
    found = index.search(wanted, q[:300], page, SIZE)
    shown = [_shown(each) for each in found.rows]
    return answer(
        request,
        at,
        "examples.html",
        {"examples": _table(shown)},
        row=row,
        found=found,
        trouble=index.trouble or index.note,
        choices=index.choices(),
        narrowed=_narrowed(wanted | {"q": q}),
        shown=shown,
        chosen=wanted | {"q": q},
        page=page,
        number_of_pages=max(1, -(-found.total // SIZE)),
    )


def _narrowed(chosen: dict[str, str]) -> dict[str, bool]:
    """Filter to whether another one is set: then its counts, which are of all examples, are not what it would
    find.
    """
    return {name: any(value for other, value in chosen.items() if other != name) for name in FILTERS}


@router.get("/cycle/{cycle_id}/example/{name}")
def example(request: Request, cycle_id: str, name: str, system: str | None = None) -> Response:
    at = here(system)
    row = at.cycle(cycle_id)
    index = index_of(at.store, f"{at.system}/cycles/{cycle_id}/gate")
    found = index.one(name)
    if found is None:
        still = "" if index.done.is_set() else " The index is not complete yet: try again in a minute."
        raise UsageError(
            f"the gate of {cycle_id} saw no example {name[:70]!r}", f"Look for it in the list.{still}"
        )
    shown = _shown(found)
    why = shown["dropped"]
    gate = at.stored(cycle_id, "gate/report.json") or {}
    return answer(
        request,
        at,
        "example.html",
        {"example": Table(["field", "value"], [[key, str(value)] for key, value in shown.items()])},
        row=row,
        example=shown,
        lines=lines_of(at.frozen(row), shown["source"], _forgotten(at)) if shown["source"] else None,
        twin=twin_of(why) if why else None,
        thresholds=thresholds(why, gate.get("settings") or {}, {"source": shown["source"]}) if why else {},
    )


def _forgotten(at: Here) -> Any:
    from autodidact.sources import forgotten

    return forgotten.load(at.store, at.known())


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A record as the page shows it, whatever its fields are. What looks like a secret, or gives a scored
    question away, has no messages and names no source.
    """
    names = ("fate", "id", "was", "generator", "category", "time", "replay_of")
    found: dict[str, Any] = {name: field(row.get(name)) or None for name in names}
    rewritten = row.get("rewritten")
    found |= {"n": row.get("n"), "bytes": row.get("bytes"), "messages": None, "tools": "", "hidden": None}
    found["rewritten"] = [field(each) for each in rewritten[:20]] if isinstance(rewritten, list) else []
    found |= {"source": {}, "dropped": reason(row)}
    if row.get("too_large"):
        return found | {"hidden": f"The record has {row['bytes']:,} bytes: too large for a page."}
    if not row.get("messages"):
        return found | {"hidden": "Its text was not kept."}
    try:
        messages = texts_of(row)
        tools = ", ".join(str(tool["function"]["name"]) for tool in row.get("tools") or [])
    except (AttributeError, KeyError, TypeError):
        return found | {"hidden": "The record is no conversation."}
    if not may_be_shown(row, [*messages, ("tools", tools)]):
        said = "Its text is not shown: it looks like a secret, or it gives away a scored question."
        return found | {"hidden": said, "dropped": _without_value(found["dropped"])}
    return found | {"messages": messages, "tools": tools, "source": source_of(row)}


def _without_value(why: dict[str, Any] | None) -> dict[str, Any] | None:
    """The rule alone: reason and value may be what is not shown."""
    return {"rule": why["rule"], "reason": "not shown", "value": None} if why else None


def _table(shown: list[dict[str, Any]]) -> Table:
    columns = ["id", "fate", "generator", "category", "rule", "reason", "source", "question", "answer"]
    rows = []
    for each in shown:
        why, messages = each["dropped"] or {}, each["messages"] or [(None, None)]
        texts = [messages[-2][1] if len(messages) > 1 else None, messages[-1][1]]
        rows.append(
            [
                each["id"],
                each["fate"],
                each["generator"],
                each["category"],
                why.get("rule"),
                why.get("reason"),
            ]
            + [each["source"].get("ref"), *texts]
        )
    return Table(columns, rows)
