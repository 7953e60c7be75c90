"""Make a virtual environment hold exactly one lock: `install.py .venv requirements/all.txt`."""
import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def main(folder, lock):
    """Does nothing when the environment was made from this lock and this pyproject.toml, by this Python, in this place."""
    if sys.version_info < OLDEST:
        sys.exit("Homeward needs Python 3.11 or newer and this is %d.%d: say which to use, as in `make PYTHON=python3.12`." % sys.version_info[:2])
    environment = ROOT / folder
    environment.mkdir(exist_ok=True)
    with open(str(environment / "installing"), "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)          # two makes at once: the second waits, then finds it done
        stamp, wanted = environment / "installed", fingerprint(environment, ROOT / lock)
        if not stamp.exists() or stamp.read_text() != wanted:
            install(environment, lock)
            stamp.write_text(wanted)


def fingerprint(environment, lock):
    """A moved environment, another Python or a changed lock gives another one."""
    told = "%s %s " % (sys.version, environment)
    return hashlib.sha256(told.encode() + lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def install(environment, lock):
    """Everything from the lock, checked against its hashes; then the project, linked in place, without asking any index."""
    made = subprocess.call([sys.executable, "-m", "venv", str(environment)])
    if made != 0:
        sys.exit("Python could not make a virtual environment; on Debian and Ubuntu, install the package python3-venv first.")
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-qq", "install", "--no-deps"]
    print("Installing %s into %s; this takes a minute." % (lock, environment.name), flush=True)
    for what in (["--no-compile", "--require-hashes", "-r", str(ROOT / lock)], ["--no-index", "--no-build-isolation", "-e", str(ROOT)]):
        failed = subprocess.call(pip + what)
        if failed:
            sys.exit(failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
