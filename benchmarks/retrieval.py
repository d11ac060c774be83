"""How good is the retrieval that fine-tuning is compared with? How often the answer stands in what it shows.

    python -m benchmarks.retrieval REPOSITORY [--questions 120] [--misses]

Of questions of the knowledge probe about the repository, for BM25 alone, the embedding alone (of what BM25
finds) and both, and for several lengths of what is shown. An upper bound of what a model can do with it:
where the answer stands there, it may still be overlooked. `--misses` lists the questions whose answer is not
shown.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autodidact.benchmark.names_in_text import find
from autodidact.errors import Skipped
from autodidact.generators import GENERATORS
from autodidact.generators.run_generator import load
from autodidact.generators.stage import snapshot_at
from autodidact.knowledge.fact import Question
from autodidact.ledger.cut_passages import Passage
from autodidact.ledger.passages_of_sources import passages
from autodidact.ledger.retrieval import POOL, Index, embedder, fitting
from autodidact.settings import load_settings

# Characters of what is shown of all passages together.
ROOMS = (600, 1_500, 3_000, 6_000)


def questions(settings: Any, until: datetime, most: int) -> list[Question]:
    """Those of the knowledge probe, by their ids."""
    found: list[Question] = []
    for generator in GENERATORS:
        module, snapshot = load(generator.name), snapshot_at(settings, since=None, until=until)
        try:
            found += module.questions(module.read(snapshot), snapshot) if generator.probe else ()
        except Skipped:
            continue
    return sorted(found, key=lambda question: question.id)[:most]


def rankings(index: Index, asked: Sequence[str]) -> dict[str, list[list[Passage]]]:
    """Way -> the passages of each question, the best first."""
    pools = [index.lexical(question, POOL) for question in asked]
    near = list(index.by_meaning(asked, pools))
    return {
        "BM25": [[index.passages[number] for number in pool] for pool in pools],
        "embedding": [[index.passages[number] for number in pool] for pool in near],
        "both": index.ranked(asked),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    settings = load_settings("laptop", {"sources.repository": str(given.repository.resolve())}, environ={})
    until = datetime.now(timezone.utc)
    snapshot = snapshot_at(settings, since=None, until=until)
    found, asked = passages(snapshot), questions(settings, until, given.questions)
    print(f"{len(found)} passages, {len(asked)} questions")
    ways = rankings(Index(found, embedder(snapshot.cache)), [question.reserved for question in asked])
    for way, ranked in ways.items():
        for room in ROOMS:
            texts = ["\n".join(fitting(passages, room, len, settings)) for passages in ranked]
            hits = Counter(
                question.kind
                for question, text in zip(asked, texts, strict=True)
                if any(find(name, text) for name in question.accept)
            )
            print(
                f"{way:9} {room:5} characters: {hits.total()} of {len(asked)}  {dict(sorted(hits.items()))}"
            )
    if given.misses:
        for question, best in zip(asked, ways["both"], strict=True):
            text = "\n".join(fitting(best, ROOMS[2], len, settings))
            if not any(find(name, text) for name in question.accept):
                print(f"not shown: {question.reserved} {question.accept[0]}: {[p.title for p in best[:3]]}")


if __name__ == "__main__":
    main()
