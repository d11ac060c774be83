"""SWE-agent's trajectories (.traj): `{"environment", "trajectory": [...], "history": [{"role", "content",
"message_type"}], "info": {"exit_status"}}`, one run a file; and those of mini-swe-agent, with `messages`
instead of `history`.

Demonstrations are no turns of this run. Only a run whose status is that it submitted went well: at a limit
the program submits in its place ("submitted (exit_cost)"). Without a status nobody knows. SWE-agent's
observations do not say how a command ended: in a run that submitted it went well where no word of what it
gave may tell of a failure.
"""

import re
from datetime import datetime
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.judgements import failed
from autodidact.sources.transcripts.message_to_turn import tool_calls, turn_of
from autodidact.sources.transcripts.outcomes import Outcome, ending, of_command, of_result
from autodidact.sources.transcripts.reader_base import Format
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turns_to_exchanges import Thread
from autodidact.sources.transcripts.untrusted_fields import moment, name_of, text_of

_EXITS = {"submitted": Outcome.SUCCEEDED, "": Outcome.UNKNOWN}
_BROKE = re.compile(r"error|fail", re.IGNORECASE)
_LABEL = re.compile(r"OBSERVATION:\s*")
# What may tell of a failure: "cat: oslo: No such file or directory".
_MAY_BE_BAD = re.compile(
    r"^\S+: |error|fail|exception|traceback|usage|not found|no such|denied|cannot|unable|invalid",
    re.IGNORECASE | re.MULTILINE,
)
_COMMAND = re.compile(r"```(?:bash|sh|mswea_bash_command)?\n(.*?)\n```", re.DOTALL)


class SweAgent(Format):
    """One run a record; nothing is carried from one to the next."""

    @staticmethod
    def reads(record: dict) -> bool:
        history = dicts_of(record.get("history"))
        if history and "role" in history[0] and "content" in history[0]:
            return True
        if isinstance(record.get("history"), list) and isinstance(record.get("trajectory"), list):
            return True
        return "mini-swe-agent" in str(record.get("trajectory_format", ""))[:40]

    def feed(self, line: int, record: dict) -> list[Exchange]:
        info = dict_of(record.get("info"))
        stamps = (source.get(key) for source in (record, info) for key in ("timestamp", "created_at"))
        time = next((found for found in map(moment, stamps) if found), None)
        if not self.reading.keeps(time):
            return []
        thread = self.new_thread()
        messages = dicts_of(record.get("history")) or dicts_of(record.get("messages"))
        ended = _of_run(info.get("exit_status") or record.get("exit_status"))
        for message in messages:
            if not message.get("is_demo"):
                self._message(thread, message, line, time, ended)
        thread.ends(ended)
        settled = thread.close()
        if failed(record) or failed(info):
            for exchange in settled:
                exchange.ends(Outcome.FAILED)
        return settled

    def _message(
        self, thread: Thread, message: dict, line: int, time: datetime | None, ended: Outcome
    ) -> None:
        role, text = message.get("role"), text_of(message.get("content")).strip()
        if role == "assistant":
            calls = tool_calls(message, line, self.trouble) or _command(message, text)
            said = message.get("thought") if isinstance(message.get("thought"), str) else text
            turn = Turn(Who.MODEL, str(said), line, time, calls=calls)
            turn.outcome = ending(message.get("finish_reason"))
            thread.add(turn)
        elif thread.current is not None and role != "system":
            # Nobody types after the task: the environment answers in the role of the user.
            idents = [name_of(ident) for ident in list_of(message.get("tool_call_ids"))]
            ident = next((found for found in [*idents, name_of(message.get("tool_call_id"))] if found), None)
            results = [Result(ident, text, _of_observation(text, ended))]
            who = Who.TOOL if thread.awaits(None) else Who.HARNESS
            thread.add(Turn(who, line=line, time=time, results=results))
        elif (asked := turn_of(message, line, time, self.trouble)) and asked.who is not Who.SESSION:
            thread.add(asked)


def _of_run(status: Any) -> Outcome:
    """How a run ended by its status; any but those that are known is a stop before its end."""
    status = str(status or "").strip().lower()
    return _EXITS.get(status, Outcome.FAILED if _BROKE.search(status) else Outcome.CUT)


def _of_observation(text: str, ended: Outcome) -> Outcome:
    """How a command ended by what it gave, in a run that ended so."""
    said = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    went = of_command(said)
    open_ = went is Outcome.UNKNOWN and ended is Outcome.SUCCEEDED and not _MAY_BE_BAD.search(said)
    return of_result(said) if open_ else went


def _command(message: dict, text: str) -> list[tuple[str | None, Call]]:
    """The command that an answer's text runs."""
    action = message.get("action")
    found = _COMMAND.search(text)
    command = action if isinstance(action, str) and action.strip() else found[1] if found else None
    return [(None, Call.of("bash", {"command": command.strip()}))] if command else []
