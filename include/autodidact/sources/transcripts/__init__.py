"""Conversations that people had with a model, from the files in which tools keep them, whatever their names.

Claude Code, Codex, Gemini CLI, Cline, OpenHands, SWE-agent, Aider, Pi, the Session Trace Simple Format,
OpenAI chat and responses, Anthropic messages, ShareGPT, exports of chat pages, OpenTelemetry GenAI spans and
their dialects (formats.py): each record shows its format by its form. All become the same turns (turn.py),
and those exchanges. Files are streamed; what is torn, too long or of an unknown kind costs itself and is
counted.
"""

from autodidact.sources.transcripts.continue_from_earlier_cycle import UNKNOWN_FORM, exchanges
from autodidact.sources.transcripts.declared_tools import Toolbox, handler, hands_over
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.outcomes import Outcome
from autodidact.sources.transcripts.record_lines import files
from autodidact.sources.transcripts.turn import Call, Who
from autodidact.sources.transcripts.turn_text import has_markers
from autodidact.sources.transcripts.untrusted_fields import moment, size

__all__ = [
    "UNKNOWN_FORM",
    "Call",
    "Exchange",
    "Outcome",
    "Toolbox",
    "Who",
    "exchanges",
    "files",
    "handler",
    "hands_over",
    "has_markers",
    "moment",
    "size",
]
