"""An operator of the embedded organization, an invitation of it, and the three sources to compare: the store, the
journal, and the output on the terminal."""
from __future__ import annotations

import pathlib
import sqlite3
import subprocess
import typing
from collections.abc import Iterator

if typing.TYPE_CHECKING:
    from fault_rows import Case

import contextlib
import dataclasses
import itertools
import json
import shutil
import tempfile

from operator_home import Home
from run_folder import once
from spoilt_calls import later

ENDS = ("DONE", "DONE_LATER", "REFUSED", "NOT_SENT", "NOT_APPLIED_SO_FAR")
FAILURES = (["REFUSED"], ["NOT_SENT"], ["NOT_APPLIED_SO_FAR"])
# Accounts of the demonstration that can join any sender.
WILLING = ("111122223333", "121212121212", "131313131313", "222233334444", "272727272727",
           "444455556666")


@dataclasses.dataclass(frozen=True)
class Offer:
    id: str
    organization: str
    account: str


def offers() -> list[Offer]:
    """Returns the demonstration's invitations of those, read once for the run."""
    def make(path: pathlib.Path) -> None:
        with tempfile.TemporaryDirectory(prefix="handshake-fault-") as folder:
            pending = [each for each in Home(folder).pending() if each[2] in WILLING]
        assert len(pending) >= len(WILLING), pending
        path.write_text(json.dumps(pending), encoding="utf-8")
    return list(itertools.starmap(Offer, json.loads(once("offers", make).read_text(encoding="utf-8"))))


def acceptance(offer: Offer, reason: str = "CHG-1") -> list[str]:
    return ["accept", offer.id, "--expect-org", offer.organization, "--reason", reason]


class Embedded(Home):
    """A home with one invitation chosen by the case's seed, and with or without a journal."""

    def __init__(self, case: Case, *how: str, begun: bool | None = None, offer: Offer | None = None) -> None:
        super().__init__(case.folder, *how)
        self.case = case
        choice = offers()
        self.offer = offer or case.random.choice(choice)
        if begun if begun is not None else case.random.random() < 0.5:
            other = case.random.choice([offer for offer in choice if offer != self.offer])
            self.run("decline", other.id, "--yes", "--reason", "CHG-0")
            assert self.kinds() == ["GENESIS", "INTENT", "DONE"], self.kinds()
            # The last process that closes the store merges its log, so that each case begins alike.
            sqlite3.connect(self.store).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()

    @property
    def acceptance(self) -> list[str]:
        return acceptance(self.offer)

    def accept(self, **more: typing.Any) -> subprocess.CompletedProcess[bytes]:
        """Accepts; finding the result may take a minute."""
        return self.run(*self.acceptance, timeout=150, **more)

    # MARK: The store, read with SQLite only

    @contextlib.contextmanager
    def copy_of_the_store(self) -> Iterator[sqlite3.Connection]:
        with tempfile.TemporaryDirectory(prefix="handshake-torture-") as folder:
            for tail in ("", "-wal"):
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(str(self.store) + tail, f"{folder}/copy{tail}")
            with contextlib.closing(sqlite3.connect(f"{folder}/copy")) as database:
                yield database

    def state_in_the_store(self) -> str:
        with self.copy_of_the_store() as database:
            (state,), = database.execute("SELECT state FROM handshakes WHERE id = ?", [self.offer.id])
        result: str = state
        return result

    def is_accepted(self) -> bool:
        with self.copy_of_the_store() as database:
            (state,), = database.execute("SELECT state FROM handshakes WHERE id = ?", [self.offer.id])
            (members,), = database.execute(
                "SELECT count(*) FROM memberships WHERE account = ? AND organization = ?",
                [self.offer.account, self.offer.organization])
            (sound,), = database.execute("PRAGMA quick_check")
        assert sound == "ok", sound
        assert state in ("OPEN", "ACCEPTED"), state
        assert members == (state == "ACCEPTED"), "half of an accept is in the store"
        result: bool = state == "ACCEPTED"
        return result

    # MARK: The journal

    def lines(self) -> list[dict[str, typing.Any]]:
        """Returns its records, those of damaged journals first; a write cut short is not a record."""
        found = []
        for path in [*sorted(self.journal.parent.glob("journal.jsonl.damaged-*")), self.journal]:
            for line in path.read_bytes().split(b"\n") if path.exists() else []:
                with contextlib.suppress(ValueError):
                    found.append(json.loads(line))
        return found

    def attempts(self) -> list[tuple[str, list[str]]]:
        """Returns [(attempt, the kinds of its later records)], of this handshake."""
        said: dict[str, list[str]] = {}
        for line in self.lines():
            if line.get("kind") == "INTENT" and line.get("id") == self.offer.id:
                said.setdefault(line["intent"], [])
            elif line.get("intent") in said and line["kind"] != "INTENT":
                said[line["intent"]].append(line["kind"])
        return list(said.items())

    # MARK: The next start

    def finds_out(self, promised: bool = False, times: int = 1) -> None:
        """Runs the same command again: it reads before it sends, and then all sources agree. `promised` says whether
        the operator was already told that it is done; `times`, how often it was started before."""
        was_accepted, attempts = self.is_accepted(), len(self.attempts())
        self.case.note(f"found: accepted {was_accepted}, attempts {self.attempts()}")
        # At most one attempt may have been applied: none that is known to have failed.
        hopes = [said[-1:] for _, said in self.attempts() if said[-1:] not in FAILURES]
        assert hopes in ([[]], [["UNKNOWN"]], [["DONE"]], [["DONE_LATER"]]) or not was_accepted, \
            "accepted without an intent on the disk"
        assert was_accepted or hopes in ([], [[]], [["UNKNOWN"]]), "the journal says what is not so"
        assert was_accepted or not promised, "it was reported, and is lost"
        assert not promised or hopes == [["DONE"]], "it was reported, and the journal lost it"
        again = self.accept(environment=later(times))
        self.case.note(f"again: {again.returncode} {again.stdout!r} {again.stderr!r}\n{self.attempts()}")
        assert again.returncode == (4 if was_accepted else 0), again.returncode
        assert self.is_accepted()
        assert len(self.attempts()) == attempts + (not was_accepted), "sent again"
        self.agrees()

    def agrees(self, whole: typing.Any = True) -> None:
        """Asserts that every attempt has its end, that at most one is the accept, and that the chain is valid."""
        words = [said[-1:] for _, said in self.attempts()]
        assert all(word and word[0] in ENDS for word in words), words
        done = sum(word[0] in ("DONE", "DONE_LATER") for word in words)
        assert done == self.is_accepted(), f"{done} accepts in the journal"
        if whole:
            self.chain_is_whole()
