from collections import Counter
from types import SimpleNamespace

import pytest

from autodidact.gate.balance import Ranking, quotas
from autodidact.gate.compact_examples import mark
from autodidact.records import example


def made(n, path="a.py", category="architecture", generator="ast_parser", **extra):
    return example(
        generator,
        category,
        f"Question {n} of {path}?",
        f"Answer {n}.",
        {"kind": "git", "ref": path, "path": path},
        **extra,
    )


def ranking_of(examples, cap, floor=0, share=1.0, source_share=1.0):
    settings = SimpleNamespace(cap=cap, floor=floor, share=share, source_share=source_share)
    return Ranking(mark(examples, [one.line() for one in examples]), settings)


def kept(examples, cap, floor=0, share=1.0, without=(), source_share=1.0):
    ranking = ranking_of(examples, cap, floor, share, source_share)
    for row in without:
        ranking.discard(row)
    return [one for one, stays in zip(examples, ranking.chosen(), strict=True) if stays]


def test_the_cap_counts_each_generator_alone():
    many = [made(n) for n in range(7)] + [
        made(n, generator="diff_miner", category="code_review") for n in range(3)
    ]
    assert Counter(one.generator for one in kept(many, 5)) == {"ast_parser": 5, "diff_miner": 3}


def test_what_stays_is_spread_over_categories_and_sources():
    many = [made(n, path) for path, size in (("a.py", 20), ("b.py", 4), ("c.py", 2)) for n in range(size)]
    many += [made(n, "d.py", "reasoning") for n in range(20)]
    paths = Counter(one.source.path for one in kept(many, 12))
    assert paths["d.py"] == 6 and min(paths["a.py"], paths["b.py"], paths["c.py"]) >= 1


def test_facts_of_the_probe_first_and_replayed_examples_last():
    probe = [made(n, probe=f"fact{n % 3}") for n in range(6)]
    plain, replayed = (
        [made(n, "b.py") for n in range(3)],
        [made(n, "c.py", replay_of="2026-11-22T0000Z") for n in range(3)],
    )
    assert kept([*replayed, *plain, *probe], 9) == [*plain, *probe]
    assert {one.probe for one in kept([*replayed, *plain, *probe], 3)} == {"fact0", "fact1", "fact2"}


def test_what_nobody_repeats_goes_before_what_many_say():
    def says(n, text):
        return example(
            "ast_parser", "reasoning", f"{text} {n}?", f"{text} is it.", {"kind": "git", "ref": f"{text}{n}"}
        )

    same = [
        says(n, "the same old question about the same old queue and its workers, number") for n in range(90)
    ]
    rare = [says("", " ".join(f"w{n}{k}" for k in range(12))) for n in range(10)]
    assert sum(one in rare for one in kept([*same, *rare], 12)) >= 8


def test_an_answer_that_repeats_itself_goes_after_one_that_does_not():
    def says(n, good):
        answer = " ".join(f"w{n}{k if good else k % 13}" for k in range(21))
        return example(
            "ast_parser",
            "reasoning",
            f"Question w{n}?",
            answer,
            {"kind": "git", "ref": f"{n}"},
            **({} if good else {"was": "x"}),
        )

    many = [says(n, n < 50) for n in range(100)]
    assert sum(one in many[:50] for one in kept(many, 40)) >= 24


def test_the_order_of_the_input_does_not_matter():
    many = [made(n, f"{n % 5}.py") for n in range(40)]
    assert {one.id for one in kept(many, 11)} == {one.id for one in kept(many[::-1], 11)}


def test_a_new_example_moves_few_others():
    many = [made(n, f"{n % 5}.py") for n in range(200)]
    before, after = (
        {one.id for one in kept(many, 50)},
        {one.id for one in kept([*many, made(999, "2.py")], 50)},
    )
    assert len(before - after) <= 2


def test_a_discarded_example_makes_room_for_the_next_and_moves_no_other():
    many = [made(n, f"{n % 5}.py") for n in range(40)]
    before = kept(many, 11)
    after = kept(many, 11, without=[many.index(before[0])])
    assert len(after) == 11 and set(one.id for one in before[1:]) < set(one.id for one in after)


def test_a_category_keeps_its_floor_unless_the_cap_is_smaller():
    probe = [made(n, probe=f"fact{n}") for n in range(30)]
    rest = [made(n, "b.py", "reasoning") for n in range(60)]
    assert Counter(one.category for one in kept([*probe, *rest], 100, floor=40))["reasoning"] == 60
    assert Counter(one.category for one in kept([*probe, *rest], 70, floor=40)) == {
        "architecture": 30,
        "reasoning": 40,
    }
    assert Counter(one.category for one in kept([*probe, *rest], 35, floor=40)) == {
        "architecture": 30,
        "reasoning": 5,
    }


def said(n, conversation, generator="session_miner", **extra):
    source = {"kind": "transcript", "ref": f"{conversation}:{n}", "file": conversation, "line": n}
    return example(generator, "tool_use", f"Question {n} of {conversation}?", f"Answer {n}.", source, **extra)


MIX = [
    made(n, f"{generator}{n % 20}.py", generator=generator)
    for generator in ("ast_parser", "diff_miner", "knowledge_graph")
    for n in range(100)
]


def test_one_conversation_cannot_flood_the_mix():
    flood, others = (
        [said(n, "troll.jsonl") for n in range(400)],
        [said(n, f"{n % 9}.jsonl") for n in range(90)],
    )
    counts = Counter(
        one.source.ref.split(":")[0] for one in kept([*flood, *others, *MIX], 600, floor=20, source_share=0.1)
    )
    assert counts["troll.jsonl"] == 43  # a tenth of 43 + 90 + 300
    assert sum(counts.values()) == 433


def test_what_a_flood_leaves_free_others_take():
    flood, others = (
        [said(n, "troll.jsonl") for n in range(400)],
        [said(n, f"{n % 9}.jsonl") for n in range(90)],
    )
    ranking = ranking_of([*flood, *others, *MIX], 100, floor=20, source_share=0.1)
    assert ranking.chosen()[:400].sum() == 40 and ranking.chosen()[400:490].sum() == 60  # of 400 in all
    assert Counter(why.reason for _, why in ranking.lost()) == {
        "over the share of one source": 14,
        "over the cap of its generator": 376,
    }


def test_a_small_source_facts_of_the_probe_and_what_is_no_file_are_no_flood():
    few = [said(n, "a.jsonl") for n in range(20)]
    probe = [said(n, "b.jsonl", probe=f"fact{n}") for n in range(60)]
    table = [
        example(
            "affect_examples", "affect_reasoning", f"Q{n}?", f"A{n}.", {"kind": "table", "ref": "affect.yaml"}
        )
        for n in range(200)
    ]
    stay = kept([*few, *probe, *table, *MIX], 600, floor=20, source_share=0.01)
    assert (
        sum(one in few for one in stay) == 20
        and sum(one in probe for one in stay) == 60
        and sum(one in table for one in stay) == 200
    )


def test_where_there_is_no_mix_one_source_may_be_all():
    alone = [said(n, "only.jsonl") for n in range(300)]
    assert len(kept(alone, 600, floor=40, source_share=0.1)) == 300


def test_a_flood_changes_nothing_about_the_order_of_the_input():
    many = [*(said(n, "troll.jsonl") for n in range(120)), *MIX]
    assert {one.id for one in kept(many, 90, floor=10, source_share=0.1)} == {
        one.id for one in kept(many[::-1], 90, floor=10, source_share=0.1)
    }


@pytest.mark.parametrize(
    ("sizes", "protected", "quota"),
    [
        ([600, 600, 600], [0, 0, 0], [600, 600, 600]),  # a third each
        ([600, 100, 100, 100], [0, 0, 0, 0], [161, 100, 100, 100]),  # 161 of 461 are 34.9%
        ([600, 500, 400], [0, 0, 0], [466, 466, 400]),
        (
            [600, 100, 100, 100],
            [200, 0, 0, 0],
            [200, 100, 100, 100],
        ),  # what teaches the probe or fills a floor stays
        ([600, 600], [0, 0], [600, 600]),  # two generators: no mix to balance
        ([600, 30, 30, 30], [0, 0, 0, 0], [600, 30, 30, 30]),
        ([2666, 700, 700, 700], [0, 0, 0, 0], [600, 600, 600, 600]),  # the article's case
        ([], [], []),
    ],
)
def test_no_generator_has_more_than_its_share_where_there_are_three(sizes, protected, quota):
    assert quotas(sizes, protected, 600, 40, 0.35) == quota


def test_a_quota_is_the_part_that_is_kept_but_facts_of_the_probe_stay():
    many = [made(n) for n in range(10)] + [
        made(n, generator="diff_miner", category="code_review") for n in range(10)
    ]
    settings = SimpleNamespace(cap=8, floor=0, share=1.0, source_share=1.0, quotas={"ast_parser": 0.5})
    ranking = Ranking(mark(many, [one.line() for one in many]), settings)
    chosen = [one for one, stays in zip(many, ranking.chosen(), strict=True) if stays]
    assert Counter(one.generator for one in chosen) == {"ast_parser": 4, "diff_miner": 8}
    assert Counter(drop.reason for _, drop in ranking.lost()) == {
        "over its generator's quota": 4,
        "over the cap of its generator": 4,
    }
    facts = [made(n, probe=f"fact{n}") for n in range(10)]
    settings.quotas["ast_parser"] = 0.5
    assert Ranking(mark(facts, [one.line() for one in facts]), settings).chosen().sum() == 8
