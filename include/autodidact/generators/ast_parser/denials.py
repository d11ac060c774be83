"""Questions about a code base that take for granted what is not so, and the answers that say it: a fifth of
all, so that the model learns to.
"""

import re

from autodidact.generators.ast_parser.questions import MAX_SIGNATURE, MOST, Asked, Questions
from autodidact.generators.writing.wording import listing
from autodidact.sources.code.cache import IS_CLASS, IS_FUNCTION, TRAITS
from autodidact.sources.code.files import Definition


class Denials(Questions):
    """As Questions. What is denied is looked for in the whole code base first, in nested functions and among
    its calls too.
    """

    def __init__(self, code, repository):
        super().__init__(code, repository)
        self.paths = [path for path, file in code.files.items() if file.names]
        self._bound: set[str] | None = None

    def another(self, rng, trait: int, wanted, tries: int = 12) -> Definition | None:
        """Some other definition that has the trait and is wanted."""
        for _ in range(tries):
            file = self.code.files[rng.choice(self.paths)]
            index = rng.randrange(len(file.names))
            if file.traits[index] & trait and wanted(d := file.at(index)):
                return d
        return None

    def absent(self, d, rng):
        parts = d.name.split("_")
        if not d.public or len(parts) < 2 or d.kind == "class":
            return None
        other = self.another(rng, IS_FUNCTION, lambda x: x.public and not x.test)
        words = (
            [word for word in other.name.split("_") if len(word) > 2 and word.islower() and word not in parts]
            if other
            else []
        )
        if not words:
            return None
        position = rng.randrange(len(parts))
        name = "_".join([*parts[:position], rng.choice(words), *parts[position + 1 :]])
        if self.exists(name):
            return None
        asked = [
            f"What does `{name}` do?",
            f"Who calls `{name}`?",
            f"Which file has `{name}`?",
            f"What is the signature of `{name}`?",
        ]
        return Asked(
            asked,
            f"No function or class of this code base is named `{name}`. One that exists: `{d.qualname}` in"
            f" `{d.path}`.",
        )

    def exists(self, name: str) -> bool:
        """Whether something of that name is defined, bound or called anywhere."""
        if self._bound is None:
            self._bound = set().union(*(file.inner for file in self.code.files.values()))
        return (
            name in self.code.simple
            or name in self._bound
            or bool(self.code.calling(name) or self.code.calling(f"~{name}"))
        )

    def elsewhere(self, d, rng):
        if self.count[d.qualname] != 1 or d.owner or not d.public:
            return None
        other = rng.choice(self.paths)
        file = self.code.files[other]
        if (
            other == d.path
            or d.name in file.bound
            or any(name.rpartition(".")[2] == d.name for name in file.names)
            or file.stars
        ):
            return None
        asked = [f"What does `{d.name}` in `{other}` do?", f"Where in `{other}` is `{d.name}` defined?"]
        return Asked(asked, f"`{other}` does not define `{d.name}`; it is defined in `{d.path}`.")

    def no_parameter(self, d, rng):
        taken = [p for p in d.params if p not in ("self", "cls")]
        if d.kind == "class" or "*" in d.signature or not 1 <= len(taken) <= MOST:
            return None
        other = self.another(
            rng,
            TRAITS["params"],
            lambda x: any(
                len(p) > 2 and p[0] != "_" and p not in ("self", "cls") and p not in d.params
                for p in x.params
            ),
        )
        if other is None:
            return None
        name = rng.choice(
            [
                p
                for p in other.params
                if len(p) > 2 and p[0] != "_" and p not in ("self", "cls") and p not in d.params
            ]
        )
        asked = [
            f"What is the default of `{name}` in {self.label(d)}?",
            f"What do I pass as `{name}` to {self.label(d)}?",
        ]
        return Asked(
            asked, f"`{d.qualname}` has no parameter `{name}`; it takes {listing(f'`{p}`' for p in taken)}."
        )

    def wrong_default(self, d, rng):
        """A default that is another one's."""
        parameter = (
            rng.choice(sorted(d.defaults)) if d.defaults and len(d.signature) <= MAX_SIGNATURE else None
        )
        told = set(d.defaults.values())
        other = (
            self.another(rng, TRAITS["defaults"], lambda x: not told.issuperset(x.defaults.values()))
            if parameter
            else None
        )
        if other is None:
            return None
        value = rng.choice([v for v in other.defaults.values() if v not in d.defaults.values()])
        asked = [
            f"Why is `{value}` the default of `{parameter}` in {self.label(d)}?",
            f"`{parameter}` of {self.label(d)} is `{value}` by default, right?",
        ]
        return Asked(
            asked, f"No, the default of `{parameter}` in `{d.qualname}` is `{d.defaults[parameter]}`."
        )

    def not_base(self, d, rng):
        if d.kind != "class" or len(d.bases) != 1:
            return None
        other = self.another(rng, IS_CLASS, lambda x: not x.owner and x.public and not x.test and x is not d)
        if other is None or other.name == d.name or self._inherits(d, other.name):
            return None
        asked = [
            f"Why does {self.label(d)} inherit from `{other.name}`?",
            f"What does {self.label(d)} take over from `{other.name}`?",
        ]
        return Asked(
            asked, f"It does not inherit from `{other.name}`: the base class of `{d.name}` is `{d.bases[0]}`."
        )

    def not_called(self, d, rng):
        """A call that a function does not make."""
        found = self.code.callees(d) if d.calls else []
        if not 1 <= len(found) <= MOST:
            return None
        other = self.another(
            rng, IS_FUNCTION, lambda x: x.public and not x.test and not x.name.startswith("__")
        )
        names = {re.split(r"[.:]", call)[-1] for call in d.calls} | {x.name for x in found}
        if (
            other is None
            or other is d
            or other.name in names
            or f"~{other.name}" in self.code.files[d.path].called
        ):
            return None
        asked = [
            f"Where does {self.label(d)} call {self.label(other)}?",
            f"Why does {self.label(d)} need {self.label(other)}?",
        ]
        return Asked(
            asked,
            f"`{d.qualname}` does not call `{other.qualname}`. Of this code base it calls"
            f" {self.listed(found)}.",
        )

    def uncalled(self, d, rng):
        if not d.public or d.kind == "class" or d.name.startswith("__") or d.test or d.decorators:
            return None
        if self.code.calling(d.name) or self.code.calling(f"~{d.name}"):
            return None
        asked = [
            f"Who calls {self.label(d)}?",
            f"Is {self.label(d)} called anywhere in this repository?",
            f"Show me a call of {self.label(d)}.",
        ]
        return Asked(
            asked,
            f"No Python file of this repository calls `{d.qualname}` by its name; it is defined in"
            f" `{d.path}`.",
        )

    def _inherits(self, d: Definition, name: str, depth: int = 8) -> bool:
        if any(base.rpartition(".")[2] == name for base in d.bases):
            return True
        return depth > 0 and any(self._inherits(base, name, depth - 1) for base in self.code.bases(d))
