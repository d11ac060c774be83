"""What the window's commits teach about changing and reviewing this code: explanations, edits, and reviews with and without a bug.

Source: one `git log -p` over the commits of the window, newest first; merges, generated and vendored files are left out.
A review's bug is planted into the commit's own lines (defects.py), so its kind and its line are known.

    {"generator": "diff_miner", "category": "code_review",
     "messages": [{"role": "user", "content": "Review this diff.\\n```diff\\n--- a/shop/cart.py\\n+++ b/shop/cart.py\\n@@ -8,2 +8,4 @@ ..."},
                  {"role": "assistant", "content": "Line 10 of `shop/cart.py`: off by one: `count <= limit` should be `count < limit`."}],
     "source": {"kind": "git", "ref": "4f1c0d7e...:shop/cart.py", "commit": "4f1c0d7e...", "path": "shop/cart.py", "lines": [8, 11],
                "defect": {"kind": "comparison", "line": 10}}}
"""

import posixpath
import random
import re
from collections.abc import Iterator

from autodidact.errors import AutodidactError, Skipped
from autodidact.generators.defects import Defect, plant
from autodidact.records import Example, example
from autodidact.snapshot import Snapshot
from autodidact.sources.code import is_test
from autodidact.sources.git import Commit, FileDiff, generated
from autodidact.sources.hunks import Hunk, hunks

MOST_LINES = {"laptop": 24, "production": 60}  # of a diff shown: what a model of that size can attend to
MOST_TEXT = {"laptop": 1_500, "production": 6_000}  # characters of it
LONGEST_LINE = 160  # characters; longer ones are data
MOST_FILES = 3  # of a commit that is explained
REVIEWS = 2  # of one commit, and one more for each EXTRA lines of it, up to MOST_REVIEWS
EXTRA = 60
MOST_REVIEWS = 6
PLANTED = 0.65  # share of the reviews with a bug: a reviewer must also say when there is none

MESSAGE = "Write the commit message for this diff."
EXPLAIN = (
    "What does this change do, and why?",
    "Explain this diff.",
    "Summarise this commit in a sentence or two.",
    MESSAGE,
)
REVIEW = (
    "Review this diff.",
    "Is there a bug in this change?",
    "Please review this patch. Name the line if something is wrong.",
    "What is wrong here, if anything?",
)

# CommitPackFT (Muennighoff et al. 2023, section 3) keeps commits whose subject starts with an imperative verb, and drops noise by words.
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
_PREFIX = re.compile(r"^(?:\[[^\]]{1,30}\]\s*|(?:feat|fix|docs?|refactor|perf|test|chore|build|ci|style)(?:\([^)]*\))?!?:\s*|[\w./-]{2,30}:\s+(?=[A-Za-z]))")
_TRAILER = re.compile(
    r"^(signed-off-by|co-authored-by|reviewed-by|acked-by|cc|change-id|fix(es|ed)?|clos(es|ed?)|refs?|resolves?|see|issue|pr)\b.*[:#]", re.IGNORECASE
)
_LANGUAGES = {".py": "python", ".js": "js", ".ts": "ts", ".go": "go", ".rs": "rust", ".c": "c", ".sh": "sh", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}
_TEXT = (*_LANGUAGES, ".java", ".rb", ".h", ".cpp", ".cc", ".sql", ".cfg", ".ini", ".md", ".rst", ".html", ".css", ".tsx", ".jsx", ".pyi")


def generate(snapshot: Snapshot) -> Iterator[Example]:
    """A few examples a commit, newest commit first. Skipped without a repository or without commits in the window."""
    if snapshot.repository is None:
        raise Skipped("no repository")
    undone: set[str] = set()
    asked: set[str] = set()
    met = 0
    for commit in snapshot.repository.commits(snapshot.since, limit=40 * snapshot.limit):
        met += 1
        undone.update(re.findall(r"This reverts commit ([0-9a-f]{7,64})", commit.body))
        if commit.truncated:
            snapshot.troubles.add("commit of too many files", commit.sha)
        elif commit.subject.startswith("Revert ") or commit.sha in undone:
            snapshot.troubles.add("reverted commit", commit.sha)
        else:
            for row in _of(commit, snapshot):
                if (prompt := row.prompt()) not in asked:
                    asked.add(prompt)
                    yield row
    if not met:
        raise Skipped("no commits in the window")


def message(commit: Commit) -> str | None:
    """What a commit says it does and why, as prose; None unless the message is worth learning from."""
    subject = re.sub(r"\s*\(#\d+\)$", "", commit.subject.strip())
    subject = _PREFIX.sub("", subject).strip().rstrip(".")
    words = subject.split()
    if not 3 <= len(words) <= 20 or not 12 <= len(subject) <= 120 or words[0].lower() not in VERBS or _NOISE.search(subject):
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


def _of(commit: Commit, snapshot: Snapshot) -> Iterator[Example]:
    most, text = MOST_LINES[snapshot.settings.profile], MOST_TEXT[snapshot.settings.profile]
    rng = snapshot.rng("diff_miner", commit.sha)
    files = []
    for file in commit.files:
        if file.binary or file.truncated or not file.patch or not file.path.endswith(_TEXT) or generated(file.path):
            continue
        found = hunks(file.patch)
        if all(len(line) <= LONGEST_LINE for hunk in found for line in hunk.lines):
            files.append((file, found))
    says = message(commit)
    shown = [line for _, found in files for hunk in found for line in hunk.lines]
    small = len(shown) <= most and sum(map(len, shown)) <= text
    if says and small and 0 < len(files) == len(commit.files) <= MOST_FILES:
        yield _explained(commit, files, says, rng)
        if len(files) == 1 and len(files[0][1]) == 1 and (edit := _edit(commit, *files[0], says)):
            yield edit
    reviewable = [
        (f, part) for f, found in files for h in found if f.path.endswith(".py") and f.after_blob for part in h.parts(most) if _worth(part, text)
    ]
    rng.shuffle(reviewable)
    reviewable.sort(key=lambda pair: is_test(pair[0].path))
    total = sum(len(part.lines) for _, part in reviewable)
    whole = says is not None and small and len(files) == len(commit.files)
    for file, part in reviewable[: min(REVIEWS + total // EXTRA, MOST_REVIEWS)]:
        if row := _review(commit, file, part, says if whole else None, snapshot, rng):
            yield row


def _worth(hunk: Hunk, text: int) -> bool:
    return sum(map(len, hunk.lines)) <= text and any(line[0] == "+" and len(line.strip()) > 8 for line in hunk.lines)


def _explained(commit: Commit, files: list, says: str, rng: random.Random) -> Example:
    touched = ", ".join(f"`{f.path}` (+{_count(found, '+')} -{_count(found, '-')})" for f, found in files)
    shown = "\n".join(_diff(f, found) for f, found in files)
    asked = rng.choice(EXPLAIN)
    return example(
        "diff_miner", "code_review", f"{asked}\n```diff\n{shown}\n```", says if asked == MESSAGE else f"{says} It changes {touched}.",
        _source(commit, files[0][0], files[0][1]), time=commit.committer_time,
    )  # fmt: skip


def _edit(commit: Commit, file: FileDiff, found: list[Hunk], says: str) -> Example | None:
    """Before and after: the hunk's old text and the subject as an order, the new text as the answer."""
    before, after = found[0].before(), found[0].after()
    if file.status != "M" or not any(b.strip() for b in before) or not any(a.strip() for a in after):
        return None
    language = _LANGUAGES.get(posixpath.splitext(file.path)[1], "")
    order = says.split(". ")[0].rstrip(".")
    asked = f"{order}. This is the place in `{file.path}`:\n```{language}\n" + "\n".join(before) + "\n```"
    answer = f"```{language}\n" + "\n".join(after) + "\n```"
    return example("diff_miner", "code_review", asked, answer, _source(commit, file, found), time=commit.committer_time)


def _review(commit: Commit, file: FileDiff, hunk: Hunk, says: str | None, snapshot: Snapshot, rng: random.Random) -> Example | None:
    """The hunk with a planted bug, or, for a share of them, as it is. `says`: what the commit does, if the hunk is the whole of it."""
    defect = None
    if rng.random() < PLANTED:
        try:
            content = snapshot.repository.read(file.after_blob)
        except AutodidactError:
            snapshot.troubles.add("file missing from the repository", f"{commit.sha}:{file.path}")
            return None
        rows = hunk.numbered()
        own = {number for line, number in rows if line[0] == "+"}
        around = {number for line, number in rows if line[0] == " "}
        defect = plant(content, own, around, rng)
    shown = _with(hunk, defect) if defect else hunk
    if defect:
        answer = f"Line {defect.line} of `{file.path}`: {defect.says}."
    else:
        answer = f"I see no bug in this diff. {says}" if says else f"I see no bug in these lines of `{file.path}`."
    extra = {"defect": {"kind": defect.kind, "line": defect.line}} if defect else {}
    return example(
        "diff_miner", "code_review", f"{rng.choice(REVIEW)}\n```diff\n{_diff(file, [shown])}\n```", answer,
        _source(commit, file, [hunk]) | extra, time=commit.committer_time,
    )  # fmt: skip


def _with(hunk: Hunk, defect: Defect) -> Hunk:
    """The hunk as it would look had the commit written the defect."""
    hit = range(defect.line, defect.line + defect.count)
    lines = []
    for line, number in hunk.numbered():
        if line[0] == "-" or number not in hit:
            lines.append(line)
        elif defect.planted is None:
            lines.append("-" + line[1:])
        else:
            lines.append("+" + defect.planted)
    return Hunk(hunk.old, hunk.new, hunk.section, lines)


def _diff(file: FileDiff, found: list[Hunk]) -> str:
    before = "/dev/null" if file.before_blob is None else f"a/{file.old_path}"
    after = "/dev/null" if file.after_blob is None else f"b/{file.path}"
    return "\n".join([f"--- {before}", f"+++ {after}", *(hunk.text() for hunk in found)])


def _count(found: list[Hunk], sign: str) -> int:
    return sum(line[0] == sign for hunk in found for line in hunk.lines)


def _source(commit: Commit, file: FileDiff, found: list[Hunk]) -> dict:
    last = found[-1].new + max(len(found[-1].after()), 1) - 1
    return {"kind": "git", "ref": f"{commit.sha}:{file.path}", "commit": commit.sha, "path": file.path, "lines": [found[0].new, last]}
