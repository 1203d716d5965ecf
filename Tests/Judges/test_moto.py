"""moto, its signature check switched on, judges our client."""
import unittest
import urllib.request

import boto3

from servers import PYTHON, Program, Server


class Moto(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            str(PYTHON), "-m", "moto.server", "-H", "127.0.0.1", "-p", "PORT")
        cls.addClassCleanup(cls.server.close)
        cls.make_principals()
        # From here on every request must be signed by one of them.
        urllib.request.urlopen(urllib.request.Request(
            cls.server.url + "/moto-api/reset-auth", data=b"0",
            headers={"Content-Type": "text/plain"}), timeout=10)

    @classmethod
    def make_principals(cls):
        def client(service):
            return boto3.client(
                service, endpoint_url=cls.server.url, region_name="us-east-1",
                aws_access_key_id="test", aws_secret_access_key="test")
        iam = client("iam")
        iam.create_user(UserName="operator")
        everything = """{"Version": "2012-10-17", "Statement":
            [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""
        iam.put_user_policy(
            UserName="operator", PolicyName="everything", PolicyDocument=everything)
        key = iam.create_access_key(UserName="operator")["AccessKey"]
        cls.id, cls.secret = key["AccessKeyId"], key["SecretAccessKey"]
        cls.account = client("sts").get_caller_identity()["Account"]
        trust = everything.replace('"Resource": "*"', '"Principal": {"AWS": "*"}')
        for name in ("first", "second"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
            iam.put_role_policy(
                RoleName=name, PolicyName="everything", PolicyDocument=everything)
        cls.organization = client("organizations").create_organization()["Organization"]["Id"]

    def program(self, config="", **keys):
        secret = keys.get("secret", self.secret)
        made = Program(
            self.server.url, config=config,
            credentials=f"[default]\naws_access_key_id={self.id}\naws_secret_access_key={secret}\n")
        self.addCleanup(made.close)
        return made

    def role(self, name, source):
        return (f"[profile {name}]\nrole_arn=arn:aws:iam::{self.account}:role/{name}\n"
                f"source_profile={source}\nrole_session_name=judge\n")

    def test_it_takes_our_signature_for_STS_and_DescribeOrganization(self):
        info = self.program().info()
        self.assertEqual(info["account"], self.account)
        self.assertTrue(info["caller"].endswith(":user/operator"), info)
        self.assertEqual(info["organization"], self.organization)
        self.assertEqual(info["role"], "management")

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

    def test_an_HTML_page_instead_of_a_listing_is_an_error_and_never_an_empty_inbox(self):
        done = self.program().run("list", "--backend", "aws", "--json")
        self.assertNotEqual(done.returncode, 0)
        self.assertTrue(done.stderr.strip())


if __name__ == "__main__":
    unittest.main()
