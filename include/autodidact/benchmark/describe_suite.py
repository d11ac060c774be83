"""What the suite has, for people: every family, one item with all that scoring it takes, and how far the
judge can be trusted.
"""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

from autodidact.benchmark import judge, judge_calibration
from autodidact.benchmark.item_family import Item
from autodidact.benchmark.items import find
from autodidact.benchmark.scorers import RULES
from autodidact.benchmark.suite import SUITE
from autodidact.benchmark.user_families import families_with
from autodidact.records import Report, response_text
from autodidact.settings import Settings
from autodidact.store import Cache, Store


def listing(settings: Settings) -> tuple[dict[str, Any], str]:
    """Every family with its scorer, whether it is hidden from training, and what it asks: (object, text)."""
    level, own, rows = settings.benchmark.level, settings.benchmark.families, []
    for category, members in families_with(own).items():
        for family in members:
            item = find(f"{category}/{family.name}/1", level=level, own=own)
            about = " ".join((family.draw.__doc__ or "").split())
            row = {
                "family": f"{category}/{family.name}",
                "hidden": family.hidden,
                "scorer": item.scorer,
                "about": about,
            }
            rows.append(row | ({"own": True} if item.own else {}))
    lines = [
        (
            f"{SUITE['name']} {SUITE['version']}, level {level}: {len(rows)} families, one item of each in"
            " every block"
        ),
        "",
    ]
    for row in rows:
        kind = "yours" if row.get("own") else "hidden" if row["hidden"] else ""
        lines.append(f"{row['family']:<48}{row['scorer']:<8}{kind:<8}{row['about']}")
    scorers = ", ".join(
        f"{name} {count}" for name, count in Counter(row["scorer"] for row in rows).most_common()
    )
    lines += [
        "",
        f"Scored by: {scorers}.",
        f"One item in full: autodidact benchmark --show {rows[0]['family']}/0",
    ]
    return {"suite": {**SUITE, "level": level}, "families": rows}, "\n".join(lines)


def item(settings: Settings, item_id: str) -> tuple[dict[str, Any], str]:
    """One item as a model sees it, and how its answer is scored: (object, text). Raises UsageError when there
    is none.
    """
    found = find(item_id, level=settings.benchmark.level, own=settings.benchmark.families)
    parts = [f"{found.id}, level {found.level}" + (", hidden from training" if found.hidden else "")]
    parts += [f"[{message['role']}]\n{message['content']}" for message in found.messages]
    parts += [f"[tool]\n{json.dumps(tool['function'], ensure_ascii=False)}" for tool in found.tools]
    parts += [
        f"[reference, worth 1.0]\n{response_text(found.reference)}",
        f"[scored by {found.scorer}]\n{_how(found)}",
    ]
    parts.append(f"[target]\n{json.dumps(found.target, ensure_ascii=False, indent=1)}")
    return asdict(found), "\n\n".join(parts)


def uncounted(report: Report) -> str | None:
    """A line on the items that are charted and do not count, and why; None when all count."""
    left = sum(not each.counted for each in report.items if each.block == 0)
    if not left or not report.judge_check:
        return None
    kappa, floor = report.judge_check["kappa"], report.judge_check["floor"]
    return (
        f"{left} of the prompts are not counted, because their judge ({report.judge}) agrees too little with"
        f" labels given by hand: kappa {kappa:.2f}, and judge.floor demands {floor:g}"
    )


def _how(found: Item) -> str:
    if found.scorer == "judge":
        return "The judge, by the rubric of the target; its checks bound the score."
    return " ".join((RULES[found.scorer].__doc__ or "").split())


def judge_check(settings: Settings) -> tuple[dict[str, Any], str]:
    """Measures the judge in force against the labelled answers: (object, text). Raises AutodidactError when
    it cannot be had.
    """
    result = judge_calibration.calibrate(judge.judge_of(settings, Cache(Store(settings.store))))
    counted = judge_calibration.trusted(result, settings.judge.floor)
    warning = judge.same_family(settings)
    lines = [
        (
            f"Judge {judge.name_of(settings)}: kappa {result['kappa']:.2f} (95% interval {result['low']:.2f}"
            f" to {result['high']:.2f}), linear weights,"
        ),
        f"on {result['n']} answers labelled by hand; {result['missing']} verdicts could not be read.",
        (
            f"Same level in {result['agreement']:.0%}; the checks alone, without a judge: kappa"
            f" {result['checks_alone']:.2f}."
        ),
        "",
        f"{'label':<10}" + "".join(f"{level:>10}" for level in judge_calibration.LEVELS),
        *(
            f"{label:<10}" + "".join(f"{row[level]:>10}" for level in judge_calibration.LEVELS)
            for label, row in result["confusion"].items()
        ),
        "",
        *(f"  {name:<28}{kappa:>6.2f}" for name, kappa in result["families"].items()),
        "",
        f"judge.floor is {settings.judge.floor:g}: items of this judge "
        + ("count." if counted else "are charted and do not count."),
        *([f"Warning: {warning}."] if warning else []),
    ]
    return result | {
        "judge": judge.name_of(settings),
        "floor": settings.judge.floor,
        "counted": counted,
        "warning": warning,
    }, "\n".join(lines)
