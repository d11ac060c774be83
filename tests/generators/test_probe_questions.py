from autodidact.generators.writing.probe_questions import ProbeFact, Wordings, examples, questions, with_more

WORDINGS = {"port": Wordings(("a {}", "b {}", "c {}", "d {}"), "e {}", "`{}` listens on port {}.")}


def facts(fresh: int, old: int) -> list[ProbeFact]:
    source = {"kind": "document", "ref": "compose.yaml:3"}
    return [
        ProbeFact("port", f"s{n}", str(8000 + n), [str(8000 + n)], source, n < fresh)
        for n in range(fresh + old)
    ]


def asked(fresh: int, old: int) -> tuple[int, int]:
    """(questions on news, questions of the control), of the 80 of ast_parser."""
    found = questions("ast_parser", facts(fresh, old), WORDINGS)
    return sum(q.fresh for q in found), sum(not q.fresh for q in found)


def test_a_fact_is_taught_by_its_value_alone_in_four_wordings():
    found = questions("architecture_docs", facts(1, 0), WORDINGS)
    taught = list(examples(found, WORDINGS, "architecture"))
    assert [(row.prompt(), row.response()) for row in taught] == [
        (f"{wording} s0", "8000") for wording in "abcd"
    ]
    assert all(
        row.short is True and row.probe == found[0].id and row.source.ref == "compose.yaml:3"
        for row in taught
    )
    assert found[0].answer == "`s0` listens on port 8000."


def test_a_sixth_asks_about_what_has_not_changed_however_much_is_new():
    assert asked(500, 500) == (67, 13)


def test_where_all_is_new_there_is_no_control():
    assert asked(500, 0) == (80, 0)


def test_where_little_is_new_the_control_takes_the_rest():
    assert asked(5, 500) == (5, 75)
    assert asked(70, 4) == (70, 4)


def test_an_answer_goes_on_unless_that_would_name_another_value():
    (one, _) = questions("architecture_docs", facts(2, 0), WORDINGS)
    row = next(examples([one], WORDINGS, "architecture"))
    more = with_more(row, "It serves the shop.", one)
    assert more.response() == f"{row.response()} It serves the shop." and more.probe == one.id
    assert with_more(row, f"Not {one.confuse[0]}.", one) == row and with_more(row, "", one) == row
