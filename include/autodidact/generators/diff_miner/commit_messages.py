"""What a commit says about itself, where the message is worth learning from.

CommitPackFT (Muennighoff et al. 2023, section 3) keeps commits whose subject starts with an imperative verb,
and drops noise by words: links, commit ids, issue numbers, merges, version bumps.
"""

import re

from autodidact.sources.git.commits import Commit

VERBS = frozenset(
    """accept add adjust adopt aggregate align allow alter annotate append apply arrange assert assign attach augment avoid batch begin
    bind block bring broaden build bundle bypass cache calculate call cancel capture cast catch change check choose clarify clean clear
    close coerce collapse combine comment compare compile complete compress compute configure connect consider consolidate construct
    consume continue convert copy correct count cover create customize cut deal debug declare decouple deduplicate define delay delete
    deliver deploy deprecate derive describe deserialize destroy detect determine disable disallow discard dispatch display distinguish
    divide do document don't double download drop dump duplicate edit eliminate embed emit enable encode enforce enhance enrich ensure
    error escape evaluate exclude execute exit expand expire explain export expose extend extract factor favor favour fetch filter
    finalize find finish fix flag flush fold forbid force format forward free gather generate get give grant group guard halve handle
    harden hide hold hook ignore implement import improve include increase indicate inherit initialise initialize inject inline insert
    inspect install instantiate integrate intercept interpret introduce invert isolate issue iterate join keep kill label launch let
    lift limit link list load localize lock log loosen lower maintain make manage map mark match measure mention merge migrate mock
    modernize modify move mute name narrow negate nest normalise normalize note notify obey obtain offer omit open optimise optimize
    order organize output overhaul override package pad parallelize parametrize parse partition pass patch perform permit persist pick
    pin populate port postpone prefer preload prepare prepend present preserve prevent print process prohibit promote propagate protect
    provide proxy prune publish pull purge push put query quit quote raise randomize re-add re-enable read rearrange rebuild receive
    recognise recognize record recover recreate redirect reduce refactor refer reference refine refresh refuse regenerate register
    reinstate reject relax release reload relocate remap remember remove rename render reorder reorganize repair repeat rephrase replace
    reply report represent request require reraise reserve reset resize resolve respect restart restore restrict restructure resume
    rethrow retry return reuse reverse revise rework rewrite round route run sample sanitize save scale scan schedule seed select send
    separate serialise serialize set share shift ship shorten show signal silence simplify skip slice solve sort specify speed split
    standardize start state stop store stream strengthen strip style subclass submit substitute suggest supply support suppress swap
    switch sync synchronize take target tell terminate test throw tighten tolerate track transform translate treat trigger trim truncate
    try tune turn tweak undo unescape unify uninstall unlock unset unwrap update upgrade upload use validate vary verify visit wait warn
    watch widen wire wrap write yield""".split()  # noqa: SIM905
)
_NOISE = re.compile(
    r"https?://|www\.|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b|#\d+|\bwip\b|fixup!|squash!|\bmerge\b|\btypos?\b|\bchangelog\b|\bv?\d+\.\d+(\.\d+|rc|a\d|b\d|dev)"
    r"|\bpre-commit\b|\bversion bump\b|\bbump\b|\blint(er|ing)?\b|cherry.?pick|\bflake8\b|\bisort\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*|(?:feat|fix|docs?|refactor|perf|test|chore|build|ci|style)(?:\([^)]*\))?!?:\s*|[\w./-]{2,30}:\s+(?=[A-Za-z]))"
)
_TRAILER = re.compile(
    r"^(signed-off-by|co-authored-by|reviewed-by|acked-by|cc|change-id|fix(es|ed)?|clos(es|ed?)|refs?|resolves?|see|issue|pr)\b.*[:#]",
    re.IGNORECASE,
)


def message(commit: Commit) -> str | None:
    """What a commit says it does and why, as prose; None unless the message is worth learning from."""
    subject = re.sub(r"\s*\(#\d+\)$", "", commit.subject.strip())
    subject = _PREFIX.sub("", subject).strip().rstrip(".")
    words = subject.split()
    if (
        not 3 <= len(words) <= 20
        or not 12 <= len(subject) <= 120
        or words[0].lower() not in VERBS
        or _NOISE.search(subject)
    ):
        return None
    subject = subject[0].upper() + subject[1:]
    kept: list[str] = []
    for line in commit.body.splitlines():
        line = line.strip()
        if _TRAILER.match(line) or line.startswith(("*", "-", "#", ">", "```", "|")):
            break
        if not line and kept:
            break
        kept.append(line)
    body = " ".join(" ".join(kept).split())
    if len(body) > 400 or _NOISE.search(body) or len(body.split()) < 4:
        body = ""
    return f"{subject}. {body}" if body else f"{subject}."
