"""Every command of our program over AWS, against the sandbox: the same work, flags and exit codes as with the embedded
organization."""
import json

import pytest
from sandbox import DEMO
from servers import Program

JUDGE = ("own sandbox", "our program: every command over AWS")


class TestCommands:
    @pytest.fixture(autouse=True)
    def set_up(self, sandbox, cleanup):
        self.sandbox = sandbox
        credentials = "".join(
            f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in self.sandbox.keys(name).items())
            for name in DEMO)
        self.program = Program(self.sandbox.url, credentials=credentials)
        cleanup.callback(self.program.close)

    def run_as(self, account, *arguments, status=0):
        done = self.program.run(*arguments, "--backend", "aws", "--profile", account)
        assert done.returncode == status, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def open(self, account, *more, action="INVITE"):
        listed = self.program.run(
            "list", "--json", *more, "--backend", "aws", "--profile", account).stdout
        return [item for item in json.loads(listed)["Handshakes"]
                if item["Action"] == action and item["State"] == "OPEN"]

    def state(self, account, id):
        return self.sandbox.client(account).describe_handshake(HandshakeId=id)["Handshake"]["State"]

    def sent_to(self, account):
        return [item["Id"] for item in self.open("acme", "--sent")
                if DEMO[account] in {party["Id"] for party in item["Parties"]}]

    def test_invite_cancel_invite_decline(self):
        self.run_as("acme", "invite", DEMO["solo-shop"], "--notes", "CHG-9", "--reason", "CHG-9", "--yes")
        [first] = self.sent_to("solo-shop")
        self.run_as("acme", "cancel", first, "--reason", "CHG-9", "--yes")
        assert self.state("acme", first) == "CANCELED"
        self.run_as("acme", "invite", DEMO["solo-shop"], "--reason", "CHG-9", "--yes")
        [second] = self.sent_to("solo-shop")
        assert second in self.run_as("solo-shop", "show", second)
        self.run_as("solo-shop", "decline", second, "--reason", "not ours", "--yes")
        assert self.state("solo-shop", second) == "DECLINED"
        self.run_as("solo-shop", "journal", "verify")

    def test_trust_is_stored_where_there_was_no_folder(self):
        [item] = self.open("acme-dev")
        organization = item["Arn"].split("/")[1]
        self.run_as("acme-dev", "trust", "add", organization, DEMO["acme"], "--yes")
        assert organization in self.run_as("acme-dev", "trust", "list")

    def test_accept_requires_the_organization_of_the_sender(self):
        [item] = self.open("acme-dev")
        organization = item["Arn"].split("/")[1]
        self.run_as("acme-dev", "accept", item["Id"], "--expect-org", "o-wrong00000", "--reason",
                    "CHG-1", status=4)
        assert self.state("acme-dev", item["Id"]) == "OPEN"
        self.run_as("acme-dev", "accept", item["Id"], "--expect-org", organization, "--reason",
                    "CHG-1", "--dry-run")
        assert self.state("acme-dev", item["Id"]) == "OPEN"
        self.run_as("acme-dev", "accept", item["Id"], "--expect-org", organization, "--reason", "CHG-1")
        assert self.state("acme-dev", item["Id"]) == "ACCEPTED"

    def test_a_refusal_is_reported_with_its_remedy(self):
        [item] = self.open("no-card")
        told = self.run_as(
            "no-card", "accept", item["Id"], "--expect-org", item["Arn"].split("/")[1], "--reason",
            "CHG-1", status=1)
        assert "PAYMENT_INSTRUMENT_REQUIRED" in told

    def test_read_only_sends_nothing(self):
        [item] = self.open("acme-dev")
        self.run_as("acme-dev", "decline", item["Id"], "--reason", "x", "--yes", "--read-only", status=4)
        assert self.sandbox.admin("truth")["Entries"] == []

    def test_enable_all_features(self):
        made = self.sandbox.client("solo-shop").create_organization(FeatureSet="CONSOLIDATED_BILLING")
        organization = made["Organization"]["Id"]
        self.run_as("solo-shop", "enable-all-features", "--expect-org", "o-wrong00000", "--reason",
                    "CHG-9", "--yes", status=4)
        told = self.run_as("solo-shop", "enable-all-features", "--expect-org", organization, "--dry-run")
        assert "Asks" in told
        self.run_as("solo-shop", "enable-all-features", "--expect-org", organization, "--reason",
                    "CHG-9", "--yes")
        [parent] = self.open("solo-shop", "--sent", action="ENABLE_ALL_FEATURES")
        assert self.state("solo-shop", parent["Id"]) == "OPEN"

    def test_one_inbox_over_several_profiles_names_those_that_could_not_be_read(self):
        self.program.environment["AWS_CONFIG_FILE"] = self.program.home.name + "/.aws/more"
        with open(self.program.environment["AWS_CONFIG_FILE"], "w", encoding="ascii") as config:
            config.write("[profile gone]\ncredential_process=/bin/false\n")
        done = self.program.run(
            "list", "--backend", "aws", "--profile", "acme-dev", "--profile", "acme-prod",
            "--profile", "gone")
        assert done.returncode == 3, done.stderr
        for expected in ("acme-dev", "acme-prod"):
            assert expected in done.stdout
        assert "profile gone: unknown" in done.stderr

    def test_an_identity_in_the_environment_means_AWS_and_none_means_the_embedded_organization(self):
        service = {}
        for name in (None, "acme-dev"):
            if name:
                self.program.environment["AWS_PROFILE"] = name
            else:
                self.program.environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null"
            rows = json.loads(self.program.run("info", "--json").stdout)
            service[name] = {row["Key"]: row["Value"] for row in rows}["service"]
            self.program.environment.pop("AWS_SHARED_CREDENTIALS_FILE", None)
        assert service == {None: "LOCAL", "acme-dev": "SANDBOX"}
