"""From lessons to batches: rendered by the chat template, packed into rows, labelled where the model should
learn.
"""

from collections.abc import Sequence
from random import Random

from autodidact_sprout.lessons import ALL_SKILLS
from autodidact_sprout.lessons.maker import Lesson, Maker
from autodidact_sprout.texts_on_this_machine import Corpus, is_held_out

THINK_OFF = "<think>\n\n</think>\n\n"

# Share of rows that are plain documentation and code.
TEXT = 0.07
# Share of lessons whose every token is learned, not the answers alone, at first and later: random words are
# noise.
EVERYTHING, LATER = 0.2, 0.06
# Share of lessons written as the template writes a history: no empty thought before earlier answers.
HISTORY = 0.15
# Of the run: many rows of a text said twice, which teach copying.
START = 0.1
# Of the run: from here on some batches have longer rows, for longer prompts.
LONG = 0.8


def generation_prompt(tokenizer, lesson: Lesson) -> str:
    """The prompt of the lesson's first question, thinking off."""
    messages = ([{"role": "system", "content": lesson.system}] if lesson.system else []) + [
        {"role": "user", "content": lesson.turns[0][0]}
    ]
    return tokenizer.apply_chat_template(
        messages,
        tools=lesson.tools or None,
        add_generation_prompt=True,
        enable_thinking=False,
        tokenize=False,
    )


def parts(tokenizer, lesson: Lesson, history: bool = False) -> list[tuple[str, bool]]:
    """(text, is it an answer) pieces of the whole conversation. Every answer follows an empty thought, as it
    will in use; with `history`, only the last one does, as the template shows earlier turns.
    """
    prompt, found = generation_prompt(tokenizer, lesson), []
    for i, (question, answer) in enumerate(lesson.turns):
        if i:
            prompt = f"\n<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n{THINK_OFF}"
        if history and i < len(lesson.turns) - 1:
            prompt = prompt.removesuffix(THINK_OFF)
        found += [(prompt, False), (answer + "<|im_end|>", True)]
    return [*found, ("\n", False)]


def piece(
    tokenizer, random: Random, corpus: Corpus, words: list[str], plain: Sequence[str], progress: float
) -> tuple[list[int], list[int]]:
    """(tokens, labels) of one lesson or text; label -100 is not learned."""
    if corpus.texts and random.random() < TEXT:
        text = random.choice(corpus.texts) if random.random() < 0.4 else " ".join(random.choice(corpus.docs))
        whole = tokenizer(text[: random.choice([300, 600, 900])])["input_ids"] + [tokenizer.pad_token_id]
        return whole, whole
    maker = Maker(random, words, corpus.docs, ease=min(1.0, 0.3 + 2.5 * progress), plain=plain)
    if (
        progress < START and random.random() < 0.35
    ):  # said twice: the second time is predictable by copying alone
        names = [t for _ in range(random.randint(8, 30)) for t in tokenizer(" " + maker.name())["input_ids"]]
        return names * 2 + [tokenizer.pad_token_id], [-100] * len(names) + names + [-100]
    skills = {
        s: w for s, w in ALL_SKILLS.items() if corpus.docs or s.__name__ not in ("first_line", "describe")
    }
    lesson = random.choices(list(skills), list(skills.values()))[0](maker)
    everything = random.random() < (EVERYTHING if progress < START else LATER)
    ids: list[int] = []
    labels: list[int] = []
    pieces = parts(tokenizer, lesson, history=random.random() < HISTORY)
    for (_, answer), new in zip(pieces, tokenizer([t for t, _ in pieces])["input_ids"], strict=True):
        ids += new
        labels += new if answer or everything else [-100] * len(new)
    return ids, labels


def vocabulary_words(tokenizer, seed: int) -> list[str]:
    """Made-up words, one around each alphabetic token of the vocabulary. A token that no training word has
    could never be copied: without these, "progress" comes back as "pro" and something else, because "gress"
    was never an answer.
    """
    random = Random(f"{seed}/vocabulary")
    tokens = {i: t for t, i in tokenizer.get_vocab().items()}
    plain = {i: t.removeprefix("\u0120") for i, t in tokens.items()}
    plain = {i: t for i, t in plain.items() if t.isascii() and t.isalpha()}
    short = sorted({t for t in plain.values() if t.islower() and 2 <= len(t) <= 4})
    found = set()
    for i, text in sorted(plain.items()):
        text = text.lower()
        for word in (
            text,
            text + random.choice(short),
            random.choice(short) + text,
            text + random.choice(short),
            random.choice(short) + text,
        ):
            if (
                len(word) > 2
                and not is_held_out(word)
                and any(
                    i in tokenizer(x)["input_ids"]
                    for x in (word, " " + word, word.capitalize(), " " + word.capitalize())
                )
            ):
                found.add(word)
                break
    return sorted(found)


def plain_words(tokenizer, words: list[str]) -> list[str]:
    """Those that are one token in mid-sentence."""
    return [
        word
        for word, ids in zip(words, tokenizer([f" {word}" for word in words])["input_ids"], strict=True)
        if len(ids) == 1
    ]


def batch(
    tokenizer,
    corpus: Corpus,
    words: list[str],
    plain: Sequence[str] = (),
    *,
    seed: int,
    step: int,
    progress: float,
    tokens: int,
    length: int,
):
    """(inputs, labels) of one step, both [rows, length]: what they hold depends on the arguments alone, so a
    resumed run sees the same data. Labels are shifted already: `labels[i]` is what should follow `inputs[i]`.
    Near the end of a run some batches have rows 2 or 4 times as long.
    """
    import torch

    random = Random(f"{seed}/{step}")
    if progress >= LONG and random.random() < 0.35:
        length = min(tokens, length * random.choice([2, 2, 4]))
    rows = max(1, tokens // length)
    waiting: list[tuple[list[int], list[int]]] = []
    x: list[list[int]] = []
    y: list[list[int]] = []
    while len(x) < rows:
        row: list[int] = []
        labels: list[int] = []
        while (room := length + 1 - len(row)) > 0:
            ids, wanted = (
                waiting.pop(0)
                if waiting and not row
                else piece(tokenizer, random, corpus, words, plain, progress)
            )
            if row and sum(w != -100 for w in wanted[:room]) * 2 < sum(w != -100 for w in wanted):
                # Most of its answers would be cut off: it begins a later row, and another may fit here.
                waiting.append((ids, wanted))
                if len(waiting) % 4:
                    continue
                ids, wanted = [tokenizer.pad_token_id] * room, [-100] * room
            row, labels = row + ids, labels + wanted
        x.append(row[:length])
        y.append(labels[1 : length + 1])
    return torch.tensor(x), torch.tensor(y)
