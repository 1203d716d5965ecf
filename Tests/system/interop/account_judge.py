"""Tests of our client that every foreign server must pass. A module that uses it sets server, key_id, secret, account
and organization, and roles named first and second that anybody may assume."""
import contextlib

import boto3
from servers import Program, Server

EVERYTHING = """{"Version": "2012-10-17", "Statement":
    [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""


def trust(condition=""):
    return ('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": '
            '"sts:AssumeRole", "Principal": {"AWS": "*"}' + condition + "}]}")


class AccountJudge:
    cleanup: contextlib.ExitStack
    server: Server
    key_id: str
    secret: str
    account: str
    organization: str

    @classmethod
    def client(cls, service):
        """As the server's own root, before it requires signatures."""
        return boto3.client(
            service, endpoint_url=cls.server.url, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test")

    @classmethod
    def make_principals(cls, **trusts):
        """Makes a user with a key, and a role for each of these trust policies."""
        iam = cls.client("iam")
        iam.create_user(UserName="operator")
        iam.put_user_policy(
            UserName="operator", PolicyName="everything", PolicyDocument=EVERYTHING)
        key = iam.create_access_key(UserName="operator")["AccessKey"]
        cls.key_id, cls.secret = key["AccessKeyId"], key["SecretAccessKey"]
        cls.account = cls.client("sts").get_caller_identity()["Account"]
        for name, policy in {"first": trust(), "second": trust(), **trusts}.items():
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)
            iam.put_role_policy(
                RoleName=name, PolicyName="everything", PolicyDocument=EVERYTHING)

    def program(self, config="", secret=None):
        made = Program(
            self.server.url, config=config,
            credentials=f"[default]\naws_access_key_id={self.key_id}\n"
                        f"aws_secret_access_key={secret or self.secret}\n")
        self.cleanup.callback(made.close)
        return made

    def role(self, name, source, more=""):
        return (f"[profile {name}]\nrole_arn=arn:aws:iam::{self.account}:role/{name}\n"
                f"source_profile={source}\nrole_session_name=judge\n{more}")

    def test_our_signature_is_accepted_for_STS_and_DescribeOrganization(self):
        info = self.program().info()
        assert info["account"] == self.account
        assert info["caller"].endswith(":user/operator"), info
        assert info["organization"] == self.organization

    def test_a_wrong_secret_is_refused_and_reported(self):
        info = self.program(secret="x" * 40).info()
        assert "error" in info
        assert "account" not in info

    def test_a_role_is_assumed(self):
        info = self.program(self.role("first", "default")).info("first")
        assert "assumed-role/first/judge" in info["caller"]
        assert "ends" in info

    def test_a_chain_of_roles_is_assumed(self):
        config = self.role("first", "default") + self.role("second", "first")
        assert "assumed-role/second/judge" in self.program(config).info("second")["caller"]

    def test_an_invalid_listing_is_an_error_and_never_an_empty_inbox(self):
        done = self.program().run("list", "--backend", "aws", "--json")
        assert done.returncode != 0
        assert done.stderr.strip()
