"""What a cycle did, for people: the text at its end, and its card."""

from autodidact.records import CATEGORIES
from autodidact.runtime import Runtime
from autodidact.stages import generator_names, manifest_of, reports_of, verdict_of

ROLES = ("base", "champion", "candidate")
# Of feedback.json: what one cycle tells the next.
TOLD = ("outcome", "deficits", "quotas")


def summarize(cycle, runtime: Runtime, chronicle=None) -> dict:
    """The cycle so far as one JSON object; what was not measured is absent or null."""
    from autodidact.benchmark.knowledge_probe import news
    from autodidact.chronicle import version_name

    generators = []
    for name in generator_names(cycle):
        manifest = manifest_of(runtime, cycle, f"generate.{name}")
        row = {
            "name": name,
            "status": manifest.status if manifest else "failed",
            "examples": None,
            "new": None,
            "seconds": None,
            "errors": [],
        }
        if manifest:
            errors = [e.model_dump() for e in manifest.errors]
            row |= {"examples": manifest.counts.get("examples"), "new": manifest.counts.get("new")}
            row |= {"seconds": manifest.seconds, "reason": manifest.reason, "errors": errors}
            if setting := manifest.model_extra.get("setting"):
                row["setting"] = setting  # the one that gives it a source
        generators.append(row)
    gate = manifest_of(runtime, cycle, "gate")
    train = manifest_of(runtime, cycle, "train")
    trained = train.outputs["adapter"].sha256 if train and train.status == "done" else None
    from autodidact.benchmark.describe import uncounted

    reports, judged = reports_of(cycle, runtime), verdict_of(cycle, runtime)
    told = (
        runtime.store.read_json(key) if runtime.store.exists(key := f"{cycle.folder}/feedback.json") else None
    )
    champion = chronicle.champion(cycle.system) if chronicle else None
    return {
        "system": cycle.system,
        "cycle_id": cycle.cycle_id,
        "kind": cycle.kind,
        "since": cycle.since,
        "until": cycle.until,
        "repositories": cycle.repositories,
        "base": cycle.base,
        "generators": generators,
        "no_source": {row["name"]: row["setting"] for row in generators if row.get("setting")},
        "gate": (
            runtime.store.read_json(f"{cycle.folder}/gate/report.json")
            if gate and "report.json" in gate.outputs
            else None
        ),
        "replay": cycle.replay,
        "candidate": version_name(cycle.cycle_id, trained) if trained else None,
        "adapter": {"path": f"{cycle.folder}/training/adapter", "sha256": trained} if trained else None,
        "training": train.model_extra.get("training") if trained else None,
        "scores": {
            role: {
                "overall": report.overall,
                "categories": {name: score.score for name, score in report.categories.items()},
                "probe": report.probe.model_dump() if report.probe else None,
            }
            for role, report in reports.items()
        },
        "judge": next((report.judge for report in reports.values()), None),
        "uncounted": next((uncounted(report) for report in reports.values()), None),
        "news": news(reports),
        "verdict": judged.model_dump(mode="json") if judged else None,
        "before": _part(cycle.feedback, TOLD) | {"lever": cycle.lever} if cycle.feedback else None,
        "next": _part(told, (*TOLD, "lever")) if told else None,
        "forecast": told["forecast"] if told and told.get("forecast") else None,
        "champion": champion["version"] if champion else None,
        "profile": cycle.settings["profile"],
        "folder": (
            runtime.store.local(cycle.folder).as_posix()
            if runtime.store.root
            else f"{runtime.store.shown}/{cycle.folder}"
        ),
    }


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _part(told: dict, names: tuple[str, ...]) -> dict:
    return {name: told[name] for name in names if name in told}


def _steered(told: dict) -> str:
    """What a cycle told the next, in a line."""
    weakest = sorted((told.get("deficits") or {}).items(), key=lambda row: (-row[1], row[0]))[:3]
    said = (
        [
            "most targeted examples for "
            + ", ".join(f"{name} ({1 - deficit:.2f})" for name, deficit in weakest)
        ]
        if weakest
        else []
    )
    if shares := told.get("quotas"):
        said.append("keep of " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items()))
    if lever := told.get("lever"):
        held = "" if lever.get("applied", True) else f", but the settings say {lever['held']:g}"
        said.append(f"{lever['name']} {lever['from']:g} -> {lever['to']:g}{held} ({lever['why']})")
    return "; ".join(said)


def no_source(summary: dict) -> str:
    """Which generators have nothing to read, each with the setting that gives it a source; empty where all
    have one.
    """
    found = [f"{name} ({setting})" for name, setting in (summary.get("no_source") or {}).items()]
    return f"No source: {', '.join(found)}" if found else ""


def as_text(summary: dict) -> str:
    """The summary as it stands at the end of `make cycle`."""
    window = f"{summary['since'] or 'the beginning'} to {summary['until']}"
    lines = [
        "",
        (
            f"Cycle {summary['cycle_id']} of {summary['system']} ({summary['kind']}, {summary['profile']}"
            " profile)"
        ),
        f"Window {window}",
        "",
    ]
    gate = summary["gate"] or {}
    kept = gate.get("by_generator", {})
    lines.append(f"  {'Examples':<24}{'made':>8}{'new':>8}{'kept':>8}")
    for row in summary["generators"]:
        note = ""
        if row["status"] != "done":
            note = f"  {row['status']}" + (f": {row['reason']}" if row.get("reason") else "")
        elif row["errors"]:
            note = "  " + "; ".join(f"{e['count']} x {e['reason']}" for e in row["errors"][:3])
        made, new = ("-" if row.get(key) is None else row[key] for key in ("examples", "new"))
        lines.append(
            f"  {row['name']:<24}{made:>8}{new:>8}{kept.get(row['name'], {}).get('kept', 0):>8}{note}"
        )
    if gate:
        share = f"  ({gate['kept'] / gate['raw']:.1%}; the article's: 27.7%)" if gate["raw"] else ""
        lines.append(f"  {'all, replayed ones too':<24}{gate['raw']:>8}{'':>8}{gate['kept']:>8}{share}")
        dropped = [
            f"{rule} {n['dropped']}" for rule, n in gate.get("by_rule", {}).items() if n.get("dropped")
        ]
        lines.append(f"  dropped by: {', '.join(dropped) or 'no rule'}")
    if without := no_source(summary):
        lines += ["", f"  {without}"]
    if training := summary["training"]:
        s = training["settings"]
        lines += [
            "",
            (
                f"  Training   {s['quantization']} r={s['rank']} alpha={s['alpha']}, learning rate"
                f" {s['learning_rate']:g}, {s['epochs']:g} epochs: {training['rows']} rows,"
                f" {training['steps']} steps, {training['seconds']:.0f} s"
            ),
            (
                f"             loss {training['loss_first']:.3f} at first, {training['loss_mean_last']:.3f}"
                f" at last; {_number(training['tokens_per_second'], 0)} tokens/s"
            ),
        ]
    scores = summary["scores"]
    if scores:
        roles = [role for role in ROLES if role in scores]
        header = f"{'Scores, 135 prompts, judge ' + str(summary['judge']):<36}"
        lines += ["", f"  {header}" + "".join(f"{role:>11}" for role in roles)]
        for name in CATEGORIES:
            lines.append(
                f"  {name:<36}"
                + "".join(f"{_number(scores[role]['categories'].get(name)):>11}" for role in roles)
            )
        lines.append(
            f"  {'overall':<36}" + "".join(f"{_number(scores[role]['overall']):>11}" for role in roles)
        )
        lines += [f"  ({summary['uncounted']})"] if summary.get("uncounted") else []
        probes = [scores[role]["probe"] for role in roles]
        if any(probes):
            n = next(p["n"] for p in probes if p)
            lines.append(
                f"  {f'knowledge probe, {n} questions':<36}"
                + "".join(f"{_number(p and p['score']):>11}" for p in probes)
            )
            told = {role: scores[role]["probe"] for role in roles}
            if (
                told.get("candidate")
                and told.get("base")
                and told["candidate"]["score"] is not None
                and told["base"]["score"] is not None
            ):
                lines += [
                    "",
                    (
                        f"  About your code the base answers {told['base']['score']:.0%} right, the newly"
                        f" trained model {told['candidate']['score']:.0%}."
                    ),
                ]
    if known := summary.get("news"):
        for name, what in (
            ("news", "new or changed since the champion was trained"),
            ("control", "not changed since"),
        ):
            shares = [
                f"the {role} knows {known[name][role]:.0%}"
                for role in reversed(ROLES)
                if known[name].get(role) is not None
            ]
            if shares:
                lines.append(f"  Of {known[name]['n']} facts {what} {', '.join(shares)}.")
            elif name == "news":
                lines.append(f"  0 of the facts asked are {what}.")
    if verdict := summary["verdict"]:
        lines += ["", f"  Verdict: {verdict['outcome']}"] + [
            f"    - {reason}" for reason in verdict["reasons"]
        ]
        if ended := verdict.get("ended"):  # it was to be promoted
            lines += [f"  {ended['outcome'].replace('_', ' ').capitalize()}: {ended['reason']}"]
    if forecast := summary.get("forecast"):
        lines += ["", f"  Forecast   {forecast['says']}"]
    steered = [
        (when, _steered(summary[key]))
        for when, key in (("This time", "before"), ("Next time", "next"))
        if summary.get(key)
    ]
    lines += ["", *(f"  {when:<11}{line}" for when, line in steered if line)]
    lines += [
        "",
        f"  In service: {summary['champion'] or 'nothing yet'}",
        f"  Look at:    {summary['folder']}",
        "              autodidact history",
        "",
    ]
    return "\n".join(lines)


def as_card(summary: dict) -> str:
    """card.md: the card of the adapter that the cycle trained; without one, the summary."""
    if summary["training"]:
        from autodidact.training.card import card

        return card(summary)
    head = [
        "---",
        f"base_model: {summary['base']['id']}",
        "library_name: peft",
        "tags: [autodidact, lora]",
        "---",
        f"# {summary['cycle_id']}",
        "",
    ]
    return "\n".join([*head, "```", as_text(summary).strip("\n"), "```", ""])
