import HandshakeUI
import LocalBackend
import Model
import Platform
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text
import Wire

/// The choice of the service from the settings; a new backend is one line in `open`.
struct BackendChoice: Sendable {
  let settings: Settings
  let dependencies: Dependencies
  let log: LogFile?
  /// The receiver of printable notes to the operator while the service is opened.
  let note: @Sendable (String) -> Void

  /// Opens the document, AWS or the embedded organization, as the settings say.
  ///
  /// - Throws: `CommandFailure` when it cannot be read or opened, or an account of the settings is
  ///   not in it.
  func open() async throws(CommandFailure) -> Access {
    if let path = settings.input.value { return .reading(try document(path)) }
    return isAWS ? try await aws() : try await local()
  }

  /// Reads the document of `--input`.
  private func document(_ path: String) throws(CommandFailure) -> Service {
    let format = settings.format
    let name = path == "-" ? "standard input" : format.full(path)
    let bytes = try read(path)
    let document: SavedDocument
    do throws(DocumentFault) {
      document = try SavedDocument.read(bytes)
    } catch { throw error.failure(name, of: bytes) }
    tell(of: document, bytes, name)
    // SAFETY: a trust list that cannot be read is reported where it is used.
    if let list = try? trustFile.read(format), !list.isEmpty {
      note("\(name): using the trust list \(format.full(trustFile.path))")
    }
    let reader = DocumentService(
      document, as: settings.account.value, clock: dependencies.time)
    if let account = settings.account.value, let others = reader?.otherAccounts, others > 0 {
      note("\(name): \(others) of \(document.handshakes.count) are not of account \(account.text)")
    }
    let profile = reader.map { Profile(account: $0.account, name: Untrusted("")) }
    return Service(
      place: ServicePlace(.local, at: Untrusted(path)), label: .document,
      profiles: [profile].compactMap(\.self),
      readers: { $0 == reader?.account ? reader : nil })
  }

  private func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    guard path == "-" else { return try NamedInput.read(path, settings.format) }
    if let document = dependencies.document { return document }
    return try dependencies.console.readInput()
  }

  /// Notes what is missing in the document, and its source where that limits what is shown.
  private func tell(of document: SavedDocument, _ bytes: [UInt8], _ name: String) {
    if let fault = document.fault ?? document.recordFault {
      let looks = TextKind(of: bytes).words.map { " (it looks like \($0))" } ?? ""
      note(
        "\(name): byte \(fault.offset): \(fault.words)\(looks); only the part before it is shown")
    }
    if document.hasMore {
      note("\(name): it has a NextToken: further pages are missing")
    }
    if document.isFromEvents {
      note("\(name): CloudTrail events: each handshake is shown as it was at its last event")
    }
    if document.handshakes.contains(where: \.isCutByPowerShell) {
      note("\(name): the parties were cut off by PowerShell: use ConvertTo-Json -Depth 9")
    }
  }

  /// The page length of the embedded organization: a page costs no request, but its share of work.
  static let pageLength = 200

  private func local() async throws(CommandFailure) -> Access {
    let store = try openStore()
    let user = OperatorSessionName.of(environment: dependencies.environment)
    let known = try await store.known(settings.account.value, settings.format)
    let accounts = Set(known.all)
    let clock = try await store.told(settings.format) { store throws(StoreError) in
      try await store.clock()
    }
    let backend: @Sendable (AccountID) -> LocalBackend? = { account in
      accounts.contains(account)
        ? LocalBackend(store: store, account: account, user: user, pageLength: Self.pageLength)
        : nil
    }
    let service = Service(
      place: ServicePlace(.local, at: Untrusted(store.path)), label: .local,
      profiles: known.profiles, clockOffset: clock.advanced, readsAtOnce: 4,
      readers: { backend($0) })
    if settings.readOnly.value { return .reading(service) }
    return .writing(service, Writer(backends: { backend($0) }, pace: .unlimited))
  }
}

extension BackendChoice {
  /// Opens the store.
  ///
  /// Only the store at the default path is created when it is missing; any other path was expected
  /// to exist.
  ///
  /// - Throws: `CommandFailure` when the store or its folder is missing, unsafe or cannot be used.
  func openStore() throws(CommandFailure) -> Store {
    let path = settings.store.value
    try checkFolder(of: path)
    do throws(StoreError) {
      return try Store.open(at: path, time: dependencies.time, random: dependencies.random)
    } catch {
      guard settings.isDefaultStore, case .missing = error else {
        throw error.failure(settings.format)
      }
    }
    let store: Store
    do throws(CommandFailure) {
      store = try makeStore(Store.Options())
    } catch {
      // Another program may have been faster: its store is equally good.
      let other = try? Store.open(at: path, time: dependencies.time, random: dependencies.random)
      guard let other else { throw error }
      return other
    }
    note(
      "created a demonstration organization at \(settings.format.full(path)); "
        + "handshake local reset recreates it")
    return store
  }

  /// Refuses a folder in which others could replace the store, or SQLite's log beside it.
  private func checkFolder(of path: String) throws(CommandFailure) {
    do throws(FileError) {
      let folder = path.splitAtLastSlash.directory
      _ = try Directory.open(folder, creating: false, privacy: .unforged)
    } catch {
      // A missing folder is reported when the store is opened.
      guard error.isMissing else { throw error.failure(settings.format) }
    }
  }

  /// Creates a store, and the trust list of the demonstration.
  ///
  /// - Throws: `CommandFailure` when the path exists, its folder is unsafe, or the store or the
  ///   list cannot be written.
  func makeStore(_ options: Store.Options) throws(CommandFailure) -> Store {
    let path = settings.store.value
    try checkFolder(of: path)
    if settings.isDefaultStore {
      try settings.places.requireComplete()
      do throws(FileError) {
        _ = try Directory.open(settings.places.data, creating: true, privacy: .secret)
      } catch { throw error.failure(settings.format) }
    }
    let store: Store
    do throws(StoreError) {
      store = try Store.create(
        at: path, options: options, time: dependencies.time, random: dependencies.random)
    } catch { throw error.failure(settings.format) }
    if !options.empty, options.size == nil { try plantTrust() }
    return store
  }

  /// Writes the demonstration's trust list, unless the operator has one there.
  private func plantTrust() throws(CommandFailure) {
    let file = TrustFile(beside: settings.store.value)
    guard try file.bytes(settings.format) == nil else { return }
    try file.write(.demonstration(at: dependencies.time.now()), settings.format)
  }
}

extension Store {
  /// All accounts of a store, and those that are viewed.
  struct Known: Sendable {
    var all: [AccountID]
    var profiles: [Profile]
  }

  /// Returns the accounts of the store; with nil every party to a handshake is viewed.
  ///
  /// - Throws: `CommandFailure` when `account` is not in the store, or the store cannot be read.
  func known(_ account: AccountID?, _ format: Formatter) async throws(CommandFailure) -> Known {
    let all = try await told(format) { store throws(StoreError) in try await store.accounts() }
    let looking: [Store.Account]
    if let account {
      looking = all.filter { $0.id == account }
      guard !looking.isEmpty else {
        throw CommandFailure(
          .failed, "account \(account.text) is not in this organization's store",
          why: format.full(path), remedy: "handshake local accounts lists its accounts.")
      }
    } else {
      looking = try await told(format) { store throws(StoreError) in try await store.parties() }
    }
    return Known(
      all: all.map(\.id), profiles: looking.map { Profile(account: $0.id, name: $0.name) })
  }

  /// Calls the store and describes its errors.
  ///
  /// - Throws: `CommandFailure` for a `StoreError` of `body`.
  func told<Value: Sendable>(
    _ format: Formatter, _ body: (Store) async throws(StoreError) -> Value
  ) async throws(CommandFailure) -> Value {
    do throws(StoreError) { return try await body(self) } catch { throw error.failure(format) }
  }
}

extension StoreError {
  private static let check =
    "Check its mode, the space on its disk and the file size limit (ulimit -f)."

  func failure(_ format: Formatter) -> CommandFailure {
    switch self {
    case .missing(let path):
      CommandFailure(
        .failed, "\(format.full(path)) does not exist",
        remedy: "handshake local init --store \(format.full(path)) creates an organization there.")
    case .exists(let path):
      CommandFailure(
        .failed, "\(format.full(path)) already exists", why: "an existing file is never replaced",
        remedy: "handshake local reset recreates it; or name another path with --store.")
    case .notAFile(let path):
      CommandFailure(
        .failed, "\(format.full(path)) is not a regular file",
        remedy: "Name the file itself with --store, not a link or a directory.")
    case .unsafe(let path, let why):
      Self.unusable(
        format.full(path), why.words,
        "Make it writable by you only (chown, chmod go-w), or name another file with --store.")
    case .leftOver(let path):
      CommandFailure(
        .failed, "\(format.full(path)) is left from a deleted organization",
        remedy: "Move it away: a new organization would read it.")
    case .foreign(let path):
      CommandFailure(
        .failed, "\(format.full(path)) is not an organization of this program",
        why: "it was not changed", remedy: "Name another file with --store.")
    case .newer(let path, let version, let supported):
      CommandFailure(
        .failed, "\(format.full(path)) was made by a newer version of this program",
        why: "its format is \(version), this program reads up to \(supported)",
        remedy: "Use the newer program. The file was not changed.")
    case .damaged(let path, let detail):
      CommandFailure(
        .failed, "\(format.full(path)) is damaged", why: format.full(detail),
        remedy: "Restore a copy, or move it away and run handshake local init.")
    case .busy(let path):
      CommandFailure(
        .failed, "\(format.full(path)) is busy",
        why: "another process writes", remedy: "Try again.")
    case .system(let path, let error):
      Self.unusable(format.full(path), error.words, error.remedy ?? Self.check)
    case .database(let path, let detail):
      Self.unusable(format.full(path), format.full(detail), Self.check)
    }
  }

  private static func unusable(_ path: String, _ why: String, _ remedy: String) -> CommandFailure {
    CommandFailure(.failed, "\(path) cannot be used", why: why, remedy: remedy)
  }
}

/// The service in use, as far as it can be read: the accounts viewed, and a reader for each.
struct Service: Sendable {
  var place: ServicePlace
  var label: BackendLabel
  var foreign = ForeignEndpoints()
  /// The accounts viewed, in their order.
  var profiles: [Profile]
  /// The profiles whose accounts could not be resolved; their rows are unknown, not absent.
  var unknown: [UnknownProfile] = []
  /// Whether the service is a document, in which sent and received handshakes are shown alike.
  var isDocument: Bool { label == .document }
  /// The origin of its lists' rows.
  var origin: Row.Origin { isDocument ? .document : .service }
  /// The time by which the embedded organization's clock is ahead.
  var clockOffset = Span.zero
  /// The most reads at a time, where more would block each other; nil for no limit.
  var readsAtOnce: Int?
  var readers: @Sendable (AccountID) -> (any HandshakeReader)?
  /// The names of the profiles whose account STS resolves only when `resolve` is called.
  var unresolved: [Untrusted] = []
  /// Resolves the account of a profile, after which `readers` has a reader for it.
  var resolve: @Sendable (Untrusted) async -> Result<AccountID, BackendError> = { _ in
    .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
  }
  /// Logs in as a profile, with the dialogue that was set last.
  var logIn: @Sendable (Untrusted) async -> LoginResult = { _ in
    .failed(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
  }
  /// Sets the dialogue through which the operator is asked from now on.
  var takeDialogue: @Sendable (any LoginDialogue) -> Void = { _ in }
}

/// The access of a command or the screens to the service.
///
/// A read-only session has no writer, and without one nothing can be sent: readers cannot send
/// (SEC-4.2.6).
enum Access: Sendable {
  case reading(Service)
  case writing(Service, Writer)

  var service: Service {
    switch self {
    case .reading(let service), .writing(let service, _): service
    }
  }

  /// Returns the access of the screens, which over AWS are read-only unless `write` is set.
  func forScreens(write: Bool) -> Access {
    service.label == .local || write ? self : .reading(service)
  }

  var writer: Writer? {
    if case .writing(_, let writer) = self { writer } else { nil }
  }
}

/// The means to send, as each account.
struct Writer: Sendable {
  var backends: @Sendable (AccountID) -> (any HandshakeBackend)?
  /// The request rates of the service; unlimited for an embedded organization, which reports its
  /// own limits.
  var pace: Pace
}

/// The name of the embedded organization's principal.
///
/// It is the operator's login name, as far as the name of a role session can contain it.
enum OperatorSessionName {
  static func of(environment: [String: String]) -> String {
    let name = [environment["SUDO_USER"], environment["USER"], environment["LOGNAME"]]
      .compactMap(\.self).first { !$0.isEmpty }
    let allowed = (name ?? "").utf8.filter { byte in
      let isLetter = (0x41...0x5A).contains(byte & 0xDF)
      return isLetter || (0x30...0x39).contains(byte) || "+=,.@-_".utf8.contains(byte)
    }
    let text = String(decoding: allowed.prefix(64), as: UTF8.self)
    return text.utf8.count < 2 ? "operator" : text
  }
}
