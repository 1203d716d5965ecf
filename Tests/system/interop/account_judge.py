"""What every server of someone else's must find of our client. A module that uses it sets server, key_id, secret,
account and organization, and roles named first and second that anybody may assume."""
import typing
import unittest

import boto3
from servers import Program, Server

EVERYTHING = """{"Version": "2012-10-17", "Statement":
    [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""


def trust(condition=""):
    return ('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": '
            '"sts:AssumeRole", "Principal": {"AWS": "*"}' + condition + "}]}")


# A test case to the type checker alone: this class by itself must not be collected.
if typing.TYPE_CHECKING:
    Base = unittest.TestCase
else:
    Base = object


class AccountJudge(Base):
    server: Server
    key_id: str
    secret: str
    account: str
    organization: str

    @classmethod
    def client(cls, service):
        """As the server's own root, before it asks for anybody's signature."""
        return boto3.client(
            service, endpoint_url=cls.server.url, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test")

    @classmethod
    def make_principals(cls, **trusts):
        """A user with a key, and a role for each of these trust policies."""
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
        self.addCleanup(made.close)
        return made

    def role(self, name, source, more=""):
        return (f"[profile {name}]\nrole_arn=arn:aws:iam::{self.account}:role/{name}\n"
                f"source_profile={source}\nrole_session_name=judge\n{more}")

    def test_it_takes_our_signature_for_STS_and_DescribeOrganization(self):
        info = self.program().info()
        self.assertEqual(info["account"], self.account)
        self.assertTrue(info["caller"].endswith(":user/operator"), info)
        self.assertEqual(info["organization"], self.organization)

    def test_it_refuses_a_wrong_secret_and_we_say_so(self):
        info = self.program(secret="x" * 40).info()
        self.assertIn("error", info)
        self.assertNotIn("account", info)

    def test_a_role_is_assumed(self):
        info = self.program(self.role("first", "default")).info("first")
        self.assertIn("assumed-role/first/judge", info["caller"])
        self.assertIn("ends", info)

    def test_a_chain_of_roles_is_assumed(self):
        config = self.role("first", "default") + self.role("second", "first")
        self.assertIn("assumed-role/second/judge", self.program(config).info("second")["caller"])

    def test_what_is_no_listing_is_an_error_and_never_an_empty_inbox(self):
        done = self.program().run("list", "--backend", "aws", "--json")
        self.assertNotEqual(done.returncode, 0)
        self.assertTrue(done.stderr.strip())
