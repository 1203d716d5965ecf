"""boto3 works with the unchanged sandbox: every operation, its pages, its shapes."""
import datetime
import json
import re

import pytest
from botocore.exceptions import ClientError
from sandbox import DEMO, Sandbox

JUDGE = ("boto3", "operations, paginators, shapes")


def first_of_month_after_next():
    today = datetime.datetime.now(datetime.UTC)
    year, month = divmod(today.year * 12 + today.month - 1 + 2, 12)
    return datetime.datetime(year, month + 1, 1, tzinfo=datetime.UTC)


class TestOperations:
    @pytest.fixture(autouse=True)
    def set_up(self, sandbox):
        self.sandbox = sandbox

    def client(self, account):
        return self.sandbox.client(account)

    def invitation(self, account, sender=None):
        """Returns the id of a pending invitation that this account has received."""
        for item in self.client(account).list_handshakes_for_account()["Handshakes"]:
            is_sought = sender is None or f":{DEMO[sender]}:" in item["Arn"]
            if item["State"] == "OPEN" and item["Action"] == "INVITE" and is_sought:
                return item["Id"]
        pytest.fail(f"{account} has no pending invitation")

    def refused(self, code, call, **arguments):
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        assert caught.value.response["Error"]["Code"] == code
        return caught.value.response

    def test_ListHandshakesForAccount(self):
        reply = self.client("acme-prod").list_handshakes_for_account()
        assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert re.search(r"^[0-9a-f]{8}-[0-9a-f-]{27}$", reply["ResponseMetadata"]["RequestId"])
        handshake = reply["Handshakes"][0]
        assert isinstance(handshake["ExpirationTimestamp"], datetime.datetime)
        assert list(handshake) == [
            "Id", "Arn", "Parties", "State", "RequestedTimestamp", "ExpirationTimestamp", "Action", "Resources"]

    def test_ListHandshakesForAccount_filters_by_action_or_parent_never_both(self):
        client = self.client("acme-prod")
        for action in ("INVITE", "ENABLE_ALL_FEATURES"):
            found = client.list_handshakes_for_account(Filter={"ActionType": action})
            assert all(item["Action"] == action for item in found["Handshakes"])
        both = {"ActionType": "INVITE", "ParentHandshakeId": "h-0123456789abcdef"}
        error = self.refused(
            "InvalidInputException", client.list_handshakes_for_account, Filter=both)
        assert error["Reason"] == "MAX_LIMIT_EXCEEDED_FILTER"

    def test_ListHandshakesForAccount_refuses_more_than_20_a_page_and_a_foreign_token(self):
        client = self.client("acme-prod")
        error = self.refused(
            "InvalidInputException", client.list_handshakes_for_account, MaxResults=21)
        assert error["Reason"] == "MAX_VALUE_EXCEEDED"
        error = self.refused(
            "InvalidInputException", client.list_handshakes_for_account, NextToken="nonsense")
        assert error["Reason"] == "INVALID_NEXT_TOKEN"

    def test_ListHandshakesForOrganization(self):
        sent = self.client("acme").list_handshakes_for_organization()["Handshakes"]
        assert sent
        assert all(f":{DEMO['acme']}:" in item["Arn"] for item in sent)
        self.refused(
            "AWSOrganizationsNotInUseException",
            self.client("solo-shop").list_handshakes_for_organization)

    def test_the_paginators_walk_pages_of_any_size_to_the_end(self):
        client = self.client("acme")
        whole = [
            item["Id"] for page in client.get_paginator("list_handshakes_for_organization").paginate()
            for item in page["Handshakes"]]
        for size in (1, 3, 20):
            pages = list(
                client.get_paginator("list_handshakes_for_organization").paginate(
                    PaginationConfig={"PageSize": size}))
            assert all(len(page["Handshakes"]) <= size for page in pages)
            assert [item["Id"] for page in pages for item in page["Handshakes"]] == whole
        received = self.client("acme-prod").get_paginator("list_handshakes_for_account")
        assert received.paginate(PaginationConfig={"PageSize": 1}).build_full_result()

    def test_there_are_no_waiters(self):
        assert self.client("acme").waiter_names == []

    def test_DescribeHandshake(self):
        client, id = self.client("acme-prod"), self.invitation("acme-prod")
        assert client.describe_handshake(HandshakeId=id)["Handshake"]["Id"] == id
        self.refused(
            "HandshakeNotFoundException", client.describe_handshake,
            HandshakeId="h-" + "0" * 32)
        error = self.refused(
            "InvalidInputException", client.describe_handshake, HandshakeId="h-SHORT")
        assert error["Reason"] == "INVALID_PATTERN"

    def test_AcceptHandshake_moves_the_account(self):
        client, id = self.client("acme-dev"), self.invitation("acme-dev", "acme")
        reply = client.accept_handshake(HandshakeId=id)["Handshake"]
        assert (reply["Id"], reply["State"]) == (id, "ACCEPTED")
        organization = client.describe_organization()["Organization"]
        assert organization["MasterAccountId"] == DEMO["acme"]
        members = self.sandbox.client("acme").get_paginator("list_accounts").paginate()
        joined = [a for page in members for a in page["Accounts"] if a["Id"] == DEMO["acme-dev"]]
        assert joined[0]["JoinedMethod"] == "INVITED"

    def test_DeclineHandshake(self):
        client, id = self.client("acme-dev"), self.invitation("acme-dev", "acme")
        assert client.decline_handshake(HandshakeId=id)["Handshake"]["State"] == "DECLINED"

    def test_CancelHandshake(self):
        client, id = self.client("acme"), self.invitation("acme-dev", "acme")
        assert client.cancel_handshake(HandshakeId=id)["Handshake"]["State"] == "CANCELED"

    def test_InviteAccountToOrganization(self):
        client = self.client("acme")
        target = {"Id": DEMO["solo-shop"], "Type": "ACCOUNT"}
        reply = client.invite_account_to_organization(
            Target=target, Notes="CHG-1 ünïcode\n", Tags=[{"Key": "team", "Value": "shop"}])
        handshake = reply["Handshake"]
        assert (handshake["State"], handshake["Action"]) == ("OPEN", "INVITE")
        assert re.search(r"^h-[0-9a-f]{32}$", handshake["Id"])
        notes = [r["Value"] for r in handshake["Resources"] if r["Type"] == "NOTES"]
        assert notes == ["CHG-1 ünïcode\n"]
        self.refused(
            "DuplicateHandshakeException", client.invite_account_to_organization, Target=target)
        mail = client.invite_account_to_organization(
            Target={"Id": "someone@elsewhere.example", "Type": "EMAIL"})["Handshake"]
        assert {"Id": "someone@elsewhere.example", "Type": "EMAIL"} in mail["Parties"]

    def test_EnableAllFeatures_after_CreateOrganization_with_consolidated_billing(self):
        client = self.client("solo-shop")
        made = client.create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]
        assert made["FeatureSet"] == "CONSOLIDATED_BILLING"
        parent = client.enable_all_features()["Handshake"]
        assert parent["Action"] == "ENABLE_ALL_FEATURES"
        assert client.accept_handshake(HandshakeId=parent["Id"])["Handshake"]["State"] == "ACCEPTED"
        assert client.describe_organization()["Organization"]["FeatureSet"] == "ALL"
        error = self.refused("HandshakeConstraintViolationException", client.enable_all_features)
        assert error["Reason"] == "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"

    def test_DescribeOrganization(self):
        organization = self.client("acme-prod").describe_organization()["Organization"]
        assert organization["MasterAccountId"] == DEMO["acme"]
        assert re.match(r"^arn:aws:organizations::\d{12}:organization/o-", organization["Arn"])
        self.refused(
            "AWSOrganizationsNotInUseException", self.client("solo-shop").describe_organization)

    def test_ListAccounts(self):
        accounts = self.client("acme").list_accounts()["Accounts"]
        assert DEMO["acme"] in [account["Id"] for account in accounts]
        assert {account["Status"] for account in accounts} == {"ACTIVE"}

    def test_CreateAccount_and_DescribeCreateAccountStatus(self):
        client = self.client("acme")
        status = client.create_account(
            Email="new@acme-holdings.example", AccountName="new one")["CreateAccountStatus"]
        assert re.search(r"^car-[a-z0-9]{8,32}$", status["Id"])
        later = client.describe_create_account_status(CreateAccountRequestId=status["Id"])
        assert later["CreateAccountStatus"]["State"] == "SUCCEEDED"
        ids = [a["Id"] for page in client.get_paginator("list_accounts").paginate()
               for a in page["Accounts"]]
        assert later["CreateAccountStatus"]["AccountId"] in ids
        self.refused(
            "CreateAccountStatusNotFoundException", client.describe_create_account_status,
            CreateAccountRequestId="car-00000000")

    def test_LeaveOrganization(self):
        client, id = self.client("acme-dev"), self.invitation("acme-dev", "acme")
        client.accept_handshake(HandshakeId=id)
        assert set(client.leave_organization()) == {"ResponseMetadata"}
        self.refused("AWSOrganizationsNotInUseException", client.leave_organization)
        self.refused("MasterCannotLeaveOrganizationException", self.client("acme").leave_organization)

    def test_RemoveAccountFromOrganization(self):
        client, id = self.client("acme-dev"), self.invitation("acme-dev", "acme")
        client.accept_handshake(HandshakeId=id)
        self.client("acme").remove_account_from_organization(AccountId=DEMO["acme-dev"])
        self.refused(
            "AccountNotFoundException", self.client("acme").remove_account_from_organization,
            AccountId=DEMO["acme-dev"])

    def test_responsibility_transfers_from_the_invitation_to_the_end(self):
        payer, source = self.client("labs"), self.client("wayne")
        handshake = payer.invite_organization_to_transfer_responsibility(
            Type="BILLING", Target={"Id": DEMO["wayne"], "Type": "ACCOUNT"},
            StartTimestamp=first_of_month_after_next(), SourceName="Wayne bills")["Handshake"]
        assert handshake["Action"] == "TRANSFER_RESPONSIBILITY"
        inbound = payer.list_inbound_responsibility_transfers(Type="BILLING")
        transfer = [t for t in inbound["ResponsibilityTransfers"] if t["Name"] == "Wayne bills"][0]
        assert transfer["Status"] == "REQUESTED"
        assert transfer["ActiveHandshakeId"] == handshake["Id"]
        source.accept_handshake(HandshakeId=handshake["Id"])
        found = payer.describe_responsibility_transfer(Id=transfer["Id"])["ResponsibilityTransfer"]
        assert found["Status"] == "ACCEPTED"
        assert found["Source"]["ManagementAccountId"] == DEMO["wayne"]
        outbound = source.list_outbound_responsibility_transfers(Type="BILLING")
        assert [t["Id"] for t in outbound["ResponsibilityTransfers"] if t["Status"] == "ACCEPTED"] == [transfer["Id"]]
        renamed = payer.update_responsibility_transfer(Id=transfer["Id"], Name="Wayne, all of it")
        assert renamed["ResponsibilityTransfer"]["Name"] == "Wayne, all of it"
        ended = payer.terminate_responsibility_transfer(Id=transfer["Id"])
        assert ended["ResponsibilityTransfer"]["Status"] == "WITHDRAWN"
        self.refused(
            "ResponsibilityTransferNotFoundException", payer.describe_responsibility_transfer,
            Id="rt-00000000")

    def test_an_unknown_operation_has_the_error_of_AWS(self):
        self.refused("UnknownOperationException", self.client("acme").list_roots)

    def test_GetCallerIdentity(self):
        reply = self.sandbox.client("acme", "sts").get_caller_identity()
        assert reply["Account"] == DEMO["acme"]
        assert f":{DEMO['acme']}:" in reply["Arn"]

    def test_AssumeRole_returns_credentials_of_the_other_account(self):
        sts = self.sandbox.client("acme", "sts")
        reply = sts.assume_role(
            RoleArn=f"arn:aws:iam::{DEMO['acme-prod']}:role/Operator", RoleSessionName="judge")
        keys = reply["Credentials"]
        assert keys["Expiration"] > datetime.datetime.now(datetime.UTC)
        acting = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"]}
        identity = self.sandbox.client("", "sts", keys=acting).get_caller_identity()
        assert identity["Arn"] == f"arn:aws:sts::{DEMO['acme-prod']}:assumed-role/Operator/judge"
        assert self.sandbox.client("", keys=acting).list_handshakes_for_account()["Handshakes"]


class TestPages:
    def test_empty_pages_with_a_token_are_walked_over(self):
        with Sandbox("--empty-pages") as sandbox:
            client = sandbox.client("acme")
            pages = list(client.get_paginator("list_handshakes_for_organization").paginate())
            assert any(not page["Handshakes"] and "NextToken" in page for page in pages)
            with Sandbox() as plain:
                whole = plain.client("acme").get_paginator(
                    "list_handshakes_for_organization").paginate().build_full_result()
            assert sum(len(page["Handshakes"]) for page in pages) == len(whole["Handshakes"])


class TestFromTheOperatorsProgram:
    def test_handshake_sandbox_becomes_the_sandbox_with_all_its_arguments(self):
        with Sandbox() as sandbox:
            listed = sandbox.run(
                "handshake", "sandbox", "accounts", "--json", "--store", sandbox.store)
            assert DEMO["acme"] in listed

    def test_without_a_store_it_uses_that_of_handshake(self):
        with Sandbox() as sandbox:
            listed = sandbox.run(
                "handshake", "sandbox", "accounts", "--json",
                environment={"HANDSHAKE_STORE": sandbox.store})
            assert {row["Id"] for row in json.loads(listed)} == set(sandbox.accounts)
            assert DEMO["acme"] in sandbox.run("handshake", "sandbox", "accounts", "--json")

    def test_its_help_is_that_of_the_sandbox(self):
        with Sandbox() as sandbox:
            assert "--fault" in sandbox.run("handshake", "sandbox", "--help")


class TestClock:
    def test_time_expires_and_removes_handshakes(self):
        with Sandbox() as sandbox:
            client = sandbox.client("web-shop")
            pending = [h["Id"] for h in client.list_handshakes_for_account()["Handshakes"]
                       if h["State"] == "OPEN"]
            sandbox.admin("clock", {"advance": "20d"})
            states = {h["Id"]: h["State"]
                      for h in client.list_handshakes_for_account()["Handshakes"]}
            assert pending
            assert all(states[id] == "EXPIRED" for id in pending)
