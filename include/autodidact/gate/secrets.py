"""Secrets and personal data (scanning/). A credential drops its example, personal data become `<EMAIL>`,
`<PHONE>`, `<IP>` and so on.

All text of a record is looked at, its source and extra fields too. Personal data that no mark can reach,
because they are encoded or cut in two, drop the example: the rule fails closed. The user's own list
(`gate.deny`) comes first. What was found is never written anywhere: not to the file of dropped records, not
to a report, not to a log.
"""

from autodidact.gate.rule import Context, Drop, map_texts, rewrite
from autodidact.records import Example
from autodidact.scanning import denied, find, hidden, redact
from autodidact.scanning.record_as_text import HASH, as_text

NAME = "secrets"


def check(example: Example, context: Context | None) -> Example | Drop:
    """Drops an example that holds a credential; masks personal data in its messages and tools."""
    text = everything(example)
    if context and (number := denied(text, context.settings)):
        return Drop("on the list of what is denied", f"entry {number}")
    if kind := find(text):
        return Drop("a credential", kind)
    redacted = rewrite(example, map_texts(example.messages, redact), map_texts(example.tools, redact))
    if kind := hidden(text if redacted is example else everything(redacted)):
        return Drop("personal data that cannot be masked", kind)
    return redacted


def everything(example: Example) -> str:
    """All text of a record; not the hashes that the system itself computed, and not the checked fields."""
    source = example.source
    ref = source.ref[40:] if HASH.fullmatch(source.ref[:40]) else source.ref  # `<commit>:<path>`
    return as_text(example.messages, example.tools, example.model_extra or {}, source.model_extra or {}, ref)
