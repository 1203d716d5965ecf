import LocalBackend
import Model

/// The embedded organization behind AWS JSON 1.1 and STS, on loopback.
public final class SandboxServer: Sendable {
  /// What to switch on.
  public struct Options: Hashable, Sendable {
    /// 0 picks one.
    public var port: UInt16 = 0
    public var faults: [FaultRule] = []
    /// Chooses when faults with a probability strike.
    public var faultSeed: UInt64 = 1
    /// Whether the service's request rates hold, whatever the store was made with.
    public var throttles = false
    /// Where the truth is written as JSON lines; nil keeps it in memory only.
    public var truthPath: String?
    /// The session name of the long-term keys' principals.
    public var user = "sandbox"
    public var limits = HTTPLimits()

    public init() {}
  }

  /// Why it cannot start.
  public enum Failure: Error, Hashable, Sendable {
    case port(UInt16, errno: Int32)
    case seed(path: String, detail: String)
    case truth(path: String, errno: Int32)
  }

  public let adminToken: AdminToken
  private let server: LoopbackServer
  private let dependencies: Dependencies

  public var port: UInt16 { server.port }
  public var url: String { "http://127.0.0.1:\(server.port)" }

  /// Binds to 127.0.0.1; nothing is answered before `run()`.
  public init(
    store: Store, options: Options = Options(), time: any TimeSource, random: any RandomSource
  ) throws(Failure) {
    let seed = try Seed.open(for: store, random)
    let truth: TruthLog
    do throws(TruthLog.Failure) { truth = try TruthLog(options.truthPath) } catch {
      throw .truth(path: error.path, errno: error.errno)
    }
    let dependencies = Dependencies(
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

  /// Serves until `drain()`, and until the requests in flight then are answered.
  public func run() async throws { try await server.run() }

  /// Takes no more connections and no more requests. May be called at any time, more than once.
  public func drain() { server.drain() }
}

// What the admin path does, for whoever runs the server in its own process.
extension SandboxServer {
  /// The faults that are switched on; counts are what is left of them.
  public var faults: [FaultRule] {
    get { dependencies.faults.rules }
    set { dependencies.faults.replace(newValue) }
  }

  /// What became of the calls that would change something, in the order in which it became of them.
  public var truth: [TruthEntry] { dependencies.truth.entries }

  /// How many calls of an operation arrived with a signature that holds.
  public func calls(of operation: Operation) -> Int { dependencies.truth.calls(of: operation) }
}

extension Seed {
  fileprivate static func open(
    for store: Store, _ random: any RandomSource
  ) throws(SandboxServer.Failure) -> Seed {
    do throws(PrivateFile.Failure) {
      return try Seed.open(beside: store.path, random: random)
    } catch { throw .seed(path: error.path, detail: error.detail) }
  }
}

/// What all endpoints work with.
struct Dependencies: Sendable {
  let store: Store
  let accounts: KnownAccounts
  let seal: SessionSeal
  let keys: KeyRing
  let faults: FaultSwitch
  let truth: TruthLog
  let time: any TimeSource
  let random: any RandomSource
  /// The session name of the long-term keys' principals.
  let user: String

  /// One request's clocks.
  func clocks() async throws(StoreError) -> Clocks {
    Clocks(store: try await store.clock(), skew: faults.skew)
  }

  func backend(for account: AccountID, emptyPages: Bool = false) -> LocalBackend {
    LocalBackend(store: store, account: account, user: user, emptyPages: emptyPages)
  }
}

/// What time it is, as the service believes.
struct Clocks: Hashable, Sendable {
  /// The store's clock: what handshakes and sessions expire by, and replies are dated with.
  var service: Timestamp
  /// The machine's clock: clients sign by it, however far the store was advanced.
  var machine: Timestamp

  init(store: Store.Clock, skew: Span) {
    service = store.now + skew
    machine = store.now - store.advanced + skew
  }
}
