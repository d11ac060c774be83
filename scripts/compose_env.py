"""Makes .env from .env.example, with secrets of its own, where there is none. `docker compose` reads it."""

import base64
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Bytes of randomness in a password, and in a key that signs.
PASSWORD_BYTES, KEY_BYTES = 24, 64
SECRETS = {
    "AIRFLOW_PASSWORD": lambda: secrets.token_urlsafe(PASSWORD_BYTES),
    # Part of an address: letters and digits alone.
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(PASSWORD_BYTES),
    "BROKER_PASSWORD": lambda: secrets.token_hex(PASSWORD_BYTES),
    "JWT_SECRET": lambda: secrets.token_urlsafe(KEY_BYTES),
    "SECRET_KEY": lambda: secrets.token_urlsafe(KEY_BYTES),
    "FERNET_KEY": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
}


def filled(example: str) -> str:
    """The example with a secret on every line that wants one."""
    lines = []
    for line in example.splitlines():
        name = line.removesuffix("=")
        lines.append(line + SECRETS[name]() if line.endswith("=") and name in SECRETS else line)
    return "\n".join([*lines, ""])


def main(folder: Path = ROOT) -> None:
    text = filled((folder / ".env.example").read_text())
    try:
        handle = os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)
    print(
        "Made .env, with passwords and keys of its own: user airflow, the password is AIRFLOW_PASSWORD there"
    )


if __name__ == "__main__":
    main()
