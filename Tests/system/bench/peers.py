"""Programs that an operator would write with boto3, each run as a process.

    peers.py list · peers.py accept ID · peers.py profiles THREADS NAME…
    peers.py round-trips COUNT     the same number of requests on one connection, and nothing else
"""
from __future__ import annotations

import concurrent.futures
import http.client
import json
import os
import sys
import time
import typing
import urllib.parse


def listed(session: typing.Any) -> list[dict[str, typing.Any]]:
    import botocore.config
    client = session.client(
        "organizations", config=botocore.config.Config(retries={"mode": "standard"}))
    pages = client.get_paginator("list_handshakes_for_account").paginate()
    return [handshake for page in pages for handshake in page["Handshakes"]]


def main(work: str, *arguments: str) -> None:
    if work == "round-trips":
        print(round_trips(int(arguments[0])))
        return
    import boto3
    if work == "list":
        found = listed(boto3.session.Session())
    elif work == "accept":
        client = boto3.session.Session().client("organizations")
        found = [client.accept_handshake(HandshakeId=arguments[0])["Handshake"]]
    else:
        threads, names = int(arguments[0]), arguments[1:]

        def one(name: str) -> list[dict[str, typing.Any]]:
            return listed(boto3.session.Session(profile_name=name))

        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            found = [handshake for each in pool.map(one, names) for handshake in each]
    print(json.dumps(found, default=str))


def round_trips(count: int) -> float:
    """Returns the seconds of so many requests, which the server refuses at once: they have no signature."""
    start = time.perf_counter()
    place = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    for _ in range(count):
        connection.request("POST", "/", b"{}", {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSOrganizationsV20161128.ListHandshakesForAccount"})
        connection.getresponse().read()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*sys.argv[1:])
