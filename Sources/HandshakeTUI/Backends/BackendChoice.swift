import HandshakeUI
import LocalBackend
import Model
import Review
import Text
import Wire

/// Builds what is read and acted through from the settings. A new backend is one line in `open`.
struct BackendChoice: Sendable {
  let settings: Settings
  let surroundings: Surroundings
  let log: LogFile?
  /// What the operator should know while it is opened; printable.
  let note: @Sendable (String) -> Void

  func open() async throws(CommandFailure) -> Access {
    if let path = settings.input.value { return .reading(try document(path)) }
    return isAWS ? try await aws() : try await local()
  }

  /// The document of `--input`.
  private func document(_ path: String) throws(CommandFailure) -> Service {
    let ink = settings.ink
    let name = path == "-" ? "standard input" : ink.full(path)
    let bytes = try read(path)
    let document: SavedDocument
    do throws(DocumentFault) {
      document = try SavedDocument.read(bytes)
    } catch { throw error.failure(name, of: bytes) }
    tell(of: document, bytes, name)
    // SAFETY: a trust list that cannot be read says so where it is used.
    if let list = try? trustFile.read(ink), !list.isEmpty {
      note("\(name): using the trust list \(ink.full(trustFile.path))")
    }
    let reader = DocumentService(
      document, as: settings.account.value, clock: surroundings.time)
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
    guard path == "-" else { return try NamedInput.read(path, settings.ink) }
    if let document = surroundings.document { return document }
    return try surroundings.console.readInput()
  }

  /// Says what of the document could not be read, and what it is where that matters.
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

  /// Pages of the embedded organization: they cost no request, but each its share of work.
  static let pageLength = 200

  private func local() async throws(CommandFailure) -> Access {
    let store = try openStore()
    let user = SessionName.of(environment: surroundings.environment)
    let known = try await store.known(settings.account.value, settings.ink)
    let accounts = Set(known.all)
    let clock = try await store.told(settings.ink) { store throws(StoreError) in
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
