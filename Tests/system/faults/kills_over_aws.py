"""FAULT-20 over AWS: killed while its request is in flight; the sandbox's truth log has the result."""
import signal
import time
import typing

import pytest
from kills import INTENT, kill_after
from spoilt_calls import later, spoiling

ASKING = "AWSOrganizationsV20161128.AcceptHandshake"
DONE = '"kind":"DONE"'
# How the shim finds the point; a fault of the sandbox where the program waits for the service.
POINTS: dict[str, typing.Any] = {
    "before INTENT": dict(do="kill-before", match=INTENT),
    "INTENT written, not synced": dict(do="kill-after", match=INTENT),
    "INTENT synced, nothing sent": dict(do="kill-before", match=ASKING, kinds=["send"]),
    "in the middle of sending": dict(do="kill-half", match=ASKING, kinds=["send"]),
    "sent, not carried out": "late",
    "carried out, no reply yet": "slow",
    "replied, before DONE": dict(do="kill-before", match=DONE),
    "DONE written, not ended": dict(do="kill-after", match=DONE),
}
APPLIED = ("sent, not carried out", "carried out, no reply yet", "replied, before DONE",
           "DONE written, not ended")


def settled(case, cloud, output=""):
    """Returns the state in the service at the end, and the output of the next start."""
    applied, sent = cloud.accepts(), cloud.calls()
    case.note(f"sent {sent}, applied {applied}, {cloud.kinds()}\n{output}")
    assert applied <= sent <= 1
    assert not sent or "INTENT" in cloud.kinds(), "sent without an intent"
    # An accept that was applied is found at once; one that was not takes a minute.
    again = cloud.accept(environment={} if applied else later())
    case.note(f"again: {again.returncode} {again.stdout} {again.stderr}\n{cloud.kinds()}")
    assert cloud.calls() == sent + (not applied), "sent again"
    cloud.tells_the_truth(1)
    assert cloud.state() == "ACCEPTED"
    ends = [kind for kind in cloud.kinds() if kind in ("DONE", "DONE_LATER")]
    assert len(ends) == 1, cloud.kinds()


@pytest.mark.fault(20, "SIGKILL at the protocol's points", part="aws points", slice=8, night=40, full=400, jobs=6)
def test_killed_at_a_point_over_aws(case, cloud):
    name = list(POINTS)[(case.seed - 1) % len(POINTS)]
    way = POINTS[name]
    if isinstance(way, str):
        cloud.fault(way, "AcceptHandshake", delay=3_000)
        child = cloud.start_accept()
        deadline = time.monotonic() + 60
        while not cloud.calls() and time.monotonic() < deadline:
            time.sleep(0.01)
        killed, output = kill_after(child, case.random.uniform(0, 0.1))
        assert killed
        while not cloud.accepts() and time.monotonic() < deadline:
            time.sleep(0.05)
    else:
        done = cloud.accept(environment=spoiling(case.folder, **way))
        output = done.stdout + done.stderr
        assert done.returncode == -signal.SIGKILL, f"not killed {name}: {output}"
    assert cloud.accepts() == (name in APPLIED)
    case.tally(f"killed: {name}; {cloud.accepts()} accepts")
    settled(case, cloud, output)


@pytest.mark.fault(20, "SIGKILL at random instants of accept", part="aws", slice=4, night=30, full=300, jobs=6)
def test_killed_at_random_over_aws(case, cloud):
    delay, kind = 0, case.random.choice([None, "late", "slow"])
    if kind:
        delay = case.random.randrange(50, 600)
        cloud.fault(kind, "AcceptHandshake", delay=delay)
    child = cloud.start_accept()
    killed, output = kill_after(child, case.random.uniform(0, 0.4 + delay / 1000))
    # A request that was sent is applied by now, or never.
    time.sleep(delay / 1000 + 0.5)
    place = "applied" if cloud.accepts() else "sent" if cloud.calls() else "not sent"
    case.tally(f"killed: {place}" if killed else "had ended")
    settled(case, cloud, output)
