import json

import pytest

from autodidact.errors import UsageError
from autodidact.settings import Settings, known_keys, load_settings, parse_assignments, thaw

ARTICLE = {
    "base_model": "nvidia/Nemotron-Orchestrator-8B",
    "gate.cap": 600,
    "gate.min_tokens": 10,
    "gate.max_tokens": 800,
    "gate.bigram_ratio": 0.4,
    "verdict.overall_floor": 0.7,
    "verdict.category_floor": 0.3,
}


def value(settings: Settings, key: str):
    for part in key.split("."):
        settings = getattr(settings, part)
    return settings


def load(tmp_path, toml="", environ=None, **keywords):
    (tmp_path / ".autodidact").mkdir(exist_ok=True)  # a checkout, whatever lies above it
    if toml:
        (tmp_path / "autodidact.toml").write_text(toml)
    return load_settings(cwd=tmp_path, environ=environ or {}, **keywords)


def test_production_has_the_numbers_of_the_article(tmp_path):
    settings = load(tmp_path, profile="production")
    assert {key: value(settings, key) for key in ARTICLE} == ARTICLE


def test_the_recipe_of_production_has_the_numbers_of_the_article(tmp_path):
    from autodidact.training_recipes import effective

    recipe = effective(load(tmp_path, profile="production"))
    assert (recipe.quantization, recipe.rank, recipe.alpha, recipe.batch_size, recipe.accumulation) == (
        "nf4",
        32,
        64,
        4,
        4,
    )
    assert (recipe.epochs, recipe.learning_rate, recipe.schedule) == (3, 2e-4, "cosine")


def test_the_laptop_is_the_default_and_states_its_own_floors(tmp_path):
    settings = load(tmp_path)
    assert (settings.profile, settings.base_model, settings.verdict.overall_floor) == (
        "laptop",
        "sprout",
        0.05,
    )


def test_later_layers_win(tmp_path):
    toml = "[gate]\ncap = 1\nmax_tokens = 100\nmin_tokens = 5\n"
    settings = load(
        tmp_path,
        toml,
        {"AUTODIDACT_GATE__CAP": "2", "AUTODIDACT_GATE__MAX_TOKENS": "101"},
        overrides={"gate.cap": 3},
    )
    assert (settings.gate.cap, settings.gate.max_tokens, settings.gate.min_tokens) == (3, 101, 5)


def test_every_key_can_be_set_by_its_variable(tmp_path):
    settings = load(
        tmp_path,
        environ={"AUTODIDACT_SOURCES__WIKIPEDIA__TITLES": '["Kelp"]', "AUTODIDACT_SYSTEM": "harbour"},
    )
    assert (settings.sources.wikipedia.titles, settings.system) == (["Kelp"], "harbour")


def test_variables_that_are_no_settings_are_let_pass(tmp_path):
    load(
        tmp_path,
        environ=dict.fromkeys(["AUTODIDACT_DEBUG", "AUTODIDACT_DEVICE", "AUTODIDACT_JUDGE__KEY"], "1"),
    )


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (
            {"toml": "[gate]\ncapp = 1\n"},
            "Unknown setting 'gate.capp' in .*autodidact.toml. Did you mean 'gate.cap'",
        ),
        (
            {"environ": {"AUTODIDACT_GAET__CAP": "1"}},
            "Unknown setting 'gaet.cap' in the variable AUTODIDACT_GAET__CAP. Did you mean 'gate.cap'",
        ),
        (
            {"overrides": {"gate.cap": -1}},
            "Bad value for 'gate.cap' in --set gate.cap: -1. Input should be greater than or equal to 1",
        ),
        ({"toml": "training = 3\n"}, "Bad value for 'training' in .*autodidact.toml"),
        (
            {"toml": "[verdict]\nrule = 'best'\n"},
            "Bad value for 'verdict.rule' in .*toml: 'best'. Input should be 'evidence' or 'seed'",
        ),
        ({"toml": "[gate\n"}, "autodidact.toml cannot be read: Expected"),
        (
            {"overrides": {"gate.cap": "lots"}},
            "Bad value for 'gate.cap' in --set gate.cap: 'lots'. Input should be a valid integer",
        ),
        (
            {"overrides": {"gate.cap": "x" * 21}},
            "Bad value for 'gate.cap' in --set gate.cap: a text of 21 characters. Input",
        ),
        ({"profile": "desktop"}, "Unknown profile 'desktop'. Available: production, laptop"),
        (
            {"environ": {"AUTODIDACT_CONFIG": "/nowhere.toml"}},
            "AUTODIDACT_CONFIG names /nowhere.toml, which does not exist",
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_key_place_and_remedy(tmp_path, given, complaint):
    with pytest.raises(UsageError, match=complaint) as caught:
        load(tmp_path, **given)
    assert "\n" not in str(caught.value)


def test_a_bad_address_is_not_repeated_since_it_may_hold_a_password(tmp_path):
    with pytest.raises(UsageError) as caught:
        load(tmp_path, overrides={"chronicle.url": ["postgresql://me:hunter2@host/db"]})
    assert "hunter2" not in str(caught.value)


def test_frozen_settings_hold_no_address_and_thaw_with_this_process_own(tmp_path):
    there = load(tmp_path, overrides={"chronicle.url": "postgresql://me:hunter2@host/db", "gate.cap": 7})
    assert "hunter2" not in str(there.frozen())
    here = thaw(there.frozen(), load(tmp_path, overrides={"store": "/elsewhere", "gate.cap": 8}))
    assert (here.gate.cap, here.store, here.chronicle.url) == (
        7,
        "/elsewhere",
        f"sqlite:///{tmp_path}/.autodidact/chronicle.db",
    )


def test_assignments_are_json_or_text():
    assert parse_assignments(
        ["gate.cap=3", "base_model=sprout", 'generators.only=["ast_parser"]', "sources.mcp=null"]
    ) == {"gate.cap": 3, "base_model": "sprout", "generators.only": ["ast_parser"], "sources.mcp": None}
    with pytest.raises(UsageError, match="has no '='"):
        parse_assignments(["gate.cap"])


def test_the_promised_keys_are_there():
    promised = """
        system store chronicle.url base_model sources.repository sources.branch sources.sessions
        sources.mcp sources.knowledge_graph sources.goals sources.interrupts sources.documents
        sources.affect sources.wikipedia.api sources.wikipedia.titles sources.wikipedia.dump
        generators.only generators.max_failed gate.cap gate.min_tokens gate.max_tokens gate.bigram_ratio
        gate.coherence training.where training.recipe training.quantization training.rank training.alpha
        training.epochs training.learning_rate training.batch_size training.accumulation
        training.max_steps benchmark.suite benchmark.level benchmark.engine_url judge.url judge.model
        teacher.url teacher.model verdict.rule verdict.confidence verdict.overall_floor
        verdict.category_floor deploy.kind deploy.url deploy.command approval
    """.split()
    assert set(promised) <= set(known_keys())


def test_the_documentation_of_the_settings_is_the_settings():
    import runpy
    from pathlib import Path

    root = Path(__file__).parents[1]
    assert (root / "docs" / "settings.md").read_text() == runpy.run_path(
        str(root / "scripts" / "document_settings.py")
    )["table"]()


@pytest.mark.parametrize(
    "key", [*known_keys(), *sorted({key.rpartition(".")[0] for key in known_keys()} - {""})]
)
def test_no_wrong_value_of_a_setting_that_may_hold_a_secret_is_repeated(tmp_path, key):
    secret = "hunter22-hunter22-hunter22"
    for value in (secret, [secret], {"a": secret}, [{"a": [secret]}], {"a": {"b": [secret]}}):
        try:
            load(tmp_path, overrides={key: value})
        except UsageError as error:
            assert secret not in str(error)


def test_an_assignment_without_a_sign_is_not_repeated():
    with pytest.raises(UsageError, match="--set has no '='"):
        parse_assignments(["hunter22-hunter22"])


PATHS = """base_model benchmark.families sources.repository sources.mcp sources.knowledge_graph sources.goals
    sources.interrupts sources.affect sources.wikipedia.dump""".split()


@pytest.mark.parametrize("key", [*PATHS, "sources.sessions", "sources.documents"])
def test_an_address_where_a_path_is_wanted_is_refused_without_its_password(tmp_path, key):
    url = "https://ann:hunter22@git.example/shop"
    given = url if key in PATHS else ["notes/*.md", url]
    line = f"Bad value for {key!r} in {{}}: a text of 37 characters. This is an address, and here a path is wanted."
    variable = f"AUTODIDACT_{key.upper().replace('.', '__')}"
    section, _, name = key.rpartition(".")
    toml = (f"[{section}]\n" if section else "") + f"{name} = {json.dumps(given)}\n"
    for place, layers in (
        (f"--set {key}", {"overrides": {key: given}}),
        (f"the variable {variable}", {"environ": {variable: json.dumps(given)}}),
        (str(tmp_path / "autodidact.toml"), {"toml": toml}),
    ):
        with pytest.raises(UsageError) as caught:
            load(tmp_path, **layers)
        assert str(caught.value) == line.format(place)


@pytest.mark.parametrize("key", ["store", "chronicle.url", *PATHS])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("~nobody-here/x", "It begins with the name of a user that there is not."),
        ("a\0b", "It has a null character."),
    ],
)
def test_a_path_that_no_machine_could_have_is_a_bad_value(tmp_path, key, path, why):
    with pytest.raises(
        UsageError, match=rf"^Bad value for '{key}' in --set {key}: a text of \d+ characters. {why}$"
    ):
        load(tmp_path, overrides={key: path})
