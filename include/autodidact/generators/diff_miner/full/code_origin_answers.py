"""When a value changed."""

import random

from autodidact.generators.diff_miner.full.change_sentences import joined, quoted
from autodidact.generators.diff_miner.full.commit_facts import Change
from autodidact.generators.diff_miner.full.definition_changes import Value
from autodidact.generators.writing.facts_into_words import capital


def value(change: Change, one: Value, rng: random.Random, *, by_commit: bool = False) -> str:
    """When a default or constant changed, and what the message says about it. `by_commit`: the commit is what
    was asked for.
    """
    what = f"the default of `{one.name}` in `{one.where}`" if one.where else f"`{one.name}`"
    where, subject = f"in `{one.path}`", change.message.subject
    forms = (
        f"It became `{one.new}` on {change.date}: {change.sha} changed {what} {where} from `{one.old}`.",
        f"{capital(what)} went from `{one.old}` to `{one.new}` with {change.sha} of {change.date} ({where}).",
        f"`{one.old}` until {change.date}, then `{one.new}`: {change.sha} changed {what} {where}.",
    )
    sentence = f"{change.sha}, on {change.date}: it changed {what} {where} from `{one.old}` to `{one.new}`."
    reason = change.message.quote()
    named = f'The commit is "{subject}".' if '"' not in subject else ""
    says = ("The message says:", quoted(reason)) if reason else ()
    return joined(sentence if by_commit else rng.choice(forms), named, *says)
