"""The facts that a cycle asked the model in service about: what came of each, what it said, what is true."""

import json
from collections import Counter
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from autodidact.chronicle import dashboard_queries
from autodidact.errors import AutodidactError
from autodidact_airflow.dashboard.charts import OUTCOMES
from autodidact_airflow.dashboard.page_data_sources import Here, here
from autodidact_airflow.dashboard.rendering import Table, answer

router = APIRouter()

SIZE = 50


@router.get("/cycle/{cycle_id}/facts")
def facts(
    request: Request, cycle_id: str, system: str | None = None, outcome: str = "", page: int = 1
) -> Response:
    at = here(system)
    row, every = at.cycle(cycle_id), asked(at, cycle_id)
    named = [each for each in every if outcome in ("", each["outcome"])]
    number_of_pages = -(-len(named) // SIZE)
    page = max(1, min(page, number_of_pages or 1))
    return answer(
        request,
        at,
        "facts.html",
        {"facts": _table(named)},
        row=row,
        every=len(every),
        version=every[0]["version"] if every else None,
        counts=Counter(each["outcome"] for each in every),
        outcomes=OUTCOMES,
        shown=named[SIZE * (page - 1) : SIZE * page],
        page=page,
        number_of_pages=number_of_pages,
        chosen=outcome,
    )


def asked(at: Here, cycle_id: str) -> list[dict[str, Any]]:
    """{"version", "fact", "outcome", "says", "kind", "subject", "is", "since"} of each fact, as the ledger
    has it; without the store the last four are None. `is` None: the subject is gone, or not known here.
    """
    rows = at.chronicle.ask(dashboard_queries.asked_in, at.known(), cycle_id)
    known = _described(at, cycle_id, {row["fact"] for row in rows})
    nothing = {"known": False, "kind": None, "subject": None, "is": None, "since": None}
    return [row | known.get(row["fact"], nothing) for row in rows]


def _described(at: Here, cycle_id: str, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """What the cycle's facts of these ids are about."""
    key, found = f"{at.system}/cycles/{cycle_id}/knowledge/facts.jsonl", {}
    try:
        for line in at.store.read_lines(key) if wanted and at.store.exists(key) else ():
            fact = json.loads(line)
            if fact["id"] in wanted:
                named = {name: fact.get(name) for name in ("kind", "subject")}
                named["since"] = (fact.get("since") or {}).get("time")
                found[fact["id"]] = {"known": True, **named, "is": fact.get("value")}
            if len(found) == len(wanted):
                break
    except AutodidactError as error:
        at.trouble = str(error)
    except (ValueError, KeyError, TypeError, AttributeError):
        at.trouble = f"{key} cannot be read"
    return found


def _table(rows: list[dict[str, Any]]) -> Table:
    columns = ["fact", "outcome", "kind", "subject", "says", "is", "since"]
    return Table(columns, [[each[name] for name in columns] for each in rows])
