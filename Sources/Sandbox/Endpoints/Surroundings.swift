import LocalBackend
import Model

/// What all endpoints work with.
struct Surroundings: Sendable {
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
