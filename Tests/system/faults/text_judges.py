"""Tests of FAULT-38's checks: a damaged output must be refused, and a valid one must not."""
import pytest
from accounting import Lost, account, text_of
from terminal_stream import Stream

SPOILT_STREAMS = (
    b"a\x1b[6nb", b"\x1b]0;x\x07", b"\x1b]52;c;!\x07", b"\x9b31m", b"a\xe2\x80\xaeb", b"\x1bP\x1b\\",
    b"\x1b[5i", "\u200b".encode(), "\u009b".encode(), b"\x00", b"\x1b[?6h", b"\x1bc", b"\xff")
SPOILT_RENDERINGS = (
    ("ab", b"abc", "full"), ("a‹U+202E›", b"a\xe2\x80\xab", "full"), ("abc…(+1)", b"abcde", "cell"),
    ("ab", b"abcd", "cell"), ("a‹+2 marks›", b"ab", "cell"), ("e…(+1)", "e\u0301".encode(), "cell"),
    ("a\nb", b"acb", "layout"), ("ab", b"a\tb", "layout"), ("a\u202eb", "a\u202eb".encode(), "full"))
SOUND_RENDERINGS = (
    ("a‹U+202E›‹x80›", b"a\xe2\x80\xae\x80", "full"), ("ab…(+2)", b"abcd", "cell"), ("⏎a", b"\na", "cell"),
    ("a\nb       c", b"a\nb\tc", "layout"), ("e\u0301…(+1)", "e\u0301x".encode(), "cell"))


@pytest.mark.fault(38, "the judges themselves: spoilt streams and renderings", part="judges", slice=1, night=1, full=1)
def test_judges(case):
    for data in SPOILT_STREAMS:
        assert is_refused(lambda: Stream(data)), data
    for shown, value, form in SPOILT_RENDERINGS:
        assert is_refused(lambda: account(shown, value, form)), shown
    for data in (b"\x1b[0m", "\u202e".encode(), "\ue000".encode(), b"\xff", "\u00a0".encode()):
        assert is_refused(lambda: text_of(data)), data
    assert Stream(b"\x1b[1;2Hab\x1b[0m\x1b]52;c;YQ==\x07\r\n").clipboard == [b"a"]
    for shown, value, form in SOUND_RENDERINGS:
        assert account(shown, value, form) == len(shown), shown


def is_refused(judging):
    try:
        judging()
    except (Lost, AssertionError, UnicodeDecodeError):
        return True
    return False
