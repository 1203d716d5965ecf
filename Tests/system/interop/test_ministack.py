"""ministack with AUTH=true, which checks signatures, trust policies and external ids, tests our client. It has no
handshake operation."""

import pytest
from account_judge import AccountJudge, trust
from servers import PYTHON, Server

JUDGE = ("ministack", "our client: STS, roles, DescribeOrganization, signatures")


class TestMinistack(AccountJudge):
    @pytest.fixture(autouse=True, scope="class")
    def set_up_class(self, request):
        cls = request.cls
        cls.server = Server(
            str(PYTHON), "-m", "ministack", environment=[
                ("BIND_HOST", "127.0.0.1"), ("GATEWAY_PORT", "PORT"), ("AUTH", "true")])
        request.addfinalizer(cls.server.close)
        secret = ', "Condition": {"StringEquals": {"sts:ExternalId": "from the ticket"}}'
        cls.make_principals(guarded=trust(secret))
        cls.organization = cls.client(
            "organizations").describe_organization()["Organization"]["Id"]

    def test_the_external_id_is_sent(self):
        config = self.role("guarded", "default", "external_id=from the ticket\n")
        assert "assumed-role/guarded/" in self.program(config).info("guarded")["caller"]

    def test_a_wrong_external_id_is_reported_as_refused(self):
        config = self.role("guarded", "default", "external_id=wrong\n")
        info = self.program(config).info("guarded")
        assert "guarded" in info["error"]
