"""FAULT-35: limited memory."""
import pytest
from embedded import Embedded
from screen import RESTORED

# Less than the program's own code and data: the kernel ends it before it has begun.
TOO_LITTLE_TO_BEGIN = 84
# With this much it does its work.
ENOUGH = 384


def limited(case):
    """Returns the MiB of address space: from 64 to 256 in steps, and sometimes enough."""
    size = 64 + 10 * ((case.seed - 1) % 20) if case.seed % 5 else ENOUGH
    case.note(f"{size} MiB")
    return size, ["prlimit", f"--as={size << 20}"]


def ended_well(case, size, status, complained):
    case.tally(f"exit {status}" if status >= 0 else f"signal {-status}")
    if size >= ENOUGH:
        assert status == 0, "it has enough, and did not work"
    elif size < TOO_LITTLE_TO_BEGIN:
        assert status != 0
    else:
        assert status == 1, "it did not end by itself"
        assert b"not enough memory" in complained, "it ended without a word"


@pytest.mark.fault(35, "address space of 64 to 256 MiB", part="commands", slice=4, night=20, full=40, jobs=2)
def test_little_memory(case):
    home = Embedded(case, begun=False)
    size, prefix = limited(case)
    for command in (["list"], home.acceptance):
        child = home.start(*command, prefix=prefix)
        said, complained = child.communicate(timeout=60)
        case.note(f"{command[0]}: {child.returncode} {said[:200]!r} {complained[:500]!r}")
        ended_well(case, size, child.returncode, complained)
    assert home.is_accepted() == (size >= ENOUGH)
    home.finds_out(promised=b"accepted as" in said)


@pytest.mark.fault(35, "address space of 64 to 256 MiB", part="screens", slice=2, night=20, full=40, jobs=2)
def test_little_memory_screens(case, terminal):
    home = Embedded(case, begun=False)
    size, prefix = limited(case)
    screen = terminal(home, prefix=prefix)
    screen.settle(1.0)
    # Work for the allocator: the detail, a filter, the help, a large window.
    for keys in (["\r"], ["\x1b"], ["/", "a", "c", "\r"], ["?"], ["\x1b"]):
        if not screen.ended():
            screen.press(*keys)
    if not screen.ended():
        screen.resize(300, 120)
        screen.settle(0.5)
    for _ in range(5):
        if not screen.ended():
            screen.press("q", quiet=0.3)
    status = screen.wait(20)
    ended_well(case, size, status, screen.bytes)
    assert screen.modes() == screen.modes_before, "the modes differ from those found"
    has_begun = b"\x1b[?1049h" in screen.bytes
    assert has_begun == (RESTORED in screen.bytes), "the screen was not given back"
