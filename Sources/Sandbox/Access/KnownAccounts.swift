import LocalBackend
import Model
import Synchronization

/// The accounts of the store. Looked up once; again when somebody unknown comes, who may have been
/// created since.
final class KnownAccounts: Sendable {
  private let store: Store
  private let known = Mutex<Set<AccountID>>([])

  init(_ store: Store) { self.store = store }

  func contains(_ account: AccountID) async -> Bool {
    if known.withLock({ $0.contains(account) }) { return true }
    guard let accounts = try? await store.accounts() else { return false }
    let all = Set(accounts.map(\.id))
    known.withLock { $0 = all }
    return all.contains(account)
  }
}
