"""Facts for tests."""

from autodidact.knowledge.fact import EarlierValue, Fact, Moment, fact_id


def fact(
    value="shop/basket.py",
    *,
    kind="defined_in",
    subject="Basket",
    since=None,
    until=None,
    earlier=(),
    generator="ast_parser",
    **fields,
) -> Fact:
    """A fact; `since`, `until`: times; `earlier`: (value, time when it ended) each, the oldest first."""
    known = {
        "id": fact_id(generator, kind, subject),
        "accept": [] if value is None else [value],
        "reserved": f"Name the file with `{subject}`.",
        "answer": "" if value is None else f"`{subject}` is defined in `{value}`.",
        "source": {"kind": "git", "ref": "shop/basket.py:4"},
        "since": Moment(time=since) if since else None,
        "until": Moment(time=until) if until else None,
        "earlier": [EarlierValue(value=old, accept=[old], until=Moment(time=end)) for old, end in earlier],
    }
    return Fact.model_validate(
        {"generator": generator, "kind": kind, "subject": subject, "value": value} | known | fields
    )
