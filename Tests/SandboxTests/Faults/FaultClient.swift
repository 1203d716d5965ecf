import AWSBackend
import Model
import Platform
import Sandbox
import Signing
import Synchronization
import TestSupport
import Text

/// Our client, for each account of a sandbox.
final class FaultClient: Sendable {
  /// Its reaction to an unknown result.
  enum Habit: Sendable {
    /// As our client reacts.
    case once
    /// As careless ones react: it sends the same again. The suite must detect that.
    case again
  }

  private let world: World
  private let power: PowerCut?
  private let habit: Habit
  private let transport = CurlTransport()
  private let shared: AWSShared
  private let connections = Mutex<[AccountID: AWSConnection]>([:])

  init(_ world: World, power: PowerCut? = nil, habit: Habit = .once) {
    self.world = world
    self.power = power
    self.habit = habit
    shared = AWSShared(
      version: "test", time: world.time, sleeper: ManualSleeper(world.time))
  }

  /// Nil when the account has no credentials.
  func backend(_ account: AccountID) -> (any HandshakeBackend)? {
    guard let backend = try? connection(account).backend else { return nil }
    if let power { return MortalBackend(backend: backend, power: power) }
    return habit == .once ? backend : CarelessBackend(backend: backend)
  }

  /// One client for each account, kept as a program keeps it.
  private func connection(_ account: AccountID) throws -> AWSConnection {
    if let kept = connections.withLock({ $0[account] }) { return kept }
    let outside = Outside()
    let dependencies = AWSWorld(
      environment: ["AWS_ENDPOINT_URL": world.server.url, "AWS_REGION": "us-east-1"],
      home: "/nowhere", files: outside, transport: transport, processes: outside,
      dialogue: NoDialogue(), time: world.time, random: SeededBytes(),
      sleeper: ManualSleeper(world.time))
    let keys = FixedKeys(keys: try world.keys(account.text))
    let made = try AWSConnection(
      try AWSSettings.load(world: dependencies), world: dependencies, credentials: keys,
      shared: shared, account: account)
    connections.withLock { $0[account] = made }
    return made
  }
}

/// The credentials from the sandbox.
private struct FixedKeys: CredentialsProvider {
  let keys: AccessKeys

  func credentials() throws(CredentialsFault) -> Credentials {
    Credentials(keys, source: .environment)
  }

  func drop(_ ended: Credentials) {}
}

/// Nothing is read and nothing is run.
private struct Outside: AWSFiles, ProcessRunner {
  func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile? { nil }

  func judge(_ path: String) -> PathDoubt? { nil }

  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault) {
    throw AWSFileFault(path: path, detail: "not here")
  }

  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret {
    throw ProcessFault(.notStarted, detail: Untrusted("not here"))
  }
}
