"""Texts of results that are no success: what was refused, what still waits, what is not held any more."""

import pytest

from autodidact.sources.transcripts.failure_words import says_failure
from autodidact.sources.transcripts.outcomes import Outcome, of_result
from autodidact.sources.transcripts.turn import Call


@pytest.mark.parametrize(
    "text",
    [
        "Permission for this action has been denied. Reason: destructive.",
        "Permission to use Bash has been denied.",
        "This command was blocked by the hook.",
        "The action was not approved.",
        "Tool call rejected by user.",
        "Denied by policy: no deletes.",
        "User declined the edit.",
        "Approval was refused",
    ],
)
def test_refused(text):
    assert of_result(text) is Outcome.REFUSED


@pytest.mark.parametrize(
    "text",
    [
        "Waiting for approval of this call.",
        "Awaiting user confirmation",
        "The call is pending approval",
        "Approval required: write to /etc/hosts",
        "This action requires approval",
    ],
)
def test_still_waiting(text):
    assert of_result(text) is Outcome.RUNNING


@pytest.mark.parametrize(
    "text",
    [
        "[Old tool result content cleared]",
        "[Tool output omitted to save context]",
        "(content removed)",
        "<redacted>",
        "[12 lines hidden]",
        "null",
        "None",
        "undefined",
    ],
)
def test_not_known(text):
    assert of_result(text) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "Berth 12 is free.",
        "none",
        "pending",
        "(3 berths removed)",
        "[]",
        "A denial is what the log says of 4 lines.",
        "The request for berth 4 came at nine.",
    ],
)
def test_went_well(text):
    assert of_result(text) is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>",
        "<!DOCTYPE html>\n<html>\n<head><title>Error 404</title></head></html>",
        "<!doctype html><html><body><h1>Not Found</h1></body></html>",
        "<html><title>Just a moment...</title></html>",
        '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>',
    ],
)
def test_a_page_that_says_that_there_is_none(page):
    assert says_failure(page, Call("fetch", {"url": "https://berths.example"}))


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>Berths of pier 4</title></head><body>Not Found is no berth.</body></html>",
        "<html><title>Errors at the harbour, and what to do</title></html>",
    ],
)
def test_a_page(page):
    assert not says_failure(page, Call("fetch", {"url": "https://berths.example"}))
