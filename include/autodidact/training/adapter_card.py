"""The card of an adapter, in the form of a Hugging Face model card: front matter for machines, then words and
tables for people.

What was not measured is missing: scores and verdict until the cycle is closed, utilisation where the device's
peak is not known.
"""

from collections.abc import Iterable
from typing import Any

from autodidact.records import CATEGORIES

ROLES = ("base", "champion", "candidate")


def card(facts: dict[str, Any], published: dict[str, Any] | None = None) -> str:
    """card.md out of what a manifest of `train` tells, and a summary's `candidate`, `scores`, `verdict` and
    lineage as far as they exist.

    `published`: of a folder for the hub (export/adapter.py), {"head": fields of its header, "use": how it is
    loaded}; its picture lies beside the card.
    """
    training, adapter = facts["training"], facts["adapter"]
    name = facts.get("candidate") or f"adapter {adapter['sha256'][:12]}"
    settings, base = training["settings"], training["base"]
    precision = {"nf4": "QLoRA (4-bit nf4, double quantisation)", "none": "LoRA (base not quantised)"}[
        settings["quantization"]
    ]
    origin = (
        f", trained by Autodidact for {facts['system']}" if facts.get("system") else ", trained by Autodidact"
    )
    image = "training/loss.svg" if facts.get("cycle_id") and not published else "loss.svg"
    parts = [
        _front_matter(name, base["id"], facts, published["head"] if published else {}),
        f"# {name}",
        f"A {precision} adapter of rank {settings['rank']} for {base['id']}{origin}.",
        *([published["use"]] if published else []),
        *_verdict(facts),
        *_data(training, facts.get("no_source") or {}),
        *_training(training, settings, image),
        *_machine(training),
        *_lineage(facts, training, adapter),
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(name: str, base: str, facts: dict[str, Any], more: dict[str, Any]) -> str:
    import yaml

    head: dict[str, Any] = {
        "base_model": base,
        "library_name": "peft",
        "pipeline_tag": "text-generation",
        "tags": ["autodidact", "lora", "text-generation"],
    }
    head = {key: value for key, value in (head | more).items() if value is not None}
    scores = (facts.get("scores") or {}).get("candidate")
    if scores:
        named = [("overall", scores["overall"]), *((c, scores["categories"].get(c)) for c in CATEGORIES)]
        named.append(("knowledge probe", (scores.get("probe") or {}).get("score")))
        metrics = [
            {"type": "accuracy", "name": metric, "value": round(value, 4)}
            for metric, value in named
            if value is not None
        ]
        result = {
            "task": {"type": "text-generation"},
            "dataset": {"type": "autodidact", "name": "Autodidact suite, block 0"},
            "metrics": metrics,
        }
        head["model-index"] = [{"name": name, "results": [result]}]
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---"


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _verdict(facts: dict[str, Any]) -> list[str]:
    parts = []
    if judged := facts.get("verdict"):
        parts += [
            "## Verdict",
            "\n".join([f"**{judged['outcome']}**", *(f"- {reason}" for reason in judged["reasons"])]),
        ]
    if forecast := facts.get("forecast"):
        parts += [f"Forecast of the gate: {forecast['says']}"]
    scores = facts.get("scores") or {}
    if "candidate" in scores:
        roles = [role for role in ROLES if role in scores]
        rows = [
            [name, *(_figure(scores[role]["categories"].get(name)) for role in roles)] for name in CATEGORIES
        ]
        rows.append(["**overall**", *(_figure(scores[role]["overall"]) for role in roles)])
        if any(scores[role]["probe"] for role in roles):
            rows.append(
                ["knowledge probe", *(_figure((scores[role]["probe"] or {}).get("score")) for role in roles)]
            )
        through = f"; {facts['through']}" if facts.get("through") else ""
        parts += [
            "## Scores",
            f"Block 0 of the suite, 135 prompts; judge: {facts['judge']}{through}.",
            _table(["category", *roles], rows),
        ]
    if knows := facts.get("knowledge"):
        lines = [f"In service after this cycle: {knows['says']}.", *(f"- {line}" for line in knows["more"])]
        parts += ["## Knowledge", "\n".join(lines)]
    return parts


def _data(training: dict[str, Any], no_source: dict[str, str]) -> list[str]:
    visits, held_out = training["visits"], training["held_out"]["composition"]
    rows = [
        [
            name,
            ", ".join(categories),
            sum(categories.values()),
            sum(visits.get(name, {}).values()),
            sum(held_out.get(name, {}).values()),
        ]
        for name, categories in training["composition"].items()
    ]
    left = [f"{training['unused']} more did not fit the budget"] if training["unused"] else []
    left += [f"{training['too_long']} were too long"] if training["too_long"] else []
    left += [f"{count}: {reason}" for reason, count in training["left_out"].items()]
    sizes = (
        f"{training['rows']} rows, {training['tokens']:,} tokens in all passes,"
        f" {training['trained_tokens']:,} of them trained on (the answers)"
    )
    return [
        "## Data",
        "; ".join([sizes, *left]) + ".",
        _table(["generator", "teaches", "rows", "passes", "held out"], rows),
        *(
            [f"No source: {', '.join(f'{name} (`{key}`)' for name, key in no_source.items())}."]
            if no_source
            else []
        ),
        f"Token rows: sha256 `{training['rows_sha256']}`",
    ]


def _training(training: dict[str, Any], settings: dict[str, Any], image: str) -> list[str]:
    parts = [
        "## Training",
        _table(["setting", training["recipe"]], [[f"`{key}`", value] for key, value in settings.items()]),
        f"Seed {training['seed']}; {training['updates']} updates"
        + (f" of {training['steps']}: the held-out loss no longer fell" if training["ended_early"] else "")
        + f"; loss {_figure(training['loss_first'])} at first, {_figure(training['loss_mean_last'])} over the"
        " last ten updates.",
        f"![Loss]({image})",
    ]
    if evaluations := training["held_out"]["evaluations"]:
        first, last = evaluations[0], evaluations[-1]
        rows = [
            [name, _figure(first["by_generator"].get(name)), _figure(loss)]
            for name, loss in last["by_generator"].items()
        ]
        rows.append(["**all**", _figure(first["loss"]), _figure(last["loss"])])
        parts.append(_table(["held-out loss", f"update {first['step']}", f"update {last['step']}"], rows))
    return parts


def _machine(training: dict[str, Any]) -> list[str]:
    speed, share = training["tokens_per_second"], training["utilisation"]
    rows = [["device", training["device"]]]
    rows += [["tokens/s", f"{speed:,.0f}"]] if speed else []
    rows += [["model FLOP utilisation", f"{share:.1%}"]] if share else []
    rows += [
        [f"peak memory, {kind}", f"{size / 2**20:,.0f} MiB"] for kind, size in training["peak_memory"].items()
    ]
    rows += [["seconds of updates", f"{training['train_seconds']:.0f}"]]
    rows += [["activations computed again", "yes"]] if training["recomputed"] else []
    return [
        "## Machine",
        _table(["", ""], rows),
        ", ".join(f"{name} {version}" for name, version in training["versions"].items()),
    ]


def _lineage(facts: dict[str, Any], training: dict[str, Any], adapter: dict[str, str]) -> list[str]:
    rows = [
        ["adapter", f"`{adapter['sha256']}`"],
        ["base", f"{training['base']['id']}, `{training['base']['sha256']}`"],
    ]
    rows.append(["examples", f"`{training['kept_sha256']}`"])
    if facts.get("cycle_id"):
        rows.append(
            [
                "cycle",
                (
                    f"{facts['cycle_id']} ({facts['kind']}), {facts['since'] or 'the beginning'} to"
                    f" {facts['until']}"
                ),
            ]
        )
        for repository in facts["repositories"]:
            rows.append(
                [
                    "repository",
                    f"{repository['path'].rstrip('/').rpartition('/')[2]} at `{repository['commit']}`",
                ]
            )
        rows += [
            ["replayed from", f"{replay['cycle_id']}, `{replay['sha256']}`"] for replay in facts["replay"]
        ]
    parts = ["## Lineage", _table(["", ""], rows)]
    if facts.get("candidate"):
        parts.append(
            "Each example names its source in `gate/kept.jsonl`; which cycle made which version stands in"
            f" the Chronicle (`autodidact history`).\n`autodidact reproduce {facts['candidate']}` trains it"
            " again and compares."
        )
    return parts
