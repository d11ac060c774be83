"""The families of code_review that hold a change against a rule: settings, queries, calls, house rules,
renames, when to merge.
"""

from random import Random

from autodidact.benchmark.item_family import Draw
from autodidact.benchmark.suite.item_building_blocks import bullets, choose, numbered, shuffled, table
from autodidact.benchmark.suite.made_up.code_snippets import fill
from autodidact.benchmark.suite.made_up.vocabulary import FUNCTIONS, MODULES, PEOPLE, VARIABLES

_WORDS = table("code_review")

NUMBER = "Reply with its number only."


def _settings(rng: Random, n: int) -> dict[str, int]:
    names = [f"{part}_{suffix}" for part in MODULES[:20] for suffix in _WORDS["setting_suffixes"]]
    return {name: rng.randint(2, 400) for name in rng.sample(names, n)}


def what_changed(rng: Random, level: int) -> Draw:
    """Reading a diff of settings: which one changed, what it is now or was before, which one did not merely
    move.
    """
    values = _settings(rng, {1: 3, 2: 4, 3: 5}[level])
    names = list(values)
    new = {name: value + rng.choice([-1, 1, 5, 10, 100]) for name, value in values.items()}
    if level == 1:
        one = rng.choice(names)
        rows = [f"-{k} = {v}\n+{k} = {new[k]}" if k == one else f" {k} = {v}" for k, v in values.items()]
        user = "\n".join(rows) + "\n\nWhich setting changes? Reply with its name only."
        return choose(user, names, one, rows=sorted(rows))
    if level == 2:
        changed = rng.sample(names, 2)
        one = rng.choice(changed)
        rows = [f"-{k} = {v}\n+{k} = {new[k]}" if k in changed else f" {k} = {v}" for k, v in values.items()]
        after = rng.random() < 0.5
        answer, other = (new[one], values[one]) if after else (values[one], new[one])
        user = (
            "\n".join(rows)
            + f"\n\nWhat is {one} {'after' if after else 'before'} the change? Reply with the value only."
        )
        return Draw(
            user,
            {"answer": answer},
            str(answer),
            "number",
            slots={"rows": sorted(rows), "one": one, "not": other},
            max_tokens=16,
        )
    one = rng.choice(names)
    removed = [f"-{k} = {v}" for k, v in shuffled(rng, list(values.items()))]
    back = [f"+{k} = {new[k] if k == one else values[k]}" for k in shuffled(rng, names)]
    user = "--- a/app.conf\n" + "\n".join(removed) + "\n+++ b/base.conf\n" + "\n".join(back)
    user += (
        "\n\nAll settings move to another file. Which one also gets another value? Reply with its name only."
    )
    return choose(user, names, one, rows=sorted([*removed, *back]))


def unsafe_query(rng: Random, level: int) -> Draw:
    """Which line lets text from outside become part of a query or command. Level 3: among lines that only
    look like it.
    """
    n = {1: 3, 2: 4, 3: 6}[level]
    value = rng.choice(_WORDS["inputs"])
    bad = rng.choice(_WORDS["unsafe"][: 2 if level == 1 else None])
    forms = rng.sample(_WORDS["safe"], n - 1 if level < 3 else 2)
    if level == 3:
        forms += rng.sample(_WORDS["decoys"], n - 3)
    lines = [fill(rng, form.replace("{v}", value))[0] for form in forms]
    place = rng.randint(1, n)
    lines.insert(place - 1, fill(rng, bad.replace("{v}", value))[0])
    lead = f"{value} comes from the user."
    user = (
        f"{lead}\n{numbered(lines)}\n\nIn which line does {value} become part of the command itself? {NUMBER}"
    )
    return choose(user, [str(i) for i in range(1, n + 1)], str(place), lines=lines)


def call_order(rng: Random, level: int) -> Draw:
    """Which call has its arguments in the wrong order. Level 3: keywords make some orders right."""
    n, count = {1: (3, 2), 2: (4, 3), 3: (5, 4)}[level]
    f, names = rng.choice(FUNCTIONS), rng.sample(VARIABLES, count)
    place = rng.randint(1, n)
    owners = rng.sample(_WORDS["owners"], n)
    calls = []
    for i, owner in enumerate(owners, 1):
        arguments = [f"{owner}.{name}" for name in names]
        if i == place:
            a, b = rng.sample(range(count), 2)
            arguments[a], arguments[b] = arguments[b], arguments[a]
        elif level == 3 and rng.random() < 0.4:
            arguments = shuffled(rng, [f"{name}={owner}.{name}" for name in names])
        calls.append(f"{f}({', '.join(arguments)})")
    user = (
        f"def {f}({', '.join(names)}): ...\n\n{numbered(calls)}\n\nWhich call has its arguments in the wrong"
        f" order? {NUMBER}"
    )
    return choose(user, [str(i) for i in range(1, n + 1)], str(place), f=f, calls=calls)


def broken_rule(rng: Random, level: int) -> Draw:
    """Which of the team's rules the change breaks."""
    n = {1: 3, 2: 4, 3: 7}[level]
    rules = rng.sample(_WORDS["house_rules"], n)
    wrong = rng.choice(rules)
    lines = [fill(rng, rule["breaks" if rule == wrong else "keeps"])[0] for rule in shuffled(rng, rules)]
    names = [rule["rule"] for rule in rules]
    codes = [f"R{i}" for i in range(1, n + 1)]
    listed = "\n".join(f"{code}: {name}" for code, name in zip(codes, names, strict=True))
    diff = "\n".join(f"+{line}" for line in lines)
    user = (
        f"Rules:\n{listed}\n\n{diff}\n\nWhich rule does the change break? Reply with R and its number only."
    )
    return choose(user, codes, codes[rules.index(wrong)], rules=names, lines=lines)


def rule_breakers(rng: Random, level: int) -> Draw:
    """All lines that break one of the rules: none, one or several."""
    rules = rng.sample(_WORDS["house_rules"], {1: 1, 2: 2, 3: 4}[level])
    n = {1: 4, 2: 6, 3: 8}[level]
    lines, wrong = [], []
    for i in range(1, n + 1):
        bad = rng.random() < 0.5
        lines.append(fill(rng, rng.choice(rules)["breaks" if bad else "keeps"])[0])
        wrong += [str(i)] if bad else []
    names = [rule["rule"] for rule in rules]
    user = f"Rule{'s' * (level > 1)}: {'; '.join(names)}.\n{numbered(lines)}\n\n"
    user += "Which lines break a rule? Reply with their numbers, separated by commas, or with none."
    target = {"items": wrong, "universe": [str(i) for i in range(1, n + 1)]}
    return Draw(
        user,
        target,
        ", ".join(wrong) or "none",
        "set",
        slots={"rules": sorted(names), "lines": lines},
        max_tokens=32,
    )


def left_over_name(rng: Random, level: int) -> Draw:
    """After a rename one line still has the old name. Higher: longer names that contain it, and texts that
    may keep it.
    """
    old, new, *rest = rng.sample(FUNCTIONS, 4)
    n = {1: 4, 2: 6, 3: 8}[level]
    forms = _WORDS["uses"]
    lines = []
    for form in rng.sample(forms, n):
        name = new if rng.random() < 0.7 else rng.choice(rest)
        if level >= 2 and rng.random() < 0.3:
            name = rng.choice([f"{old}s", f"{old}_again", f"try_{old}"])
        lines.append(fill(rng, form.replace("{g}", name))[0])
    place = rng.randint(1, n)
    lines[place - 1] = fill(rng, rng.choice(forms).replace("{g}", old))[0]
    text = f"{old} was renamed to {new}."
    if level == 3:
        other = rng.choice([i for i in range(n) if i != place - 1])
        lines[other] = fill(rng, f"log.info('{old} is done, {{x}} {{n}}')")[0]
        text += " Texts in quotes may keep the old name."
    user = f"{text}\n{numbered(lines)}\n\nWhich line still has to be changed? {NUMBER}"
    return choose(user, [str(i) for i in range(1, n + 1)], str(place), old=old, new=new, lines=lines)


def merge_decision(rng: Random, level: int) -> Draw:
    """Block, comment or approve, by the team's rule on findings; higher: on tests and on who has looked at
    it.
    """
    answer = rng.choice(["block", "comment", "approve"])
    minor = (
        [f"a typo in {m}" for m in MODULES]
        + [f"an unclear name, {v}" for v in VARIABLES]
        + [f"a long line in {m}" for m in MODULES]
    )
    major = (
        [f"a crash in {f}" for f in FUNCTIONS]
        + [f"data loss in {f}" for f in FUNCTIONS]
        + [f"a leaked key in {m}" for m in MODULES]
    )
    rule = "block: any major finding. comment: only minor findings. approve: no finding."
    findings = [f"minor: {x}" for x in rng.sample(minor, {1: 1, 2: 2, 3: 3}[level])]
    tests, looked, reason = (
        "pass",
        True,
        "major" if level == 1 else rng.choice(["major", "tests", "looked"][:level]),
    )
    if answer == "approve":
        findings = []
    if answer == "block" and reason == "major":
        findings = shuffled(rng, [*findings, f"major: {rng.choice(major)}"])
    elif answer == "block":
        tests, looked = ("fail", True) if reason == "tests" else ("pass", False)
        findings = findings if rng.random() < 0.5 else []
    state = ""
    if level >= 2:
        rule = "block: a major finding, or failing tests. comment: only minor findings. approve: no finding."
        state = f"Tests: {tests}.\n"
    if level == 3:
        rule = (
            "block: a major finding, failing tests, or the owner has not looked. comment: otherwise, if"
            " anything was found. approve: otherwise."
        )
        owner, other = rng.sample(PEOPLE, 2)
        state += (
            f"Owner: {owner}. Looked at by:"
            f" {', '.join(shuffled(rng, [other, owner])) if looked else other}.\n"
        )
    author = rng.choice(PEOPLE)
    user = (
        f"Rule: {rule}\nChange to {rng.choice(FUNCTIONS)} by"
        f" {author}.\n{state}Findings:\n{bullets(findings or ['none'])}\n"
    )
    user += "What do you do? Reply with block, comment or approve."
    return choose(user, ["block", "comment", "approve"], answer, text=user)
