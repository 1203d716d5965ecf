"""Our program is killed while its request is in flight: the service applies it at most once, and the next start finds
the result by reading."""
import json
import pathlib
import signal
import subprocess
import time
import types

import pytest
from programs import program
from sandbox import DEMO
from servers import Terminal

JUDGE = ("own search", "killed in flight: applied once, found out by reading")


class TestKills:
    @pytest.fixture(autouse=True)
    def set_up(self, sandbox):
        self.sandbox = sandbox
        keys = self.sandbox.keys("acme-dev")
        home = self.sandbox.home.name
        self.environment = {
            **self.sandbox.environment, "AWS_ACCESS_KEY_ID": keys["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["aws_secret_access_key"], "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.sandbox.url, "XDG_STATE_HOME": home + "/state"}
        received = self.sandbox.client("acme-dev").list_handshakes_for_account()["Handshakes"]
        self.handshake, self.organization = [
            (item["Id"], item["Arn"].split("/")[1]) for item in received
            if item["State"] == "OPEN" and f":{DEMO['acme']}:" in item["Arn"]][0]
        self.journal = pathlib.Path(home, "state", "handshake", "journal.jsonl")

    def accept(self, start):
        return start(
            [program("handshake"), "accept", self.handshake, "--backend", "aws", "--expect-org",
             self.organization, "--reason", "CHG-1"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def calls(self):
        return self.sandbox.admin("truth")["Calls"].get("AcceptHandshake", 0)

    def applied(self):
        return [entry for entry in self.sandbox.admin("truth")["Entries"] if entry["Applied"]]

    def killed_in_flight(self, fault, wait=0.0):
        """Kills the program when its request has arrived, and waits until the request has ended."""
        self.sandbox.admin("faults", {**fault, "operation": "AcceptHandshake", "count": 1})
        child = self.accept(subprocess.Popen)
        deadline = time.monotonic() + 30
        while not self.calls() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=30)
        assert child.returncode == -signal.SIGKILL
        time.sleep(fault["delay"] / 1000 + 0.5)

    def finds_out(self):
        """Asserts that the next start sends nothing again, reports the truth, and that the chain is valid."""
        again = self.accept(subprocess.run)
        assert len(self.applied()) == 1, again.stdout
        assert self.calls() == 1, again.stdout
        kinds = [json.loads(line)["kind"] for line in self.journal.read_text().splitlines()]
        assert kinds.count("INTENT") == 1
        assert "DONE_LATER" in kinds
        verified = subprocess.run(
            [program("handshake"), "journal", "verify"], env=self.environment,
            capture_output=True, text=True, timeout=60, check=False)
        assert verified.returncode == 0, verified.stdout + verified.stderr

    def test_the_screens_find_the_result_too(self):
        self.killed_in_flight({"kind": "slow", "delay": 1500})
        made = types.SimpleNamespace(home=self.sandbox.home, environment=self.environment)
        terminal = Terminal(made, "--backend", "aws", "--write")
        terminal.press("q")
        terminal.close()
        kinds = [json.loads(line)["kind"] for line in self.journal.read_text().splitlines()]
        assert kinds[-1] == "DONE_LATER"
        assert self.calls() == 1

    @pytest.mark.parametrize("wait", [0.0, 0.3, 0.8])
    def test_before_the_service_has_applied_it(self, wait):
        self.killed_in_flight({"kind": "late", "delay": 1500}, wait)
        self.finds_out()

    @pytest.mark.parametrize("wait", [0.0, 0.3, 0.8])
    def test_after_the_service_has_applied_it(self, wait):
        self.killed_in_flight({"kind": "slow", "delay": 1500}, wait)
        self.finds_out()
