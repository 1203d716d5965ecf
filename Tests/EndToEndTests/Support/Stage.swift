import Glibc
import TestSupport
import Testing

/// A home with a demonstration organization, and the real program to run there.
final class Stage {
  let home: TemporaryDirectory
  var store: String { home.path + "/demo.sqlite" }

  /// Creates the home and its demonstration organization, with `handshake local init`.
  ///
  /// `grace` is the number of seconds in which any key stops what was confirmed.
  ///
  /// - Throws: `TemporaryDirectory.Failure`; `Spawned.Failure` if the program cannot be started; a
  ///   failed requirement if the program does not exist or fails, or the configuration cannot be
  ///   written.
  init(grace: Int = 0) throws {
    home = try TemporaryDirectory()
    try write("grace = \(grace)\n", to: ".config/handshake/config.toml")
    let made = try run("local", "init")
    try #require(made.exit == 0, "\(made.errors)")
  }

  /// The environment of the program.
  var environment: [String: String] {
    [
      "HOME": home.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
      "HANDSHAKE_STORE": store, "TERM": "xterm-256color",
    ].merging(Self.sanitizers) { own, _ in own }
  }

  /// Whether the programs run under the thread sanitizer (scripts/test).
  static let isWatchedForRaces = sanitizers["LD_PRELOAD"] != nil

  /// The sanitizer's options for the program, where the tests run under one.
  private static let sanitizers = ["LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS"].reduce(
    into: [String: String]()
  ) { found, name in
    if let value = getenv(name) { found[name] = String(cString: value) }
  }

  /// Runs a command of the program to its end, without a terminal.
  @discardableResult
  func run(_ arguments: String...) throws -> Spawned {
    try Spawned.run([try Self.program] + arguments, environment: environment)
  }

  /// Opens the screens in tmux.
  ///
  /// Afterwards the window shows `ended=` and the status.
  ///
  /// - Throws: What `Tmux` throws, and a failed requirement if the program does not exist.
  func tmux(
    _ arguments: String = "", columns: Int = 80, rows: Int = 24,
    changing changes: [String: String] = [:]
  ) throws -> Tmux {
    try Tmux(
      "\(try Self.program) \(arguments)", environment: environment.merging(changes) { $1 },
      columns: columns, rows: rows)
  }

  /// Opens the screens on a terminal whose other side is the test.
  func terminal(
    _ arguments: String..., columns: Int = 80, rows: Int = 24,
    changing changes: [String: String?] = [:]
  ) throws -> PseudoTerminal {
    var environment = environment
    for (name, value) in changes { environment[name] = value }
    return try PseudoTerminal(
      [try Self.program] + arguments, environment: environment, columns: columns, rows: rows)
  }

  func write(_ text: String, to path: String) throws {
    var directory = home.path
    for name in path.split(separator: "/").dropLast() {
      directory += "/" + name
      mkdir(directory, 0o700)
    }
    let descriptor = open(home.path + "/" + path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
  }

  /// The program is in the folder of the test bundle.
  static var program: String {
    get throws {
      let real = try #require(realpath("/proc/self/exe", nil))
      defer { free(real) }
      let own = String(cString: real)
      let bundles = [own] + CommandLine.arguments
      let found = bundles.lazy
        .filter { $0.contains(".xctest") }
        .compactMap { bundle in
          bundle.lastIndex(of: "/").map { String(bundle[..<$0]) + "/handshake" }
        }
        .first { access($0, X_OK) == 0 }
      return try #require(found, "no program beside \(bundles)")
    }
  }
}
