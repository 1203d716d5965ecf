import ArgumentParser
import Foundation
import LocalBackend
import Model
import Platform
import Sandbox
import Wire

/// The command `handshake-sandbox`.
struct SandboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handshake-sandbox",
    abstract: "Serve the embedded organization to any AWS SDK, on loopback.",
    discussion: """
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
      """,
    subcommands: [AccountsCommand.self])

  private static var faults: String {
    FaultRule.grammar.map { "  \($0.kind): \($0.meaning)" }.joined(separator: "\n")
  }

  @OptionGroup var organization: OrganizationStore
  @OptionGroup var credentials: CredentialsOption

  @Option(help: "The port on 127.0.0.1; 0 picks one.")
  var port: UInt16 = 0

  @Option(
    name: .customLong("fault"), help: ArgumentHelp("A fault; repeatable.", valueName: "rule"),
    transform: rule)
  var faultRules: [FaultRule] = []

  @Sendable private static func rule(_ text: String) throws -> FaultRule {
    do throws(FaultRule.Malformed) { return try FaultRule(text) } catch {
      throw ValidationError(error.detail)
    }
  }

  @Option(help: "The seed of faults with a probability.")
  var faultSeed: UInt64 = 1

  @Flag(help: "Make every other page of a listing empty: --fault empty-pages.")
  var emptyPages = false

  @Flag(help: "Enforce AWS's rate limits.")
  var throttle = false

  @Option(help: ArgumentHelp("Set the store's clock, forward only.", valueName: "iso-8601"))
  var clock: Instant?

  @Option(help: ArgumentHelp("Advance the store's clock: 16d, 90m.", valueName: "time"))
  var advance: Span?

  @Option(help: ArgumentHelp("Append what was applied, as JSON lines.", valueName: "file"))
  var truth: String?

  func run() throws {
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
    Output.line("{\"port\": \(server.port), \"url\": \"\(server.url)\"}")
    Output.line(JSONValue.members([("token", .text(server.adminToken.text))]))
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
      HomeFolder.expand($0, environment: ProcessInfo.processInfo.environment)
    }
    return options
  }

  /// Sets and then advances the store's clock, as `--clock` and `--advance` ask.
  ///
  /// - Throws: `CommandFailure` if `--clock` is in the past of the store's clock, or if the store
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
struct Instant: ExpressibleByArgument {
  var timestamp: Timestamp

  init?(argument: String) {
    guard let timestamp = Timestamp(reading: argument.utf8) else { return nil }
    self.timestamp = timestamp
  }
}

extension Span: ExpressibleByArgument {
  /// Creates a span from a command-line argument such as `16d` or `90m`.
  public init?(argument: String) { self.init(argument) }
}
