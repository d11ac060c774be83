"""reasoning: arithmetic in several steps with units, and what follows when a part of a system fails. Every
number is in the prompt.
"""

from random import Random
from typing import Any

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.made_up.vocabulary import (
    PEOPLE,
    PRODUCTS,
    PROJECTS,
    REGIONS,
    SERVICES,
    STORES,
    TEAMS,
)
from autodidact.benchmark.suite.reasoning_cascades import cascade_set, cascade_size, root_cause, survives
from autodidact.benchmark.suite.reasoning_comparisons import compare_load, sort_by

NUMBER = "Reply with the number only."


def _number(text: str, answer: float, unit: str | None = None, ask: str = NUMBER, **slots) -> Draw:
    shown = f"{answer:g}"
    return Draw(
        f"{text} {ask}", {"answer": answer, "unit": unit}, shown, "number", slots=slots, max_tokens=24
    )


def queue_left(rng: Random, level: int) -> Draw:
    """What is in a queue after some came and some went; higher: by rates, and with a worker that stops."""
    queue, what = rng.choice(STORES), rng.choice(["jobs", "messages", "tasks", "events"])
    start, come = rng.randint(5, 60), rng.randint(2, 30)
    if level == 1:
        gone = rng.randint(2, start - 2)
        if rng.random() < 0.5:
            return _number(
                f"{queue} holds {start} {what}. {come} more arrive. How many are there now?",
                start + come,
                queue=queue,
                n=[start, come],
            )
        return _number(
            f"{queue} holds {start} {what}. {gone} are done. How many are left?",
            start - gone,
            queue=queue,
            n=[start, -gone],
        )
    minutes, rate = rng.randint(3, 9), rng.randint(11, 19)
    start = rng.randint(20, 99)
    text = f"{queue} holds {start} {what}. {rate} arrive each minute and {rate - 10} are done each minute."
    slots: dict[str, Any] = {"queue": queue, "n": [start, rate, minutes]}
    if level == 2:
        return _number(f"{text} How many are there after {minutes} minutes?", start + 10 * minutes, **slots)
    late = rng.randint(2, 6)
    text += f" After {minutes} minutes the workers stop for {late} minutes, while {what} go on arriving."
    return _number(f"{text} How many are there then?", start + 10 * minutes + rate * late, late=late, **slots)


def batch_time(rng: Random, level: int) -> Draw:
    """Batches times seconds; higher: rows to batches, rounded up, and several workers."""
    name, each = rng.choice(PROJECTS), rng.randint(2, 9)
    if level == 1:
        many = rng.randint(2, 11)
        text = (
            f"One batch of {name} takes {each} seconds. How many seconds do {many} batches take, one after"
            " the other?"
        )
        return _number(text, each * many, "s", name=name, n=[each, many])
    size, batches = rng.choice([20, 25, 40, 50]), rng.randint(5, 19)
    rows = size * batches - rng.randint(1, size - 1)
    text = (
        f"{name} reads {rows} rows in batches of {size}; the last batch may be smaller. Each batch takes"
        f" {each} seconds, whatever its size."
    )
    if level == 2:
        return _number(
            f"{text} How many seconds does it take?", each * batches, "s", name=name, n=[rows, size, each]
        )
    workers, warm = rng.randint(2, 4), rng.randint(5, 30)
    text += f" {workers} workers take batches in parallel, after {warm} seconds of start-up together."
    return _number(
        f"{text} How many seconds until the last batch is done?",
        warm + each * -(-batches // workers),
        "s",
        name=name,
        n=[rows, size, each, workers, warm],
    )


def capacity(rng: Random, level: int) -> Draw:
    """How many requests some servers take, or how many servers some requests need; higher: with headroom, and
    with a zone gone.
    """
    name, each = rng.choice(SERVICES), rng.randint(2, 9)
    if level == 1:
        servers = rng.randint(2, 9)
        text = (
            f"One server of {name} takes {each} requests a second, and there are {servers} servers. How many"
            " requests a second do they take?"
        )
        return _number(text, each * servers, name=name, n=[each, servers])
    each *= 10
    need = rng.randint(4, 60)
    load = each * need - rng.randint(0, each - 1)
    text = f"{name} gets {load} requests a second. One server takes {each}."
    if level == 2:
        spare = rng.randint(1, 9)
        text += f" {spare} servers are kept in reserve on top. How many servers are needed in all?"
        return _number(text, need + spare, name=name, n=[load, each, spare])
    zones = rng.choice([3, 4, 5])
    text += (
        f" The servers stand in {zones} zones, equally many in each, and when one zone is lost the others"
        " must still take everything."
    )
    return _number(
        f"{text} How many servers are needed in all?",
        -(-need // (zones - 1)) * zones,
        name=name,
        n=[load, each, zones],
    )


def budget_left(rng: Random, level: int) -> Draw:
    """What is left of an allowance; higher: over days, and as minutes of allowed downtime."""
    team = rng.choice(TEAMS)
    if level == 1:
        total, used = rng.randint(30, 60), rng.randint(3, 28)
        text = f"The {team} team may use {total} GPU hours. It has used {used}. How many hours are left?"
        return _number(text, total - used, "h", team=team, n=[total, used])
    if level == 2:
        days, daily, left = rng.randint(3, 12), rng.randint(4, 15), rng.randint(5, 40)
        total = days * daily + left
        text = (
            f"The {team} team may use {total} GPU hours a month. It used {daily} hours on each of {days}"
            " days. How many hours are left?"
        )
        return _number(text, left, "h", team=team, n=[total, days, daily])
    days, share = rng.choice([10, 20, 30]), rng.choice([1, 2, 5])
    allowed = days * 24 * 60 * share // 1000
    outages = [rng.randint(2, max(3, allowed // 4)) for _ in range(2)]
    text = (
        f"The {team} team promises {100 - share / 10:g}% uptime over {days} days. Whole minutes of downtime"
        f" are allowed up to that, rounded down. There were outages of {outages[0]} and {outages[1]} minutes."
        " How many minutes are left? (Below zero if overspent.)"
    )
    return _number(text, allowed - sum(outages), "min", team=team, n=[days, share, *outages])


_UNITS = [
    ("minutes", "seconds", 60),
    ("hours", "minutes", 60),
    ("seconds", "milliseconds", 1000),
    ("days", "hours", 24),
]


def unit_change(rng: Random, level: int) -> Draw:
    """The same amount in a smaller unit; higher: of two units, and several times. No unit in the target: the
    scorer must not do the work.
    """
    big, small, factor = rng.choice(_UNITS if level > 1 else _UNITS[:3])
    name, n = rng.choice(PROJECTS), rng.randint(2, 30) if level == 1 else rng.randint(3, 19)
    if level == 1:
        return _number(
            f"The job {name} runs for {n} {big}. How many {small} is that?",
            n * factor,
            name=name,
            n=n,
            small=small,
        )
    rest = rng.randint(2, factor - 1)
    if level == 2:
        text = f"The job {name} runs for {n} {big} and {rest} {small}. How many {small} is that?"
        return _number(text, n * factor + rest, name=name, n=[n, rest], small=small)
    times = rng.randint(3, 9)
    text = (
        f"The job {name} runs {times} times, each time for {n} {big} and {rest} {small}. How many {small} is"
        " that together?"
    )
    return _number(text, times * (n * factor + rest), name=name, n=[n, rest, times], small=small)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def time_of_day(rng: Random, level: int) -> Draw:
    """When something ends; higher: past the hour with a pause, and in another time zone."""
    name, hour = rng.choice(PROJECTS), rng.randint(8, 19)
    if level == 1:
        start, takes = rng.choice([0, 5, 10, 15, 20]), rng.choice([5, 10, 15, 20, 25, 30])
        text = f"{name} starts at {_clock(hour * 60 + start)} and takes {takes} minutes. When does it end?"
        answer, slots = hour * 60 + start + takes, [hour, start, takes]
    else:
        start, takes, pause = rng.randint(20, 55), rng.randint(41, 75), rng.randint(5, 40)
        text = (
            f"{name} starts at {_clock(hour * 60 + start)}, runs for {takes} minutes, pauses for {pause}"
            f" minutes and runs for {takes} more."
        )
        answer, slots = hour * 60 + start + 2 * takes + pause, [hour, start, takes, pause]
        if level == 3:
            ahead, region = rng.choice([-6, -5, 3, 5, 8]), rng.choice(REGIONS)
            text += (
                f" The clocks of {region} are {abs(ahead)} hours {'ahead' if ahead > 0 else 'behind'}. What"
                " time is it there when it ends?"
            )
            answer, slots = answer + 60 * ahead, [*slots, ahead]
        else:
            text += " When does it end?"
    right = _clock(answer)
    return Draw(
        f"{text} Reply as HH:MM only.",
        {"answer": right},
        right,
        "exact",
        slots={"name": name, "n": slots},
        max_tokens=24,
    )


def percent(rng: Random, level: int) -> Draw:
    """A share in percent; higher: of what is left, and two steps that multiply."""
    name = rng.choice(SERVICES)
    if level == 1:
        total = rng.choice([10, 20, 25, 50])
        part = rng.randint(1, total - 1)
        text = f"{part} of {total} requests to {name} failed. How many percent is that?"
        return _number(text, part * 100 // total, "%", name=name, n=[part, total])
    total, first = (
        rng.choice([200, 300, 400, 500, 600, 700, 800, 900, 1000]),
        rng.choice([10, 20, 25, 30, 40, 50, 60]),
    )
    left = total * (100 - first) // 100
    second = rng.choice([p for p in (5, 10, 20, 30, 50, 60, 80) if left * p % 100 == 0])
    text = (
        f"{name} got {total} requests. {first}% were answered from the cache. Of the others {second}% failed."
    )
    if level == 2:
        return _number(
            f"{text} How many requests failed?", left * second // 100, name=name, n=[total, first, second]
        )
    again = rng.choice([p for p in (0, 25, 50, 75, 100) if left * second // 100 * p % 100 == 0])
    text += f" A retry saved {again}% of the failed ones."
    right = total - left * second // 100 * (100 - again) // 100
    return _number(
        f"{text} How many requests were answered in the end?",
        right,
        name=name,
        n=[total, first, second, again],
    )


def days_until(rng: Random, level: int) -> Draw:
    """When a disk is full at a steady pace; higher: from a reserve on, and with a clean-up."""
    store, days, daily = rng.choice(STORES), rng.randint(2, 19), rng.randint(2, 9)
    if level == 1:
        text = (
            f"{store} has {days * daily} GB free and grows by {daily} GB a day. In how many days is it full?"
        )
        return _number(text, days, "d", store=store, n=[days, daily])
    reserve, more = rng.choice([20, 30, 50]), rng.randint(2, 9) if level == 3 else 0
    # What a clean-up frees is less than what is used.
    size = rng.choice([gb for gb in (200, 300, 400, 500) if gb > reserve + (days + more) * daily])
    used = size - reserve - days * daily
    text = (
        f"{store} has {size} GB, of which {used} GB are used. It grows by {daily} GB a day. An alarm sounds"
        f" when only {reserve} GB are free."
    )
    if level == 2:
        return _number(
            f"{text} In how many days does it sound?", days, "d", store=store, n=[size, used, daily, reserve]
        )
    text += f" A clean-up today frees {more * daily} GB first."
    return _number(
        f"{text} In how many days does it sound?",
        days + more,
        "d",
        store=store,
        n=[size, used, daily, reserve, more],
    )


def shares(rng: Random, level: int) -> Draw:
    """Who gets how many, when work is dealt out; higher: in parts of unequal weight."""
    people, what = rng.sample(PEOPLE, {1: 2, 2: 3, 3: 3}[level]), rng.choice(PRODUCTS)
    each = rng.randint(3, 19)
    if level == 1:
        more = rng.randint(2, 19)
        text = (
            f"{people[0]} has {each} tickets about the {what}. {people[1]} has {more} more than {people[0]}."
            f" How many has {people[1]}?"
        )
        return _number(text, each + more, people=people, what=what, n=[each, more])
    weights = [1, 2, rng.choice([3, 4])]
    text = (
        f"{each * sum(weights)} tickets about the {what} are dealt out. For each one of {people[0]},"
        f" {people[1]} gets 2 and {people[2]} gets {weights[2]}."
    )
    who = rng.choice([1, 2])
    if level == 2:
        return _number(
            f"{text} How many does {people[who]} get?",
            each * weights[who],
            people=people,
            n=[each, weights[2], who],
        )
    gone = rng.randint(1, each)
    text += (
        f" Then {people[who]} hands {gone} of them on to {people[0]}. How many has {people[0]} in the end?"
    )
    return _number(text, each + gone, people=people, n=[each, weights[2], who, gone])


FAMILIES = [
    Family("queue_left", queue_left),
    Family("batch_time", batch_time),
    Family("capacity", capacity, hidden=True),
    Family("budget_left", budget_left, hidden=True),
    Family("unit_change", unit_change),
    Family("compare_load", compare_load),
    Family("time_of_day", time_of_day, hidden=True),
    Family("percent", percent),
    Family("sort_by", sort_by),
    Family("days_until", days_until),
    Family("shares", shares),
    Family("cascade_set", cascade_set, hidden=True),
    Family("cascade_size", cascade_size),
    Family("root_cause", root_cause),
    Family("survives", survives, hidden=True),
]
