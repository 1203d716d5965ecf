#!/usr/bin/env python3
"""Runs the judges: other people's clients against our sandbox, our client against their servers.

Without arguments all of them; else those modules. Each judge's count goes to the file that
HANDSHAKE_TALLY names, one line of JSON a module, for docs/conformance.md. Exit 1 if any case failed.
"""
import importlib
import json
import os
import pathlib
import sys
import time
import unittest
from importlib.metadata import PackageNotFoundError, version

HERE = pathlib.Path(__file__).resolve().parent
SERVERS = HERE.parents[1] / ".build" / "judges" / "servers"
JUDGES = {
    "test_boto3": ("boto3", "operations, paginators, shapes"),
    "test_boto3_errors": ("boto3", "the 13 errors of AcceptHandshake"),
    "test_boto3_example": ("boto3", "the API reference's worked example"),
    "test_boto3_signatures": ("boto3", "signatures"),
    "test_aws_cli": ("awscli", "commands, --query, output forms"),
    "test_moto": ("moto", "our client: STS, roles, DescribeOrganization, signatures"),
    "test_ministack": ("ministack", "our client: STS, roles, DescribeOrganization, signatures"),
    "test_commands": ("own sandbox", "our program: every command over AWS"),
    "test_metadata": ("own fakes", "our client: instance and container credentials"),
    "test_sso": ("own fakes", "our client: IAM Identity Center, tokens and login"),
    "test_kills": ("own search", "killed in flight: applied once, found out by reading"),
    "test_secrets": ("own search", "no secret in files, logs, argv, environments, screens"),
}


def judge_version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        found = sorted(SERVERS.glob(f"lib/python3*/site-packages/{package}-*.dist-info"))
        return found[0].name.removesuffix(".dist-info").split("-")[-1] if found else ""


def run(name):
    suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(name))
    result = unittest.TextTestRunner(verbosity=2, buffer=True).run(suite)
    bad = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    package, what = JUDGES[name]
    line = {
        "judge": f"{package} {judge_version(package)}".strip(), "file": what,
        "cases": result.testsRun,
        "passed": result.testsRun - bad - len(result.skipped),
        "leftOut": [{"name": case.id(), "reason": reason} for case, reason in result.skipped]}
    if path := os.environ.get("HANDSHAKE_TALLY"):
        with open(path, "a", encoding="utf-8") as tally:
            tally.write(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n")
    return result.testsRun, bad


def main():
    sys.path.insert(0, str(HERE))
    names = sys.argv[1:] or [name for name in JUDGES if (HERE / f"{name}.py").exists()]
    started, failed, total = time.monotonic(), [], 0
    for name in names:
        print(f"judge: {name}", flush=True)
        count, bad = run(name)
        total += count
        if bad or not count:
            failed.append(name)
    print(f"judges: {total} cases in {time.monotonic() - started:.0f} s; "
          + (f"FAILED in {', '.join(failed)}" if failed else "all passed"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
