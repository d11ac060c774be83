"""The days that calls and answers name and nothing before them shows: `heute` is a date only for who knows
which day it is.
"""

import json
import re
from datetime import date, datetime
from typing import Any

_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d(?!\d)")
_TODAY = re.compile(
    r"\b(?:today|tonight|heute|aujourd['’]hui|hoy|oggi|vandaag|hoje|сегодня)\b|今日|今天", re.IGNORECASE
)
# The weekdays from Monday on, and how else a request names a day.
_WEEKDAYS = (
    "mon(?:day)?|montag|lundi|lunes|lunedì|maandag",
    "tue(?:s|sday)?|dienstag|mardi|martes|martedì|dinsdag",
    "wed(?:nesday)?|mittwoch|mercredi|miércoles|mercoledì|woensdag",
    "thu(?:rs|rsday)?|donnerstag|jeudi|jueves|giovedì|donderdag",
    "fri(?:day)?|freitag|vendredi|viernes|venerdì|vrijdag",
    "sat(?:urday)?|samstag|samedi|sábado|sabato|zaterdag",
    "sun(?:day)?|sonntag|dimanche|domingo|domenica|zondag",
)
_MONTHS = (
    "jan|feb|f[ée]v|m[aä]r|apr|avr|abr|ma[iy]|mei|ju[ln]|jui|giu|lug|aug|ao[uû]|ago|sep|o[ckt]t|nov|de[cz]"
    "|d[ée]c|dic"
)
_NAMES_DAY = re.compile(
    rf"\b(?:{'|'.join(_WEEKDAYS)})s?\b|\b(?:tomorrow|yesterday|next|last|week|morgen|gestern|demain|hier"
    r"|mañana|ayer|domani|ieri|gisteren|amanhã|ontem|jutro|jutrzej\w+|wczoraj)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|[./-]|\s*(?:of |de )?(?:{_MONTHS}))|\b(?:{_MONTHS})[a-zé]*\.? \d",
    re.IGNORECASE,
)
# Days between a request and the one that it names in words ("on saturday", "gestern").
_NEAR = 14


def unshown_days(messages: list[dict[str, Any]]) -> list[str]:
    """The days in calls and answers that nothing before them shows: they come from a calendar."""
    found: list[str] = []
    shown = ""
    for one in messages:
        text = json.dumps(one, ensure_ascii=False)
        if one["role"] == "assistant":
            found += [day for day in _ISO_DAY.findall(text) if day not in shown]
        shown += text
    return list(dict.fromkeys(found))


def day_line(messages: list[dict[str, Any]], when: datetime | None) -> str | None:
    """What a system prompt has to say of the day, "" where nothing rests on it; None where no day explains
    what is said.
    """
    days = unshown_days(messages)
    if not days:
        return ""
    if when is None:
        return None
    today = when.date()
    asked = " ".join(one["content"] for one in messages if one["role"] == "user")
    if _TODAY.search(asked) and today.isoformat() not in days:
        return None
    if days != [today.isoformat()] and not _NAMES_DAY.search(asked):
        return None  # nobody said which day
    if re.search(rf"\b(?:{_WEEKDAYS[today.weekday()]})\b", asked, re.IGNORECASE):
        return None  # "on Sunday", said on a Sunday: this one or the next
    try:
        near = all(abs((date.fromisoformat(day) - today).days) <= _NEAR for day in days)
    except ValueError:
        return None
    return f"Today is {today:%A}, {today.isoformat()}." if near else None
