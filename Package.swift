// swift-tools-version: 6.2

import PackageDescription

/// Every module of ours is held to the same rules: Swift 6, strict concurrency, no warnings.
let houseRules: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], linking: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: houseRules, linkerSettings: linking)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: name == "HandshakeUITests" ? ["Frames"] : [],
    swiftSettings: houseRules)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
// FlyingFox's sockets and event loop. Its HTTP has no bound on a head and none on a slow sender.
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

let package = Package(
  name: "handshake",
  products: [
    .executable(name: "handshake", targets: ["HandshakeTUI"]),
    .executable(name: "handshake-sandbox", targets: ["HandshakeSandbox"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    // The sandbox's alone.
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
  ],
  targets: [
    .target(
      name: "CNcurses",
      cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    // The few Linux calls that Swift cannot see.
    .target(name: "CLinux", cSettings: [.treatAllWarnings(as: .error)]),
    module("Text"),
    // The command lines of both programs.
    module("Arguments"),
    module("Model", ["Text"]),
    // What both programs take of the machine they run on.
    module("Machine", ["Model", "CLinux"]),
    module("Wire", ["Text", "Model"]),
    module("LocalBackend", ["Text", "Model", grdb]),
    module("Review", ["Text", "Model", "Wire", crypto]),
    module("Signing", ["Text", "Model", crypto]),
    // libcurl's headers, and a table of its functions that is filled by dlopen at the first request.
    .target(name: "CCurl", cSettings: [.treatAllWarnings(as: .error)]),
    module(
      "AWSBackend", ["Text", "Model", "Wire", "Signing", "Machine", "CCurl", "CLinux", crypto]),
    module("Sandbox", ["Text", "Model", "Wire", "LocalBackend", "Signing", crypto, flyingSocks]),
    module("Drawing", ["Text"]),
    module("HandshakeUI", ["Text", "Model", "Wire", "Review", "Drawing"]),
    .executableTarget(
      name: "HandshakeTUI",
      dependencies: [
        "CNcurses", "CLinux", "Machine", "Text", "Model", "Wire", "LocalBackend", "AWSBackend",
        "Signing",
        "Review", "Drawing", "HandshakeUI", "Arguments",
      ],
      swiftSettings: houseRules),
    .executableTarget(
      name: "HandshakeSandbox",
      dependencies: [
        "Sandbox", "Arguments", "CLinux", "LocalBackend", "Machine", "Signing", "Wire", "Model",
        "Text",
      ],
      swiftSettings: houseRules),

    // Doubles, the backend contract, and a way to start programs without Foundation.Process.
    .target(
      name: "CSpawn", path: "Tests/Support/CSpawn", cSettings: [.treatAllWarnings(as: .error)]),
    .target(
      name: "TestSupport",
      dependencies: ["CSpawn", "Text", "Model", "Wire", "Review"],
      path: "Tests/Support/TestSupport", swiftSettings: houseRules),
    tests("ArgumentsTests", ["Arguments"]),
    tests("TextTests", ["Text", "TestSupport"]),
    tests("ModelTests", ["Model", "Text", "TestSupport"]),
    tests("WireTests", ["Wire", "Model", "Text", "TestSupport"]),
    tests("LocalBackendTests", ["LocalBackend", "Model", "Text", "TestSupport", grdb]),
    tests("ReviewTests", ["Review", "Wire", "Model", "Text", "TestSupport"]),
    tests("SigningTests", ["Signing", "Model", "Text", "TestSupport"]),
    tests(
      "AWSBackendTests",
      [
        "AWSBackend", "Machine", "Signing", "Wire", "Review", "Model", "Text", "TestSupport",
        crypto,
      ]),
    tests(
      "SandboxTests",
      [
        "Sandbox", "HandshakeSandbox", "AWSBackend", "LocalBackend", "Machine", "Signing", "Wire",
        "Review",
        "Model", "Text", "TestSupport", crypto, flyingSocks,
      ]),
    tests("DrawingTests", ["Drawing", "Text"]),
    tests(
      "HandshakeUITests",
      [
        "HandshakeUI", "Drawing", "Review", "Wire", "Model", "Text", "LocalBackend", "TestSupport",
        grdb,
      ]),
    tests(
      "HandshakeTUITests",
      [
        "HandshakeTUI", "Arguments", "HandshakeUI", "LocalBackend", "Machine", "Review", "Wire",
        "Model", "Text",
        "TestSupport",
      ]),
    tests(
      "EndToEndTests", ["HandshakeTUI", "Wire", "Review", "Model", "Text", "CSpawn", "TestSupport"]),

    // Suites over test data that lies beside the checkout ($HANDSHAKE_SHARED), not in it.
    tests("TextCorpusTests", ["Text", "TestSupport"]),
    tests("WireCorpusTests", ["Wire", "Model", "Text", "TestSupport"]),
    tests(
      "AWSVectorTests",
      [
        "AWSBackend", "Machine", "Sandbox", "LocalBackend", "Signing", "Wire", "Model", "Text",
        "TestSupport",
        crypto,
      ]),
  ],
  swiftLanguageModes: [.v6]
)
