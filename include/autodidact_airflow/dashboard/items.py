"""The items of a cycle: every benchmark item and every question of the knowledge probe, with the answers of
candidate, champion and base side by side.
"""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from autodidact.chronicle import dashboard_queries
from autodidact_airflow.dashboard.cycle import reports_of
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Table, answer

router = APIRouter()

ROLES = ("candidate", "champion", "base")
SIZE = 25
# A difference of scores that counts.
TINY = 1e-9
SHOWS = {
    "all": "all",
    "lost": "lost: the champion scores more",
    "won": "won: the candidate scores more",
    "wrong": "candidate not fully right: it scores less than 1",
    "stale": "stale: the model in service says what was true before",
}


@router.get("/cycle/{cycle_id}/items")
def items(
    request: Request,
    cycle_id: str,
    system: str | None = None,
    show: str = "all",
    category: str = "",
    block: str = "",
    q: str = "",
    item: str = "",
    page: int = 1,
) -> Response:
    at = here(system)
    row, reports = at.cycle(cycle_id), reports_of(at, cycle_id)
    every = joined(at, reports)
    stale = _stale(at, cycle_id)
    for each in every:
        each["stale"] = stale.get(each["item"])
    named = [each for each in every if _fits(each, show, category, block) and item in ("", each["item"])]
    if q.strip():
        found: set[str] = set()
        for role in reports:
            found |= at.chronicle.ask(dashboard_queries.containing, reports[role]["sha256"], q[:200])
        named = [each for each in named if each["item"] in found]
    page = max(1, min(page, -(-len(named) // SIZE) or 1))
    shown = [_with_texts(each) for each in _texts(at, reports, named[SIZE * (page - 1) : SIZE * page])]
    return answer(
        request,
        at,
        "items.html",
        {"items": _items_table(named)},
        row=row,
        reports=reports,
        every=len(every),
        shows={
            name: (says, sum(_fits(each, name, "", "") for each in every)) for name, says in SHOWS.items()
        },
        categories=sorted({each["category"] for each in every}),
        blocks=sorted({str(each["block"]) for each in every if not each["probe"]}),
        found=len(named),
        shown=shown,
        page=page,
        number_of_pages=-(-len(named) // SIZE),
        stale_facts=len(stale),
        roles=[role for role in ROLES if role in reports],
        chosen={"show": show, "category": category, "block": block, "q": q, "item": item},
    )


def joined(at: Here, reports: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each item: what it is, and `scores` by role; in the order of the candidate's report."""
    found: dict[str, dict[str, Any]] = {}
    for role in ROLES:
        if role not in reports:
            continue
        for each in at.chronicle.ask(dashboard_queries.scores, reports[role]["sha256"]):
            row = found.setdefault(each["item"], each | {"scores": {}, "missing": {}})
            row["scores"][role] = each["score"]
            row["missing"][role] = each["missing"]
    return list(found.values())


def _fits(row: dict[str, Any], show: str, category: str, block: str) -> bool:
    mine, theirs = row["scores"].get("candidate"), row["scores"].get("champion")
    both = mine is not None and theirs is not None
    fits = {
        "lost": both and mine < theirs - TINY,
        "won": both and mine > theirs + TINY,
        "wrong": mine is not None and mine < 1 - TINY,
        "stale": bool(row.get("stale")),
    }.get(show, True)
    in_block = not block or (not row["probe"] and str(row["block"]) == block)
    return fits and category in ("", row["category"]) and in_block


def _stale(at: Here, cycle_id: str) -> dict[str, dict[str, Any]]:
    """Fact to what the model in service still says of it, as the cycle's ledger has it."""
    figures = at.stored(cycle_id, "ledger/figures.json") or {}
    return {fact["fact"]: fact for fact in figures.get("stale_facts", []) if fact.get("fact")}


def _texts(at: Here, reports: dict[str, dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = [each["item"] for each in rows]
    texts = {
        role: at.chronicle.ask(dashboard_queries.texts, report["sha256"], names)
        for role, report in reports.items()
    }
    for said in (each for of_role in texts.values() for each in of_role.values()):
        if said["explanation"] == "no tool call":
            said["explanation"] += unread_call(said["answer"])
    for each in rows:
        each["texts"] = {role: texts[role][each["item"]] for role in texts if each["item"] in texts[role]}
    return rows


def unread_call(answer: str) -> str:
    """Why what looks like a call in the answer is none; empty where nothing looks like one."""
    _, begun, rest = answer.rpartition("<tool_call>")
    text, ended, _ = rest.partition("</tool_call>")
    if not begun or not text.strip():
        return ""
    try:
        call = json.loads(text)
    except (ValueError, RecursionError):
        return ": its JSON is malformed" if ended else ": it is cut off, so it is no whole JSON"
    if not isinstance(call, dict) or not isinstance(call.get("name"), str):
        return ": it is no JSON object with a name"
    return "" if isinstance(call.get("arguments"), dict) else ": its arguments are no JSON object"


def _with_texts(row: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = next(iter(row["texts"].values()), {})
    return row | {"prompt": [message for message in first.get("prompt") or [] if isinstance(message, dict)]}


def _items_table(rows: list[dict[str, Any]]) -> Table:
    columns = ["item", "category", "family", "block", "probe", "hidden"]
    every = [
        [each[name] for name in columns]
        + [each["scores"].get(role) for role in ROLES]
        + [(each.get("stale") or {}).get("says")]
        for each in rows
    ]
    return Table([*columns, *ROLES, "stale"], every)
