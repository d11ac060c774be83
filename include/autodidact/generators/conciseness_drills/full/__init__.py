"""conciseness_drills in the register `full`: long texts, real or around real facts, and short ones that lose
nothing that was asked for.
"""

from collections.abc import Iterator

from autodidact.generators.conciseness_drills.full.commit_tasks import ChangeTasks
from autodidact.generators.conciseness_drills.full.docstring_tasks import DocstringTasks
from autodidact.generators.conciseness_drills.full.entry_tasks import EntryTasks
from autodidact.generators.conciseness_drills.full.section_tasks import PassageTasks
from autodidact.generators.conciseness_drills.full.texts_with_short_forms import Texts
from autodidact.generators.writing.quotations_altered_by_masks import is_masked
from autodidact.records import Example
from autodidact.sources.snapshot import Snapshot

# Tasks of a kind in a round: more of those that have most to keep.
_TWICE = ("ramble", "twice", "subject")

# Largest share of answers of fewer than 10 tokens.
SHORT = 0.08


def full_examples(facts: Texts, snapshot: Snapshot) -> Iterator[Example]:
    """Tasks of all kinds in turn, until no text is left."""
    passages, docstrings = PassageTasks(facts.passages, snapshot), DocstringTasks(facts.docstrings, snapshot)
    changes = ChangeTasks(facts.changes, snapshot)
    entries = EntryTasks(facts.entries, snapshot)
    kinds = {**passages.kinds(), **docstrings.kinds(), **changes.kinds(), **entries.kinds()}
    queues = [kinds[name] for name in sorted(kinds) for _ in range(2 if name in _TWICE else 1)]
    short = count = 0
    while queues:
        for queue in list(queues):
            row = next(queue, None)
            if row is None:
                queues = [other for other in queues if other is not queue]
                continue
            if is_masked(row):
                continue
            is_short = (row.model_extra or {}).get("short", False)
            if not is_short or short < SHORT * count:
                short, count = short + is_short, count + 1
                yield row
