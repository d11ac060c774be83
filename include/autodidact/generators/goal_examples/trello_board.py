"""A board of Trello as its menu exports it (JSON): cards that name their list, members and checklists by id.

They come out as the rows of Trello's CSV. What an id names and the board does not hold is a gap.
"""

from typing import Any

from autodidact.sources.json_of_expected_type import dicts_of
from autodidact.sources.unread import Unread

# A card's part -> the column of the CSV that holds the same.
_SAME = {
    "id": "Card ID",
    "name": "Card Name",
    "desc": "Card Description",
    "due": "Due Date",
    "dueComplete": "Due Complete",
    "labels": "Labels",
    "isTemplate": "Card is template",
    "customFieldItems": "Custom fields",
}


def cards_of_board(content: Any, ref: str, unread: Unread) -> Any:
    """The cards of a board as rows; the content itself of a file that holds none."""
    if not isinstance(content, dict) or not isinstance(content.get("cards"), list):
        return content
    lists, cards = _by_id(content.get("lists")), dicts_of(content["cards"])
    if not lists or not any("idList" in card for card in cards):
        return content
    rows: list[dict[str, Any]] = []
    for number, card in enumerate(content["cards"], 1):
        if not isinstance(card, dict):
            unread.add("goals", "not a record", f"{ref}#{number}")
        elif (its_list := lists.get(card.get("idList"))) is None:
            unread.add("goals", "a card of a list that the board does not hold", f"{ref}#{card.get('id')}")
        else:
            rows.append(_row(card, its_list, content))
    return rows


def _row(card: dict, its_list: dict, board: dict) -> dict[str, Any]:
    row = {column: card[part] for part, column in _SAME.items() if part in card}
    row |= {"id": card.get("id"), "List Name": its_list.get("name")}
    # With its list a card is put away, too.
    row["Archived"] = card.get("closed") is True or its_list.get("closed") is True
    if "idMembers" in card:
        members = _by_id(board.get("members"))
        row["Members"] = [members.get(one, "?") for one in _texts(card["idMembers"])]
    return row | _checklists(card, board)


def _checklists(card: dict, board: dict) -> dict[str, Any]:
    """The entries of a card's checklists; how many there may be, where not all of them are there."""
    given = [*dicts_of(card.get("checklists")), *dicts_of(board.get("checklists"))]
    every = _by_id(given)
    named = _texts(card.get("idChecklists")) or [
        key for key, one in every.items() if one.get("idCard") == card.get("id")
    ]
    if any(name not in every for name in named):
        return {"Checklist item total count": len(named)}
    if "idChecklists" not in card and not given:
        return {}
    found = sorted((every[name] for name in dict.fromkeys(named)), key=_place)
    return {
        "Checklist": [
            {"name": entry.get("name"), "done": entry.get("state") == "complete"}
            for one in found
            for entry in sorted(dicts_of(one.get("checkItems")), key=_place)
        ]
    }


def _by_id(value: Any) -> dict[Any, dict]:
    return {one["id"]: one for one in dicts_of(value) if isinstance(one.get("id"), str)}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _place(part: dict) -> float:
    """Where it stands among its like; in the order of the file without that."""
    place = part.get("pos")
    return float(place) if isinstance(place, (int, float)) else 0.0
