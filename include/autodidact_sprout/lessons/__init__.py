"""Chat skills on random words and names: what the base model learns before it meets any system.

A skill is a function `Maker -> Lesson`; everything in a lesson is drawn from the maker's random generator, so
(seed, words) give the same lesson on every machine. One context carries several questions: more answer tokens
for each computed token. No lesson comes from a benchmark suite.
"""

from autodidact_sprout.lessons.code import describe, diff, first_line, graph, where
from autodidact_sprout.lessons.lookup import associate, beside, hops, pick
from autodidact_sprout.lessons.moods import about_me, tone
from autodidact_sprout.lessons.numbers import extreme, grade, sums
from autodidact_sprout.lessons.reading import brief, copy, extract, label
from autodidact_sprout.lessons.steps import edit, member, order, plan, sets
from autodidact_sprout.lessons.tools import tool_choice, tool_none, tool_simple, tool_two, tool_types

# Skill: its share of the lessons. Which lesson is drawn depends on the order.
ALL_SKILLS = {
    label: 12,
    extract: 4,
    copy: 2,
    order: 2,
    plan: 1.2,
    sums: 1.5,
    member: 1,
    where: 3,
    graph: 1.8,
    diff: 1.8,
    tone: 0.8,
    about_me: 0.8,
    brief: 2,
    first_line: 0.7,
    describe: 0.5,
    beside: 9,
    associate: 24,
    extreme: 2.5,
    grade: 1,
    pick: 2.5,
    sets: 2.5,
    edit: 2,
    hops: 2,
    tool_simple: 3,
    tool_types: 2.5,
    tool_choice: 2.5,
    tool_none: 0.8,
    tool_two: 1.2,
}
