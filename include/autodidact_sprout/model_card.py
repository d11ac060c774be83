"""The model card next to the weights, in the form the Hugging Face hub reads: front matter, then what the
model is, and is not.
"""

import os
import platform
from pathlib import Path

CARD = """---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
tags: [qwen3, tiny, tool-use, autodidact]
---

# sprout

A base model of {parameters:.1f}M parameters (Qwen3 architecture, {megabytes:.1f} MB in bfloat16) that trains,
answers and calls tools in seconds on any CPU. It ships with Autodidact so that a whole cycle of generating,
training, benchmarking and promoting really runs where there is no GPU, no key and no network. Made by
`autodidact sprout`; nothing in Autodidact knows that it is special.

## How it was made

| | |
| --- | --- |
| data | chat skills on random words and names ({words} training words) |
| | text of the Python that ran: {documents} docstrings, pieces of source, package descriptions |
| tokens | {tokens} |
| time | {minutes:.0f} minutes, {steps} steps |
| machine | {machine} |
| seed | {seed} |
| optimiser | Muon for matrices, Adam for embeddings and norms |
| learning rate | 5e-3, flat for a quarter of the run, then linearly to 1% |
| chat template | Qwen3's, unchanged (Apache-2.0, Alibaba Cloud, as TRL carries it); thinking off |

No item, prompt or answer of a benchmark suite was used.

## What it can do

Exact answers to {n} questions a skill, greedy, one question after one context. The questions come from
another seed and are made of words that no training lesson drew. Not new in that way: the docstrings of
`first_line`, which training had too, and the small numbers and fixed phrases of `sums` and `tone`. A tool
call counts when name and every argument are equal. `member` and `sums` include questions of two possible
answers.

| skill | exact |
| --- | --- |
{table}

## What it cannot do

It knows nothing to speak of: it was trained to use what the prompt says. Figures above are for prompts worded
as in training (`autodidact_sprout/lessons/`); other wordings do worse. English only; prompts of up to about
1,000 tokens (rows of 320, near the end some of 640 and 1,280). Arithmetic and long lists are weak. It has had
no safety training and is no assistant for people. Use it to test a pipeline, not to get answers.
"""


def machine_kind() -> str:
    return f"{platform.machine()} {platform.system()}, {os.cpu_count()} CPU cores, no GPU"


def write_card(folder, made: dict, scores: dict[str, float], n: int, *, machine: str | None = None) -> Path:
    """Writes README.md next to the weights from what `make_sprout` returned and `measure` found. Bad figures
    are printed like good ones.
    """
    folder = Path(folder)
    text = CARD.format(
        parameters=made["parameters"] / 1e6,
        megabytes=(folder / "model.safetensors").stat().st_size / 1e6,
        words=made["words"],
        documents=made["documents"],
        tokens=f"{made['tokens']:,}",
        minutes=made["seconds"] / 60,
        steps=made["steps"],
        machine=machine or machine_kind(),
        seed=made["seed"],
        n=n,
        table="\n".join(f"| {skill} | {score:.2f} |" for skill, score in scores.items()),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
    return folder / "README.md"
