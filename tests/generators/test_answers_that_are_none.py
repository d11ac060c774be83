"""Answers that stop before their end, that could not be given, or that a program wrote in the model's place."""

import pytest

from autodidact.generators.session_miner.answers_that_are_none import (
    cut_off,
    gave_up,
    is_none,
    of_a_program,
    unfinished,
)
from tests.generators.snapshots import answers, examples_of, file, snapshot, troubles
from tests.generators.test_session_miner import session

QUESTION = "In which files do the berths of quay 3 stand?"


@pytest.mark.parametrize(
    "reply",
    [
        "Here is the function:\n```python\ndef f(x):\n    return x + (",
        "1. Run this:\n    ```sh\n    make berths",
        "It lies in `berths.csv` and in `tid",
        "It lies in the register (the old one, of the",
        "1. Open the register\n2. Read the berths\n3.",
        "- the register\n-",
        "| pier | berths |\n| --- | --- |\n| 1 | 4 |\n| 2 |",
        "| pier | berths |\n| --- | --- |",
        "There are three steps, which are the following:",
        "步骤如下：",
        "The list is in the register of the [truncated]",
        "It is in berths.csv.\n\n[Response interrupted by user]",
        "Let me look at the settings of the berths first.",
        "There are two registers. I'll check the two files now and come back with the list.",
        "Ich schaue mir zuerst die Dateien an.",
        "Je vais vérifier les deux fichiers.",
        "Voy a revisar los dos archivos.",
        "Vou verificar os dois arquivos.",
        "Сейчас проверю оба файла.",
        "我先查看这两个文件。",
        "まず、二つのファイルを調べてみます。",
    ],
)
def test_stops_before_its_end(reply):
    assert unfinished(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "I'm unable to help with that, since it is against the rules.",
        "As an AI language model, I cannot run commands on the machines of the harbour.",
        "Leider kann ich das nicht beantworten.",
        "Das kann ich leider nicht beantworten.",
        "Désolé, je ne peux pas répondre à cette question sans accès au fichier.",
        "Je n'ai pas pu terminer.",
        "Lo siento, no puedo ayudar con eso en este momento.",
        "Não consigo abrir o arquivo.",
        "К сожалению, у меня нет доступа к файлу.",
        "抱歉，我无法访问该文件。",
        "申し訳ありませんが、その質問にはお答えできません。",
        "その件についてはお答えできません。",
    ],
)
def test_could_not_be_given(reply):
    assert gave_up(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Claude usage limit reached. Your limit will reset at 3pm (Europe/Berlin).",
        "You've hit your session limit · resets 11pm (UTC)",
        "Invalid API key · Please run /login",
        "Prompt is too long",
        "Credit balance is too low to access the API",
        "[NOTE] Some previous conversation history with the user has been removed",
        "⚠️ Something went wrong while generating the response. Please try again later.",
        "Request timed out.",
        "503 Service Unavailable",
        "Internal error: the model is overloaded, try again later.",
        "[DONE]",
        "[...]",
        "...",
    ],
)
def test_a_program_wrote_it(reply):
    assert of_a_program(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "42.",
        "Yes.",
        "The request timed out because the pool has five places.",
        "Server load reached 80% on Monday.",
        "Session 12 failed the test of March.",
        "Sessions expire after an hour.",
        "Use `Callable[...]`",
        "One second is 1000 milliseconds.",
        "Öffne die Datei zuerst.",
        "Ich kann dir sagen, dass der Port nicht frei ist.",
        "システムは予約を確認します。",
        "I'll keep it short from now on.",
        "Let me know if you need more.",
        "Shall I check the other file, too?",
        "Let me check the sum. It is 12.",
        "It is half open: [0, 10).",
        "a) the register b) the table",
        "Done :tada:",
        "The ` key is left of 1.",
        "1. Open the register\n2. Read the berths",
        "| pier | berths |\n| --- | --- |\n| 1 | 4 |",
        "Here it is:\n```py\nx = (\n```",
        "```md\n```python\nx\n```\nmore\n```",
    ],
)
def test_an_answer(reply):
    assert not is_none(reply)


def test_stops_within_a_sentence():
    assert cut_off("The ferry does not sail on Monday because the holiday only")
    assert cut_off("The first of them is the register, the second is the tide table, the third is 1")
    assert not cut_off("The harbour has 12")


def test_no_such_answer_is_taught(tmp_path):
    texts = ["Let me look at the settings of the berths first.", "Request timed out.", "In berths.csv."]
    turns = [
        turn
        for k, text in enumerate(texts)
        for turn in (("user", QUESTION[:-1] + f" of {k}?"), ("say", text))
    ]
    seen = snapshot(tmp_path, sessions=[file(tmp_path, "talk.jsonl", session(*turns))])
    assert set(answers(examples_of("session_miner", seen)).values()) == {"In berths.csv."}
    assert troubles(seen)["turn that was interrupted or cut off"] == 1
    assert troubles(seen)["turn without an answer"] == 1
