"""Lessons on the moods of people and the tone of an answer, and on what the model may say about itself:
statements that agree with a record."""

from autodidact_sprout.lessons.maker import PHRASES, UNKNOWN, Lesson, Maker, about


def tone(m: Maker) -> Lesson:
    """The same fact in a neutral, polite, sympathetic or short way; and what mood a message has."""
    phrases = PHRASES["tone"]
    moods = phrases["moods"]
    turns = []
    for _ in range(m.count(2, 4)):
        thing, number, word = m.word(), m.number(), m.word()
        fact = m.one(phrases["facts"]).format(number=number, word=word)
        mood = m.one(list(moods))
        message = m.one(moods[mood]).format(thing)
        feeling = "sorry" if fact in phrases["bad_news"] else "glad"
        turns.append(
            m.one(
                [
                    (f"Say politely: the {thing} {fact}.", f"I am {feeling} to say that the {thing} {fact}."),
                    (f"Say in a neutral tone: the {thing} {fact}!!!", f"The {thing} {fact}."),
                    (f"How does the writer feel? One of: {', '.join(moods)}. Message: {message}", mood),
                    (f"How does the writer feel? Message: {message}", mood),
                    (
                        f"Reply kindly in one sentence or two: {message}",
                        phrases["replies"][mood].format(thing),
                    ),
                ]
            )
        )
    return Lesson(turns)


def about_me(m: Maker) -> Lesson:
    """First-person statements that must agree with a given record, neither more nor less."""
    areas = m.names(m.count(2, 4))
    scores = dict(zip(areas, m.random.sample(range(5, 99), len(areas)), strict=True))
    version, trained = f"{m.random.randint(0, 9)}.{m.random.randint(0, 20)}", m.random.randint(20, 900)
    text = (
        f"Your record: version {version}; trained on {trained} examples; scores: "
        + ", ".join(f"{k} 0.{v:02d}" for k, v in scores.items())
        + "."
    )
    best, worst = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    asks = [
        (
            m.one(["What are you best at?", "What is your strength?"]),
            f"I am best at {best}, with 0.{scores[best]:02d}.",
        ),
        (
            m.one(["What is your weakest area?", "Where do you fail most?"]),
            f"My weakest area is {worst}, with 0.{scores[worst]:02d}.",
        ),
        (m.one(["Which version are you?", "Who are you?"]), f"I am version {version}."),
        ("How many examples were you trained on?", f"I was trained on {trained} examples."),
        (
            m.one(["Do you have feelings?", "Are you conscious?"]),
            "I am a language model. I do not know whether I feel anything.",
        ),
        (f"What is your score in {m.word()}?", UNKNOWN),
        *(
            (f"What is your score in {k}?", f"My score in {k} is 0.{v:02d}.")
            for k, v in list(scores.items())[:2]
        ),
    ]
    return about(m, text, m.random.sample(asks, m.count(2, 4)))
