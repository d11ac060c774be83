"""Open-book questions: a few facts in the prompt and one short answer.

A small model that is trained on sentences from memory alone unlearns to look into its prompt; such questions
raised what it can do with prompts that it has never seen (docs/learning.md). A generator hands over relations
with their words (`relation_phrases.Phrase`) and what holds (`Triple`s). The answer follows from the few that
are shown, which `source.triples` names; `source.open_book` says what is asked of them.
"""

import random
from collections.abc import Iterable, Iterator
from itertools import islice

from autodidact.generators.writing.facts_into_words import Fact
from autodidact.generators.writing.questions_on_shown_relations import LONGEST as LONGEST
from autodidact.generators.writing.questions_on_shown_relations import Relation, RelationQuestions
from autodidact.sources.graphs.triple_graph import Graph, Triple

# Of a generator's examples, those of the knowledge probe aside.
SHARE = 0.5
# Draws for a question of one kind.
TRIES = 8


def mixed(from_memory: Iterable, opened: Iterable, share: float = SHARE) -> Iterator:
    """Both, mixed so that of any beginning `share` is open-book. It ends with the last one from memory."""
    due, queue = 0.0, iter(opened)
    for item in from_memory:
        yield item
        due += share / (1 - share)
        while due >= 1:
            due -= 1
            yield from islice(queue, 1)


def questions(relations: Iterable[Relation], limit: int, rng: random.Random) -> Iterator[Fact]:
    """At most `limit` questions of the relations in turn, of every kind; no two with the same prompt."""
    prompts: set[str] = set()
    left = [
        RelationQuestions(relation)
        for relation in relations
        if len({t.subject for t in relation.triples}) > 2
    ]
    while left and len(prompts) < limit:
        for reader in list(left):
            kinds = rng.sample(reader.kinds, len(reader.kinds))
            made = (reader.question(kind, rng) for kind in kinds for _ in range(TRIES))
            found = next((fact for fact in made if fact and fact.user not in prompts), None)
            if found is None:
                left.remove(reader)
            elif len(prompts) < limit:
                prompts.add(found.user)
                yield found


def part(graph: Graph, relation: str, rng: random.Random, most: int = 400) -> list[Triple]:
    """About so many triples of a relation, of neighbours rather than of any: what questions are drawn from
    where a graph is large.
    """
    found: list[Triple] = []
    queue: list[str] = []
    left = graph.subjects(relation)
    rng.shuffle(left)
    met: set[str] = set()
    while (queue or left) and len(found) < most:
        node = queue.pop() if queue else left.pop()
        if node not in met:
            met.add(node)
            found += [Triple(node, relation, other) for other in graph.out(node, relation)]
            queue += graph.out(node, relation)[:2]
    return found
