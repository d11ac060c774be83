"""Of a thing that is over, by a flag, its state or a day, nothing else is taught."""

from datetime import date

import pytest

from autodidact.sources.graphs.triple_files import read_graph
from autodidact.stage import Troubles

PREFIXES = (
    "@prefix x: <http://x.example/> . @prefix prov: <http://www.w3.org/ns/prov#> .\n"
    "@prefix schema: <http://schema.org/> . @prefix adms: <http://www.w3.org/ns/adms#> .\n"
)


def read(path) -> tuple[list[tuple], dict[str, int]]:
    troubles = Troubles()
    found, _ = read_graph(path, troubles, date(2026, 6, 1))
    return [tuple(triple) for triple in found], {t.reason: t.count for t in troubles.list()}


@pytest.mark.parametrize(
    ("said", "over"),
    [
        ('prov:invalidatedAtTime "2024-01-01T00:00:00Z"', True),
        ('prov:invalidatedAtTime "2027-01-01T00:00:00Z"', False),
        ('schema:endDate "2021"', True),
        ('schema:endDate "2026"', False),
        ('schema:validThrough "2026-05-31"', True),
        ('schema:dissolutionDate "2020-01-01"', True),
        ('schema:startDate "2027-01-01"', True),
        ('schema:startDate "2019"', False),
        ('adms:status "withdrawn"', True),
        ('adms:status "completed"', False),
        ('schema:birthDate "1990-01-01"', False),
        ('x:date "2027-01-01"', False),
        ('x:end "10th pier"', False),
    ],
)
def test_a_subject_of_statements(tmp_path, said, over):
    path = tmp_path / "a.ttl"
    path.write_text(f"{PREFIXES}x:chair {said} ; x:serves x:dock . x:ann x:knows x:chair .")
    found, troubles = read(path)
    others = [triple for triple in found if triple[1] in ("serves", "knows")]
    assert len(found) - len(others) == 1  # the day or the state itself
    assert others == ([] if over else [("chair", "serves", "dock"), ("ann", "knows", "chair")])
    assert troubles == ({"a statement on what is deprecated": 2} if over else {})


def test_a_row_of_a_table_says_it_as_well(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("subject,relation,object\nlamp,status,retired\nlamp,lights,dock\nrope,holds,tug\n")
    assert read(path) == (
        [("lamp", "status", "retired"), ("rope", "holds", "tug")],
        {"a statement on what is deprecated": 1},
    )
