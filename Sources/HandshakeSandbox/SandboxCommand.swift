import Arguments
import LocalBackend
import Model
import Platform
import Sandbox
import Wire

/// A command of this program.
protocol SandboxSubcommand {
  /// Runs the command.
  ///
  /// - Throws: `SandboxFailure` when it fails.
  func run() throws(SandboxFailure)
}

/// The command `handshake-sandbox`.
struct SandboxCommand: SandboxSubcommand {
  static let grammar = Grammar(
    root: CommandDeclaration(
      CommandDeclaration<any SandboxSubcommand>(
        "handshake-sandbox",
        summary: "Serve the embedded organization to any AWS SDK, on loopback.",
        discussion: discussion, parameters: { parameters }, start: { SandboxCommand() },
        product: { $0 }), children: [AccountsCommand.declaration]))

  private static var parameters: [Parameter<SandboxCommand>] {
    [
      OrganizationStore.parameter.within(\.organization),
      CredentialsOption.parameter.within(\.credentials),
      .option("--port", \.port, "port", "The port on 127.0.0.1; 0 picks one.", initial: "0"),
      .option("--fault", \.faultRules, "rule", "A fault; repeatable."),
      .option(
        "--fault-seed", \.faultSeed, "n", "The seed of faults with a probability.", initial: "1"),
      .flag(
        "--empty-pages", \.emptyPages,
        "Make every other page of a listing empty: --fault empty-pages."),
      .flag("--throttle", \.throttle, "Enforce AWS's rate limits."),
      .option("--clock", \.clock, "iso-8601", "Set the store's clock, forward only."),
      .option("--advance", \.advance, "time", "Advance the store's clock: 16d, 90m."),
      .option("--truth", \.truth, "file", "Append what was applied, as JSON lines."),
    ]
  }

  private static var discussion: String {
    """
    Serves AWS Organizations (AWS JSON 1.1) and STS on 127.0.0.1 and verifies signatures. Point \
    AWS_ENDPOINT_URL_ORGANIZATIONS and AWS_ENDPOINT_URL_STS, or AWS_ENDPOINT_URL, at it.

    The first line on stdout is {"port": …, "url": …}; the second is {"token": …}, which the admin \
    path wants as a bearer token: GET, POST, PUT, DELETE /_sandbox/faults; GET, POST \
    /_sandbox/clock with {"advance": "16d"} or {"set": "2026-12-09T00:00:00Z"}; GET, DELETE \
    /_sandbox/truth. TERM and INT let the requests in flight finish.

    AssumeRole returns keys of any account for any role. Three roles have their own trust \
    policy: \(SandboxRole.withMFA.name) needs a code of six digits (000000 is wrong), \
    \(SandboxRole.withExternalID.name) needs the external id \(SandboxRole.externalID), \
    \(SandboxRole.trustingNobody.name) trusts nobody.

    Faults are KIND[,op=OPERATION][,count=N][,probability=P][,…]:
    \(faults)
    """
  }

  private static var faults: String {
    FaultRule.grammar.map { "  \($0.kind): \($0.meaning)" }.joined(separator: "\n")
  }

  var organization = OrganizationStore()
  var credentials = CredentialsOption()
  var port: UInt16 = 0
  var faultRules: [FaultRule] = []
  var faultSeed: UInt64 = 1
  var emptyPages = false
  var throttle = false
  var clock: Instant?
  var advance: Span?
  var truth: String?

  func run() throws(SandboxFailure) {
    let store = try organization.open()
    try setClock(of: store)
    try credentials.write(SandboxAccount.listed(in: store))
    let server: SandboxServer
    do throws(SandboxServer.Failure) {
      server = try SandboxServer(
        store: store, options: options, time: SystemTime(), random: SystemRandom())
    } catch { throw SandboxFailure(error) }
    let serving = Task.detached {
      let isThrough = (try? await server.run()) != nil
      Signals.tellFinished()
      return isThrough
    }
    try Output.line("{\"port\": \(server.port), \"url\": \"\(server.url)\"}")
    try Output.line(JSONValue.members([("token", .text(server.adminToken.text))]))
    try Signals.wait { server.drain() }
    let isThrough = Blocking.run { await serving.value }
    guard isThrough else { throw SandboxFailure("the server failed") }
    // Closing folds the WAL into the file; what was committed is safe without it.
    try? store.close()
  }

  private var options: SandboxServer.Options {
    var options = SandboxServer.Options()
    options.port = port
    options.faults = faultRules + (emptyPages ? [FaultRule(.emptyPages)] : [])
    options.faultSeed = faultSeed
    options.throttles = throttle
    options.truthPath = truth.map {
      HomeFolder.expand($0, environment: ProgramEnvironment.read())
    }
    return options
  }

  /// Sets and then advances the store's clock, as `--clock` and `--advance` ask.
  ///
  /// - Throws: `SandboxFailure` if `--clock` is in the past of the store's clock, or if the store
  ///   cannot be read or written.
  private func setClock(of store: Store) throws(SandboxFailure) {
    var changes: [ClockChange] = []
    if let clock { changes.append(.set(clock.timestamp)) }
    if let advance { changes.append(.advance(advance)) }
    for change in changes {
      let failure: ClockChange.Failure? = Blocking.run {
        do throws(ClockChange.Failure) { try await change.apply(to: store) } catch { return error }
        return nil
      }
      if let failure { throw SandboxFailure(failure.words) }
    }
  }
}

/// An instant given on the command line, in ISO 8601.
struct Instant: ArgumentValue {
  var timestamp: Timestamp

  init(argument: String) throws(InvalidValue) {
    guard let timestamp = Timestamp(reading: argument.utf8) else { throw InvalidValue() }
    self.timestamp = timestamp
  }
}

extension Span: ArgumentValue {
  /// Parses a span such as `16d` or `90m`.
  ///
  /// - Throws: `InvalidValue` when the text is not one.
  public init(argument: String) throws(InvalidValue) {
    guard let span = Span(argument) else { throw InvalidValue() }
    self = span
  }
}

extension FaultRule: ArgumentValue {
  /// Parses a rule.
  ///
  /// - Throws: `InvalidValue` with the reason when the text is not one.
  public init(argument: String) throws(InvalidValue) {
    do throws(Malformed) { self = try FaultRule(argument) } catch {
      throw InvalidValue(error.detail)
    }
  }
}
