"""Makes .env from .env.example, with secrets of its own, where there is none. `docker compose` reads it.

The secrets of a .env that is there are looked at: one that docker compose may read as another is one line.
"""

import base64
import os
import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Bytes of randomness in a password, and in a key that signs.
PASSWORD_BYTES, KEY_BYTES = 24, 64
SECRETS = {
    "AIRFLOW_PASSWORD": lambda: secrets.token_urlsafe(PASSWORD_BYTES),
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(PASSWORD_BYTES),
    "BROKER_PASSWORD": lambda: secrets.token_hex(PASSWORD_BYTES),
    "JWT_SECRET": lambda: secrets.token_urlsafe(KEY_BYTES),
    "SECRET_KEY": lambda: secrets.token_urlsafe(KEY_BYTES),
    "FERNET_KEY": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
}

# Values that every version of docker compose reads as they are written: without quotes, and in them.
SAFE = re.compile(r"""(?!['"])[^$#\s]*|'[^']*(?<!\\)'(\s+\#.*)?|"[^$"\\]*"(\s+\#.*)?""")


def filled(example: str) -> str:
    """The example with a secret on every line that wants one."""
    lines = []
    for line in example.splitlines():
        name = line.removesuffix("=")
        lines.append(line + SECRETS[name]() if line.endswith("=") and name in SECRETS else line)
    return "\n".join([*lines, ""])


def misread(text: str) -> list[str]:
    """The names of secrets that docker compose may not read as they are written: it fills in a $ and takes #
    for a comment. In single quotes all stays, but a single quote, or a backslash at the end.
    """
    pairs = re.findall(r"^(\w+)=(.*?)\s*$", text, re.MULTILINE)
    return [name for name, value in pairs if name in SECRETS and not SAFE.fullmatch(value)]


def main(folder: Path = ROOT) -> None:
    text = filled((folder / ".env.example").read_text())
    try:
        handle = os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if names := misread((folder / ".env").read_text()):
            sys.exit(
                f"{', '.join(names)} in .env: docker compose may read another value. Write it in single"
                " quotes, without a single quote in it or a backslash at its end"
            )
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)
    print(
        "Made .env, with passwords and keys of its own: user airflow, the password is AIRFLOW_PASSWORD there"
    )


if __name__ == "__main__":
    main()
