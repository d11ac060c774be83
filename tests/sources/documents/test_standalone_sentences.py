"""Which sentences can stand alone."""

import pytest

from autodidact.sources.documents.standalone_sentences import goes_on, stands_alone


@pytest.mark.parametrize(
    "sentence",
    [
        "The cache is never backed up.",
        "In marshmallow 3.x, the return value is considered as processed data even if it is `None`.",
        "A single `Schema` can produce multiple output formats.",
        "`--features` takes a list, such as `simd-accel`.",
        "Requests of one client are answered in turn.",
        "Users who want all of it have to set `all`.",
        "Pass `partial` to allow missing fields.",
        "If the connection exists, it is closed.",
        "HTTPX's `Client` also accepts a `transport` argument.",
        "Extensions can also have views.",
    ],
)
def test_a_sentence_that_names_what_it_speaks_of(sentence):
    assert stands_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "If none is passed, the error refers to the schema.",
        "In this crate, many can be matched simultaneously.",
        "Because of that, support for it has been removed.",
        "Applying the `--features` flag from above works as expected.",
        "Only nightly Rust can be used for this build mode.",
        "In this example, the pattern is `fast`.",
        "Additionally, a cluster is needed.",
        "In particular, Unicode is supported.",
        "In essence, a glob is a regex.",
        "In our case, a dissertation is searched.",
        "Implemented in Java with a cache of its own.",
        "Handles the login of every user.",
        "First, run the app.",
        "Let's refactor our User schema to be more concise.",
        "Run the command of the previous step.",
        "The service takes the following steps.",
        "We recommend PostgreSQL for production.",
        "For more information, see the guide of the project.",
        "At the very least, specify `sink` to tell what it should do.",
        "When you select one, it will open it with the sink.",
        "Simply by wrapping the dictionary with `fzf#wrap` before passing it on.",
        "More tips can be found on the wiki page.",
        "The integration also provides completion for `bash`.",
        "Type `:LS` and see how it works.",
        "Drop-in protection for `httpx` with caching and custom validation.",
        "The server's hostname, which is used to confirm the certificate.",
        "One common way of including that is as form-encoded data.",
        "For more control, consider checking out Custom Transports.",
    ],
)
def test_a_sentence_that_needs_another_one_or_says_nothing(sentence):
    assert not stands_alone(sentence)


def test_a_plain_subject_is_known_only_at_the_beginning_of_a_paragraph():
    """Later it is that of the sentence before."""
    assert stands_alone("The names are extracted from `/etc/hosts`.")
    assert not stands_alone("The names are extracted from `/etc/hosts`.", first=False)
    assert stands_alone("The host names of `ssh` are extracted from `/etc/hosts`.", first=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is copied at night.",
        "These can be read by everybody.",
        "However, the ledger is the one that counts.",
        "In that case the copy of the night is taken.",
        "If it is lost, the copy of the night is taken.",
        "The name is optional.",
    ],
)
def test_a_sentence_that_is_understood_after_the_one_before(sentence):
    assert goes_on(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is written like this.",  # what it is like stands below
        "The rest can be seen in the table above.",
        "For more information, see the handbook.",
        "This is what we do at night.",
        "Note that it is copied at night.",
    ],
)
def test_a_sentence_that_needs_more_than_the_one_before(sentence):
    assert not goes_on(sentence)
