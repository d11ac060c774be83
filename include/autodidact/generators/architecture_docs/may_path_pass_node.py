"""Whether a way may pass through a node of a diagram whose arrows have texts."""

from collections.abc import Collection, Mapping

# (start, end) -> what is written on the arrows between them.
Texts = Mapping[tuple[str, str], Collection[str]]


def goes_on(texts: Texts, before: str, node: str, after: str) -> bool:
    """Whether what comes in by one arrow may go out by another: a broker that gets `order.paid` and hands it
    on does not hand it on as `climate.frost`.
    """
    given, handed = set(filter(None, texts[before, node])), set(filter(None, texts[node, after]))
    if not given or not handed or given & handed:
        return True
    into = {text for (_, end), found in texts.items() if end == node for text in found}
    out = {text for (start, _), found in texts.items() if start == node for text in found}
    return not (given & out or handed & into)
