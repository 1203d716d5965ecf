import LocalBackend
import Model
import Review
import Text

extension BackendChoice {
  /// Opens the store. Only the one in the default place is made when there is none; any other path
  /// was meant to be there.
  func openStore() throws(CommandFailure) -> Store {
    let path = settings.store.value
    try checkFolder(of: path)
    do throws(StoreError) {
      return try Store.open(at: path, time: surroundings.time, random: surroundings.random)
    } catch {
      guard settings.isDefaultStore, case .missing = error else {
        throw error.failure(settings.ink)
      }
    }
    let store: Store
    do throws(CommandFailure) {
      store = try makeStore(Store.Options())
    } catch {
      // Another program may have been quicker: its store is as good.
      let other = try? Store.open(at: path, time: surroundings.time, random: surroundings.random)
      guard let other else { throw error }
      return other
    }
    note(
      "created a demonstration organization at \(settings.ink.full(path)); "
        + "handshake local reset recreates it")
    return store
  }

  /// Refuses a folder in which others could put another store, or another log beside it.
  private func checkFolder(of path: String) throws(CommandFailure) {
    do throws(FileError) {
      let folder = path.splitAtLastSlash.directory
      _ = try Directory.open(folder, creating: false, privacy: .unforged)
    } catch {
      // What is missing is for the opening to tell.
      guard error.isMissing else { throw error.failure(settings.ink) }
    }
  }

  /// Makes a store where none is, and the trust list that goes with the demonstration.
  func makeStore(_ options: Store.Options) throws(CommandFailure) -> Store {
    let path = settings.store.value
    try checkFolder(of: path)
    if settings.isDefaultStore {
      try settings.places.requireComplete()
      do throws(FileError) {
        _ = try Directory.open(settings.places.data, creating: true, privacy: .secret)
      } catch { throw error.failure(settings.ink) }
    }
    let store: Store
    do throws(StoreError) {
      store = try Store.create(
        at: path, options: options, time: surroundings.time, random: surroundings.random)
    } catch { throw error.failure(settings.ink) }
    if !options.empty, options.size == nil { try plantTrust() }
    return store
  }

  /// The demonstration's own trust list, unless there is one: the operator's word stays.
  private func plantTrust() throws(CommandFailure) {
    let file = TrustFile(beside: settings.store.value)
    guard try file.bytes(settings.ink) == nil else { return }
    try file.write(.demonstration(at: surroundings.time.now()), settings.ink)
  }
}

extension Store {
  /// All accounts of the store, and those that are looked through.
  struct Known: Sendable {
    var all: [AccountID]
    var profiles: [Profile]
  }

  /// - Parameter account: The one account to look and act as; nil takes every party to a handshake.
  func known(_ account: AccountID?, _ ink: Ink) async throws(CommandFailure) -> Known {
    let all = try await told(ink) { store throws(StoreError) in try await store.accounts() }
    let looking: [Store.Account]
    if let account {
      looking = all.filter { $0.id == account }
      guard !looking.isEmpty else {
        throw CommandFailure(
          .failed, "account \(account.text) is not in this organization's store",
          why: ink.full(path), remedy: "handshake local accounts lists its accounts.")
      }
    } else {
      looking = try await told(ink) { store throws(StoreError) in try await store.parties() }
    }
    return Known(
      all: all.map(\.id), profiles: looking.map { Profile(account: $0.id, name: $0.name) })
  }

  /// A call of the store with its errors in words.
  func told<Value: Sendable>(
    _ ink: Ink, _ body: (Store) async throws(StoreError) -> Value
  ) async throws(CommandFailure) -> Value {
    do throws(StoreError) { return try await body(self) } catch { throw error.failure(ink) }
  }
}

extension StoreError {
  private static let check =
    "Check its mode, the space on its disk and the file size limit (ulimit -f)."

  func failure(_ ink: Ink) -> CommandFailure {
    switch self {
    case .missing(let path):
      CommandFailure(
        .failed, "\(ink.full(path)) does not exist",
        remedy: "handshake local init --store \(ink.full(path)) creates an organization there.")
    case .exists(let path):
      CommandFailure(
        .failed, "\(ink.full(path)) already exists",
        why: "an existing file is never replaced",
        remedy: "handshake local reset recreates it; or name another path with --store.")
    case .notAFile(let path):
      CommandFailure(
        .failed, "\(ink.full(path)) is not a regular file",
        remedy: "Name the file itself with --store, not a link or a directory.")
    case .unsafe(let path, let why):
      Self.unusable(
        ink.full(path), why.words,
        "Make it writable by you only (chown, chmod go-w), or name another file with --store.")
    case .leftOver(let path):
      CommandFailure(
        .failed, "\(ink.full(path)) is left from a deleted organization",
        remedy: "Move it away: a new organization would read it.")
    case .foreign(let path):
      CommandFailure(
        .failed, "\(ink.full(path)) is not an organization of this program",
        why: "it was not changed", remedy: "Name another file with --store.")
    case .newer(let path, let version, let supported):
      CommandFailure(
        .failed, "\(ink.full(path)) was made by a newer version of this program",
        why: "its format is \(version), this program reads up to \(supported)",
        remedy: "Use the newer program. The file was not changed.")
    case .damaged(let path, let detail):
      CommandFailure(
        .failed, "\(ink.full(path)) is damaged", why: ink.full(detail),
        remedy: "Restore a copy, or move it away and run handshake local init.")
    case .busy(let path):
      CommandFailure(
        .failed, "\(ink.full(path)) is busy", why: "another process writes", remedy: "Try again.")
    case .system(let path, let error):
      Self.unusable(ink.full(path), error.words, error.remedy ?? Self.check)
    case .database(let path, let detail):
      Self.unusable(ink.full(path), ink.full(detail), Self.check)
    }
  }

  private static func unusable(_ path: String, _ why: String, _ remedy: String) -> CommandFailure {
    CommandFailure(.failed, "\(path) cannot be used", why: why, remedy: remedy)
  }
}
