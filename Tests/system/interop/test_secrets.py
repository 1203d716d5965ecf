"""After our program was run in every way, every secret it used is searched by its value: in files, logs, the terminal,
the arguments and environments of processes."""
import json
import pathlib
import shlex
import signal
import sys
import xml.etree.ElementTree

import pytest
from relay import Relay, header
from sandbox import DEMO
from servers import Program, Terminal

JUDGE = ("own search", "no secret in files, logs, argv, environments, screens")

CODE = "918273"

# Prints credentials, and records its arguments and environment.
PROCESS = """
import json, os, pathlib, sys
pathlib.Path(sys.argv[2]).write_text(
    json.dumps({"environment": dict(os.environ), "arguments": sys.argv[2:]}))
print(json.dumps({"Version": 1, **json.load(open(sys.argv[1]))}))
"""


class TestSecrets:
    @pytest.fixture(autouse=True)
    def set_up(self, sandbox, cleanup):
        self.sandbox = sandbox
        self.relay = Relay(self.sandbox.port)
        cleanup.callback(self.relay.close)
        self.relay.watch = self.keep_secrets
        self.given_secrets, self.signatures = [], []
        url = self.relay.url
        keys = {name: self.sandbox.keys(name) for name in ("acme", "acme-dev", "web-shop")}
        role = f"arn:aws:iam::{DEMO['acme-prod']}:role/OperatorWithMFA"
        config = (
            "[default]\nregion=us-east-1\n"
            f"[profile with-code]\nrole_arn={role}\nsource_profile=default\n"
            f"mfa_serial=arn:aws:iam::{DEMO['acme']}:mfa/operator\n"
            f"[profile role]\nrole_arn=arn:aws:iam::{DEMO['research-1']}:role/Operator\n"
            "source_profile=default\n"
            "[profile by-process]\ncredential_process="
            f"{shlex.join([sys.executable, 'HOME/process.py', 'HOME/keys.json', 'HOME/started.json'])}\n")
        self.program = Program(url, environment={
            # The operator's own credentials, which a child must not inherit.
            "AWS_ACCESS_KEY_ID": keys["web-shop"]["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["web-shop"]["aws_secret_access_key"],
            "TERM": "xterm-256color"}.items())
        cleanup.callback(self.program.close)
        home = pathlib.Path(self.program.home.name)
        (home / ".aws" / "config").write_text(config.replace("HOME", str(home)))
        (home / ".aws" / "credentials").write_text("[default]\n" + "".join(
            f"{key}={value}\n" for key, value in keys["acme"].items()))
        (home / "process.py").write_text(PROCESS)
        (home / "keys.json").write_text(json.dumps({
            "AccessKeyId": keys["acme-dev"]["aws_access_key_id"],
            "SecretAccessKey": keys["acme-dev"]["aws_secret_access_key"]}))
        self.home, self.log = home, home / "calls.log"
        self.given = {home / ".aws" / "credentials", home / "keys.json"}
        self.secrets = [key["aws_secret_access_key"] for key in keys.values()] + [CODE]
        self.seen = []

    def keep_secrets(self, request, content):
        """Returns the secrets in a request and in its answer."""
        self.signatures.append(header(request, b"authorization:").split("Signature=")[1])
        if b"<Credentials>" in content:
            for part in xml.etree.ElementTree.fromstring(content).iter():
                if part.tag.split("}")[-1] in ("SecretAccessKey", "SessionToken"):
                    self.given_secrets.append(part.text)

    def command(self, *arguments):
        done = self.program.run(*arguments, "--backend", "aws", "--log", str(self.log))
        self.seen += [done.stdout, done.stderr]
        return done

    def screens(self, *keys, profile):
        terminal = Terminal(
            self.program, "--backend", "aws", "--profile", profile, "--write", "--log", str(self.log))
        for key in keys:
            self.seen.append(terminal.arguments())
            terminal.press(key)
        self.seen.append(terminal.close())
        return self.seen[-1]

    def search(self):
        """Asserts that every place except the given files is free of every secret."""
        values = self.secrets + self.given_secrets
        assert len(values) > 4, "no temporary keys were ever given"
        places = {f"shown {i}": text for i, text in enumerate(self.seen)}
        for path in self.home.rglob("*"):
            if path.is_file() and path not in self.given:
                places[str(path)] = path.read_bytes().decode(errors="replace")
        for place, text in places.items():
            for value in values + self.signatures:
                assert value not in text, f"a secret is in {place}"
        return places

    def test_commands_leave_no_secret_anywhere(self):
        for profile in ("default", "role", "by-process"):
            assert self.command("list", "--profile", profile).returncode == 0
            self.command("info", "--profile", profile)
        received = json.loads(
            self.command("list", "--profile", "by-process", "--json").stdout)["Handshakes"]
        pending = [item for item in received if item["State"] == "OPEN"][0]
        sender = "o-" + [p["Id"] for p in pending["Parties"]
                         if p["Type"] == "ORGANIZATION"][0].removeprefix("o-")
        done = self.command(
            "accept", pending["Id"], "--profile", "by-process", "--expect-org", sender,
            "--reason", "CHG-1")
        assert done.returncode == 0, done.stderr
        places = self.search()
        started = json.loads(places[str(self.home / "started.json")])
        assert "AWS_SECRET_ACCESS_KEY" not in started["environment"]
        assert str(self.log) in places
        assert places[str(self.log)].strip(), "nothing was logged"

    def test_the_log_names_no_party_and_no_text_of_a_sender(self):
        self.command("list", "--profile", "by-process")
        log = self.log.read_text()
        for value in (DEMO["acme-dev"], "CHG-4411", "it@acme-holdings.example"):
            assert value not in log

    def test_the_screens_show_no_secret_and_no_code(self):
        shown = self.screens(*CODE, "\r", "j", "\r", "M", "q", "q", "q", profile="with-code")
        assert "ONE-TIME CODE" in shown
        assert "h-" in shown
        self.search()

    def test_a_command_asks_for_the_code_on_the_terminal_and_does_not_echo_it(self):
        terminal = Terminal(
            self.program, "list", "--backend", "aws", "--profile", "with-code", "--log",
            str(self.log))
        assert "One-time code" in terminal.shown
        terminal.press(CODE + "\r")
        self.seen.append(terminal.close())
        assert terminal.status == 0, self.seen[-1]
        assert "h-" in self.seen[-1]
        self.search()

    def test_a_crash_leaves_no_core_and_no_secret(self):
        self.screens("j", signal.SIGABRT, profile="role")
        assert not [path for path in self.home.rglob("core*") if path.is_file()]
        self.search()
