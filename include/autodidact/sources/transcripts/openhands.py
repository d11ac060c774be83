"""OpenHands: a list of events, `{"id", "source", "action", "args"}` and `{"observation", "cause", "content",
"extras"}`, one session a file, or as `history` of one run a line. Of its second version: `{"kind":
"MessageEvent" | "ActionEvent" | "ObservationEvent", "source"}`.

Only messages of the source `user` are a person's, and not all: where nobody is there to answer, the
evaluation sends the agent back to its task. A run that broke (`error`), or whose tests did not pass
(`test_result`), failed. What a delegate does between the action that called it and its observation is a
sub-agent's.
"""

from datetime import datetime
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of
from autodidact.sources.transcripts.exchange import Exchange
from autodidact.sources.transcripts.judgements import failed
from autodidact.sources.transcripts.outcomes import LAST, Outcome, of_exit, of_result, worse
from autodidact.sources.transcripts.reader_base import Reading, ThreadFormat
from autodidact.sources.transcripts.turn import Call, Result, Turn, Who
from autodidact.sources.transcripts.turn_text import typed
from autodidact.sources.transcripts.untrusted_fields import (
    has_attachment,
    moment,
    name_of,
    parsed,
    short_json,
    text_of,
)

_KINDS = ("MessageEvent", "ActionEvent", "ObservationEvent", "AgentErrorEvent", "UserRejectObservation")
_OTHER_KINDS = (
    "SystemPromptEvent",
    "ConversationErrorEvent",
    "ConversationStateUpdateEvent",
    "Condensation",
    "CondensationRequest",
)
# Actions that are no calls, and arguments that are no call's.
_SILENT = ("system", "recall", "think", "change_agent_state", "null", "condensation", "condensation_request")
_OWN = {
    *(
        "thought",
        "blocking",
        "confirmation_state",
        "hidden",
        "is_input",
        "is_static",
        "security_risk",
        "kind",
    ),
    *("is_confirmed", "impl_source", "include_extra", "translated_ipython_code", "cwd", "keep_prompt"),
}
_ENDED = {
    "stopped": Outcome.CUT,
    "paused": Outcome.CUT,
    "error": Outcome.FAILED,
    "stuck": Outcome.FAILED,
    "rate_limited": Outcome.FAILED,
}


class OpenHands(ThreadFormat):
    @staticmethod
    def reads(record: dict) -> bool:
        if "source" in record and ("action" in record or "observation" in record or _second(record)):
            return True
        history = dicts_of(record.get("history"))
        return bool(history) and OpenHands.reads({k: v for k, v in history[0].items() if k != "history"})

    def __init__(self, reading: Reading):
        super().__init__(reading)
        self.delegated = False

    def feed(self, line: int, record: dict) -> list[Exchange]:
        history = dicts_of(record.get("history"))
        if not history:
            self._event(line, record)
            return self.thread.take()
        settled = self.thread.close()
        for event in history:
            self._event(line, event)
        found = self.thread.close()
        if failed(record):
            for exchange in found:
                exchange.ends(Outcome.FAILED)
        return settled + found

    def _event(self, line: int, event: dict) -> None:
        time = moment(event.get("timestamp"))
        if not self.reading.keeps(time):
            return
        if event.get("observation") == "delegate":
            self.delegated = False
        if self.delegated:
            return
        if _second(event):
            self._second_version(line, event, time)
        elif isinstance(event.get("observation"), str):
            self._observation(line, event, time)
        elif isinstance(event.get("action"), str):
            self._action(line, event, time)

    def _action(self, line: int, event: dict, time: datetime | None) -> None:
        action, given = event["action"], dict_of(event.get("args"))
        if action == "message":
            text = given.get("content", event.get("message"))
            text = text if isinstance(text, str) else ""
            if event.get("source") == "user":
                attached = bool(given.get("image_urls") or given.get("file_urls"))
                if text.strip() or attached:
                    self.thread.add(typed(Turn(Who.PERSON, text, line, time), attached))
            else:
                who = Who.MODEL if event.get("source") == "agent" else Who.HARNESS
                self.thread.add(Turn(who, text, line, time))
        elif action in ("finish", "reject"):
            text = next((given[k] for k in ("final_thought", "thought") if isinstance(given.get(k), str)), "")
            went = Outcome.REFUSED if action == "reject" else Outcome.SUCCEEDED
            if str(given.get("task_completed", "true")).lower() != "true":
                went = Outcome.FAILED
            self.thread.add(Turn(Who.MODEL, text, line, time, outcome=went, left=LAST))
        elif event.get("source") == "agent" and action not in _SILENT:
            name = name_of(dict_of(event.get("tool_call_metadata")).get("function_name")) or action
            arguments = {key: value for key, value in given.items() if key not in _OWN and value is not None}
            call = Call.of(name, arguments)
            self.thread.add(Turn(Who.MODEL, "", line, time, calls=[(_ident(event.get("id")), call)]))
            self.delegated = action == "delegate"

    def _observation(self, line: int, event: dict, time: datetime | None) -> None:
        kind, extras = event["observation"], dict_of(event.get("extras"))
        if kind == "agent_state_changed":
            self.thread.ends(_ENDED.get(str(extras.get("agent_state")), Outcome.SUCCEEDED))
            return
        text = event.get("content") if isinstance(event.get("content"), str) else ""
        code = extras.get("exit_code", dict_of(extras.get("metadata")).get("exit_code"))
        if kind in ("error", "user_rejected"):
            went = Outcome.FAILED if kind == "error" else Outcome.REFUSED
        elif kind in ("run", "run_ipython") and code is not None:
            # -1: it had not ended when the time was over.
            went = Outcome.RUNNING if code == -1 else of_exit(code)
        else:
            went = Outcome.UNKNOWN if kind == "run" else of_result(text or "")
        result = Result(_ident(event.get("cause")), text or "", went, exited=code is not None)
        self.thread.add(Turn(Who.TOOL, line=line, time=time, results=[result]))

    def _second_version(self, line: int, event: dict, time: datetime | None) -> None:
        kind, person = event["kind"], event.get("source") == "user"
        ident = name_of(event.get("tool_call_id"))
        if kind == "MessageEvent":
            content = dict_of(event.get("llm_message")).get("content")
            turn = Turn(Who.PERSON, text_of(content), line, time)
            if event.get("sender"):
                turn.who = Who.SESSION
            elif not person:
                turn.who = Who.MODEL if event.get("source") == "agent" else Who.HARNESS
            self.thread.add(typed(turn, has_attachment(content)) if turn.who is Who.PERSON else turn)
        elif kind == "ActionEvent":
            called = dict_of(dict_of(event.get("tool_call")).get("function")) or dict_of(
                event.get("tool_call")
            )
            action = dict_of(event.get("action"))
            given = parsed(called.get("arguments"))
            given = {k: v for k, v in (action if given is None else given).items() if k not in _OWN}
            name = name_of(event.get("tool_name")) or name_of(called.get("name"))
            if name == "finish":
                self.thread.add(Turn(Who.MODEL, str(given.get("message", "")), line, time, left=LAST))
            elif name and name != "think":
                self.thread.add(Turn(Who.MODEL, "", line, time, calls=[(ident, Call.of(name, given))]))
        elif kind == "ConversationErrorEvent":
            self.thread.ends(Outcome.FAILED)
        elif kind == "ConversationStateUpdateEvent":
            held = dict_of(event.get("value"))
            state = (
                event.get("value") if event.get("key") == "execution_status" else held.get("execution_status")
            )
            self.thread.ends(_ENDED.get(str(state), Outcome.SUCCEEDED))
        elif kind in _KINDS:
            self.thread.add(Turn(Who.TOOL, line=line, time=time, results=[_second_result(event, ident)]))

    def plain(self) -> dict:
        return self.thread.plain() | {"delegated": self.delegated}

    def restore(self, state: dict) -> None:
        self.delegated = state["delegated"]
        self.thread.restore(state)


def _second(event: dict) -> bool:
    return name_of(event.get("kind")) in (*_KINDS, *_OTHER_KINDS)


def _second_result(event: dict, ident: str | None) -> Result:
    kind, given = event["kind"], dict_of(event.get("observation"))
    text = text_of(given.get("content")) or short_json(given.get("output"))
    if kind != "ObservationEvent":
        return Result(ident, text, Outcome.FAILED if kind == "AgentErrorEvent" else Outcome.REFUSED)
    code = given.get("exit_code", dict_of(given.get("metadata")).get("exit_code"))
    went = of_result(text) if code is None else worse(Outcome.SUCCEEDED, of_exit(code))
    if given.get("timeout") or code == -1:
        went = Outcome.RUNNING
    went = Outcome.FAILED if given.get("is_error") or given.get("error") else went
    return Result(ident, text, went, exited=code is not None)


def _ident(value: Any) -> str | None:
    return str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else None
