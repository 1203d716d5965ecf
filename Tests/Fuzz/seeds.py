"""The seeds of the fuzzers: small inputs of our own for each target, one file each."""
import json
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]

# One of each class of the sanitiser.
SCALARS = [
    0x00, 0x07, 0x09, 0x0A, 0x0D, 0x1B, 0x20, 0x22, 0x28, 0x3C, 0x7F, 0x85, 0x9B, 0xA0, 0xAD, 0x300,
    0x34F, 0x5D0, 0x61C, 0x903, 0x1100, 0x1161, 0x11A8, 0x1F1E6, 0x200B, 0x200D, 0x202E, 0x2026, 0x2028,
    0x2039, 0x203A, 0x2066, 0x23CE, 0x25CC, 0x2800, 0x3000, 0x3042, 0x3164, 0xAC00, 0xE000, 0xFE0F,
    0xFEFF, 0xFF1D, 0xFFFE, 0x1F600, 0xE0041, 0xE0100, 0x10FFFF]
BAD_BYTES = [b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80"]


def handshake(number):
    ident = f"h-examplehandshake{number}"
    return {
        "Id": ident,
        "Arn": f"arn:aws:organizations::111122223333:handshake/o-a1b2c3d4e5/invite/{ident}",
        "Parties": [
            {"Id": "a1b2c3d4e5", "Type": "ORGANIZATION"}, {"Id": "a@b.example", "Type": "EMAIL"}],
        "State": "OPEN", "RequestedTimestamp": 1700000000.5, "ExpirationTimestamp": 1701296000,
        "Action": "INVITE",
        "Resources": [
            {"Value": "o-a1b2c3d4e5", "Type": "ORGANIZATION",
             "Resources": [{"Value": "Acme", "Type": "MASTER_NAME"}]},
            {"Value": "hello \u202e", "Type": "NOTES"}]}


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def json_seeds():
    yield from (b"null", b" true ", b"-0.5e+10", b"[]", b"{}", b'""', b'"a', b"[1,]", b'{"a":1,"a":2}')
    yield from (b'["\\ud83d\\ude00","\\ud800","\\u0000\\b\\f\\n\\r\\t\\/\\\\\\""]', b"[" * 200)
    for bad in BAD_BYTES:
        yield b'["\\ud834' + bad + b'"]'
    yield compact(handshake(1))
    yield json.dumps(handshake(2), indent=4).encode()


def record_seeds():
    one, two = compact(handshake(1)), compact(handshake(2))
    yield one
    yield b'{"Handshake":' + one + b"}"
    yield b'{"Handshakes":[' + one + b"," + two + b'],"NextToken":"t"}'
    yield b'{"NextToken":null,"Handshakes":[' + one + b"," + one[:-4] + b"," + two + b"]}"
    yield b"[" + one.replace(b'"State"', b'"state"') + b"," + two + b"]"
    yield one + b"\n" + one[:40] + b"\n" + two
    for place in range(0, len(one), 37):
        yield one[:place]
        yield bytes([place >> 8, place & 255, place % 3]) + b'"{}[],:'[place % 7:]


def sanitiser_seeds():
    for scalar in SCALARS:
        sign = chr(scalar).encode("utf-8", "surrogatepass")
        yield b"\x0a" + b"ab" + sign * 6 + b"c"
    everything = "".join(map(chr, SCALARS)).encode()
    for columns in (0, 1, 16, 80):
        yield bytes([columns]) + everything
    for text in ("‹U+202E›", "<U+202E>", "…(+12)", "<+12>", "‹+3 marks›", "‹x80›",
                 "a,\"b\"", "=1+1"):
        yield b"\x14" + text.encode()
    for bad in BAD_BYTES:
        yield b"\x14a" + bad + b"b"


def filter_seeds():
    yield from (
        b'org:acme account:4444 state:pending expires:<3d trust:new "two words" word', b"hello",
        b"profile:prod-2", b"state:o", b"state:x", b"action:inv", b"expires:>90m", b"expires:<",
        b"trust:ok", b"org:", b'"open', b"arn:aws:organizations", b'a":"b', b"nope:1",
        b"expires:>9223372036854775807d",
        "gr\u00fc\u00dfe \u212a".encode())


def key_seeds():
    for text in (
            b"jaC\r", b"\x1b", b"\x1b[A\x1bOB\x1b[1~\x1b[15~", b"\x1b[[A", b"\x1bOM\x1bOy",
            b"\x1b]11;rgb:0/0/0\x07", b"\x1bP1\x1b\\", b"\x1b[200~yes\x1b[A\x1b[201~q",
            b"\x1b[200~\x1b[20",
            b"\xe2\x82\xac\xe2\x82", b"\xf0\x9f\x98\x80", b"\xff\xfe", b"\x1b[1;5A\x1bx", b"\x9b1m"):
        yield b"\x00" + text
        yield b"\x01" + text * 3


def config_seeds():
    yield (b'backend = "aws"\nprofiles = ["a", "b"]\nregion = "eu-west-1"\n'
           b'endpoint_url = "http://[::1]:1"\n'
           b'store = "/tmp/x"\naccount = "111122223333"\nread_only = true\nwrite = false\nascii = true\n'
           b'esc_delay = 300\ngrace = 0x10\nlog = \'/tmp/log\'\n')
    yield b'# a\r\n\r\nbackend = "local"\r\ngrace = 1_0\r\n'
    yield from (b'"grace" = 3', b"'log' = \"\"\"\n/a\nb\"\"\"", b"[backend]\na = 1")
    yield from (b"grace.a = 1", b"grace = 1.0")
    yield from (b"esc_delay = 1\nesc_delay = 2", b"unknown = 1", b'region = "\\u0041"')
    yield b"account = 1979-05-27"
    yield from toml_seeds()


def trust_seeds():
    one = b'[o-a1b2c3d4e5]\nmanagement_account = "999900001111"\n'
    yield one + b'name = "Acme \\u202E"\nadded_at = "2026-11-22T14:32:10.000Z"\nadded_by = "anna"\n'
    yield b"# listed\r\n" + one + b"\0\n" + one.replace(b"a1b2", b"b1b2")
    yield from (one + one, one + b"name = 5", one + b'added_at = "x"', one + b"notes = 1", b"a = 1\n" + one)
    yield from (b"o-a1b2c3d4e5 = { management_account = '999900001111' }", b"[o-short]\n")
    yield from toml_seeds()


def toml_seeds():
    """Inputs that crashed another TOML parser, and each kind of value."""
    yield from (b"[/a]", b"[ ", b"[[a]]", b"[a.b]", b"a = [}", b"a = [\xe2\x80\xa8]", b"a = 1\n\0\nb = 2")
    quotes = b"'" * 3
    yield b"\xef\xbb\xbfa = " + quotes + b"b\r\nc''" + quotes + b" # d\n'e' = [ 1, # f\n  true, \"\\u00e9\" ]\n"
    quotes = b'"' * 3
    yield b"a = " + quotes + b'\nb \\  \n\n c""\\"' + quotes + b'"\nd = -0x7f\n'
    yield b"a = -9223372036854775808\nb = 1_000\nc = 0b1\nd = 0o7\n"


def profile_seeds():
    yield (b"[default]\nregion = eu-west-1 # no\n[profile a b]\n[profile dev]\n"
           b"role_arn = arn:aws:iam::1:role/x\n"
           b"services = s\n[services s]\norganizations =\n  endpoint_url = http://localhost:1\n"
           b"[sso-session x]\nsso_start_url = https://x\n")
    yield (b"[dev]\naws_access_key_id = AKIA\naws_secret_access_key = abc\n  more\n"
           b"aws_session_token =\n a = b\n")
    yield from (b"[x", b"a = b", b"[a]\n= b", b"[a]\nb", b" a", b"[a]\n b", b"[a]\nb =\n c")
    yield b"[a];\n;\n#\n[b]#"
    yield b"\xef\xbb\xbf[default]\r\na=1\r\n\xff"


OURS = {
    "json": json_seeds, "records": record_seeds, "sanitiser": sanitiser_seeds, "filter": filter_seeds,
    "keys": key_seeds, "config": config_seeds, "trust": trust_seeds,
    "profiles": profile_seeds}


# Corpora beside the checkout, which are not in it.
SHARED = pathlib.Path(os.environ.get("HANDSHAKE_SHARED", ROOT.parent / "shared")) / "corpora"


def shared_lines(target):
    """The lines of long corpora, each a seed."""
    files = {
        "sanitiser": ["big-list-of-naughty-strings/blns.txt", "kuhn/UTF-8-test.txt"],
        "filter": ["big-list-of-naughty-strings/blns.txt"],
    }
    for name in files.get(target, []):
        if (SHARED / name).is_file():
            yield from ((SHARED / name).read_bytes()).splitlines()


def write(target, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate([*OURS[target](), *shared_lines(target)]):
        (folder / f"{number:04}").write_bytes(seed)


def shared_folders(target):
    """Corpora of short files, read in place."""
    folder = SHARED / "JSONTestSuite" / "test_parsing"
    return [folder] if target in ("json", "records") and folder.is_dir() else []
