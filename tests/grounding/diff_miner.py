"""Whether what `diff_miner` says is so: by git's own commands and by comparing lines, without the generator's
reader.

Each shown hunk must be the commit's (both sides equal to the files that `git show` prints), counts those of
`git show --numstat`, files those of `--name-status`, the message the commit's, a signature's verdict what
libcst reads, and a planted bug the only difference between the shown code and the real one, on the line that
the review names, with the quoted code on it.
"""

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import libcst

GIT = [
    "git",
    "--no-pager",
    "--no-replace-objects",
    "-c",
    "core.quotePath=false",
    "-c",
    "diff.renameLimit=400",
]
VERDICTS = ("I see nothing wrong in these lines.", "I see nothing that is wrong in these lines.")
NOT_CODE = {"is", "/", "sort", "f", "self.", "return", "await", "break", "except Exception"}


class Wrong(Exception):
    """What does not follow from the source."""


def check(row: dict, snapshot) -> str | None:
    """None when every fact of the answer follows from the commit, else the reason."""
    source, user, answer = row["source"], row["messages"][-2]["content"], row["messages"][-1]["content"]
    commit = _Commit(Path(snapshot.repository.path), source["commit"])
    try:
        CHECKS[source["ask"]](commit, source, user, answer)
    except Wrong as wrong:
        return str(wrong)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        return f"not of a known form: {type(error).__name__}: {error}"
    return None


@lru_cache(4096)
def _git(repository: Path, *arguments: str) -> str | None:
    done = subprocess.run(
        [*GIT, "-C", str(repository), *arguments], capture_output=True, check=False, timeout=60
    )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


class _Commit:
    def __init__(self, repository: Path, sha: str):
        self.repository, self.sha = repository, sha

    def lines(self, path: str, before: bool = False) -> list[str]:
        """A file's lines after the commit, or before it; none where there is no such file."""
        text = _git(self.repository, "show", f"{self.sha}{'^' if before else ''}:{path}")
        return [] if text is None else text.removesuffix("\n").split("\n")

    def _show(self, *options: str) -> str:
        return (
            _git(self.repository, "show", "-M", "-l400", "--no-ext-diff", "--no-textconv", *options, self.sha)
            or ""
        )

    def counts(self) -> dict[str, tuple[str, str]]:
        parts, found = self._show("--numstat", "--format=", "-z").strip("\n").split("\0"), {}
        while len(parts) > 1:
            added, removed, path = parts.pop(0).split("\t")
            if not path:  # a rename: the old and the new path follow
                parts.pop(0)
                path = parts.pop(0)
            found[path] = (added, removed)
        return found

    def renames(self) -> set[tuple[str, str]]:
        found, parts = set(), self._show("--name-status", "--format=", "-z").strip("\n").split("\0")
        while len(parts) > 1:
            status, path = parts.pop(0), parts.pop(0)
            if status[0] in "RC":
                found.add((path, parts.pop(0)))
        return found

    def message(self) -> str:
        return _words(re.sub(r"\s\(#\d+\)(?=\n|$)", "", self._show("--no-patch", "--format=%s%n%b"), count=1))

    def patch(self, sign: str) -> str:
        return "\n".join(line[1:] for line in self._show("-p", "--format=").split("\n") if line[:1] == sign)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text).lower().split())


def _blocks(text: str) -> list[str]:
    return [match[2] for match in re.finditer(r"^(`{3,})\w*\n(.*?)\n\1$", text, re.MULTILINE | re.DOTALL)]


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Wrong(reason)


def _hunks(diff: str) -> list[tuple[str, str, int, int, list[str]]]:
    """(old path, new path, first old line, first new line, lines) of each hunk, by the counts in its
    header."""
    lines, found, old, new, at = diff.split("\n"), [], "", "", 0
    while at < len(lines):
        if lines[at].startswith("rename "):
            at += 1
        elif lines[at].startswith("--- "):
            old, new, at = lines[at][4:].removeprefix("a/"), lines[at + 1][4:].removeprefix("b/"), at + 2
        else:
            a, b, c, d = re.match(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", lines[at]).groups()
            left, right, body = int(b or 1), int(d or 1), []
            at += 1
            while left or right:
                body.append(lines[at])
                left -= lines[at][0] in " -"
                right -= lines[at][0] in " +"
                _need(left >= 0 and right >= 0, "the counts of a hunk do not fit its lines")
                at += 1
            found.append((old, new, int(a), int(c), body))
    return found


def _side(body: list[str], sign: str) -> list[str]:
    return [line[1:] for line in body if line[0] in f" {sign}"]


def _real(commit: _Commit, diff: str, *, new: bool = True) -> None:
    """Every hunk is the commit's, on both sides (or on the old one alone)."""
    for old, path, a, c, body in _hunks(diff):
        before, after = _side(body, "-"), _side(body, "+")
        _need(
            old == "/dev/null"
            or commit.lines(old, before=True)[a - 1 : a - 1 + len(before)] == before
            or not before,
            f"not the old lines of {old}",
        )
        _need(
            not new or not after or commit.lines(path)[c - 1 : c - 1 + len(after)] == after,
            f"not the new lines of {path}",
        )


def _says(commit: _Commit, text: str) -> None:
    _need(bool(_words(text)) and _words(text) in commit.message(), f"not in the commit's message: {text!r}")


def _changes(commit: _Commit, text: str) -> str:
    """Checks the sentences about files and names; returns what stands before them."""
    counts, added, removed = commit.counts(), commit.patch("+"), commit.patch("-")
    said = re.search(
        r"(?: It changes ((?:`[^`]+` \(\+\d+ -\d+\)(?:, | and )?)+)\.)?(?: It renames (`.+?`)\.)?(?: New:"
        r" ([^.]+)\.)?(?: Gone: ([^.]+)\.)?$",
        text,
    )
    _need(bool(said[1] or said[2]), "no file is named")
    for path, plus, minus in re.findall(r"`([^`]+)` \(\+(\d+) -(\d+)\)", said[1] or ""):
        _need(counts.get(path) == (plus, minus), f"{path} is not changed by +{plus} -{minus}")
    for pair in re.findall(r"`([^`]+)` to `([^`]+)`", said[2] or ""):
        _need(pair in commit.renames(), f"{pair[0]} is not renamed to {pair[1]}")
    for names, there, not_there in ((said[3], added, removed), (said[4], removed, added)):
        for name in re.findall(r"`(\w+)`", names or ""):
            defined = re.compile(rf"^\s*(async )?(def|class) {name}\b", re.MULTILINE)
            _need(
                bool(defined.search(there)) and not defined.search(not_there), f"{name} is not (only) there"
            )
    return text[: said.start()]


def _diff_of(commit: _Commit, user: str) -> str:
    (diff,) = _blocks(user)
    _real(commit, diff)
    for pair in re.findall(r"^rename from (.+)\nrename to (.+)$", diff, re.MULTILINE):
        _need(pair in commit.renames(), f"{pair[0]} is not renamed to {pair[1]}")
    paths = {path if path != "/dev/null" else old for old, path, *_ in _hunks(diff)} | set(
        re.findall(r"^rename to (.+)$", diff, re.MULTILINE)
    )
    _need(paths <= set(commit.counts()), "a file that the commit does not change")
    more = re.search(r"\((\d+) more files? of the commit not shown\.\)$", user)
    _need(
        len(paths) + int(more[1] if more else 0) == len(commit.counts()), "not every file is shown or counted"
    )
    return diff


def _open_book(commit: _Commit, source: dict, user: str, answer: str) -> None:
    """Numbered lines of the file after the commit, one of them maybe with the bug that is said; the answer is
    found in them again.
    """
    kind, *about = source["open_book"]
    rows = {
        int(number): (sign, text)
        for number, sign, text in re.findall(r"(?m)^(\d+)(?: ([+ ])(?: (.*))?)?$", user)
    }
    lines, added, bug = (
        commit.lines(source["path"]),
        set(commit.patch("+").split("\n")),
        source.get("defect", {}),
    )
    wrong = [n for n, (_, text) in rows.items() if text != lines[n - 1].rstrip()]
    _need(len(rows) > 2 and wrong == ([bug["line"]] if bug else []), f"not the lines of the file: {wrong}")
    _need(
        all(lines[n - 1] in added or n in wrong for n, (sign, _) in rows.items() if sign == "+"),
        "a line that the commit did not write",
    )
    if kind == "wrong":
        good = re.findall(r"`(.+?)`", user)
        _need(
            answer == str(bug["line"]) and any(part in lines[bug["line"] - 1] for part in good),
            "not the line with the bug",
        )
    elif kind == "kind":
        _need(answer == bug["kind"] and answer in user, "another kind of bug")
    elif kind == "has":
        _need(
            [str(n) for n, (_, text) in rows.items() if about[0] in text] == [answer]
            and f"`{about[0]}`" in user,
            "it stands elsewhere",
        )
    elif kind == "state":
        _need(answer == ("new" if rows[about[0]][0] == "+" else "old"), "the line is not so")
    elif kind == "count":
        _need(answer == str(sum(sign == "+" for sign, _ in rows.values())), "a wrong number")
    else:
        found = [
            m[1]
            for sign, text in rows.values()
            if sign == "+" and (m := re.match(r"\s*(?:async )?(?:def|class) (\w+)", text))
        ]
        _need(set(found) == {answer}, "another name is defined")


def _explain(commit: _Commit, source: dict, user: str, answer: str) -> None:
    _diff_of(commit, user)
    why, _, order = _changes(commit, answer).partition(" The change: ")
    _says(commit, why)
    _need(not order or _words(order) in commit.message(), "another change")


def _message(commit: _Commit, source: dict, user: str, answer: str) -> None:
    _diff_of(commit, user)
    _says(commit, answer)


def _edit(commit: _Commit, source: dict, user: str, answer: str) -> None:
    """The old part replaced by the new one is the whole change of the file."""
    (old,), (new,) = _blocks(user), _blocks(answer)
    _replaces(commit, source, old, new)
    order = user.replace(old, "")
    named = (
        {word for word in re.findall(r"\w{4,}", _words(order))}
        - set(
            _words(
                "This is the place in How would you make this change in Change part of What"
                " is wanted from Edit Task Show only the new version File " + source["path"]
            ).split()
        )
        - {"python", "toml", "yaml", "html"}
    )
    _need(
        named <= set(commit.message().split()),
        f"not the commit's words: {sorted(named - set(commit.message().split()))[:4]}",
    )


def _versions(commit: _Commit, source: dict, user: str, answer: str) -> None:
    old, new = _blocks(user)
    _replaces(commit, source, old, new)
    _says(commit, _changes(commit, answer))


def _replaces(commit: _Commit, source: dict, old: str, new: str) -> None:
    path = source["path"]
    before = next((a for a, b in commit.renames() if b == path), path)
    was, now = commit.lines(before, before=True), commit.lines(path)
    first, olds, news = source["lines"][0] - 1, old.split("\n"), new.split("\n")
    _need(now[first : first + len(news)] == news, "the new part is not in the new file")
    _need(
        [*now[:first], *olds, *now[first + len(news) :]] == was,
        "the old part instead of the new one is not the old file",
    )


def _absent(commit: _Commit, source: dict, user: str, answer: str) -> None:
    _diff_of(commit, user)
    other = re.search(r"`([^`]+)`", user.split("\n")[0])[1]
    named = set(re.findall(r"`([^`]+)`", answer))
    _need(
        other not in set(commit.counts()) | {old for old, _ in commit.renames()},
        f"the commit does touch {other}",
    )
    _need(named == set(commit.counts()), "these are not the files of the commit")


def _parameters(head: str) -> dict[str, tuple[str, str, str]]:
    """name -> (default, annotation, star) in order, as libcst reads them."""
    function = libcst.parse_module(f"{head.strip()}\n    pass\n").body[0]
    code, params = libcst.Module([]).code_for_node, function.params
    both = [(p, "") for p in params.params] + [(p, "*") for p in params.kwonly_params]
    return {
        p.name.value: (
            code(p.default) if p.default else "",
            code(p.annotation.annotation) if p.annotation else "",
            star,
        )
        for p, star in both
    }


def _signature(commit: _Commit, source: dict, user: str, answer: str) -> None:
    (diff,) = _blocks(user)
    _real(commit, diff)
    name = re.search(r"`(\w+)`", user.split("\n")[0])[1]
    heads = {
        sign: re.search(rf"^\{sign}(\s*(?:async )?def {name}\(.*)$", diff, re.MULTILINE)[1] for sign in "-+"
    }
    old, new = _parameters(heads["-"]), _parameters(heads["+"])
    gone, added = [n for n in old if n not in new], [n for n in new if n not in old]
    required = [n for n in added if not new[n][0]]
    quoted = re.findall(r"`(\w+)`", answer)
    breaks = bool(gone or required)
    says = {"Yes": not user.startswith("Is this change"), "No": user.startswith("Is this change")}.get(
        answer.partition(":")[0], breaks
    )
    _need(says == breaks, "yes for no, or no for yes")
    if breaks and "gone" in answer and "new" in answer:
        _need(
            quoted == gone + added and re.findall(r"`(\w+)=`", answer) == gone and bool(gone and added),
            "other parameters are gone or new",
        )
    elif breaks and "gone" in answer:
        _need(quoted == gone and bool(gone) and not added, "other parameters are gone")
    elif breaks:
        _need(quoted == required and bool(required) and not gone, "other parameters are required")
    elif "has a default" in answer or "have defaults" in answer:
        positional = [n for n in new if not new[n][2]]
        kept = [n for n in old if not old[n][2]]
        _need(
            quoted == added and bool(added) and not required and not gone and positional[: len(kept)] == kept,
            "callers may break",
        )
    else:
        same = {n: (d, s) for n, (d, _, s) in old.items()} == {
            n: (d, s) for n, (d, _, s) in new.items()
        } and list(old) == list(new)
        _need(same and heads["-"] != heads["+"], "more than annotations changes")


def _review(commit: _Commit, source: dict, user: str, answer: str) -> None:
    (diff,) = _blocks(user)
    _real(commit, diff, new="defect" not in source)
    ((_, path, _, first, body),) = _hunks(diff)
    shown = dict(enumerate(_side(body, "+"), first))
    real = commit.lines(path)
    answer = re.sub(r"^(Yes|No|Not yet)\. ", "", answer)
    if "defect" in source:
        _bug(shown, real, path, first, answer, user)
    else:
        _stands(commit, path, [line[1:] for line in body if line[0] == "+"])
        _clean(commit, real, path, answer)


def _stands(commit: _Commit, path: str, added: list[str]) -> None:
    """What was added is in the newest version of the file, which is three months younger."""
    ages = [int(_git(commit.repository, "show", "-s", "--format=%ct", at)) for at in (commit.sha, "HEAD")]
    _need(ages[1] - ages[0] >= 90 * 24 * 3600, "nothing of it is old enough to be called right")
    now = set((_git(commit.repository, "show", f"HEAD:{path}") or "").split("\n"))
    _need(set(added) <= now, "a line that does not stand any more")


def _clean(commit: _Commit, real: list[str], path: str, answer: str) -> None:
    for number, text in re.findall(r"[Ll]ine (\d+) \(`([^`]+)`\)", answer):
        _need(real[int(number) - 1].strip() == text, f"line {number} is not {text!r}")
    rest = re.sub(r"^I see nothing wrong in line \d+ \(`[^`]+`\)\. ", "", answer)
    rest = re.sub(r" ?I have read lines? \d+( to \d+)? of `[^`]+`, not the code that uses them\.$", "", rest)
    verdict = next(
        (v for v in (*VERDICTS, f"I find no bug in these lines of `{path}`.") if rest.startswith(v)), None
    )
    _need(verdict is not None, "no verdict")
    if rest := rest.removeprefix(verdict).strip():
        _says(commit, rest)


def _bug(shown: dict[int, str], real: list[str], path: str, first: int, answer: str, user: str) -> None:
    aside = re.match(r"Line (\d+) is not the problem\. ", answer)
    answer = re.sub(r"^(Line \d+ is not the problem|It is wrong)\. ", "", answer)
    place, number, named = re.match(r"(Line|Before line|After line) (\d+) of `([^`]+)`: ", answer).groups()
    line = int(number) + (place == "After line")
    _need(named == path, f"{named} is not the file")
    _need(
        not aside or (int(aside[1]) != line and int(aside[1]) in shown),
        "the line asked about is the wrong one",
    )
    if place == "Line":
        differ = [n for n, text in shown.items() if real[n - 1] != text]
        _need(differ == [line], f"the code differs in lines {differ}, not in {line}")
        now, was = shown[line], "\n".join(real[line - 1 : line + 40])
    else:
        after = any(n >= line for n in shown)
        gone = next(
            (
                k
                for k in range(1, 40)
                if all(real[n - 1 + (k if n >= line else 0)] == text for n, text in shown.items())
            ),
            0,
        )
        gone = (
            gone if after else _blocks(answer)[0].count("\n") + 1
        )  # where the hunk ends, only the mending tells how much
        _need(gone > 0 and line >= first and (after or max(shown) == line - 1), "nothing is missing there")
        now, was = "", "\n".join(real[line - 1 : line - 1 + gone])
    if blocks := _blocks(answer):
        (mend,) = blocks
        _need(
            "\n".join(real[line - 1 : line - 1 + mend.count("\n") + 1]) == mend,
            "the mending is not the real code",
        )
        _need(place == "Line" or mend == was, "the mending is not what is missing")
    for quoted in set(re.findall(r"`([^`\n]+)`", re.sub(r"(?s)```.*", "", answer))) - {path}:
        text = re.sub(r"(=|\(\.\.\.\))$", "", quoted)
        _need(
            quoted in NOT_CODE or text in now or text in was or text in user, f"`{quoted}` is not in the code"
        )
    if pair := re.search(r"`([^`]+)` should be `([^`]+)`", answer):
        bad, good = (re.sub(r"\(\.\.\.\)$", "", text) for text in pair.groups())
        _need(bad in now, f"`{bad}` is not on line {line}")
        right = was.split("\n")[0]
        moved = (right.count(good), now.count(bad)) > (now.count(good), right.count(bad)) or good in bad
        _need(good in right and moved, f"`{good}` is not the real code of line {line}")
        _effect(answer, bad, good)


def _effect(answer: str, bad: str, good: str) -> None:
    """Effects that say more than the two expressions do are worked out again."""
    operators = re.compile(r"(?<![-=<>!])([<>]=?)(?!=)")
    if "both sides are equal" in answer:
        wrong, right = operators.findall(bad)[-1], operators.findall(good)[-1]
        also = "it also holds" in answer
        _need(
            (wrong, right) in ([("<=", "<"), (">=", ">")] if also else [("<", "<="), (">", ">=")]),
            "not off by one in this direction",
        )
    if amount := re.search(r"the result is (\d) too (small|large)", answer):
        step = {"+": 1, "-": -1, None: 0}
        end = [re.search(r"([+-]) ?1\)?$", text) for text in (bad, good)]
        difference = step[end[0] and end[0][1]] - step[end[1] and end[1][1]]
        _need(
            abs(difference) == int(amount[1]) and (difference < 0) == (amount[2] == "small"),
            "the result is off by another amount",
        )
    if "`await` is missing" in answer:
        _need("await" in good and good.replace("await ", "", 1) == bad, "no await is missing")


CHECKS = {
    "explain": _explain,
    "message": _message,
    "edit": _edit,
    "versions": _versions,
    "absent": _absent,
    "signature": _signature,
    "review": _review,
    "line": _review,
    "mend": _review,
    "open book": _open_book,
}
