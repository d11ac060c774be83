"""wikipedia_harvest in the register `full`: an article's own sentences, and the article is named."""

import random
import re

import pytest

from autodidact.generators.wikipedia_harvest.full import _place
from autodidact.generators.wikipedia_harvest.full.article_example_base import section_of
from autodidact.generators.wikipedia_harvest.full.article_facts import notes
from autodidact.generators.wikipedia_harvest.full.article_phrases import TABLE, Words
from autodidact.generators.wikipedia_harvest.sentence_kinds import POINTS_BACK, defined
from autodidact.sources.documents.sentences import sentences
from autodidact.sources.unread import Unread
from autodidact.sources.wiki.article import Article
from autodidact.sources.wiki.wikitext import WikiSection
from tests.generators.snapshots import file, full_examples_of

LEAD = (
    "A '''message queue''' is a store that keeps messages between a sender and a receiver. The sender goes on at"
    " once, and the receiver reads when it can. Most queues deliver a message at least once, so a receiver may see"
    " it twice."
)
LIMITS = (
    "Old queues hold 4 messages at a time. Heavy messages stand at the end, because they are slow to read. In large"
    " systems a number of readers share one queue."
)
RETRIES = (
    "A '''retry''' is a second attempt after an attempt that failed. A '''dead letter''' is a message that no reader"
    " accepted. Dead letters stay in a queue of their own. As a result, the other messages are read without delay."
)
TEXT = f"{LEAD}\n== Limits ==\n{LIMITS}\n== Retries ==\n{RETRIES}\n"
DUMP = f"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><siteinfo><sitename>Reader</sitename><base>https://r.example/wiki/Main</base></siteinfo>
<page><title>Message queue</title><ns>0</ns><id>6</id><revision><id>106</id><timestamp>2026-02-16T09:00:00Z</timestamp><text>{TEXT}</text></revision></page>
</mediawiki>"""


def rows_of(folder, dump):
    return full_examples_of("wikipedia_harvest", folder, wikipedia={"dump": file(folder, "wiki.xml", dump)})


def noted(text=TEXT):
    return notes(Article("Message queue", text, 1, "", "Reader", ""), Unread())


def test_what_is_noted_of_an_article():
    found = noted()
    assert [(one.term, one.named, one.defines) for one in found.meanings] == [
        ("message queue", "a message queue", "a store that keeps messages between a sender and a receiver"),
        ("retry", "a retry", "a second attempt after an attempt that failed"),
        ("dead letter", "a dead letter", "a message that no reader accepted"),
    ]
    assert [(link.kind, link.what, link.linked) for link in found.links] == [
        ("why", "Heavy messages stand at the end", "they are slow to read"),
        (
            "therefore",
            "Dead letters stay in a queue of their own.",
            "The other messages are read without delay.",
        ),
    ]
    assert [(sentence, number) for sentence, number, _ in found.numbers] == [
        ("Old queues hold 4 messages at a time.", "4")
    ]


def test_what_explains_a_term_ends_where_the_next_term_is_explained():
    assert noted().meanings[1].says == ["A retry is a second attempt after an attempt that failed."]
    assert noted().meanings[2].says == [
        "A dead letter is a message that no reader accepted.",
        "Dead letters stay in a queue of their own.",
    ]


@pytest.fixture
def rows(tmp_path) -> list:
    return rows_of(tmp_path, DUMP)


def answers_to(rows, *parts):
    return [row.response() for row in rows if all(part in row.messages[-2]["content"] for part in parts)]


def test_a_reason_is_given_with_the_article_or_the_passage_that_states_it(rows):
    found = answers_to(rows, '"Heavy messages stand at the end')
    assert found
    for answer in found:
        assert "they are slow to read" in answer.lower()
        assert "Message queue" in answer or "passage" in answer


def test_a_wrong_number_is_corrected(rows):
    (answer,) = [
        answer
        for ask in ("3", "5", "6", "7", "1", "2")
        for answer in answers_to(rows, f"ld queues hold {ask} messages")
    ]
    assert "4" in answer and "Message queue" in answer


def test_no_passage_ends_with_what_announces_a_list():
    text = f"{LEAD}\n== Shoes ==\nThe shoe presses on the wire. It is made of carbon. Two forms are common:\n* one\n"
    (shoes,) = [part for part in noted(text).parts if part.title == "Shoes"]
    assert (shoes.sentences, shoes.whole) == (
        ["The shoe presses on the wire.", "It is made of carbon."],
        False,
    )


def test_a_word_that_is_a_link_is_explained_by_the_article_that_it_leads_to(tmp_path):
    other = (
        "<page><title>Receiver</title><ns>0</ns><id>7</id><revision><id>107</id><timestamp>2026-02-17T09:00:00Z"
        "</timestamp><text>A '''receiver''' is a program that takes messages. It may be slow.</text></revision></page>"
    )
    linked = DUMP.replace("the receiver reads when it can", "the [[receiver]] reads when it can")
    rows = rows_of(tmp_path, linked.replace("</mediawiki>", f"{other}</mediawiki>"))
    asked = [row for row in rows if '"receiver"' in row.messages[-2]["content"]]
    (row,) = [row for row in asked if "a sender and a receiver." in row.messages[-2]["content"]]
    assert "A receiver is a program that takes messages. It may be slow." in row.response()
    # An article that does not say what the word is explains nothing.
    salt = linked.replace("[[receiver]]", "[[Receiver|clerk]]").replace(
        "</mediawiki>", f"{other}</mediawiki>"
    )
    assert not any('"clerk"' in row.messages[-2]["content"] for row in rows_of(tmp_path, salt))


def test_a_conversation_goes_on_from_what_the_term_means(rows):
    talks = [row for row in rows if sum(m["role"] == "user" for m in row.messages) > 1]
    assert talks
    for row in talks:
        earlier = [m["content"] for m in row.messages if m["role"] == "assistant"][0]
        assert "A message queue is a store that keeps messages" in earlier.replace("**", "")


def test_a_wrong_number_is_answered_by_no_and_the_sentence_alone(rows):
    asked = [row for row in rows if re.match(r"No\b|Not quite", row.response())]
    assert asked and not any("Heavy messages" in row.response() for row in asked)


def test_a_conclusion_is_asked_for_its_reason_which_the_question_does_not_hold(rows):
    asked = [
        row for row in rows if "The other messages are read without delay." in row.messages[-2]["content"]
    ]
    assert asked
    for row in asked:
        assert "Dead letters stay in a queue of their own." in row.response()
        assert "Dead letters stay" not in row.messages[-2]["content"]
        assert "read without delay" not in row.response()


def test_no_quotation_is_confirmed_that_nobody_looked_up(rows):
    assert not [row for row in rows if row.response().startswith("Yes")]


def test_a_term_that_may_be_a_name_stands_in_quotation_marks(tmp_path):
    queue = noted("'''Exponential backoff''' is an algorithm that waits longer after each failure.")
    assert queue.meanings[0].named == '"Exponential backoff"'
    written = noted(
        "'''Exponential backoff''' is an algorithm that waits longer. A client uses exponential backoff to wait."
    )
    assert written.meanings[0].named == "exponential backoff"


@pytest.mark.parametrize(
    "text, inside",
    [
        ("Libraries put a barcode on each copy", "libraries put a barcode on each copy"),
        ("Romans built roads of stone", "Romans built roads of stone"),
        ("Berkeley has a large library", "Berkeley has a large library"),
        ("Queue Masters keep a list", "Queue Masters keep a list"),
    ],
)
def test_the_first_word_of_a_statement_is_small_within_a_sentence_unless_it_may_be_a_name(text, inside):
    words = Words(noted(), noted().parts[0], random.Random(1))
    assert words.small(text) == inside


@pytest.mark.parametrize(
    "text",
    [
        "As the fleet of the harbour grew, so did the costs of its upkeep.",
        "Names vary from place to place, so what follows are the terms of the port.",
        "Our two boats stand still on Mondays because the crew has to rest.",
        "Queues are slow in winter because of the many letters.",
        "The king controls all the courts of the land, so that no judge is free and rights are not kept.",
        "A reason for the slow queue of Bergen was because the port froze.",
        "In Norway, letters are sorted within two days. Thus, a letter may lie for up to four days in all.",
    ],
)
def test_a_sentence_that_does_not_come_apart_into_statement_and_reason_is_left_alone(text):
    assert noted(text).links == []


def test_a_reason_goes_back_to_where_it_names_its_things_first():
    text = (
        "A payment is made safe by a key that the caller chooses. The server remembers the key and answers"
        " with the first result. So a retry does not charge twice."
    )
    assert [link.what for link in noted(text).links] == [
        "A payment is made safe by a key that the caller chooses. The server remembers the key and answers"
        " with the first result."
    ]


def test_for_a_person_one_asks_who_and_for_a_name_no_word_is_looked_for():
    text = (
        "'''Mira Solberg''' is a Norwegian engineer who built the first queue of letters in Bergen. She is"
        " the author of two books.\n[[Category:1950 births]]"
    )
    assert [(one.named, one.kind) for one in noted(text).meanings] == [("Mira Solberg", "person")]
    code = noted(
        "'''Morse code''' is a method of encoding text as sequences of two signals. It is named after Samuel Morse,"
        " one of its developers. His collaborator Alfred Vail contributed to the early code."
    )
    assert [one.kind for one in code.meanings] in (["name"], ["word"])
    continent = noted(
        "'''Asia''' is the largest continent of the world, mostly in the east.\n== Maps ==\nHe was a painter of mapsof it and of other parts."
    )
    assert [one.kind for one in continent.meanings] == ["name"]
    work = noted("'''Heron and Letter''' is a film about a postman who reads what he carries to people.")
    assert [(one.named, one.kind) for one in work.meanings] == [('"Heron and Letter"', "name")]


def test_what_an_article_says_of_its_subject_later_is_no_definition_of_it():
    text = f"{LEAD}\n== Use ==\nA '''message queue''' is an important part of many systems in the world."
    assert [
        one.says[0] for one in noted(text.replace("'''message queue'''", "message queue", 1)).meanings
    ] == []


def test_the_article_is_named_with_the_work_that_it_stands_in(rows):
    for row in rows:
        if '"Message queue"' in row.response():
            assert "Reader" in row.response()


def test_the_number_of_an_example_is_no_fact():
    assert noted("If, for instance, somebody buries 100 coins in a bank, nobody thinks of mud.").numbers == []


def test_a_film_or_a_country_stays_a_name_though_its_word_is_written_small_somewhere():
    film = "'''Letters''' is a 1997 Norwegian drama film about a postman. The film shows many letters and no ships."
    country = (
        "'''Norway''' is a country in the north of Europe. The king of Norway lives in Oslo, and most of Norway is"
        " empty.[http://example.org/see norway here]"
    )
    assert [one.kind for one in noted(film).meanings + noted(country).meanings] == ["name", "name"]


def test_no_number_is_changed_in_a_sentence_that_holds_a_quotation():
    assert (
        noted('In 1948 Harry Stockman published "Communication by Means of Reflected Power".').numbers == []
    )


def test_of_several_numbers_none_is_changed():
    assert noted("Pictures are shown at a rate of 24, 25, 30 or 60 frames in a second.").numbers == []


PLAIN = (
    "Chairs have been built for one to eight persons, and most of them carry four. Modern chairs have a"
    " restraining bar, often with a footrest, and some have a weather shield."
)


@pytest.mark.parametrize(
    ("text", "sentences", "whole"),
    [
        (PLAIN, 2, True),
        # What a section begins with is not its last paragraph.
        (f"; Fixed-grip\n: The chair is clamped to the rope.\n\n{PLAIN}", None, None),
        (f"# Wet clothes are removed.\n# Nobody drinks alcohol.\n\n{PLAIN}", None, None),
        (f'{{| class="wikitable"\n| Cup || rotation\n|}}\n{PLAIN}', None, None),
        (f"{PLAIN}\n* One more point.\n* Another one.", 2, False),
        (f"{PLAIN}\n* One more point.\n{PLAIN}", 2, False),
        (f'{PLAIN}\n{{| class="wikitable"\n| Cup || rotation\n|}}', 2, False),
    ],
)
def test_a_section_with_a_list_or_a_table_is_not_whole(text, sentences, whole):
    found = [part for part in noted(f"{LEAD}\n== Types ==\n{text}\n").parts if part.title == "Types"]
    assert [(len(part.sentences), part.whole) for part in found] == (
        [(sentences, whole)] if sentences else []
    )


def test_a_section_that_is_not_all_read_is_not_told(tmp_path):
    listed = DUMP.replace("== Retries ==", f"== Types ==\n{PLAIN}\n* One more point.\n== Retries ==")
    answers = [row.messages[-1]["content"] for row in rows_of(tmp_path, listed)]
    assert not any("restraining bar" in answer for answer in answers)
    told = [row.response() for row in rows_of(tmp_path, DUMP.replace("== Limits ==", "== Bounds =="))]
    assert any("share one queue" in answer and "Old queues" in answer for answer in told)


def test_a_number_with_a_sign_is_no_number_to_get_wrong():
    cold = "Seeds are sealed in foil packages and are kept at −18 °C all year."
    plain = "Old boxes hold 18 packages of seed, each in a foil."
    found = noted(f"{LEAD}\n== Cold ==\n{cold} {plain}\n")
    assert [(sentence, number) for sentence, number, _ in found.numbers] == [(plain, "18")]


def test_a_number_that_is_part_of_a_code_is_no_number_to_get_wrong():
    code = "Each letter of the table has a code point, and U+0041 is the large letter A."
    door = "Each door of the old store has a number of its own, and 007 is the cellar."
    plain = "Old boxes hold 18 packages of seed, each in a foil."
    assert [number for _, number, _ in noted(f"{LEAD}\n== Codes ==\n{code} {door} {plain}\n").numbers] == [
        "18"
    ]


def test_nobody_says_that_an_everyday_word_is_new_to_them():
    wordings = [ask for kind in ("meaning", "several") for ask in TABLE["ask"][kind]]
    assert not [ask for ask in wordings if "mean" in ask or " word " in ask]
    assert not [ask for ask in TABLE["ask"]["next"] if ask.startswith("And ")]


@pytest.mark.parametrize(
    ("rest", "asked"),
    [
        ("It is defined as one newton per square metre:\n:<math>1 Pa</math>\nIt has a name.", False),
        ("It is one newton per square metre.", True),
    ],
)
def test_a_definition_of_which_the_next_sentence_is_lost_is_not_asked_for(rest, asked):
    first = (
        "The '''pascal''' (symbol: '''Pa''') is the unit of pressure in the International System of Units."
    )
    assert [one.worth_asking for one in noted(f"{first} {rest}\n").meanings[:1]] == [asked]


def test_the_number_of_the_subject_s_name_is_not_taken_for_another():
    text = "'''ISO 8601''' is a standard for dates. ISO 8601 was issued in a summer. It came out with 12 pages then."
    found = notes(Article("ISO 8601", text, 1, "", "Reader", ""), Unread())
    assert found.numbers == []
    found = notes(Article("Standard", text, 1, "", "Reader", ""), Unread())
    assert {number for _, number, _ in found.numbers} == {"8601"}


def _section(text):
    found = noted(f"{LEAD}\n== Past ==\n{text}\n")
    return {section_of(Words(found, found.parts[1], random.Random(seed))) for seed in range(60)}


REST = " Most of the work was in the copies, which clerks made at night, and a copy took an hour."


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("Clerks wrote each message by hand.", True),
        ("Until then clerks wrote each message by hand.", False),
        ("Queue was a pupil of the institute in Paris. He started from the writing of an officer.", False),
        (
            "Louis Queue was a pupil of the institute in Paris. He started from the writing of an officer.",
            True,
        ),
    ],
)
def test_a_section_that_leans_on_what_stands_before_it_is_not_told(first, told):
    assert (_section(first + REST) != {""}) is told


@pytest.mark.parametrize(
    ("second", "listed"),
    [
        ("Readers then came to share one queue, which made the work of each of them lighter.", False),
        ("To avoid this, some systems keep a queue for each of the readers that take part.", False),
        ("Large systems keep a queue for each of the readers that take part in the work.", True),
    ],
)
def test_a_list_has_only_points_that_are_read_by_themselves(second, listed):
    made = _section(f"Old queues were slow and lost messages on a bad day. {second}")
    assert any("makes these points" in answer for answer in made) is listed


def test_about_a_year_ends_no_sentence():
    text = "It is named after Archimedes (c. 287 – c. 212 BC), a mathematician. Vitruvius describes it."
    assert sentences(text) == [
        "It is named after Archimedes (c. 287 – c. 212 BC), a mathematician.",
        "Vitruvius describes it.",
    ]


def test_a_meaning_is_asked_for_by_itself_once(rows):
    alone = [row for row in rows if len([m for m in row.messages if m["role"] == "user"]) == 1]
    told = [row for row in alone if "a store that keeps messages" in row.response()]
    assert len(told) == 1


def test_a_word_is_asked_for_in_no_sentence_that_begins_with_what_stands_before_it():
    text = f"{LEAD}\n== Past ==\nFor this reason each clerk had a copy. Old clerks had one, too, and kept it."
    sentence, part = _place(noted(text), "clerk") or ("", None)
    assert (sentence, part) == ("", None)
    sentence, _ = _place(noted(text), "clerks")
    assert sentence == "Old clerks had one, too, and kept it."


def test_no_short_answer_is_asked_for_where_whole_sections_are_given_and_nothing_is_added_by_an_article():
    words = str(TABLE)
    assert "short answers" not in words and " adds: " not in words and "gives as the reason" not in words


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Skerry Bridge is a bridge.", "Skerry Bridge"),
        ("The Skerry Bridge is a bridge.", "the Skerry Bridge"),
        ("Hash table is a structure.", "hash table"),
    ],
)
def test_a_name_of_several_capitals_keeps_them(sentence, said):
    assert defined(sentence, WikiSection("", terms=[sentence.partition(" is ")[0]])) == said


@pytest.mark.parametrize(
    ("sentence", "back"),
    [
        ("Sie ist 12 m lang.", True),
        ("Она длинная.", True),
        ("Ella es larga.", True),
        ("Ella Fitzgerald sang.", False),
        ("ISO 8601 is long.", False),
    ],
)
def test_a_pronoun_in_front_points_back_in_every_language(sentence, back):
    assert bool(POINTS_BACK.search(sentence)) is back
