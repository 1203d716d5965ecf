import LocalBackend
import Model

/// A server of the embedded organization on loopback, with AWS JSON 1.1 and STS.
public final class SandboxServer: Sendable {
  /// The settings of a server.
  public struct Options: Hashable, Sendable {
    /// The port on 127.0.0.1; 0 picks a free one.
    public var port: UInt16 = 0
    /// The faults that are active from the start.
    public var faults: [FaultRule] = []
    /// The seed that decides when faults with a probability are injected.
    public var faultSeed: UInt64 = 1
    /// Whether the service's request rates are enforced, whatever the store's own setting.
    public var throttles = false
    /// The path of the truth log, written as JSON lines; nil keeps it in memory only.
    public var truthPath: String?
    /// The session name in the caller ARNs of long-term keys.
    public var user = "sandbox"
    /// The limits on what one client may send and how long it may take.
    public var limits = HTTPLimits()

    /// Creates the default settings: any free port, no faults, no truth log file.
    public init() {}
  }

  /// The reason why the server cannot start.
  public enum Failure: Error, Hashable, Sendable {
    case port(UInt16, errno: Int32)
    case seed(path: String, detail: String)
    case truth(path: String, errno: Int32)
  }

  /// The token that requests to `/_sandbox/` have to carry.
  public let adminToken: AdminToken
  private let server: LoopbackServer
  private let dependencies: SandboxDependencies

  /// The port that the server listens on.
  public var port: UInt16 { server.port }
  /// The endpoint's URL, `http://127.0.0.1:PORT`.
  public var url: String { "http://127.0.0.1:\(server.port)" }

  /// Creates a server and binds it to 127.0.0.1; nothing is answered before `run()`.
  ///
  /// - Throws: `Failure.seed` if the store's seed cannot be read or created, `Failure.truth` if the
  ///   truth log cannot be opened, `Failure.port` if the port cannot be bound.
  public init(
    store: Store, options: Options = Options(), time: any TimeSource, random: any RandomSource
  ) throws(Failure) {
    let seed = try Seed.open(for: store, random)
    let truth: TruthLog
    do throws(TruthLog.Failure) { truth = try TruthLog(options.truthPath) } catch {
      throw .truth(path: error.path, errno: error.errno)
    }
    let dependencies = SandboxDependencies(
      store: options.throttles ? store.throttled() : store, accounts: KnownAccounts(store),
      seal: SessionSeal(seed), keys: KeyRing(seed),
      faults: FaultSwitch(options.faults, seed: options.faultSeed), truth: truth, time: time,
      random: random, user: options.user)
    self.dependencies = dependencies
    adminToken = AdminToken(random)
    let router = Router(
      organizations: OrganizationsEndpoint(dependencies: dependencies),
      tokens: TokenEndpoint(dependencies: dependencies),
      admin: AdminEndpoint(dependencies: dependencies, token: adminToken))
    do throws(LoopbackServer.Failure) {
      server = try LoopbackServer(port: options.port, limits: options.limits, time: time) {
        await router.answer($0)
      }
    } catch { throw .port(error.port, errno: error.errno) }
  }

  /// Serves until `drain()` is called and the requests then in flight are answered.
  ///
  /// Throws if the event loop fails.
  public func run() async throws { try await server.run() }

  /// Stops accepting connections and requests.
  ///
  /// May be called at any time, and more than once.
  public func drain() { server.drain() }
}

// The functions of the admin path, for programs that run the server in their own process.
extension SandboxServer {
  /// The active fault rules, with the counts that are left.
  public var faults: [FaultRule] {
    get { dependencies.faults.rules }
    set { dependencies.faults.replace(newValue) }
  }

  /// The results of all calls to writing operations, in the order in which they were recorded.
  public var truth: [TruthEntry] { dependencies.truth.entries }

  /// Returns the number of calls of `operation` that arrived with a valid signature.
  ///
  /// `DELETE /_sandbox/truth` sets the numbers back to zero.
  public func calls(of operation: Operation) -> Int { dependencies.truth.calls(of: operation) }
}

extension Seed {
  /// Opens the seed of `store`.
  ///
  /// - Throws: `SandboxServer.Failure.seed` as `open(beside:random:)` fails.
  fileprivate static func open(
    for store: Store, _ random: any RandomSource
  ) throws(SandboxServer.Failure) -> Seed {
    do throws(PrivateFile.Failure) {
      return try Seed.open(beside: store.path, random: random)
    } catch { throw .seed(path: error.path, detail: error.detail) }
  }
}

/// The objects that all endpoints share.
struct SandboxDependencies: Sendable {
  let store: Store
  let accounts: KnownAccounts
  let seal: SessionSeal
  let keys: KeyRing
  let faults: FaultSwitch
  let truth: TruthLog
  let time: any TimeSource
  let random: any RandomSource
  /// The session name in the caller ARNs of long-term keys.
  let user: String

  /// Reads the clocks for one request.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  func clocks() async throws(StoreError) -> Clocks {
    Clocks(store: try await store.clock(), skew: faults.skew)
  }

  func backend(for account: AccountID, emptyPages: Bool = false) -> LocalBackend {
    LocalBackend(store: store, account: account, user: user, emptyPages: emptyPages)
  }
}

/// The times that one request is judged by, including an injected skew.
struct Clocks: Hashable, Sendable {
  /// The store's clock, by which handshakes and sessions expire and replies are dated.
  var service: Timestamp
  /// The machine's clock, which clients sign with, however far the store was advanced.
  var machine: Timestamp

  init(store: Store.Clock, skew: Span) {
    service = store.now + skew
    machine = store.now - store.advanced + skew
  }
}
