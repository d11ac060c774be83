from collections import Counter
from types import SimpleNamespace

from autodidact.gate import balance, duplicates
from autodidact.gate.rule import Context, Drop
from autodidact.records import example


def context(cap):
    return Context(SimpleNamespace(cap=cap), len, None)


def made(n, path="a.py", category="architecture", generator="ast_parser", **extra):
    return example(generator, category, f"Question {n} of {path}?", f"Answer {n}.", {"kind": "git", "ref": path, "path": path}, **extra)


def kept(examples, cap):
    return [result for result in balance.sift(examples, context(cap)) if not isinstance(result, Drop)]


def test_the_cap_counts_each_generator_alone():
    many = [made(n) for n in range(7)] + [made(n, generator="diff_miner", category="code_review") for n in range(3)]
    assert Counter(one.generator for one in kept(many, 5)) == {"ast_parser": 5, "diff_miner": 3}
    assert balance.sift(many, context(5)).count(Drop("over the cap of its generator", 5)) == 2


def test_what_stays_is_spread_over_categories_and_sources():
    many = [made(n, path) for path, size in (("a.py", 20), ("b.py", 4), ("c.py", 2)) for n in range(size)]
    many += [made(n, "d.py", "reasoning") for n in range(20)]
    assert Counter(one.source.path for one in kept(many, 12)) == {"a.py": 2, "b.py": 2, "c.py": 2, "d.py": 6} or Counter(
        one.category for one in kept(many, 12)
    ) == {"architecture": 6, "reasoning": 6}


def test_facts_of_the_probe_first_and_replayed_examples_last():
    probe = [made(n, probe=f"fact{n % 3}") for n in range(6)]
    plain, replayed = [made(n, "b.py") for n in range(3)], [made(n, "c.py", replay_of="2026-11-22T0000Z") for n in range(3)]
    assert kept([*replayed, *plain, *probe], 9) == [*plain, *probe]
    assert {one.probe for one in kept([*replayed, *plain, *probe], 3)} == {"fact0", "fact1", "fact2"}


def test_the_order_of_the_input_does_not_matter():
    many = [made(n, f"{n % 5}.py") for n in range(40)]
    assert {one.id for one in kept(many, 11)} == {one.id for one in kept(many[::-1], 11)}


def test_a_new_example_moves_at_most_one_other():
    many = [made(n, f"{n % 5}.py") for n in range(40)]
    before, after = {one.id for one in kept(many, 11)}, {one.id for one in kept([*many, made(99, "2.py")], 11)}
    assert len(before - after) <= 1


def test_the_newer_answer_to_a_question_stays():
    def answer(text, time, **extra):
        return example("ast_parser", "architecture", "Where is it?", text, {"kind": "git", "ref": "x"}, time=time, **extra)

    old, new = answer("In a.py.", "2026-11-01T00:00:00Z"), answer("In b.py.", "2026-11-02T00:00:00Z")
    assert duplicates.sift([new, old], context(9)) == [new, Drop("the same question, answered by a newer example", new.id)]
    assert duplicates.sift([old, new], context(9)) == [Drop("the same question, answered by a newer example", new.id), new]
    assert duplicates.sift([new, new], context(9)) == [new, Drop("the same example", new.id)]
    replayed = answer("In c.py.", "2026-11-03T00:00:00Z", replay_of="2026-11-22T0000Z")
    assert duplicates.sift([old, replayed], context(9)) == [old, Drop("the same question, answered by a newer example", old.id)]
