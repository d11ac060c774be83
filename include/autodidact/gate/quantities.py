"""One value in several units and spellings as one text: "120 seconds" and "two minutes", "20 MB" and "20
megabytes". Times are converted; sizes are not, because a kilobyte may be 1000 bytes or 1024. English only.
"""

import re
from fractions import Fraction

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
# Seconds. A minute's "m" may be a metre.
_TIMES = {
    "millisecond": Fraction(1, 1000),
    "second": Fraction(1),
    "minute": Fraction(60),
    "hour": Fraction(3600),
    "day": Fraction(86400),
    "week": Fraction(604800),
}
_SIZES = "byte kilobyte megabyte gigabyte terabyte kibibyte mebibyte gibibyte tebibyte".split()
_SHORT_TIMES = {
    **{"ms": "millisecond", "msec": "millisecond", "s": "second", "sec": "second", "secs": "second"},
    **{"min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour"},
}
# "Mb" would be a megabit.
_SHORT_SIZES = {
    **{"kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte"},
    **{"kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte"},
    **{"KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte"},
}
_LONG = "|".join((*_TIMES, *_SIZES))
_NUMBER = rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES[1:10])}))?|{'|'.join(_ONES)}"
# The end of a range is no value of its own.
_APART = r"(?<![\w.,/\u2013-])"
_QUANTITY = re.compile(
    rf"{_APART}(?:(?P<digits>\d{{1,15}}(?:\.\d{{1,9}})?)[ -]?|(?i:(?P<word>{_NUMBER}))[ -])"
    rf"(?:(?i:(?P<long>{_LONG}))s?|(?i:(?P<time>{'|'.join(_SHORT_TIMES)}))|(?P<size>{'|'.join(_SHORT_SIZES)}))(?![\w/^-])"
)


def alike(text: str) -> str:
    """The text with times in seconds and sizes in whole words, numbers before them in digits."""
    return _QUANTITY.sub(_written, text)


def _written(match: re.Match) -> str:
    if match["word"] and not match["long"]:
        return match[0]
    value = Fraction(match["digits"]) if match["digits"] else Fraction(_number(match["word"].casefold()))
    if match["long"]:
        unit = match["long"].casefold()
    else:
        unit = _SHORT_TIMES[match["time"].casefold()] if match["time"] else _SHORT_SIZES[match["size"]]
    return f"{value * _TIMES[unit]} seconds" if unit in _TIMES else f"{value} {unit}s"


def _number(word: str) -> int:
    return sum(_WORDS[part] for part in word.split("-"))
