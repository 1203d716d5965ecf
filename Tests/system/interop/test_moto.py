"""moto with signature checks tests our client. Its handshake operations answer with a page of HTML."""
import urllib.request

import pytest
from account_judge import AccountJudge
from servers import PYTHON, Server

JUDGE = ("moto", "our client: STS, roles, DescribeOrganization, signatures")


class TestMoto(AccountJudge):
    @pytest.fixture(autouse=True, scope="class")
    def set_up_class(self, request):
        cls = request.cls
        cls.server = Server(
            str(PYTHON), "-m", "moto.server", "-H", "127.0.0.1", "-p", "PORT")
        request.addfinalizer(cls.server.close)
        cls.make_principals()
        cls.organization = cls.client(
            "organizations").create_organization()["Organization"]["Id"]
        # From here on every request must be signed by one of them.
        urllib.request.urlopen(urllib.request.Request(
            cls.server.url + "/moto-api/reset-auth", data=b"0",
            headers={"Content-Type": "text/plain"}), timeout=10)

    def test_the_account_that_created_the_organization_manages_it(self):
        assert self.program().info()["role"] == "management"
