"""How a method differs from the one that it overrides is asked where the answer says it in words."""

import pytest

from autodidact.generators.ast_parser.full import class_answers
from tests.generators.test_ast_parser_full import pieces, view_of

TILL = "class Till:\n    def clear(self):\n        self.sum = 0\n\n\nclass Counted(Till):\n    def clear(self):\n"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "        Till.clear(self)\n        root = self.root\n        root.prev = root.next = root\n"
            "        self.links.clear()\n",
            "Besides that it sets `root.prev` and `root.next` and calls `self.links.clear()`.",
        ),
        ("        self.count = 0\n        return super().clear()\n", "Besides that it sets `self.count`."),
        # A condition, or another result, would take more words.
        ("        if self.count:\n            super().clear()\n", None),
        ("        super().clear()\n        return self.count\n", None),
        ("        super().clear()\n", None),
    ],
)
def test_how_a_method_differs_is_said_in_words(sandbox, body, says):
    found = pieces(view_of(sandbox, {"till.py": TILL + body}), class_answers.override, "Counted.clear")
    told = {str(piece.say).split("\n\n")[0] for piece in found if "differ" in piece.ask}
    assert found
    assert bool(told) is (says is not None)
    assert all(text.endswith(says) for text in told)
