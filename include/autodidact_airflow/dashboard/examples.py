"""The examples of a cycle, kept and dropped: by generator, rule, category and source, with full-text search,
and one of them with its source.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from autodidact.cycle.source_lines_of_example import lines_of
from autodidact.errors import UsageError
from autodidact.gate.example_trace import thresholds
from autodidact.gate.hidden_examples import as_shown
from autodidact.gate.report import twin_of
from autodidact_airflow.dashboard.example_index import FILTERS, index_of
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Table, answer

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
    shown = [as_shown(each) for each in found.rows]
    return answer(
        request,
        at,
        "examples.html",
        {"examples": _table(shown)},
        row=row,
        found=found,
        trouble=index.trouble or index.note,
        choices=index.choices(),
        shown=shown,
        chosen=wanted | {"q": q},
        page=page,
        number_of_pages=max(1, -(-found.total // SIZE)),
    )


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
    shown = as_shown(found)
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
    from autodidact.sources import forgotten_sources

    return forgotten_sources.load(at.store, at.known())


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
