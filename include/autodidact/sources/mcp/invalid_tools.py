"""Tools that a server lists against the protocol, taken out of its answers before the SDK sees them.

The SDK checks an answer as one whole: with one such tool it refuses the hundred good ones as well.
"""

from typing import Any

# The version by which a tool is checked until the server has said which one it speaks.
_VERSION = "2025-11-25"


class ValidTools:
    """The stream of a server's messages as a ClientSession reads it, without invalid tools. `refused` gets
    (name, reason) of each.
    """

    def __init__(self, stream: Any, refused: list[tuple[str, str]]):
        self._stream, self._version, self.refused = stream, _VERSION, refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def __aenter__(self) -> "ValidTools":
        await self._stream.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> Any:
        return await self._stream.__aexit__(*raised)

    def __aiter__(self) -> "ValidTools":
        return self

    async def __anext__(self) -> Any:
        item = await self._stream.__anext__()
        result = getattr(getattr(item, "message", None), "result", None)
        if isinstance(result, dict):
            version = result.get("protocolVersion")
            self._version = version if isinstance(version, str) else self._version
            if isinstance(result.get("tools"), list):
                result["tools"] = [tool for tool in result["tools"] if self._valid(tool, result)]
        return item

    def _valid(self, tool: Any, page: dict[str, Any]) -> bool:
        from mcp.types import Tool
        from mcp_types.methods import validate_server_result
        from pydantic import ValidationError

        # The page itself is the SDK's to judge: what is wrong with it too is no fault of the tool's.
        try:
            validate_server_result("tools/list", self._version, page | {"tools": []})
        except (ValidationError, ValueError, KeyError):
            return True
        try:
            validate_server_result("tools/list", self._version, page | {"tools": [tool]})
            Tool.model_validate(tool, by_name=False)
        except ValidationError as error:
            name = str(tool.get("name", "")) if isinstance(tool, dict) else ""
            self.refused.append((name, _reason(tool, error)))
            return False
        return True


def _reason(tool: Any, error: Any) -> str:
    if isinstance(tool, dict) and "inputSchema" not in tool:
        return "a tool without a schema"
    places = {str(part) for one in error.errors() for part in one["loc"]}
    if "inputSchema" in places:
        return "a schema that is not understood"
    return "a tool that is not as the protocol wants it"
