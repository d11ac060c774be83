"""The kinds of examples of the register `full`, and how question, diff, tool and answer are put together."""

import random
from dataclasses import dataclass
from typing import Any

import autodidact.generators.diff_miner.full.change_sentences as sentences
import autodidact.generators.diff_miner.full.commit_answers as answers
import autodidact.generators.diff_miner.full.review_answers as reviews
from autodidact.generators.diff_miner.code_survival import Confirmed
from autodidact.generators.diff_miner.full.closed_book_questions import BY_MEMORY
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.question_wordings import ASK, Room, put, question, substantial
from autodidact.generators.diff_miner.hunk_reviews import Reviewer, adds
from autodidact.generators.diff_miner.shown_diff import Shown, block, source, stands_alone
from autodidact.generators.diff_miner.whole_commits import removes_nothing
from autodidact.generators.writing.conversations import TOOLS, RepositoryTools, assistant, system_prompt, user
from autodidact.records import Example, from_messages
from autodidact.sources.git.hunks import Hunk
from autodidact.sources.snapshot import Snapshot

# Characters of a whole example: what a base of that profile can attend to.
MOST_ALL = {"laptop": 3_200, "production": 9_000}
# Share of examples with a system prompt, and of reviews whose question names the subject.
SYSTEM, TITLED = 0.35, 0.4
# Characters of a line that is reviewed; longer ones are data. Hunks of a commit that are tried.
LONGEST_LINE, TRIED = 160, 3
# Kinds of bugs that are tried in a hunk, until nobody can doubt that one is.
KINDS_TRIED = 3
# Bugs of which the lines do not show for sure that they are some: what is gone may be done elsewhere, or may
# have given nothing; a loop that goes on may be ended right after; how much to catch is a matter of taste.
UNSURE = ("lost return", "removed check", "missing close", "missing super", "missing break", "broad except")

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """`weight`: its share among the others. `group`: kinds that tell the same things; `most` of them of one
    commit.
    """

    weight: float
    group: str
    most: int = 1


KINDS = {
    "defect": Kind(11, "defect"),
    "defect mended": Kind(7, "defect"),
    "explain": Kind(7, "what"),
    "explain by tool": Kind(8, "what"),
    "why": Kind(6, "why"),
    "why by tool": Kind(8, "why"),
    "explain, then why": Kind(5, "what"),
    "why, then explain": Kind(4, "why"),
    "value": Kind(5, "history"),
}


class Writer:
    """Writes one example of a kind about a commit, or None where the commit does not give it."""

    def __init__(self, snapshot: Snapshot):
        assert snapshot.repository is not None
        profile = snapshot.settings.profile
        self._snapshot, self._repository = snapshot, snapshot.repository
        self._room, self._all = Room(profile), MOST_ALL[profile]
        self._reviewer = Reviewer(snapshot, self._room.lines, self._room.text, without=UNSURE)

    @property
    def confirmed(self) -> Confirmed:
        """What is known of later commits: the miner tells it what it reads."""
        return self._reviewer.confirmed

    def row(self, kind: str, change: Change, rng: random.Random) -> Example | None:
        """One example of this kind; None where the commit does not give it."""
        messages: Messages | None
        also: dict[str, Any] = {}
        tools = None
        first, _, second = kind.partition(", then ")
        if kind in ("defect", "defect mended"):
            messages, also = self._defect(change, rng, again=kind == "defect mended")
        elif second:
            messages, tools = self._two(change, first, second, rng)
        elif kind.endswith(" by tool"):
            messages, tools = self._by_tool(change, kind.removesuffix(" by tool"), rng), TOOLS
        elif kind in BY_MEMORY:
            messages = BY_MEMORY[kind](change, rng, self._room)
        else:
            messages = self._pasted(change, kind, rng)
        return self._example(kind, change, messages, tools, also, rng)

    def _example(
        self, kind: str, change: Change, messages: Messages | None, tools: Any, also: dict, rng: random.Random
    ) -> Example | None:
        if not messages or sum(len(m["content"]) for m in messages) > self._all:
            return None
        if rng.random() < SYSTEM or tools:
            system = system_prompt(self._snapshot.system, rng, bool(tools), messages[-1]["content"])
            messages = [{"role": "system", "content": system}, *messages]
        part = change.main
        where = source(change.commit, part.file, part.hunks, kind) | also
        return from_messages(
            "diff_miner", "code_review", messages, where, tools=tools, time=change.commit.committer_time
        )

    # Answers

    def _answer(self, change: Change, kind: str, rng: random.Random, after: str | None = None) -> str | None:
        """The answer of a kind; `after`: the kind of what was said before."""
        honest = change.code_spoken_of and not removes_nothing(change.message.subject, change.code)
        if not (honest and substantial(change)):
            return None
        if "why" in (kind, after) and not answers.tells_why(change):
            return None
        if kind == "explain":
            return (sentences.edits(change) or None) if after else answers.explain(change, rng)
        return answers.why(change, rng, brief=after is not None)

    def _to(
        self, ask: str, answer: str, change: Change, kind: str, rng: random.Random, again: bool = False
    ) -> str:
        """The answer of a kind as it fits a question. `again`: what was done has been said before."""
        return answers.why_asked(change, ask, rng, brief=again) or answer if kind == "why" else answer

    def _pasted(self, change: Change, kind: str, rng: random.Random) -> Messages | None:
        """A question with the diff in it."""
        shown = self._room.diff(change, kind)
        answer = self._answer(change, kind, rng) if shown else None
        ask = question(change, kind, "pasted", rng) if answer else None
        if not (ask and answer and shown):
            return None
        return [user(put(ask, shown, rng)), assistant(self._to(ask, answer, change, kind, rng))]

    def _by_tool(self, change: Change, kind: str, rng: random.Random) -> Messages | None:
        """A question about a commit by its id, which is read with a tool."""
        printed = change.printed
        called = RepositoryTools.show_commit(change.sha, printed) if printed else None
        answer = self._answer(change, kind, rng) if called else None
        ask = question(change, kind, "tool", rng) if answer else None
        if not (ask and answer and called):
            return None
        return [user(ask), *called, assistant(self._to(ask, answer, change, kind, rng))]

    def _two(
        self, change: Change, first: str, second: str, rng: random.Random
    ) -> tuple[Messages | None, list | None]:
        """Two questions about a commit, of which the second needs the first."""
        simple = first == "explain" and second == "why"
        answer = self._answer(change, second, rng, after=first)
        if answer is None:
            return None, None
        opened = None
        tools = TOOLS if rng.random() < 0.6 else None
        opened = self._by_tool(change, first, rng) if tools else self._pasted(change, first, rng)
        if simple and opened:
            code = sentences.edits(change)
            if not code:
                return None, None
            named = f"The subject of {change.sha}: {change.message.subject}."
            opened[-1] = assistant(rng.choice((f"{answers.which(change)} {code}", f"{code} {named}")))
        if opened and first == "why" and second == "explain":
            asked = next(turn["content"] for turn in opened if turn["role"] == "user")
            short = answers.why_asked(change, asked, rng, brief=True)
            opened = [*opened[:-1], assistant(short)] if short else None
        ask = question(change, second, "then", rng)
        if not opened or not ask:
            return None, None
        return [*opened, user(ask), assistant(self._to(ask, answer, change, second, rng, again=True))], tools

    # Reviews

    def _hunks(self, change: Change) -> list[tuple[Shown, Hunk]]:
        """Hunks of Python code that are all that is different in their file: of several, one may use what
        another defines.
        """
        return [
            (shown, hunk)
            for shown in change.code
            if shown.file.path.endswith(".py") and shown.file.after_blob and len(shown.hunks) == 1
            for hunk in shown.hunks
            if len(hunk.lines) <= self._room.lines and sum(map(len, hunk.lines)) <= self._room.text
            if adds(hunk.lines) and max(map(len, hunk.lines)) <= LONGEST_LINE
        ]

    def _defect(self, change: Change, rng: random.Random, again: bool) -> tuple[Messages | None, dict]:
        """A review of a hunk with a planted bug; `again`: and then a look whether it is mended, where nothing
        but this file can make that wrong.
        """
        if again and not stands_alone(change.commit):
            return None, {}
        # What else is wrong in a hunk would be passed over, so it has to be right as it was written.
        known = self._right if again else self._sound
        parts = [part for part in self._hunks(change) if known(change, *part)]
        rng.shuffle(parts)
        for shown, hunk in parts[:TRIED]:
            one = self._planted(change, shown, hunk, rng)
            if one is None:
                continue
            defect = one.defect
            own = Change(change.commit, change.message, [shown], self._repository)
            # The title of several files is hardly about this one.
            form = "titled" if rng.random() < TITLED and len(change.code) == 1 else "pasted"
            # A question may name the function that these lines are in, and no other of the commit.
            name = own.around(shown, defect.line)
            ask = question(own, "review", form, rng, name=name)
            ask = ask or question(own, "review", "pasted", rng, name=name)
            if ask is None:
                continue
            messages = [
                user(f"{ask}\n\n{block('diff', one.diff())}"),
                assistant(reviews.finding(one, rng, ask)),
            ]
            also = {"defect": {"kind": defect.kind, "line": defect.line, "count": defect.count}}
            if again:
                then = rng.choice(ASK["review"]["again"])
                answer = reviews.confirmed(one, rng)
                messages += [user(f"{then}\n\n{block('diff', one.mended())}"), assistant(answer)]
                also = {}
            self._reviewer.kinds[defect.kind] += 1
            return messages, also
        return None, {}

    def _planted(
        self, change: Change, shown: Shown, hunk: Hunk, rng: random.Random
    ) -> reviews.Planted | None:
        """The hunk with a bug that nobody doubts; None where no kind of bug gives one."""
        doubted: set[str] = set()
        for _ in range(KINDS_TRIED):
            defect = self._reviewer.plant(
                change.commit, shown.file, hunk.numbered(), rng, found_by_reading=True, without=doubted
            )
            one = reviews.planted(shown.file, hunk, defect) if defect else None
            if defect is None or one and not reviews.in_doubt(one):
                return one
            doubted.add(defect.kind)
        return None

    def _right(self, change: Change, shown: Shown, hunk: Hunk) -> bool:
        """Whether time has confirmed these lines, and no call in their file is refused by its function."""
        return (
            self.confirmed.stands(change.commit, shown.file, hunk)
            and not self.confirmed.mended(shown.file, hunk)
            and self._reviewer.calls.fit(change.commit.sha, shown.file, hunk)
        )

    def _sound(self, change: Change, shown: Shown, hunk: Hunk) -> bool:
        """Whether these lines lasted and no fix has come near them, nor near what they became."""
        return self.confirmed.lasts(change.commit, shown.file, hunk) and not (
            self.confirmed.mended(shown.file, hunk) or self.confirmed.led_to_a_fix(shown.file, hunk)
        )
