"""ministack with AUTH=true, which checks signatures, trust policies and external ids, judges our
client."""
import unittest

import boto3

from servers import PYTHON, Program, Server

EVERYTHING = """{"Version": "2012-10-17", "Statement":
    [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""


def trust(condition=""):
    return ('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": '
            '"sts:AssumeRole", "Principal": {"AWS": "*"}' + condition + "}]}")


class Ministack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            str(PYTHON), "-m", "ministack", environment=[
                ("BIND_HOST", "127.0.0.1"), ("GATEWAY_PORT", "PORT"), ("AUTH", "true")])
        cls.addClassCleanup(cls.server.close)

        def client(service):
            return boto3.client(
                service, endpoint_url=cls.server.url, region_name="us-east-1",
                aws_access_key_id="test", aws_secret_access_key="test")
        iam = client("iam")
        iam.create_user(UserName="operator")
        iam.put_user_policy(
            UserName="operator", PolicyName="everything", PolicyDocument=EVERYTHING)
        key = iam.create_access_key(UserName="operator")["AccessKey"]
        cls.id, cls.secret = key["AccessKeyId"], key["SecretAccessKey"]
        cls.account = client("sts").get_caller_identity()["Account"]
        secret = ', "Condition": {"StringEquals": {"sts:ExternalId": "from the ticket"}}'
        for name, policy in (("first", trust()), ("second", trust()), ("guarded", trust(secret))):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)
            iam.put_role_policy(
                RoleName=name, PolicyName="everything", PolicyDocument=EVERYTHING)

    def program(self, config="", secret=None):
        made = Program(
            self.server.url, config=config,
            credentials=f"[default]\naws_access_key_id={self.id}\n"
                        f"aws_secret_access_key={secret or self.secret}\n")
        self.addCleanup(made.close)
        return made

    def role(self, name, source, more=""):
        return (f"[profile {name}]\nrole_arn=arn:aws:iam::{self.account}:role/{name}\n"
                f"source_profile={source}\nrole_session_name=judge\n{more}")

    def test_it_takes_our_signature_for_STS_and_DescribeOrganization(self):
        info = self.program().info()
        self.assertEqual(info["account"], self.account)
        self.assertTrue(info["organization"].startswith("o-"), info)

    def test_it_refuses_a_wrong_secret_and_we_say_so(self):
        info = self.program(secret="x" * 40).info()
        self.assertIn("error", info)

    def test_a_chain_of_roles_is_assumed(self):
        config = self.role("first", "default") + self.role("second", "first")
        self.assertIn("assumed-role/second/judge", self.program(config).info("second")["caller"])

    def test_the_external_id_is_sent(self):
        config = self.role("guarded", "default", "external_id=from the ticket\n")
        self.assertIn("assumed-role/guarded/", self.program(config).info("guarded")["caller"])

    def test_a_wrong_external_id_is_told_as_refused(self):
        config = self.role("guarded", "default", "external_id=wrong\n")
        info = self.program(config).info("guarded")
        self.assertIn("guarded", info["error"])

    def test_an_operation_it_does_not_know_is_an_error_and_never_an_empty_inbox(self):
        done = self.program().run("list", "--backend", "aws", "--json")
        self.assertNotEqual(done.returncode, 0)
        self.assertTrue(done.stderr.strip())


if __name__ == "__main__":
    unittest.main()
