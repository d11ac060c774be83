"""Whether what `ast_parser` says is so: by the tokens of the files at the commit (`tokenize`) and `git grep`,
without a syntax tree.

The questions are recognised by the form of their answers; what each form states (who defines, declares,
calls, inherits, raises, imports) is looked up in the outline that the tokens and their indentation give.
Names that are said not to be there are searched for in the whole commit. What teaches the knowledge probe has
a bare value as its answer; with the question's wording it makes the sentence that is looked up.
"""

import ast
import io
import keyword
import re
import subprocess
import textwrap
import tokenize
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tests.grounding import open_book

NAME = r"`([^`]+)`"
PATHS = r"(?:`[^`]+\.py`(?:, | and )?)+"
PLACE = r"(?:[Tt]he top level of `[^`]+`|`[^`]+`(?:, `[^`]+`)*(?: and (?:`[^`]+`|the top level))? in `[^`]+`)"
_SKIP = {tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_TEST = re.compile(r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$")


class Wrong(Exception):
    """What does not follow from the source."""


def need(condition, reason: str) -> None:
    if not condition:
        raise Wrong(reason)


def check(row: dict, snapshot) -> str | None:
    """None when every fact of the answer follows from the commit, else the reason."""
    user, answer = row["messages"][-2]["content"], row["messages"][-1]["content"]
    commit = Commit(str(Path(snapshot.repository.path)), row["source"]["commit"])
    try:
        if "open_book" in row["source"]:
            return _reading(row, commit, user, answer)
        if row.get("probe"):
            answer = _sentence(user, answer)
        for pattern, states in FORMS:
            if found := re.fullmatch(pattern, answer, re.DOTALL):
                states(commit, row["source"], user, *found.groups())
                return None
        return _said_of_it(commit, row["source"], answer)
    except Wrong as wrong:
        return str(wrong)


def _sentence(user: str, value: str) -> str:
    """What a question of the probe and the bare value say together."""
    for pattern, sentence in PROBE:
        if found := re.fullmatch(pattern, user):
            need(value.strip() == value and not re.search(r"[`\n]", value), "is not the bare value")
            return sentence.format(found[1], value)
    raise Wrong("asks what the probe does not")


def _reading(row: dict, commit: "Commit", user: str, answer: str) -> str | None:
    """Facts of definitions; or a function as it stands in the commit, and what its tokens say."""
    source, (kind, *about) = row["source"], row["source"]["open_book"]
    if source.get("triples"):
        return open_book.check(row, lambda fact: _holds(commit, fact, source["paths"][fact[0]]))
    first, last = source["lines"]
    text = textwrap.dedent("\n".join(commit.outline(source["path"]).lines[first - 1 : last])).rstrip()
    need(text in user, "the code is not that of the commit")
    thing = here(commit, source)
    parameters = _parameters(thing)
    names = [name for name, _ in parameters]
    raised = {
        next(reversed(re.findall(r"[\w.]+", part)), "")
        for part in re.findall(r"\braise ([\w.]+)", " ".join(thing.body).replace(" . ", "."))
    }
    returns = [
        n
        for n, line in enumerate(text.split("\n"), 1)
        if re.match(r"\s*return\b", line) or re.search(r":\s+return\b", line)
    ]
    right = {
        "name": lambda: text.split("(")[0].split()[-1] == answer or f"def {answer}(" in text,
        "parameter": lambda: (answer == "yes") == (about[0] in names),
        "parameters": lambda: answer.split(", ") == names,
        "count": lambda: answer == str(len(names)),
        "raises": lambda: {name.rpartition(".")[2] for name in raised} == {answer},
        "default": lambda: plain(dict(parameters)[about[0]]) == plain(answer),
        "calls": lambda: {name for name in thing.called() if not keyword.iskeyword(name)} == {answer},
        "line": lambda: [str(n) for n in returns] == [answer],
    }
    need(right[kind](), f"not what the code says of {kind}")
    return None


def _parameters(thing: "Thing") -> list[tuple[str, str]]:
    """(name, default or nothing) of a function's parameters without self."""
    found = []
    for tokens in thing.parameters():
        bare = [token for token in tokens if token not in ("*", "**")]
        if bare and bare[0] not in ("self", "cls", "/") and tokens[0] not in ("*", "**"):
            depth, default = 0, ""
            for number, token in enumerate(bare):
                depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
                if token == "=" and depth == 0:
                    default = " ".join(bare[number + 1 :])
                    break
            found.append((bare[0], default))
    return found


def _holds(commit: "Commit", fact: tuple[str, str, str], path: str) -> bool:
    name, relation, value = fact
    thing = commit.one(path, name)
    every = (thing, *thing.again)
    if relation == "takes":
        return any(value in [token for tokens in one.parameters() for token in tokens[:2]] for one in every)
    if relation == "raises":
        return any(f"raise {value}".replace(".", " . ") in " ".join(one.body) for one in every)
    if relation == "returns":
        return any(
            plain("".join(one.head[one.head.index("->") + 1 :]).strip("\"'")) == plain(value)
            for one in every
            if "->" in one.head
        )
    if relation == "has_lines":
        return any(
            str(one.last - line + 1) == value for one in every for line in range(one.line - 8, one.line + 1)
        )
    return path == value


@dataclass(frozen=True)
class Commit:
    repository: str
    sha: str

    def outline(self, path: str) -> "Outline":
        return _outline(self.repository, self.sha, path)

    def one(self, path: str, qualname: str) -> "Thing":
        found = self.outline(path).things.get(qualname)
        need(found, f"{path} does not define {qualname}")
        return found

    def grep(self, pattern: str) -> list[tuple[str, str]]:
        """(path, line) of the Python files."""
        rows = _git(
            self.repository, "grep", "-P", "--null", "--full-name", "-e", pattern, self.sha, "--", "*.py"
        ).splitlines()
        return [
            (path.partition(":")[2], line)
            for path, separator, line in (row.partition("\0") for row in rows)
            if separator
        ]


@lru_cache(8192)
def _git(repository: str, *arguments: str) -> str:
    return _bytes(repository, *arguments).decode("utf-8", "replace")


def _bytes(repository: str, *arguments: str) -> bytes:
    return subprocess.run(
        ["git", "--no-pager", "-C", repository, *arguments], capture_output=True, check=False, timeout=60
    ).stdout


@dataclass
class Thing:
    """A function or class. `head`: tokens from its keyword to the colon; `body`: those after, without inner
    functions and classes.
    """

    kind: str
    line: int
    head: list[str]
    decorators: list[str]
    body: list[str] = field(default_factory=list)
    doc: str = ""
    last: int = 0
    again: list["Thing"] = field(default_factory=list)  # of the same name: setters, overloads

    def called(self) -> set[str]:
        return {
            name
            for name, after in zip(self.body, self.body[1:], strict=False)
            if after == "(" and name.isidentifier()
        }

    def parameters(self) -> list[list[str]]:
        """The tokens of each parameter, or of each base class."""
        return split(inside(self.head))


@dataclass
class Outline:
    lines: list[str]
    things: dict[str, Thing] = field(default_factory=dict)
    top: Thing = field(default_factory=lambda: Thing("module", 1, [], []))
    renamed: dict[str, set[str]] = field(default_factory=dict)  # imported name -> aliases
    doc: str = ""

    def names(self, simple: str) -> set[str]:
        return {simple} | self.renamed.get(simple, set())


@lru_cache(4096)
def _outline(repository: str, sha: str, path: str) -> Outline:
    data = _bytes(repository, "show", f"{sha}:{path}")
    need(data.strip(), f"there is no {path}")
    source = data.decode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    lines = re.split(r"\r\n|\r|\n", source)
    outline = Outline(lines)
    stack: list[
        tuple[int, str, Thing, bool]
    ] = []  # depth of its body, qualified name, thing, whether it is inside a function
    depth, decorators, statement, parens, target, head = 0, [], [], 0, None, None
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        raise Wrong(f"{path} cannot be read") from None
    for number, token in enumerate(tokens):
        text, kind = token.string, token.type
        if kind == tokenize.INDENT:
            depth += 1
        elif kind == tokenize.DEDENT:
            depth -= 1
        if kind in (tokenize.NEWLINE, tokenize.ENDMARKER):
            if statement[:1] == ["@"]:
                decorators.append(
                    "".join(statement[1 : statement.index("(")] if "(" in statement else statement[1:])
                )
            elif statement:
                decorators = []
            _imports(outline, statement)
            (stack[-1][2] if stack else outline.top).body.append(";")
            statement = []
        if kind in _SKIP or kind == tokenize.ENDMARKER:
            continue
        start = not statement or statement == ["async"]
        while start and stack and depth < stack[-1][0]:
            stack.pop()
        for _, _, thing, _ in stack:
            thing.last = token.end[0]
        statement.append(text)
        if (
            start
            and text in ("def", "class")
            and kind == tokenize.NAME
            and tokens[number + 1].type == tokenize.NAME
        ):
            name = tokens[number + 1].string
            hidden = bool(stack) and (stack[-1][3] or stack[-1][2].kind == "def")
            qualname = f"{stack[-1][1]}.{name}" if stack else name
            head = Thing(text, token.start[0], [*statement], decorators, last=token.start[0])
            decorators, parens, target = [], 0, (depth + 1, qualname, head, hidden)
            if not hidden:
                outline.things.setdefault(qualname, head)
                if outline.things[qualname] is not head:
                    outline.things[qualname].again.append(head)
            continue
        if target:
            parens += text in "([{" and kind == tokenize.OP
            parens -= text in ")]}" and kind == tokenize.OP
            if text == ":" and parens == 0 and kind == tokenize.OP:
                stack.append(target)
                target = None
                if not head.doc:
                    head.doc = _docstring(tokens, number + 1)
            else:
                named = head.head[-1] not in ("def", "class")
                head.head.append(text)
                if stack and named:
                    stack[-1][2].body.append(text)  # defaults are computed where the function is made
            continue
        owner = stack[-1][2] if stack else outline.top
        owner.body.append(text)
    outline.doc = _docstring(tokens, 0)
    return outline


def _docstring(tokens: list, start: int) -> str:
    for token in tokens[start : start + 400]:
        if token.type == tokenize.STRING:
            try:
                value = ast.literal_eval(token.string)
            except (SyntaxError, ValueError):
                return ""
            return value if isinstance(value, str) else ""
        if token.type not in _SKIP and token.type != tokenize.ENCODING:
            return ""
    return ""


def _imports(outline: Outline, statement: list[str]) -> None:
    if statement[:1] in (["from"], ["import"]):
        for before, word, after in zip(statement, statement[1:], statement[2:], strict=False):
            if word == "as":
                outline.renamed.setdefault(before, set()).add(after)


def inside(head: list[str]) -> list[str]:
    """The tokens between the first round bracket, behind type parameters, and its end."""
    depth, found = 0, []
    for token in head:
        depth -= token in (")", "]", "}")
        if depth == 0 and token == ")":
            break
        if depth == 0 and token == "]":
            found = []
        elif depth:
            found.append(token)
        depth += token in ("(", "[", "{")
    return found


def split(tokens: list[str]) -> list[list[str]]:
    """Parts between commas that are in no bracket."""
    parts, depth = [[]], 0
    for token in tokens:
        depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
        if token == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def plain(code: str | list[str]) -> list[str]:
    """Tokens that do not depend on layout and quotes: no comma before a closing bracket, literals by
    value."""
    if isinstance(code, str):
        code = [
            t.string
            for t in tokenize.generate_tokens(io.StringIO(code).readline)
            if t.type not in _SKIP and t.string
        ]
    found: list[str] = []
    for token in code:
        if token in (")", "]", "}") and found and found[-1] == ",":
            found.pop()
        if re.match(r"[\w]*[\"'\d]", token) and not token.isidentifier():
            try:
                token = repr(ast.literal_eval(token))
            except (SyntaxError, ValueError):
                pass
        found.append(token)
    return [t for t in found if t not in ("(", ")")]


def names(text: str) -> list[str]:
    return re.findall(NAME, text)


def asked(user: str) -> str:
    """The name that the question is about."""
    return names(user)[0]


def here(commit: Commit, source: dict) -> Thing:
    """The definition on the first line of the source."""
    found = [
        one
        for thing in commit.outline(source["path"]).things.values()
        for one in (thing, *thing.again)
        if one.line == source["lines"][0]
    ]
    need(found, f"no definition begins at {source['ref']}")
    return found[0]


def listed(commit: Commit, text: str):
    """(qualified name, path, thing) of "`a` and `b` in `x.py`; the top level of `y.py`"."""
    for part in text.rstrip(".").split("; "):
        *found, path = names(part)
        need(path.endswith(".py"), f"{path} is no Python file")
        if "the top level" in part.lower():
            yield path, path, commit.outline(path).top
        for name in found:
            yield name, path, commit.one(path, name)


def calls(commit: Commit, path: str, caller: Thing, simple: str) -> bool:
    outline = commit.outline(path)
    used = [token for thing in (caller, *caller.again) for token in thing.body]
    if caller.kind == "module":  # class bodies, decorators and defaults are run with it
        for thing in outline.things.values():
            used += [
                ";",
                *inside(thing.head),
                ";",
                *(thing.body if thing.kind == "class" else ()),
                *(f"{name} (" for d in thing.decorators for name in [_simple(d)]),
            ]
    text = " ".join(
        token for token in used if not re.match(r"[bBrRuU]{0,2}[\"']", token)
    )  # strings are no code, but formatted ones hold some
    if _makes_its_own(outline, caller, simple) and re.search(ITSELF, text):
        return True
    return any(re.search(rf"(?<![\w]){re.escape(name)} ?\(", text) for name in outline.names(simple))


# How a method calls the class that it is in.
ITSELF = r"\b(cls|self \. __class__|type \( self \)) ?\("


def _makes_its_own(outline: Outline, caller: Thing, simple: str) -> bool:
    names = [name for name, thing in outline.things.items() if caller in (thing, *thing.again)]
    return any(_simple(name.rpartition(".")[0]) == simple for name in names)


def _simple(name: str) -> str:
    return name.rpartition(".")[2]


PROBE = [
    (rf"Which file defines {NAME}\?", "`{}` is defined in `{}`."),
    (rf"Where is {NAME} defined\?", "`{}` is defined in `{}`."),
    (rf"In which module do I find {NAME}\?", "`{}` is defined in `{}`."),
    (rf"I need to edit {NAME}\. Which file do I open\?", "`{}` is defined in `{}`."),
    (rf"What does the class {NAME} inherit from\?", "The class `{}` inherits directly from `{}`."),
    (rf"Which class does {NAME} extend\?", "The class `{}` inherits directly from `{}`."),
    (rf"Name the base class of {NAME}\.", "The class `{}` inherits directly from `{}`."),
    (rf"{NAME} is a subclass of which class\?", "The class `{}` inherits directly from `{}`."),
    (rf"Which class has the method {NAME}\?", "The method `{}` belongs to the class `{}`."),
    (rf"{NAME} is a method of which class\?", "The method `{}` belongs to the class `{}`."),
    (rf"On which class do I call {NAME}\?", "The method `{}` belongs to the class `{}`."),
    (rf"To which class does the method {NAME} belong\?", "The method `{}` belongs to the class `{}`."),
]


def defined_in(commit, source, user, name, path):
    commit.one(path, name)
    need(source["path"] == path, "another file is the source")


def inherits_from(commit, source, user, name, base):
    bases = [part for part in commit.one(source["path"], name).parameters() if "=" not in part]
    need(
        len(bases) == 1 and _base(bases[0]).split(".")[-1] == base,
        f"{name} does not inherit from {base} alone",
    )


def _base(tokens: list[str]) -> str:
    return "".join(tokens).partition("[")[0]


def belongs(commit, source, user, method, owner):
    need(commit.one(source["path"], f"{owner}.{method}").kind == "def", f"{method} is no method")


def signature(commit, source, user, text, *place):
    thing = here(commit, source)
    need(plain(text) == plain([*thing.head]), f"the head is {' '.join(thing.head)}")
    if "a method of" in "".join(p or "" for p in place):
        owner, path = names(place[0])
        need(
            commit.one(path, f"{owner}.{thing.head[thing.head.index('def') + 1]}") is thing,
            "it is no method of that class",
        )


def it_calls(commit, source, user, text):
    thing = here(commit, source)
    for name, _, _ in listed(commit, text):
        need(calls(commit, source["path"], thing, _simple(name)), f"no call of {name}")


def does_not_call(commit, source, user, name, other, text):
    thing = here(commit, source)
    need(not calls(commit, source["path"], thing, _simple(other)), f"it calls {other}")
    it_calls(commit, source, user, text)


def called_by(commit, source, user, only, text, *rest):
    target = _simple(asked(user))
    for name, path, thing in listed(commit, text):
        need(calls(commit, path, thing, target), f"{name} does not call {target}")
        need(not only or _TEST.search(path), f"{path} is no test")
    if only:
        _nobody_calls(commit, target, lambda path: not _TEST.search(path))


def _nobody_calls(commit: Commit, simple: str, wanted) -> None:
    """None of the wanted files has a call of that name in its code; `git grep` says where to look."""
    for path in dict.fromkeys(path for path, _ in commit.grep(rf"(?<!\w){re.escape(simple)}\s*\(")):
        if wanted(path):
            outline = commit.outline(path)
            for thing in (outline.top, *outline.things.values()):
                need(not calls(commit, path, thing, simple), f"{path} calls {simple}")


def usage(commit, source, user, line, number, path, caller):
    lines = commit.outline(path).lines
    need(lines[int(number) - 1].strip() == line, f"line {number} of {path} is another")
    target = _simple(asked(user))
    need(
        any(
            re.search(rf"\b{re.escape(name)}\s*\(", line) or line.startswith("@")
            for name in commit.outline(path).names(target)
        ),
        "no call on it",
    )
    if caller:
        thing = commit.one(path, names(caller)[0])
        need(
            any(one.line <= int(number) <= one.last for one in (thing, *thing.again)),
            "the line is outside that function",
        )


def class_bases(commit, source, user, name, bases, path):
    thing = here(commit, source)
    found = {_base(part) for part in thing.parameters() if "=" not in part[:2]}
    need(path == source["path"] and set(names(bases)) <= found, f"the bases are {sorted(found)}")


def subclasses(commit, source, user, text):
    for name, path, thing in listed(commit, text):
        known = commit.outline(path).names(_simple(asked(user)))
        if re.search(r"inherit from|subclasses", user):
            need(
                any(_base(p).split(".")[-1] in known for p in thing.parameters()),
                f"{name} does not inherit from it",
            )
        else:
            need(calls(commit, path, thing, _simple(asked(user))), f"{name} does not call it")


def lineage(commit, source, user, text):
    steps = re.findall(rf"inherits from {NAME} \({NAME}\)", text)
    outside = re.search(rf"inherits from {NAME}$", text)
    child, where = here(commit, source), source["path"]
    for name, path in steps:
        known = commit.outline(where).names(_simple(name))
        need(
            any(_base(p).split(".")[-1] in known for p in child.parameters()),
            f"the step to {name} is not written",
        )
        child, where = commit.one(path, name), path
    last = [_base(part) for part in child.parameters() if "=" not in part[:2]]
    need(last == ([outside[1]] if outside else []), f"above {where} stands {last}")


def overrides(commit, source, user, target, path, owner, base, method):
    commit.one(path, target)
    thing = commit.one(source["path"], owner)
    known = commit.outline(source["path"]).names(_simple(base))
    need(
        any(_base(p).split(".")[-1] in known for p in thing.parameters()),
        f"{owner} does not inherit from {base}",
    )
    commit.one(source["path"], f"{owner}.{method}")
    need(target == f"{base}.{method}", "two names")


def public_methods(commit, source, user, listing, path):
    owner = asked(user)
    found = {
        q[len(owner) + 1 :]
        for q in commit.outline(path).things
        if q.startswith(owner + ".") and "." not in q[len(owner) + 1 :]
    }
    need(
        set(names(listing)) == {name for name in found if not name.startswith("_")},
        f"it defines {sorted(found)}",
    )


def decorated(commit, source, user, listing, path, line):
    thing = here(commit, source)
    need(
        int(line) == thing.line
        and [x.lstrip("@") for x in names(listing)]
        == [d for d in thing.decorators if re.fullmatch(r"[\w.]+", d)],
        "others",
    )


def _default(thing: Thing, name: str) -> list[str] | None:
    for part in thing.parameters():
        if part[0] == name and "=" in part:
            depth = 0
            for at, token in enumerate(part):
                depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
                if token == "=" and depth == 0:
                    return part[at + 1 :]
    return None


def default(commit, source, user, value, text):
    parameter = next(
        name
        for name in names(user)
        if re.fullmatch(r"\w+", name) and _default(here(commit, source), name) is not None
    )
    need(plain(_default(here(commit, source), parameter)) == plain(value), f"{parameter} has another default")
    need(plain(text) == plain(here(commit, source).head), "the signature is another")


def no_the_default(commit, source, user, parameter, name, value):
    found = _default(here(commit, source), parameter)
    need(found is not None and plain(found) == plain(value), f"{parameter} has another default")
    need(f"`{value}`" not in user, "what is asked is so")


def raises(commit, source, user, listing, name):
    body = " ".join(here(commit, source).body)
    for found in names(listing):
        need(
            re.search(rf"\braise {re.escape(' . '.join(found.split('.')))}(?![\w])", body),
            f"no raise of {found}",
        )


def returns(commit, source, user, text, name, path):
    head = here(commit, source).head
    need(
        "->" in head and plain(head[head.index("->") + 1 :]) == plain(text), f"{name} is annotated otherwise"
    )


def where(commit, source, user, name, path, line):
    need(commit.one(path, name).line == int(line), f"{name} is at line {commit.one(path, name).line}")


def defines(commit, source, user, path, listing):
    found = {name for name in commit.outline(path).things if "." not in name and not name.startswith("_")}
    need(set(names(listing)) >= found, f"it defines {sorted(found)}")
    text = "\n".join(commit.outline(path).lines)
    for name in set(names(listing)) - found:
        bound = rf"\b{re.escape(name)}\s*(:[^=\n]+|,[^=\n]+|\[[^=\n]+)?=|\b(for|as|global)\b.*\b{re.escape(name)}\b"
        need(re.search(bound, text), f"nothing binds {name}")


def exports(commit, source, user, path, listing):
    text = "\n".join(commit.outline(path).lines)
    shown = "".join(re.findall(r"^__all__.*?[\])]", text, re.MULTILINE | re.DOTALL))
    found = set(re.findall(r"[\"'](\w+)[\"']", shown))
    need(set(names(listing)) == found, f"it exports {sorted(found)}")


def importing(commit, source, user, only, run, tests, typing, *example):
    imported_by(commit, source, user, only, run, *example)
    imported_by(commit, source, user, "Only tests" if tests else None, tests or "")
    imported_by(commit, source, user, None, typing or "")
    for path in names(typing or ""):
        need("TYPE_CHECKING" in " ".join(commit.outline(path).lines), f"{path} imports it when it is run")


def imported_by(commit, source, user, only, listing, *example):
    module = source["path"].removesuffix(".py").removesuffix("/__init__").split("/")
    for path in names(listing):
        lines = [line for line in commit.outline(path).lines if re.match(r"\s*(from|import)\b", line)]
        text = " ".join(commit.outline(path).lines)
        relative = any(re.match(r"\s*from\s+\.", line) for line in lines)
        need(relative or (module[-1] in text and lines), f"{path} does not import it")
        need(not only or _TEST.search(path), f"{path} is no test")
    if example and example[0]:
        caller, path, target = (
            names(example[0]) if "the top level" not in example[0] else (None, *names(example[0]))
        )
        thing = commit.one(path, caller) if caller else commit.outline(path).top
        need(calls(commit, path, thing, _simple(target)), f"{caller} does not call {target}")
        commit.one(source["path"], target)


def chain(commit, source, user, middle, first, again, between, last):
    need(middle == again == between, "two names")
    need(
        calls(commit, source["path"], here(commit, source), _simple(middle)),
        f"{first} does not call {middle}",
    )
    steps = [(path, line) for path, line in commit.grep(rf"(def|class)\s+{re.escape(_simple(middle))}\b")]
    found = [
        (path, commit.outline(path).things.get(middle)) for path in dict.fromkeys(path for path, _ in steps)
    ]
    inits = [(path, commit.outline(path).things.get(f"{middle}.__init__")) for path, _ in found]
    need(
        any(thing and calls(commit, path, thing, _simple(last)) for path, thing in found + inits),
        f"{middle} does not call {last}",
    )


def absent(commit, source, user, name, real, path):
    need(not commit.grep(rf"\b(def|class)\s+{re.escape(name)}\b"), f"{name} exists")
    commit.one(path, real)


def elsewhere(commit, source, user, other, name, path):
    need(name not in commit.outline(other).things, f"{other} defines {name}")
    need(
        not any(
            re.match(rf"(async\s+)?(def|class)\s+{re.escape(name)}\b|{re.escape(name)}\s*[:=]", x)
            for x in commit.outline(other).lines
        ),
        "it does",
    )
    commit.one(path, name)


def no_parameter(commit, source, user, name, parameter, listing):
    found = [
        next(t for t in part if t not in ("*", "**"))
        for part in here(commit, source).parameters()
        if part not in (["*"], ["/"])
    ]
    need(parameter not in found, f"{parameter} is a parameter")
    need(set(names(listing)) == set(found) - {"self", "cls"}, f"it takes {found}")


def not_base(commit, source, user, other, name, base):
    found = [_base(p) for p in here(commit, source).parameters() if "=" not in p[:2]]
    need(found == [base] and base.split(".")[-1] != _simple(other), f"the bases are {found}")


def uncalled(commit, source, user, name, path):
    commit.one(path, name)
    _nobody_calls(commit, _simple(name), lambda _: True)


def _said_of_it(commit: Commit, source: dict, answer: str) -> str | None:
    """Documentation: the answer's words are the first of a docstring's, its markup aside."""
    outline = commit.outline(source["path"])
    docs = [thing.doc for thing in outline.things.values() if thing.line == source["lines"][0]]
    if source["lines"][0] == 1:
        docs.append(outline.doc)
    words = re.findall(r"\w+", answer)
    for doc in docs:
        cleaned = re.sub(r":[\w+-]+(?::[\w+-]+)?:`[~!]?([^`<]+?)(?:\s*<[^`]*>)?`", r"\1", doc)
        if words and re.findall(r"\w+", cleaned)[: len(words)] == words:
            return None
    return "no docstring there begins so"


FORMS = [
    (rf"{NAME} is defined in {NAME}\.", defined_in),
    (rf"The class {NAME} inherits directly from {NAME}\.", inherits_from),
    (rf"The method {NAME} belongs to the class {NAME}\.", belongs),
    (r"`((?:async )?def .+)`, (a method of `[^`]+` in `[^`]+`|in `[^`]+`)\.", signature),
    (r"It calls (.+)\.", it_calls),
    (rf"{NAME} does not call {NAME}\. Of this code base it calls (.+)\.", does_not_call),
    (r"(Only tests) call it: (.+)\.", called_by),
    (
        r"(?i)()at least (.+?)\.("
        r" Whether other calls of a `[^`]+` mean this one the code alone does not say\.|"
        r" A file that was not read has its name too\.)?",
        called_by,
    ),
    (r"```python\n(.+)\n```\nThat is line (\d+) of `([^`]+)`(, in `[^`]+`)?\.", usage),
    (rf"{NAME} inherits from ((?:`[^`]+`(?:, | and )?)+); it is in {NAME}\.", class_bases),
    (r"(`[^`]+` inherits from `[^`]+` \(.+\)(?:, which inherits from `[^`]+`)?)\.", lineage),
    (rf"{NAME} in {NAME}: {NAME} inherits from {NAME} and defines {NAME} anew\.", overrides),
    (rf"(.+), defined in {NAME}\.", public_methods),
    (rf"With (.+), above {NAME} line (\d+)\.", decorated),
    (r"`(.+)`: the signature is `(.+)`\.", default),
    (rf"No, the default of {NAME} in {NAME} is `(.+)`\.", no_the_default),
    (rf"(.+), raised in the body of {NAME}\.", raises),
    (rf"`(.+)`, by the annotation of {NAME} in {NAME}\.", returns),
    (rf"{NAME} is in {NAME}, at line (\d+)\.", where),
    (rf"At its top level {NAME} defines (.+)\.", defines),
    (
        rf"(?:(Only tests) import it: )?({PATHS})\.(?: Of the tests: ({PATHS})\.)?"
        rf"(?: For type checkers alone: ({PATHS})\.)?(?: For example (.+)\.)?",
        importing,
    ),
    (rf"By its `__all__` {NAME} makes public (.+)\.", exports),
    (
        rf"Through {NAME}: {NAME} calls {NAME}, which calls {NAME}\.",
        lambda c, s, u, m, f, a, last: chain(c, s, u, m, f, a, m, last),
    ),
    (
        rf"No function or class of this code base is named {NAME}\. One that exists: {NAME} in {NAME}\.",
        absent,
    ),
    (rf"{NAME} does not define {NAME}; it is defined in {NAME}\.", elsewhere),
    (rf"{NAME} has no parameter {NAME}; it takes (.+)\.", no_parameter),
    (rf"It does not inherit from {NAME}: the base class of {NAME} is {NAME}\.", not_base),
    (rf"No Python file of this repository calls {NAME} by its name; it is defined in {NAME}\.", uncalled),
    (rf"({PLACE}(?:; {PLACE})*)\.", subclasses),
]
