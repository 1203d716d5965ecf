"""Rows of docs/performance.md that time commands: over AWS, beside the AWS CLI and boto3, and embedded."""
from __future__ import annotations

import pathlib
import re
import sys
import typing
from collections.abc import Callable

from load import rate
from measure import Command, Row
from programs import program
from world import aws

if typing.TYPE_CHECKING:
    from measure import Table
    from world import Service, World

PEERS = str(pathlib.Path(__file__).resolve().with_name("peers.py"))
IDENTIFIER = re.compile(r'"Id": ?"(h-[0-9a-z]+)"')


def has(count: int) -> Callable[[str], bool]:
    """Returns whether an output has as many handshakes."""
    return lambda text: len(set(IDENTIFIER.findall(text))) == count


def boto3(*arguments: str) -> list[str]:
    return [sys.executable, PEERS, *arguments]


def listing(received: int, latency: int, peer: str, target: float | None = None) -> Row:
    """Returns the row that lists one account's handshakes, all pages."""
    def ours(world: World, _: int) -> Command:
        return Command(
            [program(), "--backend", "aws", "list", "--json"],
            world.service(received).environment(latency), has(received))

    def theirs(world: World, _: int) -> Command:
        arguments = (
            [aws(), "organizations", "list-handshakes-for-account", "--output", "json"]
            if peer == "aws CLI" else boto3("list"))
        return Command(arguments, world.service(received).environment(latency), has(received))

    return Row(f"list {received:,}, {latency} ms", peer, ours, theirs, target)


def embedded(received: int) -> Row:
    """Returns the row that compares the embedded organization with the AWS CLI and a server of the same size."""
    def ours(world: World, _: int) -> Command:
        return Command(
            [program(), "--store", world.material.store(received), "list", "--json"],
            world.environment(), has(received))

    return Row(
        f"list {received:,}, embedded", "aws CLI", ours, listing(received, 0, "aws CLI").theirs, 0.03)


def pages(received: int, latency: int) -> Row:
    """Returns the row that compares a listing with as many round trips alone."""
    def theirs(world: World, _: int) -> Command:
        count = (received + 19) // 20
        return Command(
            boto3("round-trips", str(count)), world.service(received).environment(latency),
            lambda text: float(text) > 0, own_time=float)

    row = listing(received, latency, "aws CLI", 1.15)
    return Row(
        f"list {(received + 19) // 20} pages, {latency} ms", "the round trips alone", row.ours,
        theirs, row.target)


def accepting(latency: int, peer: str) -> Row:
    """Returns the row of one accept. Each run is by another account, since an account joins once."""
    def invitation(world: World) -> tuple[Service, int, tuple[str, str]]:
        service = world.service(20)
        account = len(service.accounts) - 1 - service.joined
        service.joined += 1
        return service, account, service.invitation(account)

    def ours(world: World, number: int) -> Command:
        service, account, (identifier, organization) = invitation(world)
        return Command(
            [program(), "--backend", "aws", "accept", identifier,
             "--expect-org", organization, "--reason", "bench"],
            service.environment(latency, account), lambda text: identifier in text)

    def theirs(world: World, number: int) -> Command:
        service, account, (identifier, _) = invitation(world)
        arguments = (
            [aws(), "organizations", "accept-handshake", "--handshake-id", identifier]
            if peer == "aws CLI" else boto3("accept", identifier))
        return Command(
            arguments, service.environment(latency, account), lambda text: "ACCEPTED" in text)

    return Row(f"one accept, {latency} ms", peer, ours, theirs)


def profiles(count: int, threads: int, latency: int, target: float | None = None) -> Row:
    """Returns the row that lists many accounts, so many at once for the peer."""
    def ours(world: World, _: int) -> Command:
        names, environment = world.service(20).profiles(count, latency)
        chosen = [part for name in names for part in ("--profile", name)]
        return Command(
            [program(), "--backend", "aws", *chosen, "list", "--json"],
            environment, has(count * 20))

    def theirs(world: World, _: int) -> Command:
        names, environment = world.service(20).profiles(count, latency)
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


def requests_a_second(table: Table, world: World, seconds: float) -> None:
    """Adds our sandbox's rate beside moto's, for the operation that both have, and for a page of handshakes."""
    service = world.service(20)
    ours = rate(service.port, "sts", service.keys(), seconds)
    theirs = rate(world.moto(), "sts", ("test", "test"), seconds)
    table.add("sandbox requests a second, GetCallerIdentity", "moto_server, signatures unchecked", ours, theirs)
    listings = rate(service.port, "organizations", service.keys(), seconds)
    table.add("sandbox requests a second, 20 handshakes listed", "", listings, None)
