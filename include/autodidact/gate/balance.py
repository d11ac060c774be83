"""Balance, the last rule: no generator keeps more than 600 examples. The article: 2,666 of one made the model verbose and repetitive.

What stays when there are more: facts of the knowledge probe first, replayed examples last, and within each an even hand, one of every
source in turn and one of every category in turn. The choice depends on the ids alone, so the same examples give the same choice.
"""

from collections import defaultdict
from collections.abc import Hashable

from autodidact.gate.rule import Context, Drop, extra
from autodidact.records import Example, sha256

NAME = "balance"


def _group(example: Example) -> Hashable:
    """What an example shares with those that teach the same: the fact of the probe, the family, the file or the document."""
    probe = extra(example, "probe")
    if probe:
        return str(probe)
    source = example.source
    return str(extra(example, "family") or (source.model_extra or {}).get("path") or source.ref)


def ranked(examples: list[Example]) -> list[int]:
    """Places in `examples`, the one to keep first at the front."""
    members: dict[tuple, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        kind = 0 if extra(example, "probe") else 2 if extra(example, "replay_of") else 1
        members[kind, example.category, _group(example)].append(place)
    turns: dict[tuple, list[tuple]] = defaultdict(list)
    for (kind, category, group), places in members.items():
        for turn, place in enumerate(sorted(places, key=lambda p: examples[p].id)):
            turns[kind, category].append((turn, sha256(str(group)), place))
    order = []
    for (kind, category), rows in turns.items():
        order += [(kind, turn, category, place) for turn, (_, _, place) in enumerate(sorted(rows))]
    return [place for *_, place in sorted(order)]


def sift(examples: list[Example], context: Context) -> list[Example | Drop]:
    by_generator: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        by_generator[example.generator].append(place)
    results: list[Example | Drop] = list(examples)
    cap = context.settings.cap
    for places in by_generator.values():
        if len(places) > cap:
            for nth in ranked([examples[p] for p in places])[cap:]:
                results[places[nth]] = Drop("over the cap of its generator", cap)
    return results
