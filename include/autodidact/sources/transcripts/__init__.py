"""Conversations that people had with a model, from the files in which tools keep them, whatever their names.

Claude Code, Codex, Pi, the Session Trace Simple Format, OpenAI chat, ShareGPT, OpenTelemetry GenAI spans and
OpenInference: each record tells by its own form which it is. All become the same: exchanges. Files are
streamed; what is torn, too long or of an unknown kind costs itself and is counted.
"""

from autodidact.sources.transcripts.declared_tools import Toolbox, handler, hands_over
from autodidact.sources.transcripts.exchange import Call, Exchange, moment, size
from autodidact.sources.transcripts.lines import files
from autodidact.sources.transcripts.read import exchanges

__all__ = ["Call", "Exchange", "Toolbox", "exchanges", "files", "handler", "hands_over", "moment", "size"]
