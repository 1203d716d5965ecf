"""ministack with AUTH=true, which checks signatures, trust policies and external ids, judges our client. It
knows no handshake operation."""
import unittest

from account_judge import AccountJudge, trust
from servers import PYTHON, Server

JUDGE = ("ministack", "our client: STS, roles, DescribeOrganization, signatures")


class Ministack(AccountJudge, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            str(PYTHON), "-m", "ministack", environment=[
                ("BIND_HOST", "127.0.0.1"), ("GATEWAY_PORT", "PORT"), ("AUTH", "true")])
        cls.addClassCleanup(cls.server.close)
        secret = ', "Condition": {"StringEquals": {"sts:ExternalId": "from the ticket"}}'
        cls.make_principals(guarded=trust(secret))
        cls.organization = cls.client(
            "organizations").describe_organization()["Organization"]["Id"]

    def test_the_external_id_is_sent(self):
        config = self.role("guarded", "default", "external_id=from the ticket\n")
        self.assertIn("assumed-role/guarded/", self.program(config).info("guarded")["caller"])

    def test_a_wrong_external_id_is_told_as_refused(self):
        config = self.role("guarded", "default", "external_id=wrong\n")
        info = self.program(config).info("guarded")
        self.assertIn("guarded", info["error"])
