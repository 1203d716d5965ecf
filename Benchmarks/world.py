"""The servers that everything is measured against: sandboxes of several sizes, near and far."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from material import Material, version

HERE = pathlib.Path(__file__).resolve().parent
# Every organization of a store asks each of its 100 accounts, so an account has this many a store of
# a hundred times as many.
RECIPIENTS = 100
LATENCY = 50


class World:
    def __init__(self, folder):
        self.folder = folder
        self.home = tempfile.TemporaryDirectory(prefix="handshake-bench-")
        self.sandboxes = {}
        self.processes = []
        self.material = Material(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)
        self.home.cleanup()

    def program(self, name):
        return str(self.folder / name)

    def sandbox(self, received):
        """A sandbox whose accounts have received this many invitations each; made once."""
        if received not in self.sandboxes:
            self.sandboxes[received] = Sandbox(self, received)
        return self.sandboxes[received]

    def environment(self, **more):
        """Nothing of the operator's: own home, no files, no metadata service."""
        home = self.home.name
        return {
            "PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8", "AWS_PAGER": "",
            "XDG_CONFIG_HOME": home + "/config", "XDG_DATA_HOME": home + "/data",
            "XDG_STATE_HOME": home + "/state", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", **more}

    def start(self, arguments):
        """A server that runs until the end; the first line that it prints."""
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=self.environment())
        self.processes.append(process)
        return process.stdout.readline()

    def moto(self):
        """The port of a moto server, where its environment is."""
        import socket
        import time
        import urllib.request
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        servers = pathlib.Path(sys.prefix).with_name("servers") / "bin" / "moto_server"
        self.processes.append(subprocess.Popen(
            [str(servers), "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=self.environment()))
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5).read()
                return port
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("moto does not start")

    def description(self):
        import boto3
        cli = subprocess.run(
            [aws(), "--version"], capture_output=True, text=True, check=True).stdout
        ours = subprocess.run(
            [self.program("handshake"), "--version"], capture_output=True, text=True, check=True,
            env=self.environment()).stdout.splitlines()[0]
        peers = [version(*arguments) for arguments in (
            ("tig", "--version"), ("less", "--version"), ("fzf", "--version"), ("mutt", "-v"),
            ("python3", "--version"))]
        return " · ".join([
            ours, cli.split()[0], f"boto3/{boto3.__version__}", *peers,
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"])


class Sandbox:
    def __init__(self, world, received):
        self.world = world
        store = f"{world.home.name}/{received}.sqlite"
        subprocess.run(
            [world.program("handshake"), "local", "init", "--store", store, "--size",
             str(received * RECIPIENTS)], check=True, env=world.environment())
        place = json.loads(
            world.start([world.program("handshake-sandbox"), "--port", "0", "--store", store]))
        self.port = place["port"]
        listed = subprocess.run(
            [world.program("handshake-sandbox"), "accounts", "--json", "--store", store],
            check=True, env=world.environment(), capture_output=True, text=True).stdout
        # The recipients' ids begin with 1, the organizations' own accounts' with 7.
        self.accounts = sorted(
            (row for row in json.loads(listed) if row["Id"].startswith("1")),
            key=lambda row: row["Id"])
        self.far_port = None
        # Accounts that have joined an organization, from the last one on.
        self.taken = 0

    def invitation(self, account):
        """The first handshake that waits for an account, and its sender's id."""
        import boto3
        row = self.accounts[account]
        client = boto3.session.Session().client(
            "organizations", region_name="us-east-1", endpoint_url=self.url(0),
            aws_access_key_id=row["AccessKeyId"], aws_secret_access_key=row["SecretAccessKey"])
        handshake = client.list_handshakes_for_account()["Handshakes"][0]
        return handshake["Id"], handshake["Arn"].split("/")[1]

    def page(self):
        """A page of 20 as the service writes it."""
        import load
        row = self.accounts[0]
        connection = load.Connection(self.port, load.signed(
            self.port, "organizations", (row["AccessKeyId"], row["SecretAccessKey"])))
        connection.ask()
        return connection.take()

    def url(self, latency):
        if latency == 0:
            return f"http://127.0.0.1:{self.port}"
        if self.far_port is None:
            self.far_port = int(self.world.start(
                [sys.executable, str(HERE / "relay.py"), str(self.port), str(LATENCY)]))
        return f"http://127.0.0.1:{self.far_port}"

    def environment(self, latency, account=0):
        """One account by the environment's keys."""
        row = self.accounts[account]
        return self.world.environment(
            AWS_ACCESS_KEY_ID=row["AccessKeyId"], AWS_SECRET_ACCESS_KEY=row["SecretAccessKey"],
            AWS_ENDPOINT_URL=self.url(latency))

    def profiles(self, count, latency):
        """Many accounts by the profiles of a file: their names, and the environment."""
        names = [f"account-{number:02}" for number in range(count)]
        file = pathlib.Path(self.world.home.name) / f"credentials-{count}-{latency}"
        file.write_text("".join(
            f"[{name}]\naws_access_key_id = {row['AccessKeyId']}\n"
            f"aws_secret_access_key = {row['SecretAccessKey']}\n"
            for name, row in zip(names, self.accounts, strict=False)))
        file.chmod(0o600)
        return names, self.world.environment(
            AWS_SHARED_CREDENTIALS_FILE=str(file), AWS_ENDPOINT_URL=self.url(latency))


def aws():
    return str(pathlib.Path(sys.executable).with_name("aws"))
