"""Fields of records that somebody else wrote: times, names, texts, JSON in strings."""

import json
from datetime import datetime, timezone
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of

# Characters kept of one message or result: what is longer is a paste or a dump.
MAX_TEXT = 4_000
_TEXT_PARTS = (None, "text", "Text", "input_text", "output_text")
# Parts of a message that hold no words: their answer cannot be understood without them.
_ATTACHED = {
    *("image", "image_url", "input_image", "local_image", "localImage", "Image", "LocalImage"),
    *("document", "file", "input_file", "audio", "input_audio", "video", "video_url", "blob", "uri", "media"),
}


def size(value: Any, most: int) -> int:
    """About the characters of a JSON value; counting ends once it is beyond `most`."""
    if isinstance(value, str):
        return len(value) + 2
    if not isinstance(value, (list, dict)):
        return 4
    total = 2
    for item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        total += (len(item[0]) + 3 if item[0] is not None else 1) + size(item[1], most - total)
        if total > most:
            break
    return total


def moment(value: Any) -> datetime | None:
    """A timestamp as ISO 8601 or as seconds, milli-, micro- or nanoseconds since 1970; None of anything
    else."""
    try:
        if isinstance(value, str):
            if value.isdecimal() and len(value) > 9:
                return moment(int(value))
            found = datetime.fromisoformat(value)
            return found.astimezone(timezone.utc) if found.tzinfo else found.replace(tzinfo=timezone.utc)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            for _ in range(3):
                value = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(value, tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def name_of(value: Any) -> str | None:
    """A value that names something: text, not empty and of sensible length."""
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None


def text_of(content: Any) -> str:
    """The whole text of a message's or a result's content, which may be a list of parts."""
    if isinstance(content, str):
        return content
    parts = []
    for part in content if isinstance(content, list) else ():
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, dict) and part.get("type") in _TEXT_PARTS:
            # OpenAI's threads hold the words in `{"text": {"value": ..., "annotations": []}}`.
            held = [part.get("text"), dict_of(part.get("text")).get("value"), part.get("content")]
            words = next((each for each in held if isinstance(each, str)), None)
            if words is not None:
                parts.append(words)
    return "\n".join(parts)


def has_attachment(content: Any) -> bool:
    """Whether a content has parts that are no text: pictures, files, sounds."""
    return any(
        name_of(part.get("type")) in _ATTACHED or "inlineData" in part or "fileData" in part
        for part in dicts_of(content)
    )


def parsed(value: Any, kind: type | tuple[type, ...] = dict) -> Any:
    """A JSON object (or a value of another `kind`), or one in a string; None otherwise."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, kind) else None


def short_json(value: Any) -> str:
    """A value as JSON for reading, at most MAX_TEXT characters; a text as it is."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)[:MAX_TEXT]
