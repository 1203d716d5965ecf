"""The AWS CLI works with the sandbox: its commands, --query, and every output format."""
import configparser
import json
import os
import pathlib
import re
import stat
import subprocess
import sys

import pytest
from sandbox import DEMO, Sandbox
from test_boto3 import first_of_month_after_next

JUDGE = ("awscli", "commands, --query, output forms")

AWS = str(pathlib.Path(sys.executable).parent / "aws")


class TestCommandLine:
    sandbox: Sandbox
    credentials: str

    @pytest.fixture(autouse=True, scope="class")
    def set_up_class(self, request):
        cls = request.cls
        cls.sandbox = Sandbox()
        request.addfinalizer(cls.sandbox.close)
        cls.credentials = cls.sandbox.home.name + "/credentials"
        cls.sandbox.run(
            "handshake-sandbox", "accounts", "--store", cls.sandbox.store,
            "--credentials-file", cls.credentials)

    def aws(self, account, *arguments, fails=None):
        environment = {
            **self.sandbox.environment, "AWS_SHARED_CREDENTIALS_FILE": self.credentials,
            "AWS_PROFILE": self.profile(account), "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "",
            "AWS_ENDPOINT_URL_ORGANIZATIONS": self.sandbox.url,
            "AWS_ENDPOINT_URL_STS": self.sandbox.url}
        done = subprocess.run(
            [AWS, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False)
        if fails:
            assert done.returncode != 0, done.stdout
            assert fails in done.stderr
            return done.stderr
        assert done.returncode == 0, done.stderr
        return done.stdout

    def profile(self, account):
        """The profile with this account's key."""
        wanted = self.sandbox.keys(account)["aws_access_key_id"]
        file = configparser.RawConfigParser()
        file.read(self.credentials)
        return [s for s in file.sections() if file[s]["aws_access_key_id"] == wanted][0]

    def test_the_credentials_file_is_the_owners_alone(self):
        assert stat.S_IMODE(os.stat(self.credentials).st_mode) == 384

    def test_list_handshakes_for_account_as_json(self):
        listed = json.loads(self.aws("acme-prod", "organizations", "list-handshakes-for-account"))
        assert "Arn" in listed["Handshakes"][0]

    def test_query_picks_members(self):
        printed = self.aws(
            "acme-prod", "organizations", "list-handshakes-for-account", "--query",
            "Handshakes[?State=='OPEN'].[Id,Action]", "--output", "text")
        assert re.search(r"(?m)^h-[0-9a-f]{32}\tINVITE$", printed)

    def test_output_table(self):
        printed = self.aws(
            "acme", "organizations", "describe-organization", "--output", "table")
        assert re.search(r"\|\s+DescribeOrganization\s+\|", printed)
        assert DEMO["acme"] in printed

    def test_output_text(self):
        printed = self.aws("acme", "organizations", "describe-organization", "--output", "text")
        assert printed.startswith("ORGANIZATION\t"), printed

    def test_max_items_and_the_starting_token(self):
        first = json.loads(self.aws(
            "acme", "organizations", "list-handshakes-for-organization", "--max-items", "2"))
        assert len(first["Handshakes"]) == 2
        rest = json.loads(self.aws(
            "acme", "organizations", "list-handshakes-for-organization", "--starting-token",
            first["NextToken"]))
        ids = [item["Id"] for item in first["Handshakes"] + rest["Handshakes"]]
        assert len(ids) == len(set(ids))

    def test_the_life_of_an_invitation(self):
        sent = json.loads(self.aws(
            "acme", "organizations", "invite-account-to-organization", "--target",
            f"Id={DEMO['solo-shop']},Type=ACCOUNT", "--notes", "by the CLI", "--tags",
            "Key=team,Value=shop"))["Handshake"]
        shown = json.loads(self.aws(
            "solo-shop", "organizations", "describe-handshake", "--handshake-id", sent["Id"]))
        assert shown["Handshake"]["Id"] == sent["Id"]
        self.aws("solo-shop", "organizations", "accept-handshake", "--handshake-id", sent["Id"])
        self.aws("solo-shop", "organizations", "accept-handshake", "--handshake-id", sent["Id"],
                 fails="HandshakeAlreadyInStateException")
        assert self.aws("solo-shop", "organizations", "leave-organization") == ""
        again = json.loads(self.aws(
            "acme", "organizations", "invite-account-to-organization", "--target",
            f"Id={DEMO['solo-shop']},Type=ACCOUNT"))["Handshake"]["Id"]
        self.aws("solo-shop", "organizations", "decline-handshake", "--handshake-id", again)
        third = json.loads(self.aws(
            "acme", "organizations", "invite-account-to-organization", "--target",
            f"Id={DEMO['solo-shop']},Type=ACCOUNT"))["Handshake"]["Id"]
        canceled = json.loads(self.aws(
            "acme", "organizations", "cancel-handshake", "--handshake-id", third))
        assert canceled["Handshake"]["State"] == "CANCELED"

    def test_accounts_are_created_listed_and_removed(self):
        made = json.loads(self.aws(
            "acme", "organizations", "create-account", "--email", "cli@acme-holdings.example",
            "--account-name", "by the CLI"))["CreateAccountStatus"]
        status = json.loads(self.aws(
            "acme", "organizations", "describe-create-account-status",
            "--create-account-request-id", made["Id"]))["CreateAccountStatus"]
        assert status["State"] == "SUCCEEDED"
        listed = self.aws("acme", "organizations", "list-accounts", "--query", "Accounts[].Id", "--output", "text")
        assert status["AccountId"] in listed
        # Created today, and without a payment method: it cannot be standalone yet.
        self.aws("acme", "organizations", "remove-account-from-organization", "--account-id",
                 status["AccountId"], fails="ConstraintViolationException")

    def test_an_organization_is_created_and_all_features_are_enabled(self):
        self.aws("research-1", "organizations", "create-organization", "--feature-set",
                 "CONSOLIDATED_BILLING")
        parent = json.loads(self.aws("research-1", "organizations", "enable-all-features"))
        assert parent["Handshake"]["Action"] == "ENABLE_ALL_FEATURES"

    def test_responsibility_transfers(self):
        start = first_of_month_after_next().strftime("%Y-%m-%dT00:00:00Z")
        self.aws(
            "labs", "organizations", "invite-organization-to-transfer-responsibility", "--type",
            "BILLING", "--target", f"Id={DEMO['wayne']},Type=ACCOUNT", "--start-timestamp", start,
            "--source-name", "Wayne bills")
        listed = json.loads(self.aws(
            "labs", "organizations", "list-inbound-responsibility-transfers", "--type", "BILLING"))
        transfer = listed["ResponsibilityTransfers"][0]
        self.aws("labs", "organizations", "describe-responsibility-transfer", "--id", transfer["Id"])
        self.aws("wayne", "organizations", "accept-handshake", "--handshake-id",
                 transfer["ActiveHandshakeId"])
        self.aws("labs", "organizations", "update-responsibility-transfer", "--id", transfer["Id"],
                 "--name", "renamed")
        outbound = json.loads(self.aws(
            "wayne", "organizations", "list-outbound-responsibility-transfers", "--type", "BILLING"))
        names = {t["Id"]: t["Name"] for t in outbound["ResponsibilityTransfers"]}
        assert names[transfer["Id"]] == "renamed"
        self.aws("wayne", "organizations", "terminate-responsibility-transfer", "--id",
                 transfer["Id"])

    def test_sts(self):
        identity = json.loads(self.aws("acme", "sts", "get-caller-identity"))
        assert identity["Account"] == DEMO["acme"]
        keys = json.loads(self.aws(
            "acme", "sts", "assume-role", "--role-arn",
            f"arn:aws:iam::{DEMO['acme-prod']}:role/Operator", "--role-session-name", "cli"))
        assert "SessionToken" in keys["Credentials"]

    def test_an_unknown_operation(self):
        self.aws("acme", "organizations", "list-roots", fails="UnknownOperationException")

    def test_a_wrong_secret_has_the_error_of_AWS(self):
        environment = {
            **self.sandbox.environment, "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": self.sandbox.keys("acme")["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": "x" * 40,
            "AWS_ENDPOINT_URL_ORGANIZATIONS": self.sandbox.url}
        done = subprocess.run(
            [AWS, "organizations", "describe-organization", "--region", "us-east-1"],
            env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert "InvalidSignatureException" in done.stderr
