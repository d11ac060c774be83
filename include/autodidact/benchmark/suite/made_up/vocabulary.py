"""Words that several categories draw (vocabulary.yaml), and short texts that are made of them."""

from random import Random

from autodidact.benchmark.suite.item_building_blocks import table

# Name of a list -> its words.
WORDS: dict[str, list[str]] = table("made_up/vocabulary")

CITIES = WORDS["cities"]
ENVIRONMENTS = WORDS["environments"]
FUNCTIONS = WORDS["functions"]
MODULES = WORDS["modules"]
MONTHS = WORDS["months"]
PEOPLE = WORDS["people"]
PRODUCTS = WORDS["products"]
PROJECTS = WORDS["projects"]
REGIONS = WORDS["regions"]
SERVICES = WORDS["services"]
STORES = WORDS["stores"]
TEAMS = WORDS["teams"]
VARIABLES = WORDS["variables"]
VERBS = WORDS["verbs"]
WEEKDAYS = WORDS["weekdays"]


def path(rng: Random) -> str:
    """A source file: `src/orders/totals.py`."""
    folder, name = rng.sample(MODULES, 2)
    return f"{rng.choice(WORDS['source_folders'])}/{folder}/{name}.py"


def ticket(rng: Random) -> str:
    """An order or ticket number of a few digits."""
    return str(rng.randint(1000, 9899))
