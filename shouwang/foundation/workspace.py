"""Where a workspace keeps its things: everything lies under ``$SHOUWANG_HOME``."""

import os
from pathlib import Path

PROGRAM_POLICIES = Path(__file__).resolve().parents[2] / "policies"


def home() -> Path:
    """The workspace folder: ``$SHOUWANG_HOME``, or ``./workspace`` below the folder of the call."""
    return Path(os.environ.get("SHOUWANG_HOME") or "workspace").resolve()


def database_file() -> Path:
    return home() / "shouwang.sqlite3"


def keys_file() -> Path:
    return home() / "keys" / "keys.json"


def secret_key_file() -> Path:
    return home() / "keys" / "session.key"


def lake_folder() -> Path:
    return home() / "lake"


def received_folder() -> Path:
    """Files as they came, encrypted."""
    return home() / "received"


def refused_folder() -> Path:
    """Spreadsheets of refused rows that go back to their senders."""
    return home() / "refused"


def outgoing_folder() -> Path:
    return home() / "outgoing"


def fonts_folder() -> Path:
    """Fonts for papers besides those of the system: ``$SHOUWANG_FONTS``, or the workspace's own folder."""
    return Path(os.environ.get("SHOUWANG_FONTS") or home() / "fonts").resolve()


def own_policies_folder() -> Path:
    """A county's own documents and parameters, in the shapes and folders of the program's ``policies``."""
    return home() / "policies"


def private_folder(folder: Path) -> Path:
    """Creates ``folder`` so that only its owner can look inside, and returns it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def private_file(path: Path, content: bytes) -> None:
    """Writes ``content`` so that only its owner can read it, and so that a crash leaves the old file or the new one."""
    private_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
