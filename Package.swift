// swift-tools-version: 6.2

import PackageDescription

/// Every module of ours is held to the same rules: Swift 6, strict concurrency, no warnings.
let houseRules: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: houseRules)
}

func cModule(_ name: String, path: String? = nil, linking libraries: [String] = []) -> Target {
  .target(
    name: name, path: path, cSettings: [.treatAllWarnings(as: .error)],
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: houseRules)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: name == "HandshakeUITests" ? ["Frames"] : [],
    swiftSettings: houseRules)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
// FlyingFox's sockets and event loop. Its HTTP has no bound on a head and none on a slow sender.
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

/// What nearly every module rests on: text of others, handshakes, and their wire forms.
let core: [Target.Dependency] = ["Text", "Model", "Wire"]
/// The review of handshakes, from the lowest layer to the highest.
let review: [Target.Dependency] = [
  "ReviewJournal", "ReviewInbox", "ReviewAnswering", "ReviewWording",
]

let package = Package(
  name: "handshake",
  products: [
    .executable(name: "handshake", targets: ["HandshakeTUI"]),
    .executable(name: "handshake-sandbox", targets: ["HandshakeSandbox"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    // The sandbox's alone.
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
  ],
  targets: [
    cModule("CNcurses", linking: ["ncursesw", "tinfo"]),
    // The few Linux calls that Swift cannot see.
    cModule("CLinux"),
    // The system's SQLite.
    cModule("CSQLite", linking: ["sqlite3"]),
    // libcurl's headers, and a table of its functions that is filled by dlopen at the first request.
    cModule("CCurl"),

    module("Text"),
    module("Model", ["Text"]),
    module("Wire", ["Text", "Model"]),
    // The command lines of both programs.
    module("Arguments"),
    // The machine that the programs run on: files, clocks, random bytes, the process itself.
    module("Platform", ["Model", "CLinux"]),

    // The review of handshakes, in layers: a folder imports only those above it.
    module("ReviewJournal", core + [crypto], path: "Sources/Review/Journal"),
    module("ReviewInbox", core + ["ReviewJournal"], path: "Sources/Review/Inbox"),
    module(
      "ReviewAnswering", core + ["ReviewJournal", "ReviewInbox"], path: "Sources/Review/Answering"),
    module(
      "ReviewWording", core + ["ReviewJournal", "ReviewInbox", "ReviewAnswering"],
      path: "Sources/Review/Wording"),

    module("LocalBackend", ["Text", "Model", "CSQLite"]),
    module("Signing", ["Text", "Model", crypto]),
    module("AWSBackend", core + ["Signing", "Platform", "CCurl", "CLinux", crypto]),
    module("Sandbox", core + ["Platform", "LocalBackend", "Signing", crypto, flyingSocks]),

    module("Drawing", ["Text"]),
    module("Terminal", ["CNcurses", "CLinux", "Text", "Model", "Drawing"]),
    module("HandshakeUI", core + review + ["Drawing"]),
    program(
      "HandshakeTUI",
      core + review + [
        "Arguments", "CLinux", "Platform", "LocalBackend", "AWSBackend", "Signing", "Terminal",
        "Drawing", "HandshakeUI",
      ]),
    program(
      "HandshakeSandbox",
      core + ["Sandbox", "Arguments", "CLinux", "LocalBackend", "Platform", "Signing"]),

    // Doubles, the backend contract, and a way to start programs without Foundation.Process.
    cModule("CSpawn", path: "Tests/Support/CSpawn"),
    module("TestSupport", core + review + ["CSpawn"], path: "Tests/Support/TestSupport"),
    tests("TextTests", ["Text", "TestSupport"]),
    tests("ModelTests", ["Model", "Text", "TestSupport"]),
    tests("WireTests", core + ["TestSupport"]),
    tests("ArgumentsTests", ["Arguments", "TestSupport"]),
    tests("PlatformTests", ["Platform", "Model", "Text", "TestSupport"]),
    tests("LocalBackendTests", ["LocalBackend", "CSQLite", "Model", "Text", "TestSupport"]),
    tests("ReviewTests", core + review + ["TestSupport"]),
    tests("SigningTests", ["Signing", "Model", "Text", "TestSupport"]),
    tests(
      "AWSBackendTests",
      core + review + ["AWSBackend", "Platform", "Signing", "TestSupport", crypto]),
    tests(
      "SandboxTests",
      core + review + [
        "Sandbox", "HandshakeSandbox", "Arguments", "AWSBackend", "LocalBackend", "Platform",
        "Signing", "TestSupport", crypto, flyingSocks,
      ]),
    tests("DrawingTests", ["Drawing", "Text"]),
    tests("TerminalTests", ["Terminal", "Drawing", "Model", "Text", "TestSupport"]),
    tests(
      "HandshakeUITests",
      core + review + ["HandshakeUI", "Drawing", "LocalBackend", "TestSupport"]),
    tests(
      "HandshakeTUITests",
      core + review + [
        "HandshakeTUI", "Arguments", "HandshakeUI", "LocalBackend", "Platform", "TestSupport",
      ]),
    tests("EndToEndTests", core + review + ["HandshakeTUI", "CSpawn", "TestSupport"]),

    // Suites over test data that lies beside the checkout ($HANDSHAKE_SHARED), not in it.
    tests("TextCorpusTests", ["Text", "TestSupport"]),
    tests("WireCorpusTests", core + ["TestSupport"]),
    tests(
      "AWSVectorTests",
      core + [
        "AWSBackend", "Platform", "Sandbox", "LocalBackend", "Signing", "TestSupport", crypto,
      ]),
  ],
  swiftLanguageModes: [.v6]
)
