"""orchestration: what to do next, in which order, with which tool, and what a failing step means for the rest
of a plan.
"""

from random import Random
from typing import Any

from autodidact.benchmark.item_family import Draw, Family
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, shuffled, table
from autodidact.benchmark.suite.made_up.vocabulary import MODULES, PEOPLE, PROJECTS, TEAMS, VERBS
from autodidact.benchmark.suite.orchestration_plans import (
    ONLY,
    blocked_steps,
    dependency_order,
    duration,
    first_tool,
    next_step,
    ready_now,
    steps_named,
    tool_sequence,
    undo_order,
)

_WORDS = table("orchestration")
_ERRORS, _ACTIONS = _WORDS["errors"], _WORDS["actions"]


def after_failure(rng: Random, level: int) -> Draw:
    """A tool returned an error; a policy says what follows. Higher: attempts run out, and optional steps are
    skipped.
    """
    n = {1: 3, 2: 4, 3: 5}[level]
    errors, actions, step = rng.sample(list(_ERRORS), n), rng.sample(_ACTIONS, n + 1), steps_named(rng, 1)[0]
    error = rng.choice(errors)
    last = actions.pop()
    policy = dict(zip(errors, actions, strict=True))
    code = rng.randint(2, 90)
    reply = error if level == 1 else _ERRORS[error].format(n=code)
    text = f"{step} of {rng.choice(PROJECTS)} returned: {reply}."
    answer, rules, limit, attempt, optional = (
        policy[error],
        [f"{e}: {a}" for e, a in policy.items()],
        0,
        0,
        False,
    )
    if level >= 2:
        limit, attempt = rng.randint(2, 4), rng.randint(1, 5)
        which = "required steps, " * (level == 3)  # of two rules that fit a step none would come first
        rules.append(f"{which}after {limit} attempts: {last}, whatever the error")
        text += f" This was attempt {attempt}."
        answer = last if attempt >= limit else answer
    if level == 3:
        optional = rng.random() < 0.3
        spare = rng.choice([a for a in _ACTIONS if a not in (*actions, last)])
        rules.append(f"steps marked optional: {spare}, whatever the error and the attempt")
        text += f" The step is {'optional' if optional else 'required'}."
        answer = spare if optional else answer
        actions = [*actions, spare]
    labels = actions if level == 1 else [*actions, last]
    user = (
        f"Policy:\n{bullets(shuffled(rng, rules))}\n\n{text}\nWhat should be done? Reply with the action"
        " only."
    )
    return choose(user, labels, answer, policy=sorted(rules), text=text)


def delegate(rng: Random, level: int) -> Draw:
    """Which agent takes a step, by what each can do; higher: who is busy, and that nobody reviews their own
    work.
    """
    n = {1: 3, 2: 4, 3: 5}[level]
    agents, skills = rng.sample(PEOPLE, n), rng.sample(VERBS, n)
    can = {a: {s} for a, s in zip(agents, skills, strict=True)}
    wanted = rng.choice(skills)
    if level >= 2:
        # Two more can do it, so that the other conditions decide.
        for other in rng.sample([a for a in agents if wanted not in can[a]], level):
            can[other].add(wanted)
    able = shuffled(rng, [a for a in agents if wanted in can[a]])
    answer, busy, author = able[0], able[1:2], able[2:3]
    lines = [f"{a} can {' and '.join(sorted(can[a]))}" for a in shuffled(rng, agents)]
    notes = [f"{a} is busy until tomorrow." for a in busy]
    if level == 3:
        notes.append(f"{author[0]} did the step before, and nobody may do two steps in a row.")
        busy += able[3:]
    elif level == 2:
        notes += [f"{a} is on holiday." for a in author]
    notes = shuffled(rng, notes)
    noun = rng.choice(MODULES)
    user = (
        f"Agents:\n{bullets(lines)}\n{' '.join(notes)}\nThe next step is {wanted}_{noun}. Who takes it? Reply"
        " with the name only.".replace("\n\n", "\n")
    )
    return choose(
        user,
        agents,
        answer,
        can={a: sorted(s) for a, s in can.items()},
        step=f"{wanted}_{noun}",
        notes=sorted(notes),
    )


def goal_check(rng: Random, level: int) -> Draw:
    """Is the goal reached, is there more to do, or does the plan have to change?"""
    answer = rng.choice(["done", "continue", "replan"])
    steps = steps_named(rng, {1: 3, 2: 4, 3: 6}[level])
    state = dict.fromkeys(steps, "finished")
    if answer != "done":
        for s in rng.sample(steps, rng.randint(1, len(steps) - 1)):
            state[s] = rng.choice(["waiting", "running"])
    rules = "done: every step is finished. replan: a step failed. continue: otherwise."
    if answer == "replan":
        state[rng.choice(steps)] = "failed"
    if level >= 2:
        rules = (
            "done: every step is finished or skipped. replan: a required step failed. continue: otherwise."
        )
        if answer == "done" or rng.random() < 0.5:
            state[rng.choice([s for s in steps if state[s] == "finished"] or steps[:1])] = (
                "skipped" if answer != "replan" else "finished"
            )
    required = dict.fromkeys(steps, True)
    if level == 3:
        # A failed optional step changes nothing.
        rules = (
            "done: no step waits or runs, and no required step failed. replan: a required step failed."
            " continue: otherwise."
        )
        free = rng.sample(steps, 2)
        for s in free:
            if state[s] != "failed":
                required[s] = False
                state[s] = "failed" if state[s] in ("finished", "skipped") else state[s]
    lines = [
        f"{s}{'' if level < 3 else ' (required)' if required[s] else ' (optional)'}: {state[s]}"
        for s in steps
    ]
    answer = (
        "replan"
        if any(state[s] == "failed" and required[s] for s in steps)
        else "continue"
        if any(state[s] in ("waiting", "running") for s in steps)
        else "done"
    )
    user = (
        f"{rules}\n\nGoal: {rng.choice(PROJECTS)} is ready for {rng.choice(TEAMS)}.\n{bullets(lines)}\nReply"
        " with done, replan or continue."
    )
    return choose(user, ["done", "replan", "continue"], answer, lines=sorted(lines))


def missing_input(rng: Random, level: int) -> Draw:
    """Which of a step's inputs is not there yet."""
    steps = steps_named(rng, {1: 1, 2: 3, 3: 4}[level])
    nouns = rng.sample(MODULES, 9)
    kinds = _WORDS["input_kinds"]
    needs = [f"{noun}_{rng.choice(kinds)}" for noun in nouns[: 2 + level]]
    gap = rng.choice(needs)
    known = [x for x in needs if x != gap] + [f"{noun}_{rng.choice(kinds)}" for noun in nouns[5 : 5 + level]]
    text = f"{steps[0]} needs {', '.join(shuffled(rng, needs))}."
    spare = shuffled(rng, known)
    if level >= 2:
        # Some of what is known comes out of earlier steps.
        made = [x for x in known if x in needs][: level - 1]
        spare = [x for x in spare if x not in made]
        text += " " + " ".join(f"{s} has run and gave {x}." for s, x in zip(steps[1:], made, strict=False))
    user = f"{text}\nGiven: {', '.join(spare)}.\nWhich input of {steps[0]} is missing? {ONLY}"
    return choose(user, needs, gap, known=sorted(known), step=steps[0])


def attempts_left(rng: Random, level: int) -> Draw:
    """Counting attempts, then the pause before the next one, then all pauses together."""
    step = steps_named(rng, 1)[0]
    project = rng.choice(PROJECTS)
    slots: dict[str, Any]
    if level == 1:
        used, left = rng.randint(1, 9), rng.randint(1, 20)
        text = (
            f"{step} of {project} may be tried {used + left} times. It was tried {used} times. How many tries"
            " are left?"
        )
        answer, slots = left, {"limit": used + left, "used": used}
    else:
        pause, factor, tries = rng.randint(2, 9), rng.choice([2, 3]), rng.randint(3, 5)
        cap = rng.choice([20, 30, 45, 60]) if level == 3 else 10**6
        pauses = [min(cap, pause * factor**i) for i in range(tries - 1)]
        text = (
            f"{step} of {project} is retried. The first pause is {pause} s, each next one {factor} times as"
            " long"
        )
        if level == 2:
            text += f". How many seconds is the pause before try {tries}?"
            answer = pauses[-1]
        else:
            text += (
                f", but none longer than {cap} s. How many seconds are all pauses before try {tries}"
                " together?"
            )
            answer = sum(pauses)
        slots = {"pause": pause, "factor": factor, "tries": tries, "cap": cap}
    slots |= {"step": step, "project": project}
    return Draw(
        f"{text} Reply with the number only.",
        {"answer": answer, "unit": None if level == 1 else "s"},
        str(answer),
        "number",
        slots=slots,
        max_tokens=24,
    )


def interrupt(rng: Random, level: int) -> Draw:
    """Which task to work on when another one comes in, by a rule on priority, deadline and what is half
    done."""
    n = {1: 3, 2: 4, 3: 5}[level]
    tasks = steps_named(rng, n)
    ranks = rng.sample(range(1, 10), n) if level == 1 else [rng.randint(1, 3) for _ in tasks]
    due = rng.sample(range(1, 48), n)
    left = rng.sample(range(2, 50), n)
    rule = "Work on the task with the highest priority; 9 is the highest."
    keys: list[tuple[int, ...]] = [(-rank,) for rank in ranks]
    lines = [f"{t}: priority {r}" for t, r in zip(tasks, ranks, strict=True)]
    current = rng.choice(tasks)
    if level >= 2:
        rule = (
            "Work on the task with the highest priority; 3 is the highest. Among equals: the earliest"
            " deadline."
        )
        lines = [f"{line}, due in {d} h" for line, d in zip(lines, due, strict=True)]
        keys = [(-rank, hours) for rank, hours in zip(ranks, due, strict=True)]
    if level == 3:
        rule += " A task that is running and needs at most 5 more minutes is finished first."
        lines = [f"{line}, {m} min of work left" for line, m in zip(lines, left, strict=True)]
        left[tasks.index(current)] = rng.choice([3, 4, 8, 12, 25])
        lines[tasks.index(current)] = (
            lines[tasks.index(current)].rsplit(", ", 1)[0]
            + f", {left[tasks.index(current)]} min of work left"
        )
    answer = tasks[keys.index(min(keys))]
    if level == 3 and left[tasks.index(current)] <= 5:
        answer = current
    new = rng.choice([t for t in tasks if t != current])
    user = (
        f"{rule}\n{bullets(lines)}\n{current} is running; {new} just came in. What do you work on now? {ONLY}"
    )
    return choose(user, tasks, answer, lines=sorted(lines), current=current)


def substitute(rng: Random, level: int) -> Draw:
    """A tool is down: which one takes its place, by a table; higher: the stand-in is down too, or must be
    able to write.
    """
    n = {1: 3, 2: 4, 3: 5}[level]
    tools = steps_named(rng, 2 * n)
    ring = tools[:n]
    spare = dict(zip(ring, tools[n:], strict=True))
    down = rng.choice(ring)
    lines = [f"{a}: use {b}" for a, b in spare.items()]
    gone, answer = [down], spare[down]
    if level >= 2:
        # Stand-ins have stand-ins.
        second = _steps_apart(rng, tools, 2)
        lines += [
            f"{answer}: use {second[0]}",
            f"{rng.choice([s for s in tools[n:] if s != answer])}: use {second[1]}",
        ]
        if rng.random() < 0.6:
            gone.append(answer)
            answer = second[0]
        tools += second
    if level == 3:
        third = _steps_apart(rng, tools, 1)
        lines.append(f"{second[0]}: use {third[0]}")
        if len(gone) == 2 and rng.random() < 0.5:
            gone.append(answer)
            answer = third[0]
        tools += third
    candidates = [t for t in tools if t not in ring]
    state = f"The plan needs {down}. Down: {', '.join(gone)}."
    user = f"If a tool is down:\n{bullets(shuffled(rng, lines))}\n{state}\nWhich tool do you use? {ONLY}"
    return choose(user, candidates, answer, lines=sorted(lines), gone=gone)


def _steps_apart(rng: Random, used: list[str], n: int) -> list[str]:
    """`n` new step names that share no verb and no noun with `used`."""
    verbs = [v for v in VERBS if not any(t.startswith(f"{v}_") for t in used)]
    nouns = [m for m in MODULES if not any(t.endswith(f"_{m}") for t in used)]
    return [f"{v}_{m}" for v, m in zip(rng.sample(verbs, n), rng.sample(nouns, n), strict=True)]


FAMILIES = [
    Family("next_step", next_step),
    Family("dependency_order", dependency_order),
    Family("blocked_steps", blocked_steps, hidden=True),
    Family("after_failure", after_failure),
    Family("first_tool", first_tool),
    Family("tool_sequence", tool_sequence, hidden=True),
    Family("ready_now", ready_now),
    Family("duration", duration),
    Family("delegate", delegate, hidden=True),
    Family("goal_check", goal_check),
    Family("missing_input", missing_input),
    Family("attempts_left", attempts_left),
    Family("interrupt", interrupt, hidden=True),
    Family("undo_order", undo_order),
    Family("substitute", substitute, hidden=True),
]
