"""Make a virtual environment from a lock, once: `install.py .venv requirements/all.txt`."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(folder: str, lock: str) -> None:
    """Do nothing when the environment was made from this lock and this pyproject.toml, by this Python, in this place."""
    if sys.version_info < (3, 11):  # noqa: UP036 - to say so is what this is for
        version = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit(f"Homeward needs Python 3.11 or newer, and this is {version}; name another, as in `make PYTHON=python3.12 install`.")
    fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)  # two makes at once: the second waits, then finds it done
    environment, stamp = ROOT / folder, ROOT / folder / "installed"
    made_by = f"{sys.version}\n{environment}\n"
    wanted = made_by + hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    found = stamp.read_text() if stamp.exists() else ""
    if found != wanted:
        print(f"Installing {lock} into {folder}; the first time it takes about a minute.", flush=True)
        if not found.startswith(made_by):
            begin(environment)
        install(environment, lock)
        stamp.write_text(wanted)


def begin(environment: Path) -> None:
    """An empty environment; one left by another Python, moved here or given up half-way is thrown away."""
    run(sys.executable, "-m", "venv", "--clear", str(environment), or_say="on Debian and Ubuntu, install the package python3-venv first")


def install(environment: Path, lock: str) -> None:
    """Everything from the lock, checked against its hashes; then the project, linked in place, without asking any index."""
    pip = [str(environment / "bin/python"), "-m", "pip", "--disable-pip-version-check"]
    add = [*pip, "install", "-qq", "--no-deps"]
    run(*add, "--no-compile", "--require-hashes", "-r", str(ROOT / lock), or_say="can the package index be reached?")
    run(*add, "--no-index", "--no-build-isolation", "-e", str(ROOT), or_say="is pyproject.toml sound?")
    run(*pip, "check", "-q", or_say="pyproject.toml asks for more than the lock holds; run `make lock`")


def run(*command: str, or_say: str) -> None:
    if subprocess.call(command) != 0:
        sys.exit(f"{' '.join(command)} failed: {or_say}")


if __name__ == "__main__":
    main(*sys.argv[1:])
