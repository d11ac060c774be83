"""Goals out of the exports of trackers: what is read of them, and what is not denied because of what is not."""

import json
import re
from pathlib import Path

import pytest

from autodidact.errors import Skipped
from autodidact.generators.goal_examples import parse_goal_fields, read_goal_tables
from autodidact.generators.goal_examples.goals import Goal
from autodidact.generators.goal_examples.questions_on_one_goal import ASK
from autodidact.generators.goal_examples.trello_board import cards_of_board
from autodidact.sources.table_files import Row, records, table
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles
from tests.generators.snapshots import answers, examples_of, file, said, snapshot, troubles

DATA = Path(__file__).parent.parent / "data/goals"
# What denies, or speaks of all goals.
DENIES = re.compile(
    r"^(?:None|Nothing:|Nobody|No:|No deadline|Start it|There is no)|nothing (?:else )?is in|Nothing can"
)
OF_ALL = re.compile(
    r"^(?:Which goals? |How many goals|List every|Name all|Filter|What is blocked|Stand-up|Do any goals|Is there a"
    r" cycle|In which order|What should|Which open|Today is .*(?:Which|what)|What is late|.*which deadlines)"
)


def told(tmp_path, name: str, text: str | bytes) -> dict[str, str]:
    """Question -> answer, from memory."""
    rows = examples_of("goal_examples", snapshot(tmp_path, limit=3000, goals=file(tmp_path, name, text)))
    return answers([row for row in rows if "open_book" not in row.source.model_extra])


def read(tmp_path, name: str, text: str | bytes) -> tuple[dict[str, Goal], Unread]:
    path, unread = Path(file(tmp_path, name, text)), Unread(Troubles())
    rows = records(table(path, unread, "goals"), path, unread, "goals", *parse_goal_fields.TABLE["sections"])
    return read_goal_tables.read_goals(rows, unread), unread


def case(tmp_path, name: str) -> dict[str, str]:
    return told(tmp_path, name, (DATA / name).read_bytes())


def denied(found: dict[str, str], name: str) -> list[str]:
    """The answers that deny something of a goal."""
    return [answer for ask, answer in found.items() if name in f"{ask} {answer}" and DENIES.search(answer)]


def of_all(found: dict[str, str]) -> list[str]:
    """The questions about all goals that are answered."""
    return [ask for ask in found if "\n" not in ask and OF_ALL.search(ask)]


def test_github(tmp_path):
    found = case(tmp_path, "github.json")
    retry = {"id": "#41", "title": "Retry a card capture"}
    assert said(found, ASK["due"], **retry) == "2026-06-10"
    assert said(found, ASK["owner"], **retry) == "It belongs to ada."
    assert said(found, ASK["blocked"], **retry) == "Yes: #42 is not done (open)."
    assert said(found, ASK["done"], **retry) == "1 of 2 steps are done; left: raise."
    assert said(found, ASK["state"], **retry) == "Open: #42 is not done (open)."
    assert found["Which goals are done?"] == "#39." and found["Which goals are dropped?"] == "#38."
    # What is open may be active, planned or blocked, and what blocks it is not exported.
    assert not [ask for ask in found if "active" in ask or "planned" in ask]
    assert "Nothing" not in " ".join(denied(found, "#42")) and "priority 9" not in " ".join(found.values())


def test_github_without_what_was_not_asked_for(tmp_path):
    issues = [{"number": n, "title": f"Mend the {w}", "state": "OPEN"} for n, w in enumerate("abc", 1)]
    found = told(tmp_path, "g.json", json.dumps(issues))
    assert said(found, ASK["state"], id="#1", title="Mend the a") == "Open."
    assert denied(found, "#1") == [] and "Which goals are done?" not in found


def test_github_to_the_last_row_of_a_page(tmp_path):
    issues = [{"number": n, "title": f"Mend {n}", "state": "CLOSED"} for n in range(30)]
    assert of_all(told(tmp_path, "g.json", json.dumps(issues))) == []


def test_gitlab(tmp_path):
    issues = [
        {
            "iid": 7,
            "title": "Sound the horn",
            "state": "opened",
            "labels": ["priority::1", "bug"],
            "assignees": [{"username": "ada"}, {"username": "bo"}],
            "due_date": "2026-12-01",
            "description": "",
        },
        {"iid": 8, "title": "Paint it", "state": "closed", "labels": [], "assignees": [], "due_date": None},
    ]
    goals, _ = read(tmp_path, "g.json", json.dumps(issues))
    assert goals["#7"] == Goal(
        "#7", "Sound the horn", "open", goals["#7"].ref, "opened", parse_goal_fields.Priority(1, "1"), ("ada", "bo"),
        "2026-12-01",
    )  # fmt: skip
    assert goals["#8"].state == "closed"
    table = (
        "Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,Due Date,"
        "Created At (UTC),Weight\nPaint it,in white by June,8,https://x,Open,Ada,ada,Bo,bo,2026-12-01,2026-01-01,3\n"
    )
    goals, unread = read(tmp_path, "g.csv", table)
    assert (goals["#8"].owners, goals["#8"].deadline) == (("Bo",), "2026-12-01")
    assert unread.closed("2026-12-01", "deadline/#8") and not unread.closed("No steps.", "steps/#8")


def test_jira(tmp_path):
    found = case(tmp_path, "jira.csv")
    assert said(found, ASK["due"], id="MON-1", title="Retry a card capture") == "2026-06-10"
    assert said(found, ASK["blocked"], id="MON-2", title="Take cards at the kiosks") == (
        "Yes: MON-1 is not done (active) and MON-3 is not done (blocked)."
    )
    assert said(found, ASK["start"], id="MON-3", title="Certify the kiosks") == "No: it is marked blocked."
    assert found["What should we do next?"] == (
        "MON-1: Retry a card capture. Its priority is Highest, and it is due 2026-06-10."
    )
    assert found["Which goals are planned?"] == "MON-2."


def test_jira_as_its_service_answers(tmp_path):
    def issue(key, summary, status, links=(), **more):
        kinds = {"inward": "is blocked by", "outward": "blocks", "name": "Blocks"}
        issuelinks = [{"type": kinds, side: {"key": other}} for side, other in links]
        fields = {
            "summary": summary,
            "status": status,
            "issuelinks": issuelinks,
            "issuetype": {"name": "Bug"},
        }
        return {"id": key[-1] * 5, "key": key, "self": "https://x", "fields": fields | more}

    doing = {"name": "Soaking", "statusCategory": {"key": "indeterminate", "name": "In Progress"}}
    closed = {"name": "Closed", "statusCategory": {"name": "Done"}}
    issues = [
        issue("A-1", "Dive", doing, [("outwardIssue", "A-2")], assignee={"displayName": "Ada L"}),
        issue("A-2", "Rise", {"name": "To Do"}, [("inwardIssue", "A-1"), ("inwardIssue", "Z-9")]),
        issue("A-3", "Drop it", closed, resolution={"name": "Won't Do"}, duedate="2026-07-01"),
    ]
    found = told(tmp_path, "j.json", json.dumps({"issues": issues, "total": 3}))
    assert said(found, ASK["state"], id="A-1", title="Dive") == "Soaking."
    assert said(found, ASK["owner"], id="A-1", title="Dive") == "It belongs to Ada L."
    assert said(found, ASK["blocked"], id="A-2", title="Rise") == "Yes: A-1 is not done (open)."
    assert said(found, ASK["state"], id="A-3", title="Drop it") == "Dropped."
    # Z-9 is not in the export: what else stands in the way of A-2 is not known.
    assert not [answer for answer in found.values() if "nothing else" in answer]
    assert of_all(told(tmp_path, "j.json", json.dumps({"issues": issues, "total": 120}))) == []


def test_jira_with_a_workflow_of_its_own(tmp_path):
    table = "Issue key,Summary,Status,Status Category,Resolution\nA-1,Dive,Soaking,In Progress,\nA-2,Rise,Ripe,,\n"
    found = told(tmp_path, "j.csv", table)
    assert said(found, ASK["state"], id="A-1", title="Dive") == "Soaking."
    assert said(found, ASK["state"], id="A-2", title="Rise") == "Ripe."
    assert of_all(found) == []  # whether A-2 is open is not known


@pytest.mark.parametrize(
    ("table", "state", "word", "owners", "rank"),
    [
        (
            "Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Priorität,Lösung,Zugewiesene Person,"
            "Erstellt,Fälligkeitsdatum\nTauchen,A-1,10001,Aufgabe,In Arbeit,Hoch,,Ada,2026-01-01,10.06.2026\n",
            "active",
            "In Arbeit",
            ("Ada",),
            (1, "Hoch"),
        ),
        (
            "Résumé,Clé de ticket,ID de ticket,Type de ticket,État,Priorité,Résolution,Responsable,Création,"
            "Date d'échéance\nPlonger,A-1,10001,Tâche,Terminé(e),Moyenne,Terminé,Non assigné,2026-01-01,2026-06-10\n",
            "done",
            "done",
            (),
            (1, "Moyenne"),
        ),
        (
            "Tipo de Incidencia;Clave de incidencia;ID de la incidencia;Resumen;Persona asignada;Estado;Prioridad;"
            "Creada;Fecha de vencimiento\nTarea;A-1;10001;Bucear;Ada;Tareas por hacer;Alta;2026-01-01;2026-06-10\n",
            "planned",
            "Tareas por hacer",
            ("Ada",),
            (0, "Alta"),
        ),
    ],
    ids=["german", "french", "spanish"],
)
def test_jira_in_the_language_of_whoever_exports(tmp_path, table, state, word, owners, rank):
    goals, unread = read(tmp_path, "j.csv", table)
    goal = goals["A-1"]
    assert (goal.state, goal.word, goal.owners, goal.deadline) == (state, word, owners, "2026-06-10")
    assert goal.priority == parse_goal_fields.Priority(*rank)
    # It may leave out goals, and how they are linked.
    assert not unread.whole("absent") and not unread.whole("blockers/A-1")
    assert not [gap for gap in unread.gaps if gap.scope.startswith("columns")]


def test_a_column_of_jira_whose_translation_is_not_known_is_named(tmp_path):
    table = "Zusammenfassung,Vorgangsschlüssel,Status,Gesperrt von\nTauchen,A-1,In Arbeit,die Bank\n"
    shot = snapshot(tmp_path, goals=file(tmp_path, "j.csv", table))
    found = answers(list(examples_of("goal_examples", shot)))
    assert troubles(shot) == {"a column that is not known": 1} and denied(found, "Tauchen") == []


def test_taskwarrior(tmp_path):
    found = case(tmp_path, "taskwarrior.json")
    assert said(found, ASK["due"], id="a1", title="Retry a card capture") == "2026-06-10"
    assert said(found, ASK["blocked"], id="a2", title="Take cards at the kiosks") == (
        "Yes: a1 is not done (open) and it is marked waiting."
    )
    assert said(found, ASK["state"], id="a3", title="Push notices") == "Completed."
    assert "active" not in " ".join(found)


def test_taskwarrior_with_real_names_and_times(tmp_path):
    one, two = "0c5cf3a8-0b5e-4a38-8d5c-2d8a5e1f6a01", "7f1f0c4e-91a5-4c8e-a7f9-0c2c1f4f9b02"
    tasks = [
        {"id": 1, "uuid": one, "description": "Dive", "status": "pending", "due": "20260609T220000Z"},
        {"id": 2, "uuid": two, "description": "Rise", "status": "pending", "depends": f"{one}", "start": "x"},
        {"id": 0, "uuid": "3", "description": "Rest", "status": "deleted", "priority": "H"},
    ]
    found = told(tmp_path, "t.json", json.dumps(tasks))
    # A title is a better name than a UUID; 22:00 UTC is midnight somewhere, nobody says where.
    assert said(found, ASK["due"], id="Dive", title="Dive") == "2026-06-09 22:00 UTC"
    assert said(found, ASK["blocked"], id="Rise", title="Rise") == "Yes: Dive is not done (open)."
    assert said(found, ASK["state"], id="3", title="Rest") == "Deleted."
    lines = "\n".join(map(json.dumps, tasks))
    assert set(read(tmp_path, "t.jsonl", lines)[0]) == {"Dive", "Rise", "3"}
    # As `task export` writes them where it is not asked for a list, and with commas alone.
    assert set(read(tmp_path, "t.json", lines)[0]) == {"Dive", "Rise", "3"}
    assert set(read(tmp_path, "t.json", lines.replace("\n", ",\n"))[0]) == {"Dive", "Rise", "3"}


def test_a_torn_line_of_a_json_file_of_lines_costs_itself_alone(tmp_path):
    text = '{"id": "a", "title": "Dive", "state": "open"}\n{"id": "b", "title"\n'
    goals, unread = read(tmp_path, "t.json", text)
    assert set(goals) == {"a"} and not unread.whole("goals")


def test_okrs(tmp_path):
    found = case(tmp_path, "okr.yaml")
    goal = {"id": "Fewer failed payments", "title": "Fewer failed payments"}
    assert said(found, ASK["owner"], **goal) == "It belongs to money."
    assert said(found, ASK["results"], **goal) == "- Failure rate from 3% to 1%"
    assert said(found, ASK["reached"], **goal) == "- Failure rate from 3% to 1%: 40%"
    assert said(found, ASK["state"], **goal) == "Open."
    assert denied(found, "Fewer") == []  # the quarter may be its deadline


@pytest.mark.parametrize(
    ("results", "reached"),
    [
        ("[{title: Ten guests, progress: 30%}, {title: No fall, progress: 100}]", [0.3, 1.0]),
        ("[Ten guests, No fall]", [None, None]),
        ("[{kr: Ten guests, score: 0.7}, {kr: No fall, score: 1}]", [0.7, None]),
    ],
)
def test_key_results(tmp_path, results, reached):
    text = f"okrs:\n- {{id: o1, title: More guests, status: in progress, keyResults: {results}}}\n"
    goals, _ = read(tmp_path, "o.yaml", text)
    assert goals["o1"].results == (("Ten guests", reached[0]), ("No fall", reached[1]))
    assert goals["o1"].state == "active" and goals["o1"].steps == ()


def test_linear(tmp_path):
    found = case(tmp_path, "linear.csv")
    assert found["Which goals are active?"] == "HAR-12 and HAR-15."
    assert said(found, ASK["state"], id="HAR-15", title="Show the ramp") == "In Review."
    kiosks = {"id": "HAR-13", "title": "Take cards at the kiosks"}
    assert said(found, ASK["blocked"], **kiosks) == "Yes: HAR-12 is not done (active)."
    assert said(found, ASK["owner"], **kiosks) == "Nobody's: no owner is written down for HAR-13."
    assert said(found, ASK["due"], id="HAR-12", title="Retry a card capture") == "2026-06-10"
    assert found["What should we do next?"] == (
        "HAR-12: Retry a card capture. Its priority is Urgent, and it is due 2026-06-10."
    )
    assert not [answer for answer in found.values() if re.search(r"priority (?:is )?(?:9|No)", answer)]


def test_linear_with_ids_descriptions_and_archived_issues(tmp_path):
    table = (
        "ID,Team,Title,Description,Status,Priority,Creator,Assignee,Created,Archived,Due Date,UUID\n"
        "HAR-1,Harbour,Dive,Into the basin,Todo,High,ada,bo,2026-01-01,,2026-06-10,0c5cf3a8-0b5e-4a38-8d5c-2d8a5e1f6a01\n"
        "HAR-2,Harbour,Rise,Out of it,Todo,Low,ada,,2026-01-01,2026-05-01,,7f1f0c4e-91a5-4c8e-a7f9-0c2c1f4f9b02\n"
        "HAR-3,Harbour,Rest,On it,Done,Low,ada,,2026-01-01,2026-05-01,,7f1f0c4e-91a5-4c8e-a7f9-0c2c1f4f9b03\n"
    )
    goals, unread = read(tmp_path, "l.csv", table)
    assert {name: (goal.title, goal.state, goal.owners) for name, goal in goals.items()} == {
        "HAR-1": ("Dive", "planned", ("bo",)),
        "HAR-2": ("Rise", "closed", ()),
        "HAR-3": ("Rest", "done", ()),
    }


def test_linear_by_its_service_with_numbers_and_archived_issues(tmp_path):
    state = {"name": "Todo", "type": "unstarted"}
    nodes = [
        {"identifier": "HAR-1", "number": 1, "title": "Dive", "state": state, "archivedAt": None},
        {"identifier": "HAR-2", "number": 2, "title": "Rise", "state": state, "archivedAt": "2026-05-01"},
    ]
    goals, _ = read(tmp_path, "l.json", json.dumps({"nodes": nodes}))
    assert {name: goal.state for name, goal in goals.items()} == {"HAR-1": "planned", "HAR-2": "closed"}


def test_a_table_with_uuids_and_titles_is_none_of_taskwarrior(tmp_path):
    table = "uuid,title,description,status,needs\na,Dive,Into the basin,pending,\n"
    goals, _ = read(tmp_path, "t.csv", table)
    assert (goals["a"].title, goals["a"].state) == ("Dive", "waiting")


BARE = "id,title,status,owner,due,priority\na,Dive,active,ada,2027-06-10,1\nb,Rise,todo,bo,2027-07-10,2\n"


def test_a_table_without_a_column_of_dependencies_does_not_say_that_nothing_is_in_the_way(tmp_path):
    found = told(tmp_path, "g.csv", BARE)
    kinds = {answer.partition(":")[0] for answer in found.values() if DENIES.search(answer)}
    assert kinds == {"None.", "None", "No"}
    assert not [
        text for text in found.values() if "in the way" in text or "in its way" in text or "depends" in text
    ]
    assert found["What should we do next?"] == "a: Dive. It is priority 1 and due 2027-06-10."
    assert not [ask for ask in found if "cycle" in ask or "In which order" in ask or "nothing stands" in ask]
    found = told(tmp_path, "g.csv", BARE.replace("priority\n", "priority,needs\n").replace("1\n", "1,\n"))
    assert said(found, ASK["blocked"], id="a", title="Dive") == "No: nothing is in its way."


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("On track", "open"),
        ("at_risk", "open"),
        ("offTrack", "open"),
        ("Achieved", "done"),
        ("missed", "closed"),
        ("Partially achieved", "closed"),
    ],
)
def test_the_states_of_okrs_say_whether_they_are_over(tmp_path, word, state):
    goals, _ = read(tmp_path, "o.yaml", f"okrs:\n- {{id: o1, title: More guests, status: {word}}}\n")
    assert (goals["o1"].state, goals["o1"].word) == (state, word)


@pytest.mark.parametrize(
    ("section", "state"),
    [
        ("Blocked / Waiting", ""), ("Waiting on others", ""), ("Ideas we rejected", ""), ("Won't build", ""), ("Not doing", "dropped"), ("Rules", ""),
        ("Sprint 12 \u2705", "open"), ("Q3 2026", "open"), ("(no section)", "open"), ("", "open"), ("Blocked", "blocked"),
        ("Done", "done"), ("\U0001f4cb Backlog", "planned"), ("\u2705 Done", "done"), ("\u2705 Doing", ""),
    ],
)  # fmt: skip
def test_a_section_whose_name_is_not_understood_says_no_state(tmp_path, section, state):
    asana = (
        "Task ID,Name,Section/Column,Completed At,Blocked By (Dependencies)\n1,Dive,{},,\n2,Rise,To do,,\n"
    )
    goals, unread = read(tmp_path, "a.csv", asana.format(section))
    assert goals["1"].state == state and unread.whole("state/1") == bool(state)
    # Of what Trello has no column says that it is not finished: a name that is a time says no state there.
    trello = "Card ID,Card Name,List Name\n1,Dive,{}\n2,Rise,To do\n"
    goals, _ = read(tmp_path, "t.csv", trello.format(section))
    assert goals["1"].state == ("" if state == "open" else state)


def test_nothing_is_said_of_the_state_of_a_card_in_a_list_that_is_not_understood(tmp_path):
    trello = (
        "Card ID,Card Name,List Name,Members,Due Date\n1,Sell the tug,Won't build,ben,2026-11-20T11:00:00.000Z\n"
        "2,Ping Ann before you move a card,Rules,ben,\n3,Paint,Doing,ben,\n"
    )
    found = told(tmp_path, "t.csv", trello)
    assert not [ask for ask in of_all(found) if "ben" in ask or "overdue" in ask]
    ask_late = [ask for ask in found if "Sell the tug" in ask and "late" in ask]
    assert ask_late == [] and not [shape for shape in ASK["state"] if shape.format(id="1", title="") in found]
    assert said(found, ASK["owner"], id="1", title="Sell the tug") == "It belongs to ben."


def test_a_state_of_its_own_that_a_tracker_files_under_progress_is_not_free(tmp_path):
    table = (
        "Issue key,Summary,Status,Status Category,Blocked by\nA-1,Dive,Awaiting approval,In Progress,\n"
        "A-2,Rise,In Progress,In Progress,\n"
    )
    found = told(tmp_path, "j.csv", table)
    assert said(found, ASK["state"], id="A-1", title="Dive") == "Awaiting approval."
    assert not [shape for shape in ASK["blocked"] if shape.format(id="A-1", title="Dive") in found]
    assert "Which goals are active?" not in found


def test_linear_as_its_service_answers(tmp_path):
    nodes = [
        {
            "identifier": "HAR-1",
            "title": "Dive",
            "priorityLabel": "High",
            "priority": 2,
            "state": {"name": "Cooking", "type": "started"},
            "assignee": {"name": "ada"},
            "dueDate": "2026-06-10",
        }
    ]
    goals, unread = read(tmp_path, "l.json", json.dumps({"data": {"issues": {"nodes": nodes}}}))
    assert goals == {
        "HAR-1": Goal(
            "HAR-1", "Dive", "open", goals["HAR-1"].ref, "Cooking", parse_goal_fields.Priority(1, "High"), ("ada",),
            "2026-06-10",
        )
    }  # fmt: skip
    assert not unread.closed("nothing is in its way", "blockers/HAR-1")
    more = {"data": {"issues": {"nodes": nodes, "pageInfo": {"hasNextPage": True}}}}
    assert of_all(told(tmp_path, "l.json", json.dumps(more))) == []


def test_a_recurring_task_is_a_template_and_no_goal(tmp_path):
    tasks = [
        {"uuid": "a1", "description": "Water the pots", "status": "recurring", "due": "20260610T000000Z"},
        {"uuid": "a2", "description": "Water the pots", "status": "pending", "due": "20260617T000000Z"},
    ]
    goals, unread = read(tmp_path, "t.json", json.dumps(tasks))
    assert {name: (goal.state, goal.deadline) for name, goal in goals.items()} == {
        "a2": ("open", "2026-06-17")
    }
    assert unread.whole("goals", "state")
    shot = snapshot(tmp_path, goals=file(tmp_path, "t.json", json.dumps(tasks)))
    examples_of("goal_examples", shot)
    assert troubles(shot) == {"a template of goals": 1}


BOARD = {
    "name": "Harbour",
    "lists": [
        {"id": "l1", "name": "Doing", "closed": False},
        {"id": "l2", "name": "Done", "closed": True},
        {"id": "l3", "name": "Done in May", "closed": False},
        {"id": "l4", "name": "Cellar", "closed": False},
        {"id": "l5", "name": "Ideas", "closed": True},
    ],
    "cards": [
        {
            "id": "c1",
            "name": "Paint",
            "idList": "l1",
            "closed": False,
            "due": "2026-06-10T22:30:00.000Z",
            "dueComplete": False,
            "idMembers": ["m1"],
            "idChecklists": ["k1"],
        },
        {"id": "c2", "name": "Buy", "idList": "l2", "closed": False, "idMembers": []},
        {"id": "c3", "name": "Tar", "idList": "l1", "closed": False, "dueComplete": True},
        {"id": "c4", "name": "Lay", "idList": "l3", "closed": False},
        {"id": "c5", "name": "Row", "idList": "l4", "closed": False, "idMembers": ["gone"]},
        {"id": "c6", "name": "Dive", "idList": "l1", "closed": True},
        {"id": "c7", "name": "Rise", "idList": "l5", "closed": False},
        {"id": "c8", "name": "Name of the thing", "idList": "l1", "closed": False, "isTemplate": True},
        {"id": "c9", "name": "Rest", "idList": "elsewhere", "closed": False},
    ],
    "checklists": [
        {
            "id": "k1",
            "idCard": "c1",
            "checkItems": [
                {"name": "paint", "state": "incomplete", "pos": 2},
                {"name": "scrape", "state": "complete", "pos": 1},
            ],
        }
    ],
    "members": [{"id": "m1", "username": "ada"}],
}


def test_a_board_of_trello_is_read_with_its_lists_members_and_checklists(tmp_path):
    unread = Unread(Troubles())
    goals = read_goal_tables.read_goals(
        [Row(card, "b.json") for card in cards_of_board(BOARD, "b.json", unread)], unread
    )
    assert {name: goal.state for name, goal in goals.items()} == {
        "c1": "active",
        "c2": "done",
        # Checked off in a list of what is under way; in a list whose name is no state.
        "c3": "",
        "c4": "",
        "c5": "",
        "c6": "closed",
        "c7": "closed",
    }
    assert goals["c1"].owners == ("ada",) and goals["c1"].deadline == "2026-06-10 22:30 UTC"
    assert goals["c1"].steps == (("scrape", True), ("paint", False))
    assert goals["c5"].owners == () and not unread.whole("owner/c5") and unread.whole("owner/c2")
    assert not unread.whole("goals")


def test_what_is_said_of_a_board_of_trello(tmp_path):
    found = told(tmp_path, "b.json", json.dumps(BOARD))
    assert said(found, ASK["owner"], id="c1", title="Paint") == "It belongs to ada."
    assert said(found, ASK["state"], id="c2", title="Buy") == "Done."
    assert not [ask for ask in found if "Name of the thing" in ask]


def test_a_checklist_that_the_board_does_not_hold_is_not_denied(tmp_path):
    board = {"lists": BOARD["lists"], "cards": BOARD["cards"][:1]}
    unread = Unread(Troubles())
    goals = read_goal_tables.read_goals(
        [Row(card, "b.json") for card in cards_of_board(board, "b.json", unread)], unread
    )
    assert goals["c1"].steps == () and not unread.whole("steps/c1")


def test_what_holds_no_lists_is_no_board(tmp_path):
    content = {"cards": [{"id": "a", "title": "Ace", "state": "open"}]}
    assert cards_of_board(content, "g.json", Unread(Troubles())) is content


def test_asana_and_trello(tmp_path):
    table = (
        "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,"
        "Due Date,Tags,Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies)\n"
        "1201234567890,2026-01-01,,2026-01-02,Dive,Sprint 3,Ada,a@x,,2026-06-10,,,P,,,Rise\n"
        "1201234567891,2026-01-01,2026-02-01,2026-01-02,Rest,Sprint 3,,,,,,,P,,,\n"
        "1201234567892,2026-01-01,,2026-01-02,Rise,To do,,,,,,,P,,Dive,\n"
    )
    goals, _ = read(tmp_path, "a.csv", table)
    assert {name: (goal.state, goal.depends_on) for name, goal in goals.items()} == {
        "Dive": ("open", ()),
        "Rest": ("done", ()),
        "Rise": ("planned", ("Dive",)),
    }
    table = (
        "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,List Name,Archived,Due Complete\n"
        "5f1d7f3e8e2b4c0012345678,Dive,u,,,ada,2026-06-10T10:00:00.000Z,Doing,false,false\n"
        "5f1d7f3e8e2b4c0012345679,Rest,u,,,,,Cellar,true,false\n"
    )
    goals, _ = read(tmp_path, "t.csv", table)
    assert {name: (goal.state, goal.deadline) for name, goal in goals.items()} == {
        "Dive": ("active", "2026-06-10 10:00 UTC"),
        "Rest": ("closed", ""),
    }


def test_a_table_in_german_with_semicolons(tmp_path):
    table = "ID;Titel;Status;Verantwortlich;Fällig am;Priorität\nA1;Tauchen;In Arbeit;Ada;10.06.2026;Hoch\n"
    goals, _ = read(tmp_path, "g.csv", b"\xef\xbb\xbf" + table.encode())
    assert goals == {
        "A1": Goal(
            "A1",
            "Tauchen",
            "active",
            goals["A1"].ref,
            "In Arbeit",
            parse_goal_fields.Priority(1, "Hoch"),
            ("Ada",),
            "2026-06-10",
        )
    }
    assert read(tmp_path, "u.csv", table.replace(";", "\t").encode("utf-16"))[0].keys() == {"A1"}


GOALS = "id,title,status,owner,due,priority,blockers\na,Dive,active,ada,2027-06-10,1,\nb,Rise,todo,,,2,\n"


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (GOALS.replace("priority,blockers", "priority,Waits on").replace("2,\n", "2,the bank\n"), "b"),
        (GOALS.replace("blockers", "risk").replace("2,\n", "2,the bank says no\n"), "b"),
        (GOALS.replace("owner", "Captain").replace("todo,", "todo,bo"), "b"),
        (GOALS.replace("due,", "When,").replace("todo,,", "todo,,in June"), "b"),
    ],
    ids=["waits on", "risk", "captain", "when"],
)
def test_what_is_in_a_column_that_is_not_known_is_not_denied(tmp_path, table, name):
    found = told(tmp_path, "g.csv", table)
    assert denied(found, "Rise") == [] and said(found, ASK["state"], id="b", title="Rise") == "Todo."
    assert denied(told(tmp_path, "g.csv", GOALS), "Rise")


def test_a_description_may_say_what_is_in_the_way_and_not_who_has_it(tmp_path):
    table = "id,title,status,owner,due,blocked by,description\na,Dive,todo,,,,{}\n"
    dive = {"id": "a", "title": "Dive"}
    found = told(tmp_path, "g.csv", table.format("We wait for the bank."))
    assert not [ask for shape in ASK["blocked"] if (ask := shape.format(**dive)) in found]
    assert "What should we do next?" not in found and "What is blocked right now, and why?" not in found
    assert said(found, ASK["owner"], **dive) == "Nobody's: no owner is written down for a."
    assert (
        said(told(tmp_path, "g.csv", table.format("")), ASK["blocked"], **dive)
        == "No: nothing is in its way."
    )


@pytest.mark.parametrize(
    ("table", "answered"),
    [
        (GOALS.replace("2027-06-10", "06/10/2027"), False),
        (GOALS.replace("2027-06-10", "next June"), False),
        (GOALS.replace("2027-06-10", "2027-06-10T00:00:00+02:00"), True),
        (GOALS.replace("2027-06-10", ""), True),
    ],
)
def test_a_deadline_that_is_not_understood_silences_what_is_said_of_deadlines(tmp_path, table, answered):
    found = told(tmp_path, "g.csv", table)
    assert bool([ask for ask in found if "overdue" in ask and "\n" not in ask]) == answered
    assert ("No deadline is written down for a." in found.values()) == ("active,ada,,1" in table)


@pytest.mark.parametrize("word", ["Whenever", "A+", "3 of 4", "High"])
def test_a_priority_that_is_not_understood_is_not_told_and_silences_orders(tmp_path, word):
    found = told(tmp_path, "g.csv", GOALS.replace("2027-06-10,1", f"2027-06-10,{word}"))
    assert not [answer for answer in found.values() if "riority" in answer]
    assert not [ask for ask in found if "What should" in ask or "In which order" in ask]
    assert "Which goals are active?" in found


def test_a_priority_that_nobody_gave_is_not_told(tmp_path):
    found = told(tmp_path, "g.csv", GOALS.replace(",1,", ",,").replace(",2,", ",,"))
    assert found["What should we do next?"] == "a: Dive. It is due 2027-06-10."
    shown = answers(examples_of("goal_examples", snapshot(tmp_path, goals=str(tmp_path / "g.csv"))))
    assert not [ask for ask in shown if "priority 9" in ask or "None" in ask]


def test_of_two_that_are_equally_pressing_neither_comes_first(tmp_path):
    table = GOALS.replace("2027-06-10,1", ",2")
    found = told(tmp_path, "g.csv", table)
    assert "What should we do next?" not in found and found["What should ada do next?"].startswith("a: Dive")


@pytest.mark.parametrize(
    "row",
    ["c,,active,,,,\n", "c,Rest\n", ",,active,,,,\n", "b,Rise again,done,,,,\n", "c,R\ufffdst,active,,,,\n"],
)
def test_a_lost_row_silences_what_is_said_of_all_goals(tmp_path, row):
    assert len(of_all(told(tmp_path, "g.csv", GOALS))) > 20
    data = f"{GOALS}{row}".encode().replace("\ufffd".encode(), b"\xff")
    found = told(tmp_path, "g.csv", data)
    assert of_all(found) == [] and said(found, ASK["due"], id="a", title="Dive") == "2027-06-10"
    assert not [answer for answer in found.values() if "no other goal" in answer or "no goal" in answer]


def test_a_dependency_that_is_no_goal_is_in_the_way_perhaps(tmp_path):
    table = "goals:\n- {id: a, title: A, state: active, depends_on: [ghost]}\n- {id: b, title: B, state: active}\n"
    found = told(tmp_path, "g.yaml", table)
    assert not [shape for shape in ASK["blocked"] if shape.format(id="a", title="A") in found]
    assert "Which goal comes first?" not in found and said(found, ASK["blocked"], id="b", title="B") == (
        "No: nothing is in its way."
    )


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("g.csv", "colour,size\nred,3\n", "its columns are `colour` and `size`"),
        ("g.json", '{"version": 3, "things": []}', "its columns are `version` and `things`"),
        ("g.yaml", "goals: [", "not YAML"),
        (
            "g.csv",
            "id,state,owner\na,active,ann\n",
            "none has a title; its columns are `id`, `state` and `owner`",
        ),
        ("g.txt", "(A) Mend the crane\nx Buy oil\n", "it is no list of goals"),
        ("g.jsonl", "", "it is empty"),
        (
            "g.json",
            '[{"number": 1, "title": "Mend it", "body": "It leaks."}]',
            "no state of its goals is known; its columns are `number`, `title` and `body`",
        ),
    ],
)
def test_a_table_of_which_no_goal_can_be_read_is_skipped_with_the_reason(tmp_path, name, text, why):
    with pytest.raises(Skipped, match=re.escape(f"no goal can be read of {tmp_path}/{name}: {why}")):
        told(tmp_path, name, text)


@pytest.mark.parametrize(
    ("owner", "answer"),
    [
        ("-", "Nobody's: no owner is written down for b."),
        ("Unassigned", "Nobody's: no owner is written down for b."),
        ("[]", "Nobody's: no owner is written down for b."),
        ("[bo; cy]", "It belongs to bo and cy."),
        ("TBD", None),
    ],
)
def test_a_cell_that_holds_nothing_is_no_owner(tmp_path, owner, answer):
    found = told(tmp_path, "g.csv", GOALS.replace("todo,,", f"todo,{owner},"))
    assert {found[ask] for shape in ASK["owner"] if (ask := shape.format(id="b", title="Rise")) in found} == (
        {answer} if answer else set()
    )


def test_where_a_field_has_no_column_one_that_is_not_known_silences_it_for_every_goal(tmp_path):
    found = told(tmp_path, "g.csv", GOALS.replace("owner", "Captain"))
    assert not [answer for answer in found.values() if "owner" in answer]
    assert "No deadline is written down for b." in found.values()


def test_redmine(tmp_path):
    table = (
        "#,Project,Tracker,Status,Priority,Subject,Author,Assignee,Updated,Due date,% Done,Related issues\n"
        "11,P,Bug,New,Normal,Dive,ada,bo,2026-01-01,2026-06-10,0,\n12,P,Bug,Closed,High,Rise,ada,,,,100,\n"
    )
    goals, _ = read(tmp_path, "r.csv", table)
    assert {name: (goal.state, goal.priority, goal.owners) for name, goal in goals.items()} == {
        "#11": ("planned", parse_goal_fields.Priority(3, "Normal"), ("bo",)),
        "#12": ("closed", parse_goal_fields.Priority(2, "High"), ()),
    }


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2026-06-10", "2026-06-10"),
        ("20260610T000000Z", "2026-06-10"),
        ("2026-06-10T07:00:00Z", "2026-06-10 07:00 UTC"),
        ("2026-06-10T23:30:00-05:00", "2026-06-11 04:30 UTC"),
        ("2026-06-10T23:59:59+02:00", "2026-06-10"),
        ("2026-06-10T17:00", "2026-06-10"),
        ("10/Jun/26 12:00 AM", "2026-06-10"),
        ("10.06.2026", "2026-06-10"),
        ("June 10, 2026", "2026-06-10"),
        ("06/10/2026", None),
        ("2026Q3", None),
        ("1781049600", None),
        ("2026-13-01", None),
    ],
)
def test_dates(given, day):
    assert parse_goal_fields.deadline(given) == day


@pytest.mark.parametrize(
    ("words", "ranks"),
    [
        (["high", "urgent"], {"urgent": 0, "high": 1}),
        (["highest", "lowest"], {"highest": 0, "lowest": 4}),
        (["p0", "p2"], {"p0": 0, "p2": 2}),
        (["h", "odd"], {"h": 0}),
        (["high", "p1"], None),
        (["major", "high"], None),
    ],
)
def test_priorities_of_one_scale_are_ranked(words, ranks):
    assert parse_goal_fields.scale(words) == ranks


def test_columns_that_are_not_known_are_counted_once(tmp_path):
    seen = snapshot(
        tmp_path, goals=file(tmp_path, "g.csv", "id,title,state,mood\na,A,active,x\nb,B,active,y\n")
    )
    list(examples_of("goal_examples", seen))
    assert troubles(seen) == {"a column that is not known": 1}


MANY = """id,title,status,owner,due,depends_on,blockers,priority,steps
a,Dive,active,ada,2027-06-10,,,1,[x] look;[ ] jump
b,Rise,todo,,2026-06-01,a,,2,
c,Rest,done,bo,,,,3,
d,Eat,blocked,bo,2026-12-01,b,the cook is ill,2,[ ] cook
e,Sleep,waiting,,,c,,,
"""


@pytest.mark.parametrize("damage", ["short row", "unknown column", "no title", "unknown state", "odd date"])
def test_a_damaged_table_contradicts_nothing_that_the_whole_one_denies_or_says_of_all(tmp_path, damage):
    whole = told(tmp_path, "g.csv", MANY)
    lines = [line.split(",") for line in MANY.splitlines()]
    # Without a column of ids the goals go by their titles, and without titles there are none.
    for number in range(2, 9) if damage == "unknown column" else range(5):
        rows = [list(line) for line in lines]
        if damage == "unknown column":
            rows[0][number] = "zz"
        elif damage == "short row":
            rows[number + 1] = rows[number + 1][:4]
        else:
            place = {"no title": 1, "unknown state": 2, "odd date": 4}[damage]
            rows[number + 1][place] = "" if damage == "no title" else "zz"
        found = told(tmp_path, "g.csv", "\n".join(map(",".join, rows)))
        claims = [
            ask for ask in found if ask in whole and (ask in of_all(found) or DENIES.search(found[ask]))
        ]
        # "No: the cook is ill." gives a reason, if not every one; and the lines of a list have no order.
        said = [
            ask
            for ask in claims
            if sorted(found[ask].split("\n")) != sorted(whole[ask].split("\n"))
            and not found[ask].startswith(("No: ", "Nothing yet"))
        ]
        assert said == []


def test_a_date_that_no_calendar_has_costs_itself_alone(tmp_path):
    table = "goals:\n- {id: a, title: Dive, state: active, deadline: 2026-02-30}\n- {id: b, title: Rise, state: planned, deadline: 2026-12-01}\n"
    goals, unread = read(tmp_path, "g.yaml", table)
    assert {name: goal.deadline for name, goal in goals.items()} == {"a": "", "b": "2026-12-01"}
    assert not unread.whole("deadline/a") and unread.whole("goals", "deadline/b")
