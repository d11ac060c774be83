"""Which agent a span of OpenTelemetry belongs to: below another agent's span it is a side chain, whose words
no person typed.
"""

from collections import OrderedDict
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of
from autodidact.sources.transcripts.untrusted_fields import name_of

# Spans of one file that are known at the same time, and steps up from one that are looked at.
MAX_SPANS, MAX_STEPS = 50_000, 64
_NAMES = ("gen_ai.agent.name", "agent.name", "gen_ai.agent.id")


class Agents:
    """The spans met so far, in whatever order: a span often comes before the one above it."""

    def __init__(self) -> None:
        # (the span above, the agent's name) of each.
        self._spans: OrderedDict[str, tuple[str | None, str | None]] = OrderedDict()

    def note(self, span: dict, given: dict[str, Any]) -> None:
        """Learns of a span."""
        if ident := span_id(span):
            above = (span.get(key) for key in ("parentSpanId", "parent_span_id", "parent_id"))
            self._spans[ident] = next(filter(None, map(name_of, above)), None), _agent(span, given)
            if len(self._spans) > MAX_SPANS:
                self._spans.popitem(last=False)

    def below_another(self, ident: str | None) -> bool:
        """Whether a span's agent was called by another one."""
        own: str | None = None
        for _ in range(MAX_STEPS):
            if ident is None or ident not in self._spans:
                return False
            ident, name = self._spans[ident]
            if own and name and name != own:
                return True
            own = own or name
        return False


def span_id(span: dict) -> str | None:
    """A span's own id."""
    found = (span.get("spanId"), span.get("span_id"), dict_of(span.get("context")).get("span_id"))
    return next(filter(None, map(name_of, found)), None)


def _agent(span: dict, given: dict[str, Any]) -> str | None:
    named = next(filter(None, (name_of(given.get(key)) for key in _NAMES)), None)
    is_agent = given.get("openinference.span.kind") == "AGENT"
    return named or (name_of(span.get("name")) if is_agent else None)
