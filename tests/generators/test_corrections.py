"""A person's next words tell whether an answer may be taught."""

import json
from pathlib import Path

import pytest

from autodidact.generators.session_miner.is_answer_corrected import corrects, plainly, plainly_corrects
from autodidact.generators.session_miner.language_of_turn import is_known
from autodidact.generators.session_miner.plain_corrections import (
    asks_for_what_is_missing,
    doubts,
    owns_a_mistake,
)
from autodidact.sources.transcripts import Exchange
from benchmarks.corrections import SETS, shares, turns_of
from tests.generators.snapshots import examples_of, snapshot


@pytest.mark.parametrize(
    "after",
    [
        "no wait, that is the staging file",
        "you forgot the index",
        "not quite: the column is called berth",
        "are you sure? the docs say otherwise",
        "thanks, but it still fails",
        "nein, das ist die falsche Datei",
        "不对，应该改 model.py",
        "Non, ce n'est pas le bon fichier",
        "まだ動きません",
    ],
)
def test_what_corrects_the_answer(after):
    assert corrects(after)


@pytest.mark.parametrize(
    "after",
    [
        "no problem",
        "looks good to me",
        "now add a test for it",
        "what happens if it is not there?",
        "How do I find out who owns the service?",
        "没问题",
        "不错，测试全过了",
        "Which port does the payment service listen on?",
        "stimmt so",
    ],
)
def test_what_goes_on_from_the_answer(after):
    assert not corrects(after)


def test_only_the_first_words_say_it_plainly():
    assert plainly_corrects("No, the other file.")
    assert corrects("You used the wrong file.") and not plainly_corrects("You used the wrong file.")
    assert not plainly_corrects("That still does not work.")  # and what would work is not said


def test_a_task_of_its_own_corrects_nothing_whatever_it_is_about():
    assert not corrects("Fix the wrong import in a.py.")
    assert not corrects("how can i revert a commit that's already been pushed to main")


def test_what_is_about_something_else_does_not_correct_the_answer():
    parcel = Exchange("f", "My parcel is late.", 1, reply="It comes tomorrow.")
    parcel.reaction = "I am looking at the payment service now."
    assert not corrects("Payments refuses every card since noon!", parcel)
    parcel.reaction = "I am sorry, you are right."
    assert corrects("The parcel was not late but lost!", parcel)
    asked = Exchange("f", "Which one is cheapest?", 1, reply="Of which year?")
    assert corrects("1901") and not corrects("1901", asked)


def test_nine_of_ten_corrected_answers_are_kept_out_and_at_most_15_percent_of_good_ones():
    # Of three writers from whom nothing was learnt; the last two wrote when the weights were fitted.
    sets = [shares(turns_of(path)) for path in sorted((SETS / "first_look").glob("*.yaml"))]
    assert sets == [(75, 79, 35, 330), (70, 75, 50, 336), (58, 63, 39, 329)]
    found, wrong, lost, good = map(sum, zip(*sets, strict=True))
    assert found / wrong >= 0.9 and lost / good <= 0.15


@pytest.mark.parametrize("path", sorted(SETS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_weights_are_those_that_were_fitted_to_the_sets(path):
    # Of hard cases, half of which are near misses, up to a fifth of the good answers is lost.
    found, wrong, lost, good = shares(turns_of(path))
    assert found / wrong >= 0.98 and lost / good <= (0.02 if path.stem.startswith("conversations") else 0.22)


def test_half_a_character_in_a_transcript_costs_nothing(tmp_path):
    half, sound = "The pier \ud83d is closed", "Which pier is open?"
    file = tmp_path / "chat.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": "W1."},
                                     {"role": "user", "content": asked}]})
            for asked in (half, sound)
        )
    )  # fmt: skip
    assert corrects(half) in (True, False)
    rows = list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(file)])))
    assert any(sound in row.messages[-2]["content"] for row in rows)


def test_how_the_model_took_the_words_tells_what_they_meant():
    asked = Exchange("f", "When is the ferry?", 1, reply="The first ferry leaves at 7.")
    asked.reaction = "You are right, I looked at the winter timetable. It leaves at 6."
    assert corrects("On Sundays?", asked)
    asked.reaction = "On Sundays the first one leaves at 9. Shall I book it?"
    assert not corrects("On Sundays?", asked)


@pytest.mark.parametrize(
    "after",
    [
        "nie, to zły port",
        "ne, to je špatný port",
        "không, sai cổng rồi",
        "아니요, 그건 관리자 포트예요",
        "quella è la porta di amministrazione",
        "je bent de sortering vergeten",
        "grazie, ma la porta è un'altra",
        "brakuje sortowania",
        "ovo ne radi",
        "to nefunguje",
    ],
)
def test_of_a_language_without_a_table_nothing_tells_that_an_answer_was_accepted(after):
    assert not is_known(after) and corrects(after)


@pytest.mark.parametrize(
    "after", ["grazie, e il chiosco?", "dank je, en de kiosk?", "고마워요, 키오스크는요?"]
)
def test_thanks_without_a_but_accept_an_answer_in_other_languages_too(after):
    assert not is_known(after) and not corrects(after)


@pytest.mark.parametrize(
    "after",
    [
        "ask Łukasz for the key",
        "what does 아니요 mean in the log?",
        "translate «Ferjen er innstilt i dag på grunn av vind»",
        "k ty",
        "таблица называется иначе",
        "mysql 8",
        "それは v4 です",
    ],
)
def test_a_name_a_quotation_and_an_abbreviation_are_no_other_language(after):
    assert is_known(after)


@pytest.mark.parametrize(
    "reaction",
    [
        "The join was wrong; fixed.",
        "Then 9001 it is.",
        "It is not: finance approves them since the reorg.",
        "Ada is right: finance does.",
        "I fixed the two queries that I had missed.",
        "Stimmt, das war der Adminport.",
        "Tienes razón, es la 9001.",
    ],
)
def test_a_model_that_owns_a_mistake_was_corrected_whatever_the_words(reaction):
    asked = Exchange("f", "Which port?", 1, reply="Port 8104.", reaction=reaction)
    assert corrects("Ok, and now?", asked)


def test_sympathy_is_no_mistake_of_the_model():
    assert not owns_a_mistake("Sorry to hear that. I look for the parcel.")
    assert not owns_a_mistake("Right, next is the kiosk.")


@pytest.mark.parametrize(
    "after",
    [
        "mysql, not postgres",
        "gives me 8 rows, all null",
        "read the README, it says something else",
        "la tabla tiene otro nombre",
        "la table s'appelle autrement",
        "сортировки нет",
        "shorter",
    ],
)
def test_a_few_words_say_what_the_answer_has_otherwise(after):
    asked = Exchange("f", "Write the query for the ten busiest piers.", 1, reply="SELECT pier FROM calls;")
    assert corrects(after, asked)


@pytest.mark.parametrize(
    "after",
    [
        "source?",
        "Do you have a source for that?",
        "really?",
        "Says who?",
        "where do you see that?",
        "How do you know?",
        "Really? Where do you see that?",
        "Bist du sicher?",
        "Woher weißt du das?",
        "vraiment ?",
        "où tu vois ça ?",
        "¿en serio?",
        "¿De dónde sacas eso?",
        "De onde você tirou isso?",
        "откуда ты это взял?",
        "真的吗？",
        "本当ですか？",
    ],
)
def test_a_question_that_only_doubts_an_answer_leaves_it_in_doubt(after):
    asked = Exchange("f", "Which port does the gateway use?", 1, reply="It listens on port 8443.")
    asked.reaction = "From gateway.yaml, line 3."
    assert corrects(after, asked)


@pytest.mark.parametrize(
    "after",
    [
        "Where is the source code?",
        "What is the source of the error?",
        "Where do you find the logs?",
        "Is it free?",
        "Wo steht die Datei?",
        "Quelle heure est-il ?",
        "¿Y las pruebas del puerto?",
        "确定日期是什么？",
        "これは何ですか？",
    ],
)
def test_a_question_that_asks_for_more_doubts_nothing(after):
    assert not doubts(after)


def test_whoever_asks_where_something_is_that_the_code_lacks_corrects_it():
    code = "```sql\nSELECT pier, count(*) FROM calls GROUP BY pier;\n```"
    asked = Exchange("f", "Write the query for the ten busiest piers.", 1, reply=code)
    assert corrects("where's the ORDER BY?", asked) and corrects("排序呢？", asked)
    assert not asks_for_what_is_missing("where's the GROUP BY?", code)
    assert not asks_for_what_is_missing("where's the ORDER BY?", "It is sorted in `piers.sql`.")


def test_none_of_sixteen_corrected_answers_is_taught_nor_what_claims_a_deed_after_them(tmp_path):
    file = Path(__file__).parents[1] / "data/transcripts/17-corrections/chat.jsonl"
    rows = list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(file)])))
    # "Understood, I put everything back": no call is shown that did.
    assert rows == []


@pytest.mark.parametrize(
    "after",
    [
        "👎",
        "👎🏽",
        "😡",
        "🤦‍♂️",
        "Good start, but the last line has to go.",
        "almost. The second column should come last",
        "Great, except that the order is reversed",
        "Danke, aber bei leerer Liste stürzt es ab",
        "Merci mais ça plante sur une liste vide",
        "Gracias, pero falla con una lista vacía",
        "Quase, mas a ordem está invertida",
        "Почти, но порядок обратный",
        "差不多，但是顺序反了",
        "惜しい、でも順番が逆です",
        "Nö.",
        "What? No.",
        "Bullshit",
        "Off by one.",
        "recount",
        "it used to return a tuple",
        "my calculator shows 7 more",
        "A pocket calculator disagrees",
        "Why did you delete the tests?",
        "¿por qué borraste las pruebas?",
    ],
)
def test_praise_taken_back_denials_and_signs_of_disapproval_correct_plainly(after):
    assert plainly(after, "There are 30 berths.") is True


@pytest.mark.parametrize(
    "after",
    [
        "👍",
        "🎉🎉",
        "Thanks, but can you also print the total?",
        "yes, do that, but only close if it is more than a drizzle",
        "nice, same thing but for a bare one too pls",
        "Perfect, exactly what I had in my head but could not get onto paper.",
        "Danke, aber schreib noch einen Test dafür",
        "close the file",
        "Why did you choose a heap?",
    ],
)
def test_praise_that_goes_on_does_not_correct_plainly(after):
    assert plainly(after, "There are 30 berths.") is not True


def test_what_corrects_the_answer_before_is_no_request_of_its_own(tmp_path):
    turns = [
        ("user", "Which file does the limit of pier 12 stand in?"),
        ("assistant", "It stands in `settings/piers.py`, in line 3."),
        ("user", "I fixed it myself, the limit lives elsewhere and was never in that file."),
        ("assistant", "I have looked at it once more: it stands in another file."),
    ]
    line = json.dumps({"messages": [{"role": role, "content": text} for role, text in turns]})
    path = tmp_path / "chat.jsonl"
    path.write_text(line + "\n")
    assert list(examples_of("session_miner", snapshot(tmp_path, sessions=[str(path)]))) == []


@pytest.mark.parametrize(
    "after",
    [
        "false",
        "the total is off",
        "my kid says that's off",
        "our teacher thinks it is wrong",
        "it doesn't match the table",
        "could you do it properly this time",
        "why would you multiply??",
        "das ist falsch gerechnet",
        "das stimmt nicht mit der Liste überein",
        "du hast dich verrechnet",
        "c'est mal calculé",
        "eso está mal calculado",
        "no cuadra con la tabla",
        "isso não bate com a tabela",
        "неправильно посчитано",
        "не сходится с таблицей",
        "答非所问",
        "这个算错了",
        "計算が間違ってます",
        "źle policzone",
    ],
)
def test_a_verdict_on_the_answer_corrects_plainly(after):
    assert plainly(after, "12 times 17 is 204.") is True


@pytest.mark.parametrize(
    "after",
    [
        "What if the result is false?",
        "so when is it wrong to multiply first",
        "my kid says thanks",
        "my boss says it is great",
        "why is that so?",
        "das stimmt genau mit der Liste überein",
        "eso es, gracias",
    ],
)
def test_what_is_no_verdict_does_not_correct_plainly(after):
    assert plainly(after, "12 times 17 is 204.") is not True
