"""The tools of Wharfside, the small ferry line of these samples: a real MCP server over standard input and
output.

    python mcp_server.py

It answers from the few tables below, so the same call always gives the same answer.
"""

from datetime import date as Date
from typing import Annotated, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

Pier = Literal["alder-point", "skerry", "northhaven", "low-mole"]
Vessel = Literal["kittiwake", "fulmar", "petrel"]
Service = Literal["gateway", "booking", "timetable", "payments", "notices", "roster", "tides", "helm"]
Day = Annotated[str, Field(description="A day as YYYY-MM-DD.", pattern=r"^\d{4}-\d{2}-\d{2}$")]
Channels = Annotated[list[Literal["email", "sms", "board"]], Field(min_length=1)]

SAILINGS = [
    ("W101", "alder-point", "skerry", "07:10", "kittiwake", 120, 18),
    ("W103", "alder-point", "skerry", "09:10", "fulmar", 90, 10),
    ("W105", "alder-point", "northhaven", "10:40", "petrel", 60, 0),
    ("W107", "skerry", "northhaven", "12:20", "kittiwake", 120, 18),
    ("W109", "northhaven", "low-mole", "14:00", "petrel", 60, 0),
    ("W111", "low-mole", "alder-point", "16:30", "fulmar", 90, 10),
    ("W113", "skerry", "alder-point", "18:05", "kittiwake", 120, 18),
]
STATUS = {
    name: "ok" for name in ("gateway", "booking", "timetable", "payments", "notices", "roster", "helm")
} | {"tides": "degraded"}
HIGH_WATER = {
    "alder-point": ("05:52", 4.1),
    "skerry": ("06:04", 3.8),
    "northhaven": ("06:31", 4.4),
    "low-mole": ("05:40", 2.9),
}


class Party(BaseModel):
    """Passengers of one kind."""

    kind: Literal["adult", "child", "senior"]
    count: int = Field(ge=1, le=40)
    ramp: bool = Field(default=False, description="They need the boarding ramp.")


class Contact(BaseModel):
    """How to reach whoever booked."""

    channel: Literal["email", "sms"]
    address: str


class Audience(BaseModel):
    """Who gets a notice: everybody at a pier, or everybody on a sailing."""

    pier: Pier | None = None
    sailing: str | None = Field(default=None, description="A sailing number such as W103.")


server = MCPServer("wharfside")


@server.tool()
def search_sailings(
    origin: Pier,
    destination: Pier,
    date: Day,
    passengers: Annotated[int, Field(ge=1, le=40)] = 1,
    vehicle: Literal["none", "bicycle", "car", "van"] = "none",
) -> list[dict]:
    """List the sailings between two piers on a day that still have room."""
    return [
        {"sailing": number, "departs": f"{date}T{departs}", "vessel": vessel, "seats": seats, "cars": cars}
        for number, start, end, departs, vessel, seats, cars in SAILINGS
        if (start, end) == (origin, destination)
        and seats >= passengers
        and (vehicle not in ("car", "van") or cars)
    ]


@server.tool()
def hold_seats(
    sailing: Annotated[str, Field(pattern=r"^W\d{3}$")],
    date: Day,
    party: Annotated[list[Party], Field(min_length=1)],
    contact: Contact | None = None,
    minutes: Annotated[int, Field(ge=5, le=60)] = 20,
) -> dict:
    """Hold seats on a sailing for some minutes, before payment."""
    seats = {number: free for number, _, _, _, _, free, _ in SAILINGS}
    wanted = sum(group.count for group in party)
    if sailing not in seats:
        raise ToolError(f"no sailing {sailing}")
    if wanted > seats[sailing]:
        raise ToolError(f"{sailing} has {seats[sailing]} seats, {wanted} wanted")
    told = contact.channel if contact else "nobody"
    return {
        "hold": f"H-{sailing[1:]}-{wanted}",
        "date": date,
        "seats": wanted,
        "minutes": minutes,
        "told": told,
    }


@server.tool()
def release_hold(hold: Annotated[str, Field(description="The hold, as hold_seats returned it.")]) -> str:
    """Give held seats back to the sailing."""
    return f"{hold} released"


@server.tool()
def issue_refund(
    booking: Annotated[str, Field(description="A booking such as B-2041.", pattern=r"^B-\d{4}$")],
    amount: Annotated[float, Field(gt=0, description="In pounds.")],
    reason: Literal["cancelled", "delayed", "goodwill", "double_charge"],
    note: str = "",
) -> dict:
    """Pay money back for a booking. Above 200 pounds it waits for a person of the money team."""
    return {
        "booking": booking,
        "amount": amount,
        "reason": reason,
        "note": note,
        "state": "waiting" if amount > 200 else "paid",
    }


@server.tool()
def assign_shift(
    crew: Annotated[str, Field(description="A crew number such as C-17.")],
    vessel: Vessel,
    date: Day,
    shift: Literal["early", "late", "night"] = "early",
) -> str:
    """Put a crew member on a vessel's shift."""
    return f"{crew} is on {vessel}, {shift} shift, {date}"


@server.tool()
def send_notice(
    audience: Audience,
    template: Literal["delay", "cancellation", "pier_change", "weather", "lost_property"],
    channels: Channels = ["board"],  # noqa: B006
    minutes_late: int | None = None,
) -> dict:
    """Tell passengers at a pier or on a sailing what has changed."""
    if (audience.pier is None) == (audience.sailing is None):
        raise ToolError("name either a pier or a sailing")
    return {
        "to": audience.pier or audience.sailing,
        "template": template,
        "channels": channels,
        "minutes_late": minutes_late,
    }


@server.tool()
def open_incident(
    service: Service,
    severity: Annotated[int, Field(ge=1, le=4, description="1 is the worst.")],
    summary: Annotated[str, Field(max_length=120)],
    page: bool = True,
) -> dict:
    """Open an incident for a service and page its owner."""
    return {"incident": f"I-{service}-{severity}", "summary": summary, "paged": page}


@server.tool()
def service_status(service: Service) -> str:
    """Say whether a service is up."""
    return f"{service}: {STATUS[service]}"


@server.tool()
def tide_at(pier: Pier, date: Day) -> dict:
    """The morning's high water at a pier: time and metres above chart datum."""
    Date.fromisoformat(date)
    time, metres = HIGH_WATER[pier]
    return {"pier": pier, "high_water": f"{date}T{time}", "metres": metres}


@server.tool()
def figures(
    metric: Literal["passengers", "revenue", "punctuality", "refunds"],
    since: Day,
    until: Day,
    by: Literal["day", "week", "pier", "vessel"] = "day",
) -> dict:
    """Figures of the line over a period, grouped."""
    return {"metric": metric, "since": since, "until": until, "by": by, "rows": 7}


if __name__ == "__main__":
    server.run()
