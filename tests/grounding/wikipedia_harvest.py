"""Checks examples of `wikipedia_harvest`: what is stated must stand in the article's own text, read and
stripped by other means.
"""

import bz2
import gzip
import html
import json
import re
import urllib.request
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree


def check(row: dict, snapshot) -> str | None:
    """None when the article says so (or, where the answer denies it, does not)."""
    wiki, source = snapshot.settings.sources.wikipedia, row["source"]
    text = _dumped(wiki.dump).get(source["title"]) if wiki.dump else _asked(wiki.api, source["revision"])
    if text is None:
        return f"there is no article {source['title']}"
    question, answer = row["messages"][-2]["content"], row["messages"][-1]["content"]
    return _statement(question.removesuffix(f" ({source['title']})"), answer, source["title"], text)


def _statement(question: str, answer: str, title: str, text: str) -> str | None:
    plain = _words(_plain(text))

    def stands(claim: str) -> bool:
        return f" {_words(claim)} " in f" {plain} "

    headings = [_plain(h).strip() for h in re.findall(r"^={2,6}\s*(.+?)\s*={2,6}\s*$", text, re.MULTILINE)]
    if match := re.match(r'What does the article "(.+?)" say about "(.+)"\?$', question):
        if match[1] != title:
            return "it is another article"
        if answer.startswith("Nothing under that heading."):
            named = re.match(
                r"Nothing under that heading\. (?:Its sections: (.+)\.|It has no sections\.)$", answer
            )
            parts = re.split(r", | and ", named[1]) if named and named[1] else []
            known = set(re.split(r", | and ", ", ".join(headings))) | set(headings)
            return (
                None
                if match[2] not in headings
                and named
                and set(parts) <= known
                and bool(parts) == bool(headings)
                else "its headings are others"
            )
        return None if match[2] in headings and stands(answer) else "the section does not say that"
    if match := re.match(r'Which article of (.+?) says this\? "(.+)"$', question):
        return None if answer == title and stands(match[2]) else "it does not say that"
    if match := re.match(r"(?:Which number is missing\?|Which word belongs in the gap\?) (.+)$", question):
        return None if stands(match[1].replace("___", answer)) else "that does not fill the gap"
    if match := re.match(r"True or false\? (.+)$", question):
        if answer == "True.":
            return None if stands(match[1]) else "the claim does not stand there"
        right = re.match(r"False: it is (\S+), not (\S+)\.$", answer)
        corrected = re.sub(rf"(?<![\w.,]){re.escape(right[2])}(?![\w,])", right[1], match[1]) if right else ""
        return (
            None
            if corrected and stands(corrected) and not stands(match[1])
            else "the correction does not stand there"
        )
    for shape, joint in (
        (r"Why\? (.+)\.$", ""),
        (r"What for\? (.+)\.$", ""),
        (r"(.+)\. What follows from that\?$", "so "),
    ):
        if match := re.match(shape, question):
            return None if stands(f"{match[1]} {joint}{answer}") else "the article does not join these"
    if match := re.match(
        r"(?:What is meant by (.+)\?|Define (.+) in one sentence\.|(.+): what does that word mean\?)$",
        question,
    ):
        term = next(filter(None, match.groups()))
        return (
            None
            if stands(answer) and _words(term) in _words(answer)
            else "that is not how the article explains it"
        )
    return "this kind of question is not known"


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _plain(text: str) -> str:
    """Wikitext without its marks: innermost templates first, until nothing is left to take away."""
    text = re.sub(
        r"<!--.*?-->|<ref[^>/]*/>|<(ref|gallery|math|table|nowiki|score|timeline)\b[^>]*>.*?</\1\s*>",
        "",
        text,
        flags=re.DOTALL | re.IGNORECASE,
    )
    for _ in range(50):
        shorter = re.sub(r"\{\{[^{}]*\}\}|\{\|(?:(?!\{\||\|\}).)*\|\}", "", text, flags=re.DOTALL)
        shorter = re.sub(r"\[\[(?:file|image|category):[^\[\]]*\]\]", "", shorter, flags=re.IGNORECASE)
        shorter = re.sub(r"\[\[(?:[^\[\]|]*\|)*([^\[\]|]*)\]\]", r"\1", shorter)
        if shorter == text:
            break
        text = shorter
    text = re.sub(r"\[https?://\S+(?: ([^\]]*))?\]", r"\1", text)
    return re.sub(r"'{2,}|</?\w[^>]*>", "", html.unescape(text))


@lru_cache(maxsize=2)
def _dumped(path: str) -> dict[str, str]:
    """Title -> wikitext of every page of an export."""
    opener = {".bz2": bz2.open, ".gz": gzip.open}.get(Path(path).suffix, open)
    found = {}
    with opener(path, "rb") as file:
        for _, page in ElementTree.iterparse(file):
            if page.tag.rpartition("}")[2] == "page":
                parts = {item.tag.rpartition("}")[2]: item.text or "" for item in page.iter()}
                found[parts["title"]] = parts["text"]
                page.clear()
    return found


@lru_cache(maxsize=500)
def _asked(api: str, revision: int) -> str | None:
    query = urlencode(
        {"action": "parse", "oldid": revision, "prop": "wikitext", "format": "json", "formatversion": 2}
    )
    request = urllib.request.Request(f"{api}?{query}", headers={"User-Agent": "autodidact-checker"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer).get("parse", {}).get("wikitext")
