"""FAULT-36: a credential_process that misbehaves gets neither the terminal, nor time, nor leaves a child."""
import json
import pathlib
import time

import pytest
from screen import Screen

SECRET = "SeCrEtThAtNobodyMaySee0123456789abcdefgh"
KINDS = ("hangs", "prints a gigabyte", "prints ESC", "exits with 1", "is a symbolic link", "leaves a daemon")
# Long enough for any case: a process that lives longer is an orphan.
LINGER = "sleep 300"


def script(kind, keys, mark):
    answer = json.dumps({"Version": 1, "AccessKeyId": keys["AWS_ACCESS_KEY_ID"],
                         "SecretAccessKey": keys["AWS_SECRET_ACCESS_KEY"]})
    return "#!/bin/sh\n" + {
        "hangs": f"echo {SECRET} >&2; exec -a {mark} {LINGER}",
        "prints a gigabyte": "exec head -c 1000000000 /dev/zero",
        "prints ESC": f"printf '\\033]0;owned\\007\\033[2J{SECRET}\\n'; "
                      f"printf '\\033[31m{SECRET}\\n' >&2",
        "exits with 1": f"printf '\\033[31m{SECRET} no ticket\\n' >&2; exit 1",
        "is a symbolic link": f"echo '{answer}'",
        "leaves a daemon": f"(exec -a {mark} {LINGER}) & echo '{answer}'",
    }[kind]


def alive(mark):
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


def has_no_secret(case, shown):
    assert SECRET not in shown, "its secret is shown"
    for path in case.folder.rglob("*"):
        if path.is_file() and path.parent.name != "programs":
            assert SECRET.encode() not in path.read_bytes(), f"its secret is in {path}"


@pytest.mark.fault(36, "credential_process misbehaves", slice=5, night=12, full=30, jobs=6)
def test_misbehaves(case, cloud):
    kind = KINDS[case.seed % len(KINDS)]
    mark = f"handshake-torture-{case.folder.name}"
    programs = case.folder / "programs"
    programs.mkdir(mode=0o700)
    command = programs / "credentials"
    # Only bash has `exec -a`.
    command.write_text(script(kind, cloud.environment, mark).replace("/bin/sh", "/bin/bash"))
    command.chmod(0o700)
    if kind == "is a symbolic link":
        real = programs / "real"
        command.rename(real)
        command.symlink_to(real)
    (case.folder / ".aws").mkdir(mode=0o700)
    (case.folder / ".aws" / "config").write_text(
        f"[profile odd]\nregion = us-east-1\ncredential_process = {command}\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del cloud.environment[name]
    began = time.monotonic()
    on_screen = case.random.random() < 0.5
    case.note(f"{kind}, on screen: {on_screen}")
    log = case.folder / "log.jsonl"
    arguments = ["--backend", "aws", "--profile", "odd", "--log", str(log)]
    if on_screen:
        shown = on_terminal(case, cloud, kind, arguments)
    else:
        done = cloud.run(*arguments, "list", "--json", timeout=100)
        shown = done.stdout + done.stderr
        works = kind in ("is a symbolic link", "leaves a daemon")
        assert done.returncode == (0 if works else 1), shown
        assert "\x1b" not in shown
    spent = time.monotonic() - began
    case.note(f"{spent:.1f} s\n{shown[-1500:]}")
    assert spent < (75 if kind == "hangs" else 20), spent
    has_no_secret(case, shown)
    assert not alive(mark), "an orphan"


def on_terminal(case, cloud, kind, arguments):
    screen = case.closing(Screen(cloud, *arguments))
    works = kind in ("is a symbolic link", "leaves a daemon")
    screen.until("SANDBOX")
    screen.until("1/1 read" if works else "UNKNOWN", timeout=70)
    screen.press("4")
    text = screen.text
    assert b"owned" not in screen.bytes
    screen.press("q")
    screen.press("q")
    assert screen.wait() == 0
    return text + bytes(screen.bytes).decode(errors="replace")
