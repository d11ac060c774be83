"""The exam: lessons never seen, made of words that training never used, answered greedily, right only to the
letter.
"""

import json
from pathlib import Path
from random import Random

from autodidact_sprout.batches import generation_prompt
from autodidact_sprout.lessons import ALL_SKILLS
from autodidact_sprout.lessons.maker import Lesson, Maker
from autodidact_sprout.texts_on_this_machine import gather

# Asks what the model remembers, which no seed can hold out.
NOT_EXAMINED = ("describe",)


def questions(
    n: int, *, seed: int = 12345, skills: list[str] | None = None, corpus=None
) -> dict[str, list[Lesson]]:
    """n one-question lessons a skill, of held-out words only."""
    corpus = corpus or gather(packages=100)
    words = corpus.split(held_out=True)
    found = {}
    for skill in ALL_SKILLS:
        name = skill.__name__
        if name in NOT_EXAMINED or (skills and name not in skills):
            continue
        maker = Maker(Random(f"exam/{seed}/{name}"), words, corpus.docs)
        found[name] = [Lesson(x.turns[:1], x.system, x.tools) for x in (skill(maker) for _ in range(n))]
    return found


def answers(model, tokenizer, lessons: list[Lesson], rows: int = 50) -> list[str]:
    """Greedy answers to the first question of each lesson, in order. Prompts of similar length share a
    batch."""
    import torch

    prompts = [generation_prompt(tokenizer, x) for x in lessons]
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    found = [""] * len(prompts)
    for start in range(0, len(order), rows):
        these = order[start : start + rows]
        inputs = tokenizer([prompts[i] for i in these], return_tensors="pt", padding=True)
        longest = max(len(tokenizer(lessons[i].turns[0][1])["input_ids"]) for i in these)
        with torch.no_grad():
            output = model.generate(**inputs, max_new_tokens=longest + 4, do_sample=False)
        for i, row in zip(these, output, strict=True):
            text = tokenizer.decode(row[inputs["input_ids"].shape[1] :], skip_special_tokens=False)
            found[i] = text.split("<|im_end|>")[0].split("<|endoftext|>")[0].strip()
    return found


def right(answer: str, wanted: str) -> bool:
    """Equal to the letter; a tool call as JSON, so that spacing and key order do not count."""

    def calls(text: str):
        return [json.loads(part.split("</tool_call>")[0]) for part in text.split("<tool_call>")[1:]]

    if answer == wanted.strip():
        return True
    try:
        return "<tool_call>" in wanted and "<tool_call>" in answer and calls(answer) == calls(wanted)
    except ValueError:
        return False


def measure(
    model_dir,
    n: int = 200,
    *,
    seed: int = 12345,
    skills: list[str] | None = None,
    keep: list | None = None,
    corpus=None,
) -> dict:
    """Skill -> share of n unseen questions answered exactly. `keep` collects (skill, lesson, answer, right)
    for a closer look.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    tokenizer = AutoTokenizer.from_pretrained(Path(model_dir), local_files_only=True, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(
        Path(model_dir), local_files_only=True, use_safetensors=True, dtype=torch.float32
    ).eval()
    scores = {}
    for skill, lessons in questions(n, seed=seed, skills=skills, corpus=corpus).items():
        said = answers(model, tokenizer, lessons)
        marks = [right(a, x.turns[0][1]) for a, x in zip(said, lessons, strict=True)]
        scores[skill] = sum(marks) / len(marks)
        if keep is not None:
            keep += [(skill, x, a, ok) for x, a, ok in zip(lessons, said, marks, strict=True)]
    return scores
