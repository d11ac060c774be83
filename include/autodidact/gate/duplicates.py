"""Exact duplicates: of examples that ask the same, the newest stays. Two answers to one question would teach a coin flip."""

from autodidact.gate.rule import Context, Drop, extra
from autodidact.records import Example, canonical, sha256

NAME = "duplicates"


def _age(example: Example) -> tuple:
    """Sorts older before newer: replayed before fresh, then by the time of the source; of equals the smaller id is the one to keep."""
    return (not extra(example, "replay_of"), example.time or "")


def sift(examples: list[Example], context: Context) -> list[Example | Drop]:
    best: dict[str, int] = {}
    keys = [sha256(canonical([example.messages[:-1], example.tools])) for example in examples]
    for place, (key, example) in enumerate(zip(keys, examples, strict=True)):
        held = best.setdefault(key, place)
        if held != place:
            newer, older = _age(example), _age(examples[held])
            if newer > older or (newer == older and example.id < examples[held].id):
                best[key] = place
    results: list[Example | Drop] = []
    for place, (key, example) in enumerate(zip(keys, examples, strict=True)):
        kept = examples[best[key]]
        if best[key] == place:
            results.append(example)
        else:
            results.append(Drop("the same example" if kept.id == example.id else "the same question, answered by a newer example", kept.id))
    return results
