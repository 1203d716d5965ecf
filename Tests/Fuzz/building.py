"""Builds the targets with plain swiftc: only the folders that a target needs, each a module as in Package.swift, with
coverage and the address sanitizer in all of our code.

What is another's (Crypto) is linked as SwiftPM built it for debugging.
"""
import concurrent.futures
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCES = ROOT / "Sources"
PLACE = ROOT / ".build" / "fuzz"
SWIFTPM = ROOT / ".build" / "debug"
CHECKOUTS = ROOT / ".build" / "checkouts"

FLAGS = [
    "-O", "-wmo", "-parse-as-library", "-package-name", "handshake", "-swift-version", "6", "-sanitize=fuzzer,address",
    "-warnings-as-errors", "-enable-upcoming-feature", "ExistentialAny",
    "-enable-upcoming-feature", "MemberImportVisibility",
]

# The sources of each of our modules, in an order in which they can be built.
MODULES = {
    "Text": ["Text"],
    "Arguments": ["Arguments"],
    "Model": ["Model"],
    "Wire": ["Wire"],
    "ReviewJournal": ["Review/Journal"],
    "ReviewInbox": ["Review/Inbox"],
    "Platform": ["Platform"],
    "Signing": ["Signing/Secret.swift"],
    "AWSBackend": [
        "AWSBackend/Settings/ConfigFile.swift", "AWSBackend/Settings/ConfigText.swift",
        "AWSBackend/Settings/SettingOrigin.swift", "AWSBackend/Credentials/CommandLineSplit.swift"],
    "Drawing": ["Drawing/Key.swift"],
}
NEEDS = {
    "Text": [], "Arguments": [], "Model": ["Text"], "Wire": ["Text", "Model"],
    "ReviewJournal": ["Text", "Model", "Wire"],
    "ReviewInbox": ["Text", "Model", "ReviewJournal"],
    "Signing": [], "Platform": ["Text", "Model"],
    "AWSBackend": ["Text", "Model", "Platform", "Signing"], "Drawing": [],
}

# A target's file, our modules, files that are compiled with it, and the packages of others.
TARGETS = {
    "json": ("JSON.swift", ["Text", "Model", "Wire"], [], []),
    "records": ("Records.swift", ["Text", "Model", "Wire"], [], []),
    "sanitiser": ("Sanitiser.swift", ["Text"], [], []),
    "filter": ("Filter.swift", ["Text", "Model", "Wire", "ReviewJournal", "ReviewInbox"], [], [
        "Crypto", "CryptoBoringWrapper", "CCryptoBoringSSL", "CCryptoBoringSSLShims", "CXKCP",
        "CXKCPShims"]),
    "keys": ("Keys.swift", ["Text", "Model", "Drawing"], [
        "Terminal/InputDecoder.swift", "Terminal/ControlSequence.swift", "Terminal/Paste.swift"], []),
    "config": ("Config.swift", ["Text", "Model", "Arguments", "Platform"], [
        "HandshakeTUI/Configuration/ConfigurationFile.swift", "HandshakeTUI/Configuration/SettingTable.swift",
        "HandshakeTUI/Configuration/TOMLReader.swift", "HandshakeTUI/Configuration/TOMLDocument.swift",
        "HandshakeTUI/Running/CommandFailure.swift"], ["CLinux"]),
    "trust": ("Trust.swift", ["Text", "Model", "Wire", "ReviewJournal", "ReviewInbox"], [
        "HandshakeTUI/Configuration/TOMLReader.swift", "HandshakeTUI/Configuration/TOMLDocument.swift",
        "HandshakeTUI/Files/TrustText.swift"], [
        "Crypto", "CryptoBoringWrapper", "CCryptoBoringSSL", "CCryptoBoringSSLShims", "CXKCP",
        "CXKCPShims"]),
    "profiles": ("Profiles.swift", ["Text", "Model", "Platform", "Signing", "AWSBackend"], [], [
        "CLinux"]),
}


def program(target):
    return PLACE / "programs" / target


def build(targets):
    """Builds everything that the targets need and that is older than its sources."""
    (PLACE / "modules").mkdir(parents=True, exist_ok=True)
    (PLACE / "programs").mkdir(exist_ok=True)
    if not (SWIFTPM / "Modules" / "Crypto.swiftmodule").exists():
        call(["swift", "build", "--build-tests"], "the packages of others")
    wanted = [name for name in MODULES if any(name in TARGETS[target][1] for target in targets)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = {}
        for name in wanted:
            done[name] = pool.submit(build_module, name, [done[need] for need in NEEDS[name]])
        for one in done.values():
            one.result()
        for one in [pool.submit(build_program, target) for target in targets]:
            one.result()


def call(command, what):
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        sys.exit(f"fuzz: {what} cannot be built\n{ended.stdout}{ended.stderr}")


def swift_files(paths):
    for path in paths:
        yield from sorted(path.rglob("*.swift")) if path.is_dir() else [path]


def is_older(product, sources):
    if not product.exists():
        return True
    return product.stat().st_mtime < max(path.stat().st_mtime for path in sources)


def include_options():
    crypto = CHECKOUTS / "swift-crypto" / "Sources"
    maps = [crypto / name / "include" / "module.modulemap"
            for name in ("CCryptoBoringSSL", "CCryptoBoringSSLShims")]
    maps.append(SWIFTPM / "CLinux.build" / "module.modulemap")
    return ["-I", PLACE / "modules", "-I", SWIFTPM / "Modules"] + [
        part for path in maps for part in ("-Xcc", f"-fmodule-map-file={path}")]


def build_module(name, needs):
    for need in needs:
        need.result()
    sources = list(swift_files(SOURCES / path for path in MODULES[name]))
    product = PLACE / "modules" / f"{name}.o"
    below = [PLACE / "modules" / f"{need}.swiftmodule" for need in NEEDS[name]]
    if not is_older(product, sources + below):
        return
    call(["swiftc", *FLAGS, "-module-name", name, "-enable-testing", "-emit-module",
          "-emit-module-path", PLACE / "modules" / f"{name}.swiftmodule", "-c", "-o", product,
          *include_options(), *sources], name)


def build_program(target):
    file, modules, own, packages = TARGETS[target]
    sources = [HERE / file, HERE / "Promise.swift"]
    sources += swift_files(SOURCES / path for path in own)
    objects = [PLACE / "modules" / f"{name}.o" for name in modules]
    for package in packages:
        objects += sorted((SWIFTPM / f"{package}.build").rglob("*.o"))
    if not is_older(program(target), sources + objects):
        return
    call(["swiftc", *FLAGS, "-use-ld=lld", "-module-name", f"Fuzz_{target}", "-o", program(target),
          *include_options(), *sources, *objects], target)
