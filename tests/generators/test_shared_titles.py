"""A title that several goals have is never the only name of one in a question."""

import pytest

from autodidact.generators.goal_examples.shared_titles import names_one
from tests.generators.snapshots import FULL, examples_of, file, snapshot
from tests.generators.test_goal_exports import read

SHARED = """
goals:
- {id: eu-audit, title: Prepare the audit, state: active, owner: ann, priority: 1, deadline: 2026-12-11}
- {id: us-audit, title: prepare the  audit, state: planned, owner: bob, priority: 2, deadline: 2026-12-18,
   depends_on: [eu-audit]}
- {id: old, title: Prepare the audit, state: done, owner: ann}
- {id: ship, title: Ship it, state: active, owner: bob, priority: 3, deadline: 2026-12-20}
"""


@pytest.mark.parametrize("settings", [FULL, {}])
def test_goals_of_one_title_are_asked_about_by_their_ids(tmp_path, settings):
    made = snapshot(tmp_path, limit=3000, goals=file(tmp_path, "goals.yaml", SHARED), settings=settings)
    asks = [turn["content"] for row in examples_of("goal_examples", made) for turn in row.messages[:-1]]
    about = [ask for ask in asks if "repare the" in ask and "\n" not in ask and '" is "' not in ask]
    assert not [ask for ask in about if not any(name in ask for name in ("eu-audit", "us-audit", "`old`"))]
    assert [ask for ask in asks if "eu-audit" in ask] and [ask for ask in asks if '"Ship it"' in ask]


@pytest.mark.parametrize(
    ("table", "shared"),
    [
        ("id,title,state\n1,Sail,active\n2,Sail,done\n3,Row,active\n", ["1", "2"]),
        ("id,title,state\n1,Sail,active\n1,Sail,active\n", []),
        ("id,title,state\n1,Sail,active\n,Sail,active\n", ["1"]),
        ("id,title,state\n1,sail,active\nsail,Row,active\n", ["1"]),
        ("title,state\nSail,active\nRow,active\n", []),
    ],
)
def test_a_title_is_shared_by_rows_of_different_names(tmp_path, table, shared):
    goals, unread = read(tmp_path, "g.csv", table)
    assert [name for name in goals if not unread.whole(f"title/{name}")] == shared


@pytest.mark.parametrize(
    ("text", "shared", "one"),
    [
        ('Who owns "{title}"?', True, False),
        ('Who owns "{title}"?', False, True),
        ('Who owns {id} ("{title}")?', True, True),
        ("Who owns {id}?", True, True),
    ],
)
def test_a_shared_title_names_one_goal_together_with_its_id(text, shared, one):
    assert names_one(text, shared) is one
