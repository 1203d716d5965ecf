"""Every request's signature is verified, and each invalid one has AWS's own error."""
import datetime
import urllib.error
import urllib.request
from unittest import mock

import botocore.auth
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from sandbox import DEMO, Sandbox

JUDGE = ("boto3", "signatures")


class TestSignatures:
    sandbox: Sandbox

    @pytest.fixture(autouse=True, scope="class")
    def set_up_class(self, request):
        cls = request.cls
        cls.sandbox = Sandbox()
        request.addfinalizer(cls.sandbox.close)

    def code(self, call, **arguments):
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        return caught.value.response["Error"]["Code"]

    def both(self, **more):
        """The codes of Organizations and of STS for the same mistake."""
        return (
            self.code(self.sandbox.client("acme", **more).describe_organization),
            self.code(self.sandbox.client("acme", "sts", **more).get_caller_identity))

    def test_an_unknown_key(self):
        keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x" * 40}
        assert self.both(keys=keys) == ("UnrecognizedClientException", "InvalidClientTokenId")

    def test_a_wrong_secret(self):
        keys = {**self.sandbox.keys("acme"), "aws_secret_access_key": "x" * 40}
        assert self.both(keys=keys) == ("InvalidSignatureException", "SignatureDoesNotMatch")

    def test_an_invalid_session_token(self):
        keys = {**self.sandbox.keys("acme"), "aws_session_token": "AAAA"}
        assert self.both(keys=keys) == ("UnrecognizedClientException", "InvalidClientTokenId")

    def test_temporary_credentials_without_their_token(self):
        reply = self.sandbox.client("acme", "sts").assume_role(
            RoleArn=f"arn:aws:iam::{DEMO['acme']}:role/Operator", RoleSessionName="judge")
        keys = {
            "aws_access_key_id": reply["Credentials"]["AccessKeyId"],
            "aws_secret_access_key": reply["Credentials"]["SecretAccessKey"]}
        assert self.both(keys=keys) == ("UnrecognizedClientException", "InvalidClientTokenId")

    def test_a_date_of_an_hour_ago(self):
        early = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
        with mock.patch.object(
                botocore.auth, "get_current_datetime", return_value=early.replace(tzinfo=None)):
            assert self.both() == ("InvalidSignatureException", "SignatureDoesNotMatch")

    def test_no_signature_at_all(self):
        unsigned = Config(signature_version=UNSIGNED)
        assert self.both(config=unsigned) == ("MissingAuthenticationTokenException", "MissingAuthenticationToken")

    def test_the_key_of_one_account_cannot_read_another(self):
        theirs = self.sandbox.client("acme-prod").list_handshakes_for_account()["Handshakes"][0]
        describe = self.sandbox.client("solo-shop").describe_handshake
        assert self.code(describe, HandshakeId=theirs["Id"]) == "HandshakeNotFoundException"

    def test_the_admin_path_requires_its_token(self):
        request = urllib.request.Request(
            self.sandbox.url + "/_sandbox/truth", headers={"Authorization": "Bearer wrong"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=10)
        assert caught.value.code in (401, 403)
