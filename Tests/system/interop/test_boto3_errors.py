"""The 13 errors of AcceptHandshake, each caught by boto3 as its own exception class."""
import contextlib

import pytest
from sandbox import DEMO, Sandbox

JUDGE = ("boto3", "the 13 errors of AcceptHandshake")

NO_SUCH = "h-00000000000000000000000000000000"


class TestSituations:
    flags: tuple[str, ...] = ()

    @pytest.fixture(autouse=True)
    def set_up(self, cleanup):
        self.sandbox = Sandbox(*self.flags)
        cleanup.callback(self.sandbox.close)

    def sent(self, account, sender, action="INVITE"):
        """Returns the id of the pending handshake from `sender` to `account`, from the sender's listing."""
        pages = self.sandbox.client(sender).get_paginator("list_handshakes_for_organization")
        for page in pages.paginate():
            for item in page["Handshakes"]:
                to = {party["Id"] for party in item["Parties"]}
                if DEMO[account] in to and item["Action"] == action \
                        and item["State"] in ("OPEN", "REQUESTED"):
                    return item["Id"]
        pytest.fail(f"{sender} asks nothing of {account}")

    def refused(self, name, account, id, reason=None):
        client = self.sandbox.client(account)
        with pytest.raises(getattr(client.exceptions, name)) as caught:
            client.accept_handshake(HandshakeId=id)
        reply = caught.value.response
        assert reply["Error"]["Code"] == name
        assert reply["Error"]["Message"]
        assert reply["ResponseMetadata"]["RequestId"]
        assert reply.get("Reason") == reason
        assert reply["ResponseMetadata"]["HTTPStatusCode"] == (500 if name == "ServiceException" else 400)


class TestAcceptErrors(TestSituations):
    def test_AccessDeniedException(self):
        self.refused("AccessDeniedException", "locked-down", self.sent("locked-down", "acme"))

    def test_AccessDeniedForDependencyException(self):
        self.refused(
            "AccessDeniedForDependencyException", "data-lake", self.sent("data-lake", "acme"),
            "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE")

    def test_AWSOrganizationsNotInUseException(self):
        self.refused(
            "AWSOrganizationsNotInUseException", "solo-shop",
            self.sent("solo-shop", "globex", "TRANSFER_RESPONSIBILITY"))

    def test_ConcurrentModificationException(self):
        received = self.sandbox.client("hooli-app").list_handshakes_for_account()["Handshakes"]
        self.refused("ConcurrentModificationException", "hooli-app", received[0]["Id"])

    def test_ConstraintViolationException(self):
        self.refused(
            "ConstraintViolationException", "new-hire", self.sent("new-hire", "acme"),
            "WAIT_PERIOD_ACTIVE")

    def test_HandshakeConstraintViolationException(self):
        self.refused(
            "HandshakeConstraintViolationException", "no-card", self.sent("no-card", "acme"),
            "PAYMENT_INSTRUMENT_REQUIRED")

    def test_MasterCannotLeaveOrganizationException(self):
        self.refused(
            "MasterCannotLeaveOrganizationException", "wayne", self.sent("wayne", "globex"))

    def test_HandshakeAlreadyInStateException(self):
        id = self.sent("acme-dev", "acme")
        self.sandbox.client("acme-dev").accept_handshake(HandshakeId=id)
        self.refused("HandshakeAlreadyInStateException", "acme-dev", id)

    def test_InvalidHandshakeTransitionException(self):
        id = self.sent("acme-dev", "acme")
        self.sandbox.client("acme").cancel_handshake(HandshakeId=id)
        self.refused("InvalidHandshakeTransitionException", "acme-dev", id)

    def test_HandshakeNotFoundException(self):
        self.refused("HandshakeNotFoundException", "acme-dev", NO_SUCH)

    def test_InvalidInputException(self):
        self.refused("InvalidInputException", "acme-dev", "h-NOT-AN-ID", "INVALID_PATTERN")

    def test_ServiceException(self):
        id = self.sent("acme-dev", "acme")
        self.sandbox.admin("faults", {"kind": "5xx-before", "count": 1})
        self.refused("ServiceException", "acme-dev", id)


class TestThrottled(TestSituations):
    """With the service's own buckets switched on."""
    flags = ("--throttle",)

    def test_TooManyRequestsException(self):
        client = self.sandbox.client("acme-dev")

        def accept_often():
            for _ in range(8):
                with contextlib.suppress(client.exceptions.HandshakeNotFoundException):
                    client.accept_handshake(HandshakeId=NO_SUCH)

        with pytest.raises(client.exceptions.TooManyRequestsException) as caught:
            accept_often()
        assert caught.value.response["Error"]["Message"]
        assert "Type" in caught.value.response
