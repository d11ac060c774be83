"""The triples of a kept graph by regular expressions, plain `json` and plain SQL: none of the library's
readers. The common forms only.
"""

import json
import re
import sqlite3
from pathlib import Path


def triples(path: Path) -> set[tuple[str, str, str]]:
    """What a file says, by its ending."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return {".nt": _turtle, ".ttl": _turtle, ".jsonld": _linked, ".json": _linked, ".graphml": _graphml}.get(
        path.suffix, _table
    )(text)


def _table(text: str) -> set:
    lines = [re.split(r"[,\t]", line) for line in text.splitlines() if line.strip()]
    lines = [[cell.strip().strip('"') for cell in line] for line in lines]
    names = [
        ("subject", "source", "head", "from"),
        ("relation", "predicate", "type", "label"),
        ("object", "target", "tail", "to"),
    ]
    places = [next((lines[0].index(name) for name in group if name in lines[0]), None) for group in names]
    if None in places:
        places = [0, 1, 2]
    else:
        lines = lines[1:]
    return {
        tuple(line[place] for place in places)
        for line in lines
        if len(line) > max(places) and all(line[place] for place in places)
    }


def _turtle(text: str) -> set:
    """One subject a sentence, `;` and `,`; prefixes are cut off like the rest of an IRI."""
    text = re.sub(r"(?m)^\s*(@prefix|@base|PREFIX|BASE)\b.*$|^\s*#.*$", "", text)
    words = re.findall(
        r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\S+)?|[.;,](?=\s|$)|[^\s;,<"]+?(?=[.;,]?(?:\s|$))', text
    )
    found, sentence, subject, relation = set(), [], "", ""
    for word in words:
        if word in (".", ";", ","):
            if sentence:
                found.add((subject, relation, sentence[-1]))
            subject, relation = ("", "") if word == "." else (subject, relation if word == "," else "")
            sentence = []
        elif not subject:
            subject = _name(word)
        elif not relation:
            relation = "is_a" if word == "a" or word.endswith("#type>") else _name(word)
        else:
            sentence.append(_name(word))
    return found


def _name(word: str) -> str:
    if word.startswith('"'):
        return re.sub(r'"(@[\w-]+|\^\^\S+)?$', "", word[1:])
    return re.split(r"[#/:]", word.strip("<>").rstrip("#/"))[-1]


def _linked(text: str) -> set:
    found = set()

    def walk(item, key=""):
        if isinstance(item, list):
            for one in item:
                yield from walk(one)
        elif isinstance(item, dict):
            if "@id" in item:
                yield _name(item["@id"])
            for key, value in item.items():
                if key == "@graph":
                    list(walk(value))
                elif key == "@type":
                    found.update(
                        (_name(item["@id"]), "is_a", _name(kind))
                        for kind in (value if isinstance(value, list) else [value])
                    )
                elif not key.startswith("@"):
                    found.update((_name(item.get("@id", "")), _name(key), end) for end in walk(value))
        elif item is not None:
            yield item if isinstance(item, str) else json.dumps(item)

    list(walk(json.loads(text)))
    return {triple for triple in found if all(triple)}


def _graphml(text: str) -> set:
    names = {m[1]: m[2] for m in re.finditer(r'<key id="([^"]*)"[^>]*attr\.name="([^"]*)"', text)}
    labels, found, attributes = {}, set(), []
    for node in re.finditer(r'<node id="([^"]*)"\s*(?:/>|>(.*?)</node>)', text, re.DOTALL):
        data = {
            names.get(m[1]): m[2] for m in re.finditer(r'<data key="([^"]*)">([^<]*)</data>', node[2] or "")
        }
        labels[node[1]] = data.pop("label", data.pop("name", node[1]))
        attributes += [(node[1], key, value) for key, value in data.items() if key]
    for edge in re.finditer(
        r'<edge [^>]*?source="([^"]*)" target="([^"]*)"[^>]*?(?:/>|>(.*?)</edge>)', text, re.DOTALL
    ):
        said = re.search(r"<data[^>]*>([^<]*)</data>", edge[3] or "")
        found.add((labels[edge[1]], said[1] if said else "is_linked_to", labels[edge[2]]))
    return found | {(labels[node], key, value) for node, key, value in attributes}


def table(url: str, name: str) -> set[tuple[str, str, str]]:
    """What a table of SQLite or PostgreSQL says: its columns subject, relation, object."""
    query = f"SELECT subject, relation, object FROM {name}"
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            return set(connection.execute(query))
    import psycopg2

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())
