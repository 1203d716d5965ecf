"""The rows of the table in docs/performance.md, those that ask AWS among them."""
import pathlib
import re
import sys

from load import rate
from measure import Command, Row
from world import aws

PEERS = str(pathlib.Path(__file__).resolve().with_name("peers.py"))
IDENTIFIER = re.compile(r'"Id": ?"(h-[0-9a-z]+)"')


def has(count):
    """Whether as many handshakes were printed."""
    return lambda text: len(set(IDENTIFIER.findall(text))) == count


def boto3(*arguments):
    return [sys.executable, PEERS, *arguments]


def listing(received, latency, peer, target=None):
    """One account's handshakes, all pages."""
    def ours(world, _):
        return Command(
            [world.program("handshake"), "--backend", "aws", "list", "--json"],
            world.sandbox(received).environment(latency), has(received))

    def theirs(world, _):
        arguments = (
            [aws(), "organizations", "list-handshakes-for-account", "--output", "json"]
            if peer == "aws CLI" else boto3("list"))
        return Command(arguments, world.sandbox(received).environment(latency), has(received))

    return Row(f"list {received:,}, {latency} ms", peer, ours, theirs, target)


def embedded(received):
    """The embedded organization, against the AWS CLI that asks a server of as many."""
    def ours(world, _):
        return Command(
            [world.program("handshake"), "--store", world.material.store(received), "list", "--json"],
            world.environment(), has(received))

    return Row(
        f"list {received:,}, embedded", "aws CLI", ours, listing(received, 0, "aws CLI").theirs, 0.03)


def pages(received, latency):
    """The same against as many round trips alone."""
    def theirs(world, _):
        count = (received + 19) // 20
        return Command(
            boto3("round-trips", str(count)), world.sandbox(received).environment(latency),
            lambda text: float(text) > 0, own_time=float)

    row = listing(received, latency, "aws CLI", 1.15)
    return Row(
        f"list {(received + 19) // 20} pages, {latency} ms", "the round trips alone", row.ours,
        theirs, row.target)


def accepting(latency, peer):
    """One accept, by another account each time: an account joins once."""
    def invitation(world, number):
        sandbox = world.sandbox(20)
        account = len(sandbox.accounts) - 1 - sandbox.taken
        sandbox.taken += 1
        return sandbox, account, sandbox.invitation(account)

    def ours(world, number):
        sandbox, account, (identifier, organization) = invitation(world, number)
        return Command(
            [world.program("handshake"), "--backend", "aws", "accept", identifier,
             "--expect-org", organization, "--reason", "bench"],
            sandbox.environment(latency, account), lambda text: identifier in text)

    def theirs(world, number):
        sandbox, account, (identifier, _) = invitation(world, number)
        arguments = (
            [aws(), "organizations", "accept-handshake", "--handshake-id", identifier]
            if peer == "aws CLI" else boto3("accept", identifier))
        return Command(
            arguments, sandbox.environment(latency, account), lambda text: "ACCEPTED" in text)

    return Row(f"one accept, {latency} ms", peer, ours, theirs)


def profiles(count, threads, latency, target=None):
    """Many accounts, 16 at a time."""
    def ours(world, _):
        names, environment = world.sandbox(20).profiles(count, latency)
        chosen = [part for name in names for part in ("--profile", name)]
        return Command(
            [world.program("handshake"), "--backend", "aws", *chosen, "list", "--json"],
            environment, has(count * 20))

    def theirs(world, _):
        names, environment = world.sandbox(20).profiles(count, latency)
        return Command(boto3("profiles", str(threads), *names), environment, has(count * 20))

    return Row(
        f"list {count} profiles, {latency} ms", f"boto3, {threads} threads", ours, theirs, target)


ROWS = [
    embedded(20),
    listing(20, 0, "aws CLI", 0.10),
    listing(20, 50, "aws CLI"),
    listing(20, 0, "boto3"),
    listing(20, 50, "boto3"),
    listing(1_000, 0, "aws CLI"),
    listing(1_000, 50, "aws CLI"),
    listing(1_000, 0, "boto3"),
    listing(1_000, 50, "boto3"),
    pages(920, 50),
    profiles(50, 16, 0, 0.10),
    profiles(50, 16, 50, 0.10),
    accepting(0, "aws CLI"),
    accepting(50, "aws CLI"),
    accepting(0, "boto3"),
]


def requests_a_second(table, world, seconds):
    """Our sandbox's rate beside moto's, on the operation that both have, and on ours alone."""
    sandbox = world.sandbox(20)
    row = sandbox.accounts[0]
    keys = (row["AccessKeyId"], row["SecretAccessKey"])
    moto = world.moto()
    ours = rate(sandbox.port, "sts", keys, seconds)
    theirs = rate(moto, "sts", ("test", "test"), seconds)
    table.add(
        "sandbox requests a second, GetCallerIdentity", "moto_server, signatures unchecked",
        f"{ours:,.0f}", f"{theirs:,.0f}", ours / theirs)
    listings = rate(sandbox.port, "organizations", keys, seconds)
    table.lines.append(
        ("sandbox requests a second, 20 handshakes listed", "", f"{listings:,.0f}", "", "", ""))
