"""What a cycle changes of the next one's settings: one lever after a rejection, and how much of each
generator is kept.

A lever is one setting of the training, and one only, so that its effect can be seen: the next one takes the
place of the last. It stays in force until a candidate is rejected again. A setting that the user gave wins
over it.

| why it was rejected | levers, one after the other |
| --- | --- |
| it lost abilities (guard, worse in 95% of resamples) | anchors +0.10, +0.20; learning rate x 0.5, x 0.25 |
| it collapsed | learning rate x 0.5, x 0.25; epochs x 0.5 |
| it stayed below a floor, or was not better, without losing | epochs x 1.5, x 2; learning rate x 1.5 |
| it was trained on the published items | none: the data are at fault |
| it stayed below a floor that the base misses | none: more training is the wrong way |

The order is a judgement, not a measurement: what holds a model where it is comes before what makes it learn
less.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from autodidact.promotion.evidence_rule import HOPELESS
from autodidact.records import Verdict
from autodidact.settings import PROFILES, Settings

LADDERS: dict[str, list[tuple[str, str, float]]] = {
    "lost abilities": [
        ("anchors", "+", 0.10),
        ("anchors", "+", 0.20),
        ("learning_rate", "x", 0.5),
        ("learning_rate", "x", 0.25),
    ],
    "collapsed": [("learning_rate", "x", 0.5), ("learning_rate", "x", 0.25), ("epochs", "x", 0.5)],
    "learned too little": [("epochs", "x", 1.5), ("epochs", "x", 2.0), ("learning_rate", "x", 1.5)],
}
LEVERS = {f"training.{name}" for ladder in LADDERS.values() for name, *_ in ladder}
MOST_ANCHORS = 0.5
# A quota changes by a tenth from cycle to cycle, or not.
NUDGE = 0.1
# And never falls below half of what the generator could keep.
LEAST = 0.5


def lever(judged: Verdict, settings: Settings, previous: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """{"name", "from", "to", "why", "cause", "step"} of the one setting that the next cycle changes, or None.

    `settings` are those that the candidate was trained with, `previous` the lever that was in force then
    (Cycle.lever). After anything
    but a rejection that lever stays.
    """
    stays = (
        {name: previous[name] for name in ("name", "from", "to", "why", "cause", "step")}
        if previous
        else None
    )
    if judged.outcome != "reject":
        return stays
    cause, what = _cause(judged)
    if cause is None:
        return None
    step = 0
    if previous and previous["cause"] == cause:
        step = previous["step"] + 1
        while (
            not previous["applied"]
            and step < len(LADDERS[cause])
            and _key(LADDERS[cause][step]) == previous["name"]
        ):
            step += 1  # the user holds this one
    if step >= len(LADDERS[cause]):
        return stays
    name, how, by = LADDERS[cause][step]
    key = f"training.{name}"
    before = (
        previous["from"]
        if previous and previous["applied"] and previous["name"] == key
        else configured(settings, name)
    )
    after = min(round(before + by, 4), MOST_ANCHORS) if how == "+" else float(f"{before * by:.6g}")
    return {
        "name": key,
        "from": before,
        "to": after,
        "why": f"rejected: it {what}",
        "cause": cause,
        "step": step,
    }


def _key(rung: tuple[str, str, float]) -> str:
    return f"training.{rung[0]}"


def _cause(judged: Verdict) -> tuple[str | None, str]:
    also = judged.model_extra or {}
    rung = also.get("alarms") or []
    down = [
        rule.name.partition(".")[2]
        for rule in judged.rules
        if rule.name.startswith("guard.") and not rule.passed
    ]
    if "trained_on_block_0" in rung:
        return None, ""
    if "collapse" in rung:
        return "collapsed", "collapsed"
    if down:
        return "lost abilities", f"lost in {', '.join(down)}"
    if judged.p_better is not None and judged.p_better < HOPELESS:
        return "lost abilities", f"is worse than the champion in {1 - judged.p_better:.0%} of resamples"
    failed = [rule for rule in judged.rules if not rule.passed]
    low = [rule for rule in failed if "floor" in rule.name]
    beyond = [rule for rule in low if "base" in (rule.model_extra or {})]
    if low == beyond and low and not any(rule.name == "higher_overall" for rule in failed):
        return None, ""
    names = ", ".join(rule.name.partition(".")[2] or "overall" for rule in low if rule not in beyond)
    return "learned too little", f"stayed below the floor in {names}" if names else "is not better"


def configured(settings: Settings, name: str) -> float:
    """A setting of the training as the recipe completes it."""
    from autodidact.training_recipes import effective

    return settings.training.anchors if name == "anchors" else getattr(effective(settings), name)


def quotas(
    deficits: Mapping[str, float], gate_report: Mapping[str, Any], previous: Mapping[str, float]
) -> dict[str, float]:
    """Generator to the share of its examples, within the cap, that the next gate keeps; those that keep
    everything are not listed.

    A generator whose categories have deficits a tenth below the mean gives way, by a tenth a cycle and never
    below half; one with deficits above the mean comes back as fast.
    """
    taught = gate_report.get("generators_by_category") or {}
    weighed = {name: value for name, value in deficits.items() if name in taught}
    if not weighed:
        return {name: share for name, share in previous.items() if share < 1}
    usual = sum(weighed.values()) / len(weighed)
    found = dict(previous)
    for generator in {name for counts in taught.values() for name in counts}:
        kept = {
            category: counts[generator]
            for category, counts in taught.items()
            if counts.get(generator) and category in weighed
        }
        if kept and usual > 0:
            need = sum(weighed[category] * n for category, n in kept.items()) / sum(kept.values()) / usual
            step = -NUDGE if need < 1 - NUDGE else NUDGE if need > 1 else 0.0
            found[generator] = round(min(max(previous.get(generator, 1.0) + step, LEAST), 1.0), 3)
    return {name: found[name] for name in sorted(found) if found[name] < 1}


def steer(settings: Settings, feedback: Mapping[str, Any]) -> tuple[Settings, dict[str, Any] | None]:
    """The settings of the next cycle, and the lever with `applied`, false where a setting that the user gave
    stands against it (`held`).
    """
    if not settings.feedback:
        return settings, None
    shares, pulled = feedback.get("quotas"), feedback.get("lever")
    if shares and not given(settings, "gate", "quotas"):
        settings = _with(settings, "gate", quotas=shares)
    if not pulled or pulled.get("name") not in LEVERS:
        return settings, None
    section, _, name = pulled["name"].partition(".")
    if given(settings, section, name):
        return settings, dict(pulled) | {"applied": False, "held": getattr(settings.training, name)}
    return _with(settings, section, **{name: pulled["to"]}), dict(pulled) | {"applied": True}


def given(settings: Settings, section: str, name: str) -> bool:
    """Whether the user gave this setting, and not the profile."""
    part = getattr(settings, section)
    by_profile = PROFILES.get(settings.profile, {}).get(section, {})
    return name in part.model_fields_set and getattr(part, name) != by_profile.get(name)


def _with(settings: Settings, section: str, **values: Any) -> Settings:
    """The settings with these values; as they are when one of them is not allowed (a feedback.json that
    somebody changed).
    """
    part = getattr(settings, section)
    try:
        checked = type(part).model_validate(part.model_dump(exclude_unset=True) | values)
    except ValidationError:
        return settings
    return settings.model_copy(update={section: checked})
