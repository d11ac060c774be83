"""Where a repository is, what it is called, and which commit was its state at a time."""

import re
from datetime import datetime
from pathlib import Path

from autodidact.errors import AutodidactError, UsageError
from autodidact.records import instant
from autodidact.sources.git.run_git import lines, run, text

SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def discover(path: str | Path, branch: str | None = None) -> tuple[str, str]:
    """(name, root commit sha) of the repository at `path` or above it.

    The name is that of its folder. Of several roots the earliest by committer date counts; in a shallow clone
    that is the earliest commit there is.
    """
    folder = git_dir(path)
    head = _head(folder, branch)
    plain = ("--no-show-signature", "--no-color", "--no-decorate", "--format=%ct %H")
    roots = lines(folder, "log", "--max-parents=0", *plain, head, "--")
    _, root = min((int(stamp), sha) for stamp, sha in (line.split() for line in roots))
    return _name(folder), root


def name_of(path: str | Path) -> str:
    """The name of the repository at `path` or above it: that of its folder."""
    return _name(git_dir(path))


def system_name(path: str | Path, branch: str | None = None) -> str:
    """What names a living system by default: "<name>-<first 8 of its root commit>"."""
    name, root = discover(path, branch)
    return f"{name}-{root[:8]}"


def without_hash(system: str) -> str:
    """The name of a living system as people say it: `httpx` for `httpx-b5addb64`."""
    return re.sub(r"-[0-9a-f]{8}$", "", system)


def resolve(path: str | Path, branch: str | None, until: datetime) -> str | None:
    """The commit that was the state of `branch` (default: HEAD) at `until`, or None if it had none yet.

    Of the branch's own line of first parents (a merged commit was not there before its merge) the one nearest
    to the tip whose committer date is not after `until`. Clocks go backwards: by the highest date, one commit
    made by a clock that was ahead would hide all that came after it.
    """
    folder = git_dir(path)
    return newest(folder, _head(folder, branch), until)


def commit_at(path: str | Path, branch: str | None, until: datetime) -> str:
    """As `resolve`. Raises UsageError when the branch had no commit yet."""
    if (commit := resolve(path, branch, until)) is None:
        raise UsageError(
            f"{path} has no commit before {instant(until)}",
            "Choose a later end of the window, or another sources.branch.",
        )
    return commit


def files_at_tip(path: str | Path, branch: str | None, names: list[str]) -> dict[str, bytes]:
    """The contents of those of the files `names`, paths from the root, that the newest commit of `branch`
    (default: HEAD) has.
    """
    folder = git_dir(path)
    head = _head(folder, branch)
    there = lines(folder, "ls-tree", "--full-tree", "--name-only", head, "--", *names)
    return {name: run(folder, "cat-file", "blob", f"{head}:{name}") for name in names if name in there}


def tip_of(path: str | Path, branch: str | None) -> str:
    """The newest commit of a branch (default: HEAD)."""
    return _head(git_dir(path), branch)


def is_ancestor(path: str | Path, commit: str, tip: str) -> bool:
    """Whether `commit` is still there and part of the history of `tip`."""
    folder = git_dir(path)
    if not exists(folder, commit):
        return False
    return text(run(folder, "merge-base", commit, tip, check=False)).strip() == commit


def git_dir(path: str | Path) -> Path:
    """The git folder of the repository at `path` or above it (ordinary, worktree, submodule or bare), as
    GitPython finds it.
    """
    try:
        import git
    except ImportError:
        # GitPython looks for the program when it is imported.
        raise AutodidactError("git is not installed", "Install git and put it on the PATH.") from None
    try:
        start = Path(path).expanduser().resolve()
        _require_plain_files(start)
        with git.Repo(start, search_parent_directories=True, expand_vars=False) as found:
            return Path(found.git_dir).resolve()
    except git.NoSuchPathError:
        raise AutodidactError(
            f"No such folder: {path}", "Set sources.repository to a git repository."
        ) from None
    except (git.InvalidGitRepositoryError, ValueError, OSError):
        raise AutodidactError(
            f"{path} is not in a git repository", "Set sources.repository, or `git init` and commit there."
        ) from None


# Files of a git folder that are opened to read a repository.
_OPENED = ("HEAD", "config", "commondir", "gitdir", "packed-refs", "shallow", "objects/info/alternates")


def _require_plain_files(start: Path) -> None:
    """Raises ValueError where a pipe or a device stands for one of these files: opening it never ends."""
    for folder in (start, *start.parents):
        for place in (folder / ".git", *(folder / ".git" / name for name in _OPENED), folder / "HEAD"):
            if place.exists() and not place.is_file() and not place.is_dir():
                raise ValueError(f"{place} is no file")
        if (folder / ".git").exists():
            return


def newest(folder: Path, tip: str, until: datetime) -> str | None:
    """As `resolve`, from a commit instead of a branch."""
    limit = int(until.timestamp())
    for line in lines(folder, "rev-list", "--first-parent", "--timestamp", tip, "--"):
        stamp, sha = line.split()
        if int(stamp) <= limit:
            return sha
    return None


def _head(folder: Path, branch: str | None) -> str:
    """The commit at the tip of a branch (local, else of origin, else any tag or id); of HEAD without one."""
    if branch is None:
        if sha := _verify(folder, "HEAD"):
            return sha
        if lines(folder, "for-each-ref", "--count=1"):
            raise AutodidactError(
                f"HEAD of {folder} names a branch without commits", "Set sources.branch to one that has some."
            )
        raise AutodidactError(f"The repository {folder} is empty", "Commit something there first.")
    if branch and not branch.startswith("-") and branch.isprintable():
        for name in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}", branch):
            if sha := _verify(folder, name):
                return sha
    known = lines(folder, "for-each-ref", "--count=8", "--format=%(refname:short)", "refs/heads")
    raise AutodidactError(
        f"No branch {branch!r} in {folder}",
        f"Set sources.branch to one of: {', '.join(known) or 'none there'}.",
    )


def _verify(folder: Path, name: str) -> str | None:
    output = run(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False)
    found = output.decode("ascii", "replace").strip()
    return found if SHA.fullmatch(found) else None


def exists(folder: Path, commit: str) -> bool:
    """Whether the commit can be read here."""
    return _verify(folder, commit) is not None


def _name(folder: Path) -> str:
    if folder.name == ".git":
        name = folder.parent.name
    elif (folder / "commondir").is_file():
        # A worktree: named like the repository it belongs to.
        common = (folder / (folder / "commondir").read_text(encoding="utf-8").strip()).resolve()
        name = common.parent.name if common.name == ".git" else common.name.removesuffix(".git")
    else:
        name = folder.name.removesuffix(".git")
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "repository"
