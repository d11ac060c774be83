"""The formats of transcripts that are read, each in a file of its own."""

from autodidact.sources.transcripts.aider import Aider
from autodidact.sources.transcripts.chat_exports import ChatExports
from autodidact.sources.transcripts.chat_lines import ChatLines
from autodidact.sources.transcripts.claude_code import ClaudeCode
from autodidact.sources.transcripts.cline import Cline
from autodidact.sources.transcripts.codex import Codex
from autodidact.sources.transcripts.gemini import Gemini
from autodidact.sources.transcripts.openai_response_items import Responses
from autodidact.sources.transcripts.openhands import OpenHands
from autodidact.sources.transcripts.otel import OpenTelemetry
from autodidact.sources.transcripts.pi import Pi
from autodidact.sources.transcripts.reader_base import Format
from autodidact.sources.transcripts.swe_agent import SweAgent

# In the order of trying; the first whose form a record has reads it.
FORMATS: dict[str, type[Format]] = {
    "aider": Aider,
    "codex": Codex,
    "gemini": Gemini,
    "swe_agent": SweAgent,
    "chat_lines": ChatLines,
    "chat_exports": ChatExports,
    "responses": Responses,
    "otel": OpenTelemetry,
    "openhands": OpenHands,
    "cline": Cline,
    "pi": Pi,
    "claude_code": ClaudeCode,
}
