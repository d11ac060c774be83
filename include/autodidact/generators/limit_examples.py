"""One example a prompt, up to the limit of a generator; counted."""

from collections.abc import Callable, Iterable, Iterator

from autodidact.generators.writing.diversity import Diversity
from autodidact.records import Example, canonical, sha256
from autodidact.stage import Work


def limited(
    rows: Iterable[Example], limit: int, run: Work, new: Callable[[Example], bool] = lambda row: True
) -> Iterator[Example]:
    """One example a prompt, at most `limit` of them besides those that teach a fact of the knowledge probe;
    counted in `run`.

    `new`: whether an example's source is new or changed.
    """
    prompts: set[str] = set()
    categories: dict[str, int] = {}
    diversity = Diversity()
    room, fresh = limit, 0
    for row in rows:
        prompt = sha256(canonical([row.messages[:-1], row.tools]))
        if prompt in prompts:
            run.troubles.add("the same prompt twice", row.source.ref)
            continue
        if not (row.model_extra or {}).get("probe"):
            if room == 0:
                break
            room -= 1
        prompts.add(prompt)
        categories[row.category] = categories.get(row.category, 0) + 1
        diversity.add(row)
        fresh += new(row)
        yield row
    run.counts.update(examples=len(prompts), new=fresh, categories=categories, diversity=diversity.figures())
