"""An operator of the embedded organization, an invitation of it, and the three truths about it: what the
store holds, what the journal says, and what was said on the terminal."""
import contextlib
import dataclasses
import itertools
import json
import shutil
import sqlite3
import tempfile
import threading

from operator_home import Home
from shim import later

ENDS = ("DONE", "DONE_LATER", "REFUSED", "NOT_SENT", "NOT_APPLIED_SO_FAR")
# Accounts of the demonstration that can join whoever invites them.
WILLING = ("111122223333", "121212121212", "131313131313", "222233334444", "272727272727",
           "444455556666")
_offers, _lock = [], threading.Lock()


@dataclasses.dataclass(frozen=True)
class Offer:
    id: str
    organization: str
    account: str


def offers():
    """The demonstration's invitations of those."""
    with _lock:
        if not _offers:
            with tempfile.TemporaryDirectory(prefix="handshake-torture-") as folder:
                pending = itertools.starmap(Offer, Home(folder).pending())
                _offers.extend(offer for offer in pending if offer.account in WILLING)
            assert len(_offers) >= len(WILLING), _offers
        return _offers


def acceptance(offer, reason="CHG-1"):
    return ["accept", offer.id, "--expect-org", offer.organization, "--reason", reason]


class Embedded(Home):
    """A home with one invitation chosen by the case's seed, and maybe a journal that has begun."""

    def __init__(self, case, *how, begun=None):
        super().__init__(case.folder, *how)
        self.case = case
        choice = offers()
        self.offer = case.random.choice(choice)
        if begun if begun is not None else case.random.random() < 0.5:
            other = case.random.choice([offer for offer in choice if offer != self.offer])
            self.run("decline", other.id, "--yes", "--reason", "CHG-0")
            assert self.kinds() == ["GENESIS", "INTENT", "DONE"], self.kinds()
            # Whoever closes it last folds the log into it, so that each case begins alike.
            sqlite3.connect(self.store).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        self.before = len(self.intents())

    @property
    def acceptance(self):
        return acceptance(self.offer)

    def accept(self, **more):
        return self.run(*self.acceptance, **more)

    # What the store holds, read by nobody's program but SQLite.

    @contextlib.contextmanager
    def copy_of_the_store(self):
        with tempfile.TemporaryDirectory(prefix="handshake-torture-") as folder:
            for tail in ("", "-wal"):
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(str(self.store) + tail, f"{folder}/copy{tail}")
            with contextlib.closing(sqlite3.connect(f"{folder}/copy")) as database:
                yield database

    def is_accepted(self):
        with self.copy_of_the_store() as database:
            (state,), = database.execute("SELECT state FROM handshakes WHERE id = ?", [self.offer.id])
            (members,), = database.execute(
                "SELECT count(*) FROM memberships WHERE account = ? AND organization = ?",
                [self.offer.account, self.offer.organization])
            (sound,), = database.execute("PRAGMA quick_check")
        assert sound == "ok", sound
        assert state in ("OPEN", "ACCEPTED"), state
        assert members == (state == "ACCEPTED"), "half of an accept is in the store"
        return state == "ACCEPTED"

    # What the journal says.

    def lines(self):
        """Its records; what is no record (a write cut short) is left out."""
        found = []
        for line in self.journal.read_bytes().splitlines() if self.journal.exists() else []:
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
        return found

    def intents(self):
        """[(attempt, the kinds of what was said about it)], of all handshakes."""
        said = {}
        for line in self.lines():
            if line["kind"] == "INTENT":
                said[line["intent"]] = []
            elif line.get("intent") in said:
                said[line["intent"]].append(line["kind"])
        return list(said.items())

    def attempts(self):
        """Those of this case."""
        return self.intents()[self.before:]

    # The next start.

    def finds_out(self, promised=False):
        """The same command again: it reads before it sends, and then all agree. `promised` is whether
        the operator was told already that it is done."""
        was_accepted, attempts = self.is_accepted(), len(self.attempts())
        self.case.note(f"found: accepted {was_accepted}, attempts {self.attempts()}")
        assert not was_accepted or attempts == 1, "accepted without an intent on the disk"
        assert was_accepted or not promised, "it was reported, and is lost"
        if promised:
            assert self.attempts()[-1][1][-1:] == ["DONE"], "it was reported, and the journal lost it"
        again = self.accept(environment=later())
        self.case.note(f"again: {again.returncode} {again.stdout} {again.stderr}\n{self.attempts()}")
        assert again.returncode == (4 if was_accepted else 0), again.returncode
        assert self.is_accepted()
        assert len(self.attempts()) == attempts + (not was_accepted), "sent again"
        self.agrees()

    def agrees(self):
        """Every attempt has its end, one of them is the accept, the chain is whole."""
        words = [said[-1:] for _, said in self.attempts()]
        assert all(word and word[0] in ENDS for word in words), words
        done = sum(word[0] in ("DONE", "DONE_LATER") for word in words)
        assert done == self.is_accepted(), f"{done} accepts in the journal"
        self.chain_is_whole()
