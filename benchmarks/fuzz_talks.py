"""Conversations in the forms that the samples do not have, for fuzz_readers.py."""

import json

_ASKED, _SAID = "How warm is it in Oslo?", "Four degrees."
_CALLED = {"id": "c", "name": "weather", "args": {"city": "Oslo"}, "status": "success"}
_USED = {"type": "tool_use", "id": "c", "name": "weather", "input": {"city": "Oslo"}}
_GAVE = {"type": "tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "4"}]}
_BLOCKS = [
    {"role": "user", "content": f"<ide_selection>x</ide_selection>{_ASKED}"},
    {"role": "assistant", "content": [_USED]},
    {"role": "user", "content": [_GAVE]},
    {"role": "assistant", "content": f"<think>4</think>{_SAID}"},
]
_SCRIPT = 'const r = await tools.exec_command({cmd: "ls", limit: 5, deep: {a: [1, true]}}); text(r.output);'


def _lines(*records: dict) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# Conversations, a small one in each form that the samples do not have.
TALKS = {
    "gemini.jsonl": _lines(
        {"sessionId": "s", "projectHash": "p", "kind": "main"},
        {"id": "1", "type": "user", "content": [{"text": _ASKED}]},
        {"id": "2", "type": "gemini", "content": "", "toolCalls": [_CALLED]},
        {"id": "3", "type": "gemini", "content": _SAID},
        {"$rewindTo": "3"},
    ),
    "items.jsonl": _lines(
        *(
            {"type": "event_msg", "payload": {"type": "item_completed", "item": item}}
            for item in (
                {"type": "UserMessage", "content": [{"type": "text", "text": _ASKED}]},
                {
                    "type": "CommandExecution",
                    "id": "c",
                    "command": ["ls"],
                    "status": "completed",
                    "exit_code": 0,
                },
                {"type": "AgentMessage", "content": [{"type": "Text", "text": _SAID}]},
            )
        )
    ),
    "script.jsonl": _lines(
        *(
            {"type": "response_item", "payload": item}
            for item in (
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": _ASKED}]},
                {"type": "custom_tool_call", "name": "exec", "input": _SCRIPT, "call_id": "e"},
                {
                    "type": "custom_tool_call_output",
                    "call_id": "e",
                    "output": [{"text": "Script completed\n"}],
                },
            )
        )
    ),
    "blocks.jsonl": _lines({"messages": _BLOCKS}, {"conversations": json.dumps(_BLOCKS), "resolved": True}),
    "responses.jsonl": _lines({"input": _ASKED, "output": [{"role": "assistant", "content": _SAID}]}),
    "cline.json": json.dumps(
        [
            {"role": "user", "content": [{"type": "text", "text": f"<task>\n{_ASKED}\n</task>"}]},
            {"role": "assistant", "content": "<read_file><path>a</path></read_file>"},
            {"role": "user", "content": [{"type": "text", "text": "[read_file for 'a'] Result:\n4"}]},
            {
                "role": "assistant",
                "content": f"<attempt_completion><result>{_SAID}</result></attempt_completion>",
            },
        ]
    ),
    "openhands.json": json.dumps(
        [
            {"id": 0, "source": "user", "action": "message", "args": {"content": _ASKED}},
            {"id": 1, "source": "agent", "action": "run", "args": {"command": "ls"}},
            {
                "id": 2,
                "source": "agent",
                "observation": "run",
                "cause": 1,
                "content": "4",
                "extras": {"exit_code": 0},
            },
            {"id": 3, "source": "agent", "action": "finish", "args": {"final_thought": _SAID}},
            {
                "kind": "MessageEvent",
                "source": "user",
                "llm_message": {"content": [{"type": "text", "text": "x"}]},
            },
        ]
    ),
    "run.traj": json.dumps(
        {"trajectory": [], "history": _BLOCKS, "info": {"exit_status": "submitted"}}, indent=1
    ),
    "aider.chat.history.md": "\n# aider chat started at 2026-06-01 09:00:00\n\n"
    f"#### {_ASKED}  \n\n{_SAID}\n\n> x  \n",
}
