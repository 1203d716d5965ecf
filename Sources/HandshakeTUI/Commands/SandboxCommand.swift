import ArgumentParser
import Glibc
import Model

/// `handshake sandbox`: becomes `handshake-sandbox`, which lies beside this program. No server is in
/// the operator's own.
struct SandboxCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Serve the embedded organization to any AWS SDK, on loopback.",
    discussion:
      "All arguments are passed to handshake-sandbox; handshake sandbox --help lists them.")

  @ParentCommand var root: HandshakeCommand
  // What stands after the word is the other program's.
  var everywhere: Everywhere { root.everywhere }

  @Argument(parsing: .captureForPassthrough, help: .hidden)
  var arguments: [String] = []

  /// What the operator's own requests are signed with is nobody else's business.
  private static let withheld: Set = [
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  ]

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    guard let program = Self.program else {
      throw CommandFailure(
        .failed, "handshake-sandbox cannot be found", why: "/proc/self/exe cannot be read",
        remedy: "Run handshake-sandbox directly, or mount /proc.")
    }
    var arguments = arguments
    if namesNoStore {
      // The one that this program would use, made as this program makes it: one place decides.
      _ = try run.choice.openStore()
      arguments += ["--store", run.settings.store.value]
    }
    let environment = run.surroundings.environment.filter { !Self.withheld.contains($0.key) }
    let failure = Self.become(program, ["handshake-sandbox"] + arguments, environment)
    throw CommandFailure(
      .failed, "\(run.ink.full(program)) cannot be run",
      why: SystemError(failure).words,
      remedy: "make build creates it beside handshake; make install installs both.")
  }

  private var namesNoStore: Bool {
    !arguments.contains { $0 == "-h" || $0 == "--help" || $0.hasPrefix("--store") }
  }

  /// Returns the path of `handshake-sandbox` beside this program; nil when this program's own path is
  /// not known, as where `/proc` is not mounted.
  private static var program: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count)
    guard length > 0, length < path.count else { return nil }
    let own = String(decoding: path[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return own.splitAtLastSlash.directory + "/handshake-sandbox"
  }

  /// Returns only when it could not be done, with the reason.
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
