import Arguments
import Glibc
import Model
import Platform

/// The command `handshake sandbox`, which executes `handshake-sandbox` from this program's
/// directory.
///
/// The operator's own program contains no server.
struct SandboxLaunchCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "sandbox", summary: "Serve the embedded organization to any AWS SDK, on loopback.",
    discussion:
      "All arguments are passed to handshake-sandbox; handshake sandbox --help lists them.",
    passesArguments: true, start: SandboxLaunchCommand()
  ) {
    [
      .positionals("arguments", \.arguments, "", isRequired: false).hidden
    ]
  }

  var arguments: [String] = []

  /// The operator's credentials, which are not passed to the other program.
  private static let withheld: Set = [
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  ]

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    try refuseForeignOptions(run.settings)
    try refuseOtherStore(run)
    guard let program = Self.program else {
      throw CommandFailure(
        .failed, "handshake-sandbox cannot be found", why: "/proc/self/exe cannot be read",
        remedy: "Run handshake-sandbox directly, or mount /proc.")
    }
    var arguments = arguments
    if !isHelpWanted, namedStores.isEmpty {
      // The store that this program would use, created as this program creates it.
      _ = try run.choice.openStore()
      arguments += ["--store", run.settings.store.value]
    }
    let environment = run.dependencies.environment.filter { !Self.withheld.contains($0.key) }
    let failure = Self.become(program, ["handshake-sandbox"] + arguments, environment)
    throw CommandFailure(
      .failed, "\(run.format.full(program)) cannot be run",
      why: SystemError(failure).words,
      remedy: "make build creates it beside handshake; make install installs both.")
  }

  private var isHelpWanted: Bool { arguments.contains { $0 == "-h" || $0 == "--help" } }

  /// The stores that the other program's arguments name.
  private var namedStores: [String] {
    arguments.indices.compactMap { index in
      let word = arguments[index]
      if word == "--store" { return arguments.dropFirst(index + 1).first }
      return word.utf8.starts(with: "--store=".utf8) ? String(word.utf8.dropFirst(8)) : nil
    }
  }

  /// Refuses the options before `sandbox` that the other program would not follow.
  ///
  /// An operator who wrote `--read-only` must not get a server that writes.
  private func refuseForeignOptions(_ settings: Settings) throws(CommandFailure) {
    let followed: Set = ["--store", "--config", "--log"]
    for name in settings.table.compactMap(\.flag?.name) where !followed.contains(name) {
      guard settings.table.contains(where: { settings[$0.key]?.origin == .flag(name) }) else {
        continue
      }
      throw CommandFailure(
        .usage, "\(name) has no effect on handshake sandbox",
        why: "it is an option of handshake, before the command's name",
        remedy: "Omit it. handshake sandbox --help lists the options that can follow.")
    }
  }

  /// Refuses a `--store` before `sandbox` and another one after it.
  private func refuseOtherStore(_ run: CommandContext) throws(CommandFailure) {
    let store = run.settings.store
    guard store.origin == .flag("--store") else { return }
    for named in namedStores {
      let here = HomeFolder.expand(named, environment: run.dependencies.environment)
      let path = Settings.absolute(try Settings.fromHere(here))
      // Compared by bytes: equivalent texts can name two files.
      guard !path.utf8.elementsEqual(store.value.utf8) else { continue }
      throw CommandFailure(
        .usage, "--store is given twice with different values",
        why: "\"\(run.format.full(store.value))\" and \"\(run.format.full(path))\"",
        remedy: "Give it once.")
    }
  }

  /// The path of `handshake-sandbox` in this program's directory.
  ///
  /// It is nil when this program's own path is unknown, for example because `/proc` is not mounted.
  private static var program: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count)
    guard length > 0, length < path.count else { return nil }
    let own = String(decoding: path[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return own.splitAtLastSlash.directory + "/handshake-sandbox"
  }

  /// Executes a program in place of this one; returns only on failure, with the error number.
  private static func become(
    _ path: String, _ arguments: [String], _ environment: [String: String]
  ) -> Int32 {
    var argv = arguments.map { strdup($0) }
    var envp = environment.map { strdup("\($0.key)=\($0.value)") }
    argv.append(nil)
    envp.append(nil)
    execve(path, argv, envp)
    let failure = errno
    for text in argv + envp { free(text) }
    return failure
  }
}
