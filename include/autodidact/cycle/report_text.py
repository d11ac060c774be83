"""The report of a cycle in words and tables, as it stands at the end of `make cycle`."""

from collections.abc import Callable
from typing import Any

from autodidact.cycle.display_names import of_category, of_generator, of_repositories
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import CATEGORIES

# The models whose scores are shown, in the order of their columns.
ROLES = ("base", "champion", "candidate")


def as_text(summary: dict[str, Any]) -> str:
    """The summary as it stands at the end of `make cycle`."""
    lines = [
        "",
        f"Cycle {summary['cycle_id']} of {summary['system']}, profile {summary['profile']}",
        _window(summary),
        *of_repositories(summary.get("repositories", ())),
        "",
    ]
    for part in PARTS:
        lines += part(summary)
    return "\n".join(lines)


def _window(summary: dict[str, Any]) -> str:
    since = f"from {summary['since']} " if summary["since"] else "from the first commit "
    past = (
        ""
        if summary["kind"] == "live"
        else " (a window of the past: it decides, and promotes only on demand)"
    )
    return f"Window {since}to {summary['until']}{past}"


def no_source(summary: dict[str, Any]) -> str:
    """Which generators have nothing to read, each with the setting that gives it a source; empty where all
    have one.
    """
    found = [f"{name} ({setting})" for name, setting in (summary.get("no_source") or {}).items()]
    return f"No source: {', '.join(found)}" if found else ""


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _examples(summary: dict[str, Any]) -> list[str]:
    """A row a generator, then what the gate kept of all."""
    gate = summary["gate"] or {}
    kept = gate.get("by_generator", {})
    lines = [f"  {'Examples':<24}{'made':>8}{'new':>11}{'kept':>8}  notes"]
    for row in summary["generators"]:
        made, new = ("-" if row.get(key) is None else row[key] for key in ("examples", "new"))
        left = kept.get(row["name"], {}).get("kept", 0)
        lines.append(f"  {row['name']:<24}{made:>8}{new:>11}{left:>8}{_note(row)}")
    if gate:
        made, new = (sum(row.get(key) or 0 for row in summary["generators"]) for key in ("examples", "new"))
        total = f"total, {max(0, gate['raw'] - made)} replayed"
        share = f"  {gate['kept'] / gate['raw']:.1%} kept" if gate["raw"] else ""
        lines.append(f"  {total:<24}{gate['raw']:>8}{new:>11}{gate['kept']:>8}{share}")
        dropped = [
            f"{rule} {n['dropped']}" for rule, n in gate.get("by_rule", {}).items() if n.get("dropped")
        ]
        lines.append(f"  dropped by rule: {', '.join(dropped) or 'no rule'}")
    if without := no_source(summary):
        lines += ["", f"  {without}"]
    return lines


def _note(row: dict[str, Any]) -> str:
    """What a generator's name does not say; why it made nothing, or the first things that it left out."""
    if row["status"] != "done":
        return f"  {row['status']}" + (f": {row['reason']}" if row.get("reason") else "")
    notes = [about] if (about := of_generator(row["name"])) else []
    if row["errors"]:
        left = "; ".join(f"{error['count']} x {error['reason']}" for error in row["errors"][:3])
        notes.append(f"left out: {left}")
    return f"  {'; '.join(notes)}" if notes else ""


def _training(summary: dict[str, Any]) -> list[str]:
    training = summary["training"]
    if not training:
        return []
    settings = training["settings"]
    visits = sum(sum(each.values()) for each in training["visits"].values())
    return [
        "",
        (
            f"  Training   {settings['quantization']} r={settings['rank']} alpha={settings['alpha']},"
            f" learning rate {settings['learning_rate']:g}, epochs {settings['epochs']:g},"
            f" {training['seconds']:.0f} s"
        ),
        (
            f"             {training['rows']} rows, {visits} with repeats; {training['updates']} steps of"
            f" {settings['batch_size'] * settings['accumulation']} rows"
        ),
        (
            f"             loss {training['loss_first']:.3f} at the start, {training['loss_mean_last']:.3f}"
            f" at the end; {_number(training['tokens_per_second'], 0)} tokens/s"
        ),
    ]


def _score_table(summary: dict[str, Any]) -> list[str]:
    """The scores by category, a column a model, and the knowledge probe's."""
    scores = summary["scores"]
    roles = [role for role in ROLES if role in scores]
    if not roles:
        return []

    def line(name: str, values: list[str]) -> str:
        return f"  {name:<42}" + "".join(f"{value:>11}" for value in values)

    lines = ["", line("Scores, 135 prompts, judge " + str(summary["judge"]), roles)]
    for name in CATEGORIES:
        lines.append(
            line(of_category(name), [_number(scores[role]["categories"].get(name)) for role in roles])
        )
    lines.append(line("overall", [_number(scores[role]["overall"]) for role in roles]))
    if summary.get("uncounted"):
        lines.append(f"  ({summary['uncounted']})")
    if summary.get("through"):
        lines.append(f"  ({summary['through']})")
    probes = [scores[role]["probe"] for role in roles]
    if any(probes):
        n = next(probe["n"] for probe in probes if probe)
        shares = [_number(probe and probe["score"]) for probe in probes]
        lines.append(line(f"knowledge probe, {n} questions", shares))
    return [*lines, ""]


def _known(summary: dict[str, Any]) -> list[str]:
    """How much of the news each model knows, and of what did not change."""
    known, lines = summary.get("news") or {}, []
    for name, what in (
        ("news", "new to the champion"),
        ("control", "unchanged since the champion was trained"),
    ):
        part = known.get(name) or {}
        roles = [role for role in reversed(ROLES) if part.get(role) is not None]
        if roles:
            shares = ", ".join(
                f"the {role}{'' if place else ' knows'} {part[role]:.0%}" for place, role in enumerate(roles)
            )
            lines.append(f"  Of the facts that this cycle taught, {part['n']} are {what}.")
            lines.append(f"  Of these {shares}.")
        elif known and name == "news":
            lines.append("  None of the facts that this cycle taught is new to the champion.")
    return lines


def _ledger(summary: dict[str, Any]) -> list[str]:
    """What the model in service knows, in a sentence."""
    found = summary.get("knowledge")
    if not found:
        return []
    lines = ["", f"  Knowledge  {found['says']}", *(f"    - {line}" for line in found["more"])]
    return [*lines, f"  WARNING: {found['warning']}"] if found["warning"] else lines


def _verdict(summary: dict[str, Any]) -> list[str]:
    """The verdict with its reasons; what became of the promotion, where it did not work; the forecast."""
    lines = []
    if verdict := summary["verdict"]:
        lines += ["", f"  Verdict: {verdict['outcome']}"]
        lines += [f"    - {reason}" for reason in verdict["reasons"]]
        if ended := verdict.get("ended"):
            lines.append(f"  {ended['outcome'].replace('_', ' ').capitalize()}: {ended['reason']}")
    if forecast := summary.get("forecast"):
        lines += ["", f"  Forecast   {forecast['says']}"]
    return lines


def _steered(summary: dict[str, Any]) -> list[str]:
    """What the cycle before changed of this one, and this one of the next."""
    lines = [""]
    for when, key in (("This cycle", "before"), ("Next cycle", "next")):
        if summary.get(key) and (line := _changes(summary[key])):
            lines.append(f"  {when:<12}{line}")
    return lines


def _changes(steering: dict[str, Any]) -> str:
    """Targeted examples, shares and lever, a line each."""
    weakest = sorted((steering.get("deficits") or {}).items(), key=lambda row: (-row[1], row[0]))[:3]
    parts = []
    if weakest:
        named = ", ".join(f"{name} (scored {1 - deficit:.2f})" for name, deficit in weakest)
        parts.append(f"most practice for {named}")
    if shares := steering.get("quotas"):
        kept_of = " and ".join(
            f"{share:.0%} of the examples of {listing([name for name in shares if shares[name] == share])}"
            for share in sorted(set(shares.values()))
        )
        parts.append(
            f"the gate will keep only {kept_of}, because the categories that these teach score above the"
            " average"
        )
    if lever := steering.get("lever"):
        kept = "" if lever.get("applied", True) else f", but the settings say {lever['held']:g}"
        parts.append(f"{lever['name']} {lever['from']:g} -> {lever['to']:g}{kept} ({lever['why']})")
    return f"\n{'':14}".join(parts)


def _where(summary: dict[str, Any]) -> list[str]:
    return [
        "",
        f"  In service: {summary['champion'] or 'nothing yet'}",
        f"  Look at:    {summary['folder']}",
        "              autodidact history",
        "",
    ]


# Of `as_text`, in order.
PARTS: tuple[Callable[[dict[str, Any]], list[str]], ...] = (
    _examples,
    _training,
    _score_table,
    _known,
    _verdict,
    _steered,
    _ledger,
    _where,
)
