"""A fake IAM Identity Center: its portal gives role credentials for a token, its OIDC service renews tokens and logs
people in. The credentials are of our sandbox."""
import hashlib
import http.server
import json
import pathlib
import stat
import typing

import pytest
from sandbox import DEMO
from servers import Program, Terminal, serve

JUDGE = ("own fakes", "our client: IAM Identity Center, tokens and login")

START = "https://corp.awsapps.com/start"
CONFIG = f"""[profile sso]
sso_session = corp
sso_account_id = {DEMO["acme-prod"]}
sso_role_name = Operator
[sso-session corp]
sso_region = us-east-1
sso_start_url = {START}
sso_registration_scopes = sso:account:access
"""


class Fake(http.server.BaseHTTPRequestHandler):
    """`good` has the valid tokens; each login gets one `authorization_pending` first."""
    server: typing.Any

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.server.asked.append(self.path.split("?")[0])
        if self.headers.get("x-amz-sso_bearer_token") not in self.server.good:
            return self.reply(401, {"message": "Session token not found or invalid"})
        keys = self.server.keys
        self.reply(200, {"roleCredentials": {
            "accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"],
            "sessionToken": keys["SessionToken"],
            "expiration": int(keys["Expiration"].timestamp() * 1000)}})

    def do_POST(self):
        self.server.asked.append(self.path)
        assert "Authorization" not in self.headers, "signed"
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/client/register":
            return self.reply(200, {
                "clientId": "client", "clientSecret": "client-secret",
                "clientSecretExpiresAt": 4102444800})
        if self.path == "/device_authorization":
            return self.reply(200, {
                "deviceCode": "device", "userCode": "WDDD-HHQX", "expiresIn": 600, "interval": 1,
                "verificationUri": "https://device.sso.us-east-1.amazonaws.com/",
                "verificationUriComplete":
                    "https://device.sso.us-east-1.amazonaws.com/?user_code=WDDD-HHQX"})
        if asked["grantType"] == "refresh_token":
            if asked.get("refreshToken") != "refresh-1":
                return self.reply(400, {"error": "invalid_grant"})
            return self.token("renewed", "refresh-2")
        if not self.server.waited:
            self.server.waited = True
            return self.reply(400, {"error": "authorization_pending"})
        self.token("logged-in", "refresh-9")

    def token(self, token, refresh):
        self.server.good.add(token)
        self.reply(200, {"accessToken": token, "expiresIn": 3600, "refreshToken": refresh,
                         "tokenType": "Bearer"})

    def log_message(self, *_):
        pass


class TestIdentityCenter:
    @pytest.fixture(autouse=True)
    def set_up(self, sandbox, cleanup):
        self.sandbox = sandbox
        keys = self.sandbox.client("acme", "sts").assume_role(
            RoleArn=f"arn:aws:iam::{DEMO['acme-prod']}:role/Operator",
            RoleSessionName="judge")["Credentials"]
        self.fake = serve(self, Fake, asked=[], good={"good"}, waited=False, keys=keys)
        url = self.fake.url
        self.program = Program(self.sandbox.url, CONFIG, environment={
            "AWS_ENDPOINT_URL_SSO": url, "AWS_ENDPOINT_URL_SSO_OIDC": url}.items())
        cleanup.callback(self.program.close)
        name = hashlib.sha1(b"corp").hexdigest()
        self.file = pathlib.Path(self.program.home.name, ".aws", "sso", "cache", name + ".json")

    def token(self, token, expires, **more):
        self.file.parent.mkdir(parents=True)
        self.file.write_text(json.dumps({
            "startUrl": START, "region": "us-east-1", "accessToken": token, "expiresAt": expires,
            **more}))

    def list(self):
        return self.program.run("list", "--backend", "aws", "--profile", "sso", "--json")

    def test_a_token_of_the_AWS_CLI_is_used(self):
        self.token("good", "2099-01-01T00:00:00Z")
        done = self.list()
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["Handshakes"]
        assert self.fake.asked == ["/federation/credentials"]

    def test_an_expired_token_is_renewed_and_written_back(self):
        self.token(
            "old", "2026-01-01T00:00:00Z", refreshToken="refresh-1", clientId="client",
            clientSecret="client-secret", registrationExpiresAt="2099-01-01T00:00:00Z",
            somebodyElses={"kept": True})
        done = self.list()
        assert done.returncode == 0, done.stderr
        kept = json.loads(self.file.read_text())
        assert (kept["accessToken"], kept["refreshToken"]) == ("renewed", "refresh-2")
        assert kept["somebodyElses"] == {"kept": True}
        assert stat.S_IMODE(self.file.stat().st_mode) == 384

    def test_an_expired_login_names_the_remedy_and_is_no_empty_inbox(self):
        self.token("old", "2026-01-01T00:00:00Z")
        done = self.list()
        assert done.returncode != 0
        assert "aws sso login --profile sso" in done.stderr
        assert done.stdout == ""

    def test_a_token_that_the_portal_refuses_names_the_remedy(self):
        self.token("revoked", "2099-01-01T00:00:00Z")
        assert "aws sso login --profile sso" in self.list().stderr

    def test_L_logs_in_with_a_URL_and_a_code_and_reads_the_inbox(self):
        self.token("old", "2026-01-01T00:00:00Z")
        terminal = Terminal(self.program, "--backend", "aws", "--profile", "sso")
        assert "UNKNOWN" in terminal.shown
        terminal.press("L", quiet=3)
        terminal.press("1", quiet=2)
        terminal.press("q")
        shown = terminal.close()
        assert "WDDD-HHQX" in shown
        assert "device.sso.us-east-1.amazonaws.com" in shown
        assert "o-zz9y8x7w6v" in shown, "the inbox was not read after the login"
        kept = json.loads(self.file.read_text())
        assert set(kept) == {
            "startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt",
            "refreshToken"}
        for secret in ("logged-in", "client-secret", "refresh-9", "device\""):
            assert secret not in shown
