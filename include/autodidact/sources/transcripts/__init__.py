"""Conversations that people had with a model, from the files in which tools keep them, whatever their names.

Claude Code, Codex, Pi, the Session Trace Simple Format, OpenAI chat, ShareGPT, OpenTelemetry GenAI spans and
OpenInference: each record shows its format by its form. All become the same: exchanges. Files are
streamed; what is torn, too long or of an unknown kind costs itself and is counted.
"""

from autodidact.sources.transcripts.declared_tools import Toolbox, handler, hands_over
from autodidact.sources.transcripts.exchange import Call, Exchange, moment, size
from autodidact.sources.transcripts.incremental import exchanges
from autodidact.sources.transcripts.lines import files

__all__ = ["Call", "Exchange", "Toolbox", "exchanges", "files", "handler", "hands_over", "moment", "size"]
