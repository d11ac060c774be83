import pytest

from autodidact.settings import Settings
from autodidact.training_recipes import RECIPES, effective


def test_the_seed_recipe_is_the_article_s():
    data = effective(Settings(training={"recipe": "seed"})).data()
    told = (
        "rank",
        "alpha",
        "batch_size",
        "accumulation",
        "epochs",
        "learning_rate",
        "schedule",
        "quantization",
    )
    assert [data[name] for name in told] == [32, 64, 4, 4, 3.0, 2e-4, "cosine", "nf4"]


def test_a_setting_other_than_null_takes_the_place_of_the_recipe_s_value():
    recipe = effective(
        Settings(training={"recipe": "gentle", "learning_rate": 5e-5, "max_steps": 40, "dropout": 0.0})
    )
    assert (recipe.rank, recipe.epochs, recipe.learning_rate, recipe.max_steps, recipe.dropout) == (
        16,
        1.0,
        5e-5,
        40,
        0.0,
    )


def test_sprout_alone_keeps_a_part_of_the_change_and_repeats_facts():
    assert {name: (recipe.scale, recipe.facts) for name, recipe in RECIPES.items()} == {
        "seed": (1.0, 1),
        "gentle": (1.0, 1),
        "small": (1.0, 3),
        "sprout": (0.65, 6),
    }


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_recipe_can_be_chosen_and_has_the_article_s_sixteen_rows_an_update_but_sprout_s_eight(name):
    recipe = effective(Settings(training={"recipe": name}))
    assert recipe.batch_size * recipe.accumulation == (8 if name == "sprout" else 16)
