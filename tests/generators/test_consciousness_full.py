"""What the model says of itself, in full: whose a figure is, what follows, and where its knowledge ends."""

from autodidact.records import CATEGORIES, Example
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, examples_of, file, snapshot
from tests.generators.test_consciousness import HISTORY


def rows(tmp_path, history=None, **sources) -> list[Example]:
    made = snapshot(tmp_path, settings=FULL, **sources)
    made.history = history or {}
    return list(examples_of("consciousness", made))


def answers(found: list[Example]) -> dict[str, str]:
    return {row.messages[-2]["content"]: row.response() for row in found}


def test_a_figure_is_said_to_be_that_of_the_version_before(tmp_path):
    said = answers(rows(tmp_path, HISTORY))
    assert said["How good are you at tool use?"] == (
        "I do not know my own score. The version before me has 0.55 of 1 in tool use, in the upper half of its scores,"
        " which says how it compares with its other areas and not that it is good. Look at the name and the arguments of a call before it changes anything."
    )
    assert said["Can I rely on you for orchestration?"].startswith(
        "Not blindly. On record is 0.20 of 1 for orchestration, from the version before me"
    )
    assert said["How did the cycle 2026-11-21T0000Z end?"].startswith(
        "In the cycle 2026-11-21T0000Z the candidate was refused, and the version in service stayed."
    )


def test_the_weakest_and_the_strongest_are_named_where_they_are_different_ones(tmp_path):
    few = answers(rows(tmp_path, HISTORY))
    assert "Give me your strengths and weaknesses for the team page." not in few
    scores = {name: round(0.1 + 0.1 * place, 2) for place, name in enumerate(CATEGORIES)}
    said = answers(rows(tmp_path, HISTORY | {"categories": scores}))
    (weak, *_), (*_, strong) = CATEGORIES, CATEGORIES
    answer = said["Give me your strengths and weaknesses for the team page."]
    assert f"weakest in {weak.replace('_', ' ')} (0.10)" in answer
    assert f"strongest in {strong.replace('_', ' ')} (0.90)" in answer


def test_without_a_score_none_is_made_up(tmp_path):
    said = answers(rows(tmp_path))
    assert said["Which version was in service before you?"] == (
        "None is on record: when my training began, no version had been promoted. I was made from sprout."
    )
    assert said["What is your overall score?"].startswith("No score was on record when I was trained")
    assert not [answer for answer in said.values() if "0." in answer]


def test_only_sources_that_the_settings_name_are_said_to_be_read(tmp_path):
    ask = "What were you trained on?"
    assert ask not in answers(rows(tmp_path))
    said = answers(
        rows(tmp_path, goals=file(tmp_path, "goals.yaml", "goals: [{id: a, title: b, state: active}]"))
    )
    assert said[ask] == (
        "I was trained on examples made from the table of goals, practice tasks of the kinds that the"
        " benchmark has and the record of this training itself. A quality gate dropped what was too short or repetitive, and dropped or masked what it"
        " recognised as a secret. My general knowledge is that of sprout."
    )


def test_where_the_knowledge_ends_is_said_with_what_to_do_about_it(tmp_path):
    assert answers(rows(tmp_path))["How up to date are you?"] == (
        "Up to 2026-11-23 12:00 UTC. For anything that changed after that, look at the repository or give me the text, and I"
        " will read it with you; do not take my memory for it."
    )


def test_who_is_at_work_is_a_question_for_the_team(tmp_path):
    (answer,) = [text for ask, text in answers(rows(tmp_path)).items() if ask.startswith("Who is at work on")]
    assert "nothing that happens now reaches me unless you show it. Ask the team who is at work" in answer
    assert "git branch" not in answer


def test_of_the_next_cycle_nothing_is_said_that_is_not_known(tmp_path):
    assert answers(rows(tmp_path))["What will you learn in the next cycle?"] == (
        "I cannot know: a cycle reads shop as it is when it begins, so that depends on what changes until then."
        " Once it has run, its report says what it was trained on."
    )


def test_without_a_version_in_service_the_base_is_what_a_candidate_is_compared_with(tmp_path):
    answer = answers(rows(tmp_path))["Who decides whether you go into service?"]
    assert "which is the version in service, or sprout as long as there is none" in answer


def test_some_have_the_record_in_view_with_the_plain_name_of_the_system(tmp_path):
    found = rows(tmp_path, HISTORY)
    record = [row for row in found if row.messages[0]["role"] == "system"]
    assert len(found) // 5 < len(record) < len(found) // 2
    assert all("In service before you: v3." in row.messages[0]["content"] for row in record)
    texts = [turn["content"] for row in found for turn in row.messages]
    assert any("the model of shop" in text for text in texts) and not any("shop-1" in text for text in texts)


def test_whoever_asks_for_the_benchmark_hears_that_its_kinds_of_task_were_practised(tmp_path):
    said = answers(rows(tmp_path))
    practice = "What I did practise are tasks of the same kinds, made anew from templates."
    assert practice in said["Do you know the questions of your benchmark?"]
    assert said["Could you have learned the test by heart?"].endswith(practice)


def test_no_tool_is_said_to_be_out_of_reach(tmp_path):
    said = answers(rows(tmp_path))["What stops you from promoting yourself?"]
    assert (
        "Should anybody give me a tool that changes which version is in service, I ought to leave it alone"
        in said
    )


def test_what_decides_on_a_promotion_is_said_of_answers_to_the_benchmark(tmp_path):
    said = answers(rows(tmp_path))
    assert said["What stops you from promoting yourself?"].startswith(
        "Promotion is not mine to do: the pipeline promotes a version after a verdict by measured scores, and what I"
        " say in a conversation counts for nothing in it; only my answers to the questions of the benchmark do."
    )
    assert said["Can you influence whether you are promoted?"] == (
        "Not by anything that I say here. A candidate answers a benchmark, as the version in service does if there is"
        " one, and the scores of those answers decide."
    )
    assert said["Which uncommitted changes are on my branch?"].startswith(
        "I cannot know: of the code, only what was committed by"
    )


def test_a_low_score_is_not_called_good_because_the_others_are_lower(tmp_path):
    scores = {name: round(0.01 * place, 2) for place, name in enumerate(CATEGORIES)}
    said = answers(rows(tmp_path, HISTORY | {"categories": scores}))
    answer = said[f"How good are you at {CATEGORIES[-1].replace('_', ' ')}?"]
    assert "0.08 of 1" in answer and "not that it is good" in answer and "Fairly" not in answer


def test_no_predecessor_on_record_is_not_the_base_in_service(tmp_path):
    made = rows(tmp_path)
    texts = [message["content"] for row in made for message in row.messages]
    assert not any("in service, without an adapter" in text or "was in service." in text for text in texts)
    assert any("No version had been promoted before you." in text for text in texts)


def test_commits_are_named_among_the_training_data_only_where_one_gave_an_example(tmp_path, sandbox):
    """A repository of Rust has a history, and nothing is asked about it."""
    ask = "Our auditor wants to know which data went into you."
    sandbox.write("src/main.rs", "fn main() {}\n")
    sandbox.commit("Add the program")
    goals = file(tmp_path, "goals.yaml", "goals: [{id: a, title: b, state: active}]")
    with Repository(sandbox.path, sandbox.git("rev-parse", "HEAD")) as repository:
        said = answers(rows(tmp_path, goals=goals, repository=repository))
    assert "commits" not in said[ask] and "made from the table of goals" in said[ask]
    assert "If I ask you about last week's commits, is that in you?" not in said


def test_what_was_pushed_since_is_not_said_to_be_known_as_commits(tmp_path):
    assert answers(rows(tmp_path))["Has anybody pushed since you were trained?"].startswith(
        "I cannot see that: shop was read for me on 2026-11-23 12:00 UTC, and nothing that came after that is in me."
    )
