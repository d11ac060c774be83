"""Log lines by the part of a system they complain about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    name: str
    about: str
    cues: tuple[str, ...]  # words that the lines use
    lines: tuple[str, ...]


KINDS = [
    Kind(
        "disk",
        "space and files on the machine",
        ("disk", "volume"),
        ("ERROR {host}: write failed, disk /var/{n} is full", "ERROR {host}: volume {n} has no space left"),
    ),
    Kind(
        "memory",
        "working memory of processes",
        ("memory", "heap"),
        ("FATAL {host}: killed at {n} MB, out of memory", "ERROR {host}: heap exhausted after {n} objects"),
    ),
    Kind(
        "network",
        "reaching other machines",
        ("connection", "route"),
        ("ERROR {host}: connection refused on port {port}", "ERROR {host}: no route to 10.0.{n}.7"),
    ),
    Kind(
        "names",
        "turning host names into addresses",
        ("resolve", "lookup"),
        (
            "ERROR {host}: could not resolve {service}.internal, try {n}",
            "ERROR {host}: lookup of {service}.internal returned nothing",
        ),
    ),
    Kind(
        "credentials",
        "passwords, tokens and keys of callers",
        ("token", "password"),
        ("WARN {host}: token of caller {n} expired", "ERROR {host}: wrong password for user {person}"),
    ),
    Kind(
        "rights",
        "what a known caller may do",
        ("denied", "forbidden"),
        ("ERROR {host}: {person} denied on folder {n}", "ERROR {host}: action delete forbidden for {person}"),
    ),
    Kind(
        "database",
        "rows, tables and transactions",
        ("table", "transaction"),
        (
            "ERROR {host}: transaction {n} rolled back after a deadlock",
            "ERROR {host}: column {service} missing in table {n}",
        ),
    ),
    Kind(
        "queue",
        "messages waiting between services",
        ("message", "consumer"),
        (
            "WARN {host}: {n} unread entries, consumer {service} is gone",
            "ERROR {host}: message {n} moved to dead letters",
        ),
    ),
    Kind(
        "settings",
        "configuration files and variables",
        ("setting", "configuration"),
        (
            "FATAL {host}: setting {service} is not a number: {n}x",
            "FATAL {host}: configuration lacks the key {service}",
        ),
    ),
    Kind(
        "certificates",
        "encryption between machines",
        ("certificate", "handshake"),
        (
            "ERROR {host}: certificate of {service} ran out on {day}",
            "ERROR {host}: handshake failed with {service}, code {n}",
        ),
    ),
    Kind(
        "limits",
        "how often a caller may call",
        ("rate", "throttled"),
        (
            "WARN {host}: {person} above the rate of {n} a minute",
            "WARN {host}: {service} throttled for {n} s",
        ),
    ),
    Kind(
        "input",
        "data that callers send",
        ("payload", "field"),
        ("ERROR {host}: field {service} must not be empty", "ERROR {host}: payload of {n} bytes is not JSON"),
    ),
    Kind(
        "clock",
        "time on the machines",
        ("clock", "drift"),
        ("WARN {host}: clock is {n} s ahead of {service}", "ERROR {host}: drift of {n} s, refusing to sign"),
    ),
    Kind(
        "packages",
        "libraries that the program needs",
        ("import", "library"),
        (
            "FATAL {host}: cannot import {service}_client 2.{n}",
            "FATAL {host}: library {service} was built for another version, {n}",
        ),
    ),
]

NOISE = [
    "INFO {host}: started in {n} ms",
    "INFO {host}: {n} requests in the last minute",
    "DEBUG {host}: cache holds {n} entries",
    "INFO {host}: {person} signed in",
    "INFO {host}: next run on {day}",
    "DEBUG {host}: polling {service} every {n} s",
    "INFO {host}: wrote {n} rows for {service}",
    "INFO {host}: version 3.{n} of {service} is ready",
]
