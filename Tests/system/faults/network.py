"""FAULT-1 to FAULT-6: a network and a service that fail while an answer is given, over AWS and its sandbox."""
import json
import time

import pytest
from cloud import Cloud
from operators_way import confirm_up_to_the_last_key

# The length of an accept's request, without what differs between runs: cuts go beyond its end too.
REQUEST = 1_400


@pytest.mark.fault(1, "connection cut before the request is sent", slice=3, night=20, full=200, jobs=20)
def test_cut_before(case):
    cloud = Cloud(case, relayed=True)
    seen, comes_back = [], case.random.random() < 0.6

    def spoil(_, operation, __):
        seen.append(operation)
        # The last read before the answer: after it the connection is closed.
        if seen.count("DescribeHandshake") == 1 and operation == "DescribeHandshake":
            return ("closed",)
        return None

    cloud.relay.spoil = spoil
    pause = case.random.uniform(0.0, 4.0)
    child = cloud.start_accept()
    closed_at = time.monotonic()
    while cloud.relay.listener.fileno() >= 0 and time.monotonic() - closed_at < 20:
        time.sleep(0.01)
    if comes_back:
        time.sleep(pause)
        cloud.relay.open()
    output = child.communicate(timeout=120)[0]
    case.note(f"comes back: {comes_back} after {pause:.1f} s\n{output}\n{cloud.kinds()}")
    applied = cloud.accepts()
    assert applied <= 1
    assert "UNKNOWN" not in cloud.kinds()
    assert cloud.kinds().count("INTENT") <= 3
    cloud.tells_the_truth(applied)
    assert child.returncode == (0 if applied else 1), child.returncode
    assert comes_back or not applied


@pytest.mark.fault(2, "cut mid-request, at every 16th byte", slice=2, night=20, full=200, jobs=40)
def test_cut_in_the_middle(case):
    cloud = Cloud(case, relayed=True)
    at = (case.seed * 16) % REQUEST
    how = case.random.choice(["fin", "reset"])
    cloud.relay.cut("AcceptHandshake", at, how)
    done = cloud.accept()
    case.note(f"cut at {at} by {how}\n{done.stdout}{done.stderr}")
    # A server cannot have applied a request that it never had completely; a client cannot know that.
    cloud.tells_the_truth(0)
    assert cloud.calls() == 0
    assert done.returncode == 1, done.returncode
    assert cloud.kinds()[-1] == "NOT_APPLIED_SO_FAR", cloud.kinds()
    # Nothing is lost by it: the operator can decide again.
    again = cloud.accept()
    assert again.returncode == 0, again.stdout + again.stderr
    cloud.tells_the_truth(1)


@pytest.mark.fault(3, "applied, reply lost", slice=6, night=50, full=500, jobs=16)
def test_reply_lost(case, cloud):
    kinds = [("lost", {}), ("reset", {}), ("truncated", {"bytes": case.random.randrange(400)}),
             ("truncated", {}), ("html", {"status": 200}), ("html", {"status": 504})]
    kind, more = ("slow", {"delay": 25_000}) if case.seed % 25 == 0 else case.random.choice(kinds)
    cloud.fault(kind, "AcceptHandshake", **more)
    done = cloud.accept()
    case.note(f"{kind} {more}\n{done.stdout}{done.stderr}\n{cloud.kinds()}")
    assert cloud.calls() == 1, "sent again"
    cloud.tells_the_truth(1)
    assert cloud.kinds() == ["GENESIS", "INTENT", "UNKNOWN", "DONE_LATER"], cloud.kinds()
    assert done.returncode == 0, done.returncode


@pytest.mark.fault(4, "500, 502, 503, 504, before or after applying", slice=4, night=40, full=400, jobs=40)
def test_server_errors(case, cloud):
    after = case.seed % 4 != 0
    status = case.random.choice([500, 502, 503, 504])
    cloud.fault("5xx-after" if after else "5xx-before", "AcceptHandshake", status=status)
    # The reads before it fail too, but not too often.
    failing = case.random.choice(["DescribeHandshake", "ListHandshakesForAccount"])
    times = case.random.randrange(3)
    if times:
        cloud.fault("5xx-before", failing, count=times, status=status)
    done = cloud.accept()
    case.note(f"{status} after={after}, {failing} × {times}\n{done.stdout}{done.stderr}")
    assert cloud.calls() == 1, "sent again"
    cloud.tells_the_truth(1 if after else 0)
    assert done.returncode == (0 if after else 1), done.returncode


@pytest.mark.fault(4, "500, 502, 503, 504 on every read", part="reads", slice=1, night=8, full=40, jobs=8)
def test_server_errors_on_reads(case, cloud):
    operation, command = case.random.choice(
        [("DescribeHandshake", cloud.accept),
         ("ListHandshakesForAccount", lambda: cloud.run("--backend", "aws", "list"))])
    before = cloud.calls(operation)
    cloud.fault("5xx-before", operation, count=None, status=case.random.choice([500, 502, 503, 504]))
    done = command()
    case.note(f"{operation}\n{done.stdout}{done.stderr}")
    assert 2 <= cloud.calls(operation) - before <= 5, cloud.calls(operation)
    assert cloud.calls() == 0, "sent without the last look"
    assert done.returncode == 1, done.returncode
    assert cloud.id not in done.stdout, "shown, though nothing was read"
    cloud.tells_the_truth(0)


@pytest.mark.fault(5, "throttled for 60 s, then clear", slice=0, night=4, full=20, jobs=4)
def test_throttle_storm(case, cloud, terminal):
    done = cloud.run("--backend", "aws", "trust", "add", cloud.organization, "999900001111", "--yes")
    assert done.returncode == 0, done.stderr
    screen = terminal(cloud, "--backend", "aws", "--write", size=(120, 40))
    confirm_up_to_the_last_key(screen, cloud.organization)
    cloud.fault("throttle", None, count=None)
    began = time.monotonic()
    before = cloud.sandbox.admin("truth")["Calls"]
    screen.press("\r")
    screen.until(lambda text: "rate" in text or "throttl" in text, timeout=30)
    case.note(screen.text)
    waits = []
    while time.monotonic() - began < 60:
        sent = time.monotonic()
        end = len(screen.bytes)
        screen.write("\x0c")
        while len(screen.bytes) == end and time.monotonic() - sent < 5:
            time.sleep(0.002)
        waits.append(time.monotonic() - sent)
        time.sleep(0.7)
    calls = cloud.sandbox.admin("truth")["Calls"]
    asked = sum(calls.values()) - sum(before.values())
    case.note(f"{asked} requests; keys answered in {sorted(waits)[len(waits) // 2] * 1000:.0f} ms")
    assert asked <= 12, f"{asked} requests in a minute"
    assert calls.get("AcceptHandshake", 0) <= 3
    assert sorted(waits)[len(waits) // 2] < 0.1, waits
    cloud.sandbox.admin("faults", method="DELETE")
    screen.settle(1, 60)
    screen.press("q", "q", "q")
    screen.signal(15)
    screen.wait(20)
    cloud.tells_the_truth(cloud.accepts())
    assert cloud.accepts() <= 1


@pytest.mark.fault(6, "replies that trickle, one byte a second", slice=0, night=4, full=20, jobs=10)
def test_trickle(case, cloud):
    cloud.fault("trickle", "ListHandshakesForAccount", count=None, delay=1_000)
    began = time.monotonic()
    done = cloud.run("--backend", "aws", "list", "--json", timeout=150)
    spent = time.monotonic() - began
    case.note(f"{spent:.1f} s\n{done.stdout}{done.stderr}")
    assert done.returncode == 1, done.returncode
    assert spent < 95, spent
    assert json.loads(done.stdout or "{}").get("Handshakes", []) == []


@pytest.mark.fault(6, "replies that trickle: keys and the end do not wait", part="keys", slice=1, night=4, full=20,
     jobs=4)
def test_trickle_screens(case, cloud, terminal):
    cloud.fault("trickle", case.random.choice(["ListHandshakesForAccount", "DescribeOrganization"]),
                count=None, delay=1_000)
    screen = terminal(cloud, "--backend", "aws")
    screen.until("SANDBOX")
    time.sleep(case.random.uniform(0.2, 3.0))
    for key in ("?", "\x1b"):
        end, sent = len(screen.bytes), time.monotonic()
        screen.write(key)
        while len(screen.bytes) == end and time.monotonic() - sent < 5:
            time.sleep(0.002)
        # An Esc waits 50 ms for following bytes.
        assert time.monotonic() - sent < 0.5, f"{key!r} took {time.monotonic() - sent:.2f} s"
        screen.settle(0.1)
    sent = time.monotonic()
    screen.press("q")
    assert screen.wait(10) == 0
    assert time.monotonic() - sent < 2.5
    screen.is_restored()
