"""Descriptions of tools as requests use them: a base form, a thing, or the words themselves in quotes."""

import json
import random
import re
from pathlib import Path

import pytest

from autodidact.generators.tool_spec.call_requests import request
from autodidact.generators.tool_spec.description_phrases import Phrase, phrase, shortened
from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.verb_forms import VERBS, base_of_gerund, base_of_third, guessed_third
from autodidact.sources.mcp.list_tools import Tool
from tests.bounded import bounded

CASES = Path(__file__).parents[1] / "data" / "tools" / "phrases.json"

# Descriptions of published MCP servers (their first sentences), and what follows "I need to".
TASKS = {
    "Read the complete contents of a file from the file system. Handles various text encodings.": "read the complete contents of a file from the file system",
    "Read the contents of multiple files simultaneously. This is more efficient than one by one.": "read the contents of multiple files simultaneously",
    "Create a new file or completely overwrite an existing file with new content. Use with caution.": "create a new file or completely overwrite an existing file with new content",
    "Make line-based edits to a text file. Each edit replaces exact line sequences.": "make line-based edits to a text file",
    "Create a new directory or ensure a directory exists.": "create a new directory or ensure a directory exists",
    "Get a recursive tree view of files and directories as a JSON structure.": "get a recursive tree view of files and directories as a JSON structure",
    "Recursively search for files and directories matching a pattern.": "recursively search for files and directories matching a pattern",
    "Shows the working tree status": "show the working tree status",
    "Records changes to the repository": "record changes to the repository",
    "Unstages all staged changes": "unstage all staged changes",
    "Switches branches": "switch branches",
    "List Git branches": "list Git branches",
    "Open specific nodes in the knowledge graph by their names": "open specific nodes in the knowledge graph by their names",
    "Fetches a URL from the internet and optionally extracts its contents as markdown.": "fetch a URL from the internet and optionally extract its contents as markdown",
    "Execute a SELECT query on the SQLite database": "execute a SELECT query on the SQLite database",
    "Fork a GitHub repository to your account or specified organization": "fork a GitHub repository to my account or specified organization",
    "Get details of a specific issue in a GitHub repository": "get details of a specific issue in a GitHub repository",
    "List public or pre-defined channels in the workspace with pagination": "list public or pre-defined channels in the workspace with pagination",
    "Reply to a specific message thread in Slack": "reply to a specific message thread in Slack",
    "Navigate to a URL": "navigate to a URL",
    "Take a screenshot of the current page or a specific element": "take a screenshot of the current page or a specific element",
    "Capture accessibility snapshot of the current page, this is better than screenshot": "capture accessibility snapshot of the current page",
    "Wait for text to appear or disappear or a specified time to pass": "wait for text to appear or disappear or a specified time to pass",
    "Convert time between timezones": "convert time between timezones",
    "Resolves a package/product name to a Context7-compatible library ID and returns a list of matching libraries.": "resolve a package/product name to a Context7-compatible library ID and return a list of matching libraries",
    "Lists all Supabase projects for the user. Use this to help discover the project ID.": "list all Supabase projects for the user",
    "Applies a migration to the database. Use this when executing DDL operations.": "apply a migration to the database",
    "Executes raw SQL in the Postgres database. Use `apply_migration` instead for DDL operations.": "execute raw SQL in the Postgres database",
    "This tool will create a customer in Stripe.\n\nIt takes two arguments:\n- name (str)": "create a customer in Stripe",
    "Generate images using EverArt Models. Returns a clickable link to view the generated image.": "generate images using EverArt Models",
    "Search the web using Exa AI - performs real-time web searches and can scrape content.": "search the web using Exa AI",
    "Echoes back the input": "echo back the input",
    "Prints all environment variables, helpful for debugging MCP server configuration": "print all environment variables, helpful for debugging MCP server configuration",
    "Run a read-only SQL query": "run a read-only SQL query",
    "Gets logs for a Supabase project by service type.": "get logs for a Supabase project by service type",
    "Performs retrieval from the AWS Knowledge Base using the provided query.": "perform retrieval from the AWS Knowledge Base using the provided query",
    # Frames.
    "Used to look up an order by its number.": "look up an order by its number",
    "Use this when you need to find a free berth.": "find a free berth",
    "Use this function to cancel an order.": "cancel an order",
    "Tool to delete a branch.": "delete a branch",
    "A tool for listing the files of a bucket.": "list the files of a bucket",
    "Helper that resizes an image.": "resize an image",
    "Can be used to rename a file.": "rename a file",
    "Allows listing the files of a bucket.": "list the files of a bucket",
    "Enables users to export a report as CSV.": "export a report as CSV",
    "Lets you reopen a ticket.": "reopen a ticket",
    "Function which is used for converting currencies.": "convert currencies",
    # Orders.
    "Give held seats back to the sailing.": "give held seats back to the sailing",
    "Return a book to the library": "return a book to the library",
    "The function adds two numbers": "add two numbers",
    "Tool that can list pods": "list pods",
    "Will create a file.": "create a file",
    "Helper function to parse dates": "parse dates",
    # Several verbs.
    "Opens a ticket, assigns it and notifies the owner": "open a ticket, assign it and notify the owner",
    "Uploads a file to S3 and makes it public": "upload a file to S3 and make it public",
    "List, create and delete files": "list, create and delete files",
    "Validates and formats JSON.": "validate and format JSON",
    "Creates or updates a ticket, then notifies the owner.": "create or update a ticket, then notify the owner",
    # What is asked for is found out.
    "Returns whether a port is open.": "find out whether a port is open",
    "Tells you if the ferry runs": "find out whether the ferry runs",
    # Marks and tags.
    "**[READ-ONLY]** Lists pods": "list pods",
    "🔍 Search sailings": "search sailings",
    "Searches berths.\n\nArgs:\n    berth: the name": "search berths",
    "Get weather alerts for a US state, e.g. CA or NY. Slow.": "get weather alerts for a US state, e.g. CA or NY",
}
THINGS = {
    "Returns the list of directories that this server is allowed to access.": "the list of directories that this server is allowed to access",
    "Returns all console messages": "all console messages",
    "Provides access to the calendar of a team": "access to the calendar of a team",
    "Returns information about a vessel": "information about a vessel",
    "The weather of a city (now).": "the weather of a city",
    "Gives the tide at a pier.": "the tide at a pier",
    "Logs of a container": "logs of a container",
    "Figures of the line over a period, grouped.": "figures of the line over a period, grouped",
    "The morning's high water at a pier: time and metres.": "the morning's high water at a pier",
}
QUOTED = [
    "Validate a feed + how old its copy is.",
    "Free slots of one hall",
    "Open tickets of a customer",
    "A detailed tool for dynamic and reflective problem-solving through thoughts.",
    "A powerful web search tool that provides comprehensive, real-time results using Tavily's AI search engine.",
    "Notion | Retrieve a user",
    "Use this when the user asks about the weather.",
    "Useful for when you need to answer questions about current events.",
    "Order history of a customer",
    "Report generator",
    "Access control list of a bucket",
    "Weather alerts for a region",
    "Lists files and reports",
    "Returns true if the port is open",
    "Returns list of files",
    "Given a URL, fetches the page.",
    "What does this do?",
    "A vessel leaves the pier.",
    "Has a reference to nowhere.",
    "DEPRECATED: use survey instead. Sweeps a berth.",
    "将一个高德经纬度坐标转换为行政区划地址信息",
    "桟橋の時刻表を返します。",
    "Возвращает список файлов.",
    "Liest eine Datei aus dem Arbeitsverzeichnis.",
    "Obtiene el clima de una ciudad.",
    "Lista todos os arquivos da pasta.",
    "Récupère la météo pour une ville.",
    "Test der Verbindung",
    "Delete o arquivo",
    "Finds restaurants near you.",
    "This is a tool for listing files",
    "Reads sensors and logs values",
]


@pytest.mark.parametrize(("description", "task"), TASKS.items())
def test_what_a_tool_does_is_said_in_the_base_form(description, task):
    assert phrase("zz", description) == Phrase(task=task)


@pytest.mark.parametrize(("description", "thing"), THINGS.items())
def test_what_a_tool_gives_is_a_noun_that_needs_no_article(description, thing):
    assert phrase("zz", description) == Phrase(thing=thing)


@pytest.mark.parametrize("description", QUOTED)
def test_what_is_neither_is_quoted(description):
    assert phrase("zz", description) == Phrase(quote=description)


@pytest.mark.parametrize(
    ("name", "description", "found"),
    [
        ("listInvoices", "", Phrase(task="list invoices")),
        ("weather", "", Phrase()),
        ("book_berth", "Book berth of a vessel", Phrase(task="book berth of a vessel")),
        ("zz", "Book berth of a vessel", Phrase(quote="Book berth of a vessel")),
    ],
)
def test_the_name_tells_where_the_description_does_not(name, description, found):
    assert phrase(name, description) == found


def test_requests_of_the_cases_are_whole_sentences():
    tools = [
        KnownTool(Tool("s", one["name"], one["description"], one["inputSchema"]))
        for one in json.loads(CASES.read_text())["tools"]
    ]
    said = {
        tool.name: {request(tool, {"berth": "amber"}, random.Random(seed)) for seed in range(80)}
        for tool in tools
    }
    assert "I need to inspect a berth before a vessel arrives. Berth: amber." in said["tool_00"]
    assert "Can you measure the depth at a berth? Berth amber." in said["tool_02"]
    assert "I need the tide at a berth, or an error when it is unknown: berth amber." in said["tool_11"]
    quoted = [tool.name for tool in tools if tool.phrase.quote]
    assert quoted == ["tool_04", "tool_06", "tool_09", "tool_10", "tool_14"]
    for tool in tools:
        for text in said[tool.name]:
            # A description that is not turned stands in quotes, and no third person follows "to" or "you".
            assert not tool.phrase.quote or f'"{tool.phrase.quote}"' in text or tool.name in text
            assert not re.search(
                r"\b(?:need|to|you|please) (?:this|tool|use|\w+s the|A|returns|sweeps)\b", text
            )


def test_what_is_shown_of_a_description_ends_with_a_sentence_or_a_word():
    assert shortened("One two. Three four.", 12) == "One two."
    assert shortened("One  two three four", 13) == "One two ..."
    assert shortened("Short.", 12) == "Short."
    assert shortened("日程を返します。駅名も返します。", 10) == "日程を返します。"
    long = "Books a berth. " * 30
    assert KnownTool(Tool("s", "a", long, {"type": "object"})).purpose == ("Books a berth. " * 20).strip()


@pytest.mark.parametrize(
    ("third", "base"),
    [
        ("lists", "list"),
        ("queries", "query"),
        ("searches", "search"),
        ("parses", "parse"),
        ("caches", "cache"),
        ("focuses", "focus"),
        ("analyzes", "analyze"),
        ("process", None),
        ("fixes", "fix"),
        ("goes", "go"),
    ],
)
def test_third_persons(third, base):
    assert base_of_third(third) == base


def test_other_forms_of_verbs():
    assert [guessed_third(word) for word in ("sweeps", "dredges", "status", "mixes", "is")] == [
        "sweep",
        "dredge",
        None,
        "mix",
        None,
    ]
    assert [base_of_gerund(word) for word in ("measuring", "getting", "listing", "string")] == [
        "measure",
        "get",
        "list",
        None,
    ]
    assert all(base_of_gerund(f"{verb}ing") for verb in VERBS if verb.endswith("ck"))


@pytest.mark.parametrize(
    "text",
    [
        "a " * 50_000,
        "a" + " " * 90_000 + "b",
        "** " * 30_000,
        "List " + "and lists " * 20_000,
        "(" * 100_000,
        "x, " * 50_000,
    ],
)
def test_a_description_costs_little_time(text):
    with bounded(3.0):
        phrase("zz", text)


def test_a_description_with_an_open_place_is_not_said():
    assert phrase("shut_gate", "Shuts the gate {{gate}} and says so.") == Phrase()
    assert phrase("shut_gate", "Shuts a gate, as in `{{gate}}`.") != Phrase()
