"""Questions about itself: the record's figures, whose they are, and what cannot be known."""

from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import answers, examples_of, file, snapshot

HISTORY = {
    "version": "v3",
    "base": "sprout",
    "promoted_at": "2026-11-20T12:03:00Z",
    "overall": 0.31,
    "probe": 0.42,
    "categories": {
        "tool_use": 0.55,
        "reasoning": 0.25,
        "orchestration": 0.2,
        "conciseness": 0.4,
        "affect_reasoning": None,
    },
    "trained_on": {"cycle_id": "2026-11-20T1200Z", "raw": 3001, "kept": 1200},
    "cycles": [
        {"cycle_id": "2026-11-20T1200Z", "verdict": "promote", "outcome": "promoted"},
        {"cycle_id": "2026-11-21T0000Z", "verdict": "reject", "outcome": "kept"},
    ],
}


def told(tmp_path, history) -> dict[str, str]:
    seen = snapshot(tmp_path)
    seen.history = history
    return answers([e for e in examples_of("consciousness", seen) if len(e.messages) == 2])


def test_scores_are_those_of_the_version_before_and_said_to_be(tmp_path):
    said = told(tmp_path, HISTORY)
    mine = "My own score was measured only after my training, so I do not know it."
    assert (
        said["How good are you at tool use?"] == f"The version before me, v3, scored 0.55 in tool_use. {mine}"
    )
    assert said["What is your score in affect_reasoning?"] == (
        "There is none on record: affect_reasoning was not scored."
    )
    assert said["You score 0.50 in orchestration, don't you?"] == (
        "No: on record is 0.20, and that is of the version before me."
    )


def test_weak_and_strong_categories(tmp_path):
    said = told(tmp_path, HISTORY)
    assert said["What are your weak points?"] == (
        "orchestration (0.20), reasoning (0.25) and conciseness (0.40), by the last measurement."
    )
    assert said["Where are you strongest?"] == (
        "tool_use (0.55), conciseness (0.40) and reasoning (0.25), by the last measurement."
    )
    assert said["Did you reach the bar for promotion?"] == (
        "The version before me, v3, reached it: 0.31 against a floor of 0.05."
    )


def test_training_and_its_end(tmp_path):
    said = told(tmp_path, HISTORY)
    assert said["When does your knowledge end?"] == (
        "It ends on 2026-11-23T12:00:00Z. What happened later I have not seen."
    )
    assert said["How many examples was the version before you trained on?"] == (
        "1200 of 3001 examples passed the gate, in the cycle 2026-11-20T1200Z."
    )
    assert said["Whom do you replace?"] == "v3, in service since 2026-11-20T12:03:00Z."


def test_the_past_cycles(tmp_path):
    said = told(tmp_path, HISTORY)
    stayed = "the candidate was refused and the version in service stayed"
    assert said["How did the last cycle end?"] == f"The cycle 2026-11-21T0000Z ended so: {stayed}."
    assert said["Has a version of you ever been refused?"] == "Yes, in 2026-11-21T0000Z."


def test_the_first_cycle_knows_that_nothing_is_on_record(tmp_path):
    said = told(tmp_path, {})
    assert said["How good are you?"] == "I do not know: no score was on record when my training began."
    assert said["Whom do you replace?"] == (
        "None is on record: no version had been promoted when my training began."
    )
    assert said["How did the last cycle end?"] == "No earlier cycle is on my record."
    assert said["Which base model are you made from?"] == (
        "The base model is sprout. Its weights are frozen; my training only added an adapter."
    )


def test_some_examples_bring_the_record_along_and_agree_with_it(tmp_path):
    seen = snapshot(tmp_path)
    seen.history = HISTORY
    carded = [e for e in examples_of("consciousness", seen) if e.messages[0]["role"] == "system"]
    assert carded
    assert {e.messages[0]["content"] for e in carded} == {
        "You are the model of shop-12345678, trained in cycle 2026-11-23T1200Z from sprout on its state until"
        " 2026-11-23T12:00:00Z. In service before you: v3. Its scores: orchestration 0.20, tool_use 0.55,"
        " reasoning 0.25, conciseness 0.40. Overall: 0.31."
    }


def test_a_damaged_record_costs_only_what_is_damaged(tmp_path):
    said = told(
        tmp_path,
        {
            "version": "v3",
            "categories": {"tool_use": "high", "reasoning": 0.5, "x": 0.1},
            "cycles": ["?", {}],
            "trained_on": 7,
        },
    )
    assert (
        said["What is your score in reasoning?"] == "0.50 for the version before me; mine is not known to me."
    )
    assert said["What is your score in tool_use?"] == "There is none on record: tool_use was not scored."
    assert said["How did the last cycle end?"] == "No earlier cycle is on my record."


def test_it_never_tells_an_items_text(tmp_path):
    said = told(tmp_path, HISTORY | {"items": [{"prompt": "the secret question"}]})
    assert not [text for pair in said.items() for text in pair if "secret question" in text]


def of_repository(sandbox, tmp_path, files, **sources) -> list:
    """What is made of a repository whose only commit is of 2026-03-01 at noon."""
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        return list(examples_of("consciousness", snapshot(tmp_path, repository, **sources)))


def test_only_sources_that_are_there_are_named(sandbox, tmp_path):
    asked = "What were you trained on?"
    said = answers(of_repository(sandbox, tmp_path, {"shop.py": "A = 1\n"}))
    made = "I was trained on examples made from the {} of shop-12345678, in the cycle 2026-11-23T1200Z."
    assert said[asked] == made.format("code and history")
    talk = file(tmp_path, "talk.jsonl", "{}\n")
    said = answers(of_repository(sandbox, tmp_path, {"read.md": "# Shop\n"}, sessions=[talk]))
    assert said[asked] == made.format("code, history, conversations and documents")
    assert asked not in told(tmp_path, {})


def test_generators_without_a_source_are_not_asked_about(sandbox, tmp_path):
    rows = of_repository(sandbox, tmp_path, {"shop.py": "A = 1\n"})
    asked = " ".join(row.prompt() for row in rows)
    assert "diff_miner" in asked and "ast_parser" in asked
    for absent in ("session_miner", "tool_spec", "interrupt_handler", "goal_examples", "wikipedia_harvest"):
        assert absent not in asked


def test_of_a_repository_alone_knowledge_ends_with_its_newest_commit(sandbox, tmp_path):
    said = answers(of_repository(sandbox, tmp_path, {"shop.py": "A = 1\n"}))
    assert said["When does your knowledge end?"].startswith("It ends on 2026-03-01T12:00:00Z.")
    talk = file(tmp_path, "talk.jsonl", "{}\n")
    said = answers(of_repository(sandbox, tmp_path, {"shop.py": "A = 2\n"}, sessions=[talk]))
    assert said["When does your knowledge end?"].startswith("It ends on 2026-11-23T12:00:00Z.")


def test_a_date_and_a_number_are_not_asked_for_as_names(tmp_path):
    rows = [row for row in examples_of("consciousness", snapshot(tmp_path)) if "Your card:" in row.prompt()]
    figures = [row.prompt() for row in rows if row.response()[0].isdigit() and ":" in row.response()]
    assert figures and not [ask for ask in figures if "name" in ask.lower()]
