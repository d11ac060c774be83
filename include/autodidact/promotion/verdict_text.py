"""A verdict in words: why, which items decided it, what would have changed the answer."""

from typing import Any

from autodidact.promotion.statistics import TINY, Pair, Resampled, category_means, is_news
from autodidact.records import Rule, Verdict

# Items named for a rule, and as gained and as lost.
SHOWN = 10
UNKNOWN: dict[str, float | None] = {"mean": None, "low": None, "high": None}


def of_floors(floors: list[Rule], *, first: bool = False) -> list[str]:
    """The floors that do not hold, or one line that they do; and where the base misses one, which counts.
    `first`: the champion is the base.
    """
    low = [
        f"{_category(rule) if place else 'overall'} {rule.value:.2f} is below the floor"
        f" {rule.threshold:.2f}{_of_base(rule)}"
        for place, rule in enumerate(floors)
        if not rule.passed
    ]
    overall, *categories = floors
    if not low and categories:
        lowest = min(categories, key=lambda rule: rule.value or 0.0)
        limit = (
            f"floor {lowest.threshold:.2f}"
            if lowest.threshold
            else "the settings have no floor for single categories"
        )
        low = [
            f"no score is below its floor: overall {overall.value:.2f} (floor {overall.threshold:.2f});"
            f" lowest category: {_category(lowest)} {lowest.value:.2f} ({limit})"
        ]
    missed = [rule for rule in floors if "base" in (rule.model_extra or {})]
    if lowered := [rule for rule in missed if "within" in (rule.model_extra or {})]:
        each = ", ".join(
            f"{_category(rule) or 'overall'} {rule.threshold:.2f} instead of {_extra(rule, 'configured'):.2f}"
            for rule in lowered
        )
        return [*low, f"where the base is below a floor, its own score is the floor: {each}"]
    if beyond := [
        f"{_category(rule) or 'overall'} {_extra(rule, 'base'):.2f}" for rule in missed if not rule.passed
    ]:
        return [*low, f"the base itself is below: {', '.join(beyond)}"]
    meets = (
        "the base is not below a floor either; if it were, a lower floor would apply: the base's own score"
        " less a margin"
    )
    return [*low, meets] if first else low


def _of_base(rule: Rule) -> str:
    also = rule.model_extra or {}
    return f", the base's own score, by more than {also['within']:.2f}" if "within" in also else ""


def known(asked: list[Pair]) -> list[str]:
    """How many facts of the system each of the two knows, and how many of the new ones; nothing where none
    was asked.
    """
    if not asked:
        return []
    news = [pair for pair in asked if is_news(pair[0])]
    some = f"{len(news)} of the" if len(news) < len(asked) else "all"
    line = (
        f"knowledge probe: the candidate knows {_right(asked)}; {some} {len(asked)} are new to the champion"
    )
    of_new = f", and of the new ones the candidate knows {_right(news)}"
    return [line + of_new if 0 < len(news) < len(asked) else line]


def _right(asked: list[Pair]) -> str:
    mine, theirs = (sum(pair[side].points for pair in asked) for side in (0, 1))
    return f"{mine:g} of {len(asked)} facts, the champion {theirs:g}"


def of_base(rule: Rule | None) -> list[str]:
    """What the comparison with the base says where it is kept, or that there is none."""
    if rule is None:
        return [
            "not compared with the base, because its report is not given (--base): losses that add up over"
            " several promotions are not noticed"
        ]
    if not rule.passed:
        return []
    measured, certainty = _extra(rule, "difference"), _extra(rule, "certainty")
    return [
        f"strict test against the base passed: measured {measured:+.3f}; even the lower bound at"
        f" {certainty:.2%} certainty, {rule.value or 0.0:+.3f}, is above the limit of {rule.threshold:+.2f}"
    ]


def closed(rule: Rule) -> str:
    """Why a route to promotion is closed."""
    also = rule.model_extra or {}
    if rule.name == "better_on_suite":
        about = f"which takes a gain of about {also['needed']:+.3f} instead of {also['difference']:+.3f}"
        return f"suite: better in {rule.value:.2%} of resamples; {rule.threshold:.3%} is needed, {about}"
    if rule.name == "better_on_hidden_families":
        return f"hidden families: better in {rule.value:.0%} of resamples; {rule.threshold:.0%} is needed"
    if rule.name == "better_on_probe":
        sure = f"better with {rule.value:.2%} certainty; {rule.threshold:.3%} is needed"
        return f"knowledge probe: {also['difference']:+.2f} on {also['n']} facts, {sure}"
    if rule.name == "control_not_worse":
        return (
            f"knowledge probe: {rule.value:+.2f} on facts that have not changed; it must stay above"
            f" {rule.threshold}"
        )
    if rule.name == "not_worse_than_base":
        return (
            f"compared with the base: {also['difference']:+.3f}, but it may have lost up to"
            f" {_below(rule.value):.3f}; less than {_below(rule.threshold):.2f} is allowed"
        )
    return (
        f"compared with the champion: it may have lost up to {_below(rule.value):.2f} on this week's items"
        " (95% certainty); the knowledge probe promotes only if that is less than"
        f" {_below(rule.threshold):.2f}"
    )


def difference(whole: Resampled, confidence: float, needed: float | None) -> str:
    """How far the candidate is from the champion. `needed`: the share of resamples that the route
    by the suite takes."""
    wide = whole.interval(confidence)
    enough = (
        ""
        if needed is None
        else f" (a promotion by these items needs {needed:.3%}; so much because every cycle is one more"
        " chance to win by luck)"
    )
    return (
        f"this week's items: {wide['mean']:+.3f} compared with the champion, {confidence:.0%} interval"
        f" {wide['low']:+.3f} to {wide['high']:+.3f}; better in {whole.p_better:.1%} of resamples{enough}"
    )


def overstated(whole: Resampled) -> str:
    """What is to be expected of the gain of a candidate that was promoted."""
    return (
        f"the {whole.mean:+.3f} on this week's items is probably too high: a candidate that gets promoted was"
        " often lucky as well; the next cycles measure it again"
    )


def fallen(
    scores: dict[str, tuple[float, float]], where: str = "this week's items (not the published ones)"
) -> list[str]:
    """The categories in which the candidate is below the champion, worst first; `where`: on which items."""
    lost = sorted((mine - theirs, name) for name, (mine, theirs) in scores.items() if mine < theirs - TINY)
    return [
        f"{name} fell from {scores[name][1]:.3f} to {scores[name][0]:.3f} ({change:+.3f}) on {where}"
        for change, name in lost
    ]


def moved(both: list[Pair]) -> dict[str, list[str]]:
    """The items that moved the difference most: {"gained": ids, "lost": ids}."""
    changed = [(a.points - b.points, a.id) for a, b in both if abs(a.points - b.points) > TINY]
    changed.sort(key=lambda row: (-abs(row[0]), row[1]))
    return {
        "gained": [key for change, key in changed if change > 0][:SHOWN],
        "lost": [key for change, key in changed if change < 0][:SHOWN],
    }


def categories(
    both: list[Pair], parts: dict[str, Resampled], confidence: float
) -> dict[str, dict[str, float]]:
    """Both scores of each category, and the interval of their difference; for information."""
    return {
        name: {"candidate": mine, "champion": theirs, **parts[name].interval(confidence)}
        for name, (mine, theirs) in category_means(both).items()
    }


def would_change(outcome: str, rules: list[Rule]) -> list[str]:
    """What would have made the answer another one: what each rule lacked that was not kept; of a promotion,
    what it hangs on.
    """
    said = []
    for rule in rules:
        needs = (rule.model_extra or {}).get("needs")
        if needs and rule.passed == (outcome == "promote"):
            said.append(f"{rule.name}: {needs}")
    return said


def as_text(judged: Verdict) -> str:
    """The verdict for a person."""
    also: dict[str, Any] = judged.model_extra or {}
    lines = [judged.outcome, *(f"- {reason}" for reason in judged.reasons)]
    if judged.rules:
        lines += ["", f"  {'rule':<40}{'value':>10}{'threshold':>12}"]
        for rule in judged.rules:
            kept = "" if rule.passed else "  not kept"
            lines.append(f"  {rule.name:<40}{_figure(rule.value):>10}{_figure(rule.threshold):>12}{kept}")
    if also.get("categories"):
        lines += ["", f"  {'for information':<28}{'candidate':>10}{'champion':>10}  difference"]
        for name, row in also["categories"].items():
            wide = (
                "" if row["low"] is None else f"{row['mean']:+.2f}  ({row['low']:+.2f} to {row['high']:+.2f})"
            )
            lines.append(f"  {name:<28}{row['candidate']:>10.2f}{row['champion']:>10.2f}  {wide}")
    if test := also.get("sign_test"):
        lines.append(
            f"  McNemar: {test['better']} items better, {test['worse']} worse, {test['equal']} equal, p"
            f" {test['p']:.3f}"
        )
    for rule in judged.rules:
        if (items := (rule.model_extra or {}).get("items")) and rule.passed == (judged.outcome == "promote"):
            lines.append(f"  {rule.name}: {', '.join(items)}")
    if also.get("would_change"):
        lines += ["", "What would have changed the answer:", *(f"- {line}" for line in also["would_change"])]
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}" if 0.99 < value < 1 else f"{value:.3f}"


def _extra(rule: Rule, name: str) -> float:
    """A figure that only some rules have."""
    return float((rule.model_extra or {})[name])


def _below(figure: float | None) -> float:
    """How far below zero."""
    return -(figure or 0.0)


def _category(rule: Rule) -> str:
    return rule.name.partition(".")[2]
