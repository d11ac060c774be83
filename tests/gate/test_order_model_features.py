"""Windows of a text are weighed by their runs of characters and words, all at once, as each alone would be."""

import numpy

from autodidact.gate import order_model_features

PIECES = ("The ferry runs.", "渡し船は毎日出る。", "Pier 12, then!", "a")


def test_a_window_begins_and_ends_with_a_blank_and_digits_are_one_digit():
    text, begins, ends = order_model_features.joined(PIECES)
    assert text == " The ferry runs. 渡し船は毎日出る。 Pier 00, then! a "
    assert [text[begin:end] for begin, end in zip(begins, ends, strict=True)] == [
        " The ferry runs. ",
        " 渡し船は毎日出る。 ",
        " Pier 00, then! ",
        " a ",
    ]


def test_a_window_scores_what_its_row_of_the_matrix_does():
    weights = numpy.random.default_rng(0).normal(size=2 * order_model_features.PLACES)
    text, begins, ends = order_model_features.joined(PIECES)
    found = order_model_features.scores(text, begins[[0, 0, 1, 3]], ends[[0, 1, 2, 3]], weights)
    alone = [PIECES[0], " ".join(PIECES[:2]), " ".join(PIECES[1:3]), PIECES[3]]
    assert numpy.allclose(found, order_model_features.matrix(alone) @ weights, atol=1e-4)


def test_runs_are_of_two_to_five_characters_and_one_to_three_words():
    text, _, _ = order_model_features.joined(["go on"])
    counts = [(kind, len(places)) for kind, _, _, places in order_model_features.runs(text)]
    assert counts == [(0, 6), (0, 5), (0, 4), (0, 3), (1, 2), (1, 1), (1, 0)]


def test_the_same_words_have_the_same_places_wherever_they_stand():
    def words(text):
        return [places.tolist() for kind, _, _, places in order_model_features.runs(text) if kind][0]

    assert words("pier and ferry")[2] == words("a ferry")[1] == words("ferry")[0]
    assert len(set(words("one two three"))) == 3
