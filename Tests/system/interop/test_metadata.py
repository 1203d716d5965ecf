"""A fake instance metadata service and a fake container endpoint give our program its credentials."""
import http.server
import json
import typing

import pytest
from sandbox import DEMO
from servers import Program, serve

JUDGE = ("own fakes", "our client: instance and container credentials")


class Fake(http.server.BaseHTTPRequestHandler):
    """Both services; `asked` has their requests."""
    server: typing.Any

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        self.server.asked.append(("PUT", self.path, dict(self.headers)))
        if self.server.version == 1:
            return self.reply(404)
        ttl = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if self.path != "/latest/api/token" or not ttl.isdigit():
            return self.reply(400)
        self.reply(200, b"imds-token-1", X_aws_ec2_metadata_token_ttl_seconds=ttl)

    def do_GET(self):
        self.server.asked.append(("GET", self.path, dict(self.headers)))
        keys = {
            "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-11-23T00:00:00Z",
            "AccessKeyId": self.server.keys["AccessKeyId"],
            "SecretAccessKey": self.server.keys["SecretAccessKey"],
            "Token": self.server.keys["SessionToken"],
            "Expiration": self.server.keys["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")}
        if self.path.startswith("/latest/"):
            if self.headers.get("X-aws-ec2-metadata-token") != "imds-token-1":
                return self.reply(401)
            roles = "/latest/meta-data/iam/security-credentials/"
            if self.path == roles:
                return self.reply(200, b"operator\n")
            return self.reply(200, json.dumps(keys).encode())
        if self.headers.get("Authorization") != "Bearer container":
            return self.reply(403)
        # EKS Pod Identity leaves RoleArn out.
        self.reply(200, json.dumps(keys).encode())

    def log_message(self, *_):
        pass


class TestMetadata:
    @pytest.fixture(autouse=True)
    def set_up(self, sandbox):
        self.sandbox = sandbox
        keys = self.sandbox.client("acme", "sts").assume_role(
            RoleArn=f"arn:aws:iam::{DEMO['acme-prod']}:role/Instance",
            RoleSessionName="i-0123456789abcdef0")["Credentials"]
        self.fake = serve(self, Fake, asked=[], version=2, keys=keys)
        self.url = self.fake.url

    def info(self, **environment):
        with Program(self.sandbox.url, environment=environment.items()) as program:
            return program.info()

    def test_an_instance_returns_credentials_with_a_token_of_version_2(self):
        info = self.info(
            AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT=self.url)
        assert info["account"] == DEMO["acme-prod"]
        assert "assumed-role/Instance/" in info["caller"]
        assert self.fake.asked[0][:2] == ("PUT", "/latest/api/token")

    def test_where_version_1_is_disabled_an_instance_without_version_2_is_not_asked_in_it(self):
        self.fake.version = 1
        info = self.info(
            AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_V1_DISABLED="true",
            AWS_EC2_METADATA_SERVICE_ENDPOINT=self.url)
        assert "error" in info
        assert not [path for method, path, _ in self.fake.asked if method == "GET"]

    def test_a_container_returns_credentials_with_its_token(self):
        info = self.info(
            AWS_CONTAINER_CREDENTIALS_FULL_URI=self.url + "/role",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="Bearer container")
        assert info["account"] == DEMO["acme-prod"]

    def test_a_container_that_refuses_is_an_error_that_names_no_token(self):
        info = self.info(
            AWS_CONTAINER_CREDENTIALS_FULL_URI=self.url + "/role",
            AWS_CONTAINER_AUTHORIZATION_TOKEN="wrong-and-secret")
        assert "error" in info
        assert "wrong-and-secret" not in str(info)
