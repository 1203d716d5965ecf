import AWSBackend
import Arguments
import HandshakeUI
import LocalBackend
import Model
import Platform
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text
import Wire

/// The command `handshake info`.
struct InfoCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "info",
    summary: "Print every setting with its origin, the accounts, and the state of the files.",
    discussion: "It reads the whole store to check it for damage.",
    start: InfoCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    var facts = InfoFacts(run.format)
    facts.addProgram()
    facts.add(run.settings)
    var statuses: [Status] = []
    do throws(CommandFailure) {
      try addService(run, to: &facts)
    } catch {
      run.complain(error)
      // A service that was named keeps its row; a profile of it failed.
      if !facts.has("service") { facts.add("service", "unusable", "checked") }
      statuses.append(.partly)
    }
    do throws(CommandFailure) {
      try addJournal(run, to: &facts)
    } catch {
      run.complain(error)
      facts.add("journal_state", "unusable", "checked")
      statuses.append(.partly)
    }
    try put(facts, run)
    return Status.worst(statuses)
  }

  private func addService(_ run: CommandContext, to facts: inout InfoFacts) throws(CommandFailure) {
    if run.settings.input.value == nil, run.choice.isAWS {
      return try addAWS(run, to: &facts)
    }
    let service = try run.open().service
    facts.add("service", service.label.rawValue, "backend")
    facts.add(
      "accounts", service.profiles.map(\.account.text).joined(separator: " "), "service")
    guard !service.isDocument else { return }
    let store = try run.choice.openStore()
    let format = run.format
    let (clock, faults) = try Blocking.run { () async throws(CommandFailure) in
      try await store.told(format) { store throws(StoreError) in
        (try await store.clock(), try await store.quickCheck())
      }
    }
    facts.add("store_format", String(Store.formatVersion), "built in")
    facts.add("store_reading", store.options.reading.rawValue, "store")
    facts.add("store_throttle", String(store.options.throttle), "store")
    facts.add("store_clock", clock.now.awsCLIText, "store")
    facts.add("store_advanced", String(clock.advanced.milliseconds / 1_000) + "s", "store")
    facts.add(
      "store_check", faults.isEmpty ? "ok" : format.full(faults.joined(separator: "; ")), "store")
    let trust = try run.trustList()
    facts.add("trust_file", run.format.full(run.trustFile.path), "store")
    facts.add("trusted", trust.sorted.map(\.organization.text).joined(separator: " "), "trust_file")
  }

  private func addJournal(_ run: CommandContext, to facts: inout InfoFacts) throws(CommandFailure) {
    do throws(JournalFault) {
      let head = try run.journal.head()
      facts.add("journal_head", head.map { "\($0.sequence) \($0.hash.text)" } ?? "none", "journal")
      facts.add("journal_open", String(try run.journal.openIntents().count), "journal")
    } catch { throw CommandFailure(error, run.format) }
  }

  private func put(_ facts: InfoFacts, _ run: CommandContext) throws(CommandFailure) {
    if run.settings.json { return try run.put(.array(facts.rows.map(\.json))) }
    if run.layout == .people, let terminal = run.terminal {
      return try run.put(facts.text(on: terminal))
    }
    var table = Table(["KEY", "VALUE", "ORIGIN"], whole: [0, 1, 2])
    for row in facts.rows { table.add([row.key, row.value, row.origin]) }
    try run.put(table.text(run.layout, on: run.terminal))
  }
}

/// The rows that `info` prints; their values are printable.
struct InfoFacts {
  private let format: Formatter
  private(set) var rows: [Row] = []

  struct Row: Hashable {
    var key: String
    var value: String
    var origin: String

    var json: JSONValue {
      .members([("Key", .text(key)), ("Value", .text(value)), ("Origin", .text(origin))])
    }
  }

  init(_ format: Formatter) {
    self.format = format
  }

  /// Returns whether there is a row with this key.
  func has(_ key: String) -> Bool { rows.contains { $0.key == key } }

  /// Returns the rows in the terminal's width.
  ///
  /// A long value continues below itself, and an origin without room gets a line below it.
  func text(on terminal: TerminalRows) -> String {
    let keys = min(rows.map { DisplayWidth.of($0.key) }.max() ?? 0, terminal.columns / 4)
    let indent = String(repeating: " ", count: keys + 2)
    let heading = Row(key: "KEY", value: "VALUE", origin: "ORIGIN")
    return ([heading] + rows).map { row in
      let value = Sanitiser.countingBlanks(row.value, in: terminal.charset)
      let origin = Sanitiser.countingBlanks(row.origin, in: terminal.charset)
      let head = padded(row.key, to: keys) + "  "
      let line = head + padded(value, to: Self.values) + "  " + origin
      if DisplayWidth.of(line) <= terminal.columns { return line + "\n" }
      return terminal.line(head + value, goingOnWith: indent) + "\n"
        + terminal.line(indent + origin, goingOnWith: indent) + "\n"
    }.joined()
  }

  /// The width of the column of values, in which short ones fit.
  private static let values = 24

  private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  mutating func add(_ key: String, _ value: String, _ origin: String) {
    rows.append(Row(key: key, value: value, origin: origin))
  }

  mutating func addProgram() {
    add("version", Version.program, "built in")
    add("journal_format", String(Version.journalFormat), "built in")
  }

  mutating func add(_ settings: Settings) {
    add(
      "config", format.full(settings.configuration.path),
      settings.isConfigured ? "read" : "does not exist")
    for row in settings.table where row.isListed {
      let setting = settings[row.key]
      add(
        row.key, format.full(setting.flatMap { $0.value.cell } ?? row.blank),
        (setting?.origin ?? .builtIn).text(format))
    }
    add("state", format.full(settings.places.state), settings.places.stateOrigin)
  }
}

extension SettingRow.Value {
  /// The value in one cell; nil for an empty list.
  fileprivate var cell: String? {
    switch self {
    case .boolean(let isOn): String(isOn)
    case .number(let number): String(number)
    case .text(let text): text
    case .list(let names): names.isEmpty ? nil : names.joined(separator: " ")
    }
  }
}

extension InfoCommand {
  /// Adds the settings and the identity of each profile, by STS and DescribeOrganization.
  ///
  /// - Throws: `CommandFailure` when the profiles' settings or the trust list cannot be used, or,
  ///   after all rows were added, the last profile's error.
  func addAWS(_ run: CommandContext, to facts: inout InfoFacts) throws(CommandFailure) {
    let choice = run.choice
    let profiles = try choice.profiles(in: choice.world(choice.dialogue))
    for line in ForeignEndpoints(of: profiles).words(run.format) { run.note(line) }
    let isSandbox = profiles.contains { $0.connection.endpoint.isOnThisMachine }
    facts.add(
      "service", (isSandbox ? BackendLabel.sandbox : .aws).rawValue, "backend")
    for remark in profiles.first?.settings.profiles.remarks ?? [] {
      facts.add("passed_over", run.format.full(remark.text), run.format.full(remark.origin.text))
    }
    for profile in profiles {
      for row in profile.settings.rows {
        facts.add(
          "profile.\(run.format.full(profile.name)).\(row.name)", run.format.full(row.value),
          run.format.full(row.origin))
      }
    }
    let answers = Blocking.run {
      await concurrently(profiles) { await $0.identity() }
    }
    var failed: CommandFailure?
    for (profile, answer) in zip(profiles, answers) {
      let prefix = "profile.\(run.format.full(profile.name))."
      switch answer {
      case .success(let known): facts.add(known, prefix, run.format)
      case .failure(let error):
        let failure = CommandFailure.unknown(
          UnknownProfile(name: profile.name, error: error), run.format)
        facts.add(prefix + "error", failure.text, "STS")
        failed = failure
      }
    }
    let trust = try run.trustList()
    facts.add("trust_file", run.format.full(run.trustFile.path), "config")
    facts.add("trusted", trust.sorted.map(\.organization.text).joined(separator: " "), "trust_file")
    if let failed { throw failed }
  }
}

/// The identity of a profile, and the source of its credentials.
struct KnownProfile: Sendable {
  var identity: Identity
  var source: CredentialsFault.Source?
}

extension AWSProfile {
  fileprivate func identity() async -> Result<KnownProfile, BackendError> {
    do throws(BackendError) {
      let identity = try await connection.reader.identity().value
      // SAFETY: the credentials were available a moment ago; without them the row is omitted.
      let source = try? await connection.credentials.credentials().source
      return .success(KnownProfile(identity: identity, source: source))
    } catch { return .failure(error) }
  }
}

extension InfoFacts {
  mutating func add(_ known: KnownProfile, _ prefix: String, _ format: Formatter) {
    let identity = known.identity
    add(prefix + "account", identity.account.text, "STS")
    add(prefix + "caller", format.full(identity.caller), "STS")
    add(prefix + "role", identity.role.rawValue, "DescribeOrganization")
    add(prefix + "organization", identity.organization?.id.text ?? "none", "DescribeOrganization")
    if let source = known.source { add(prefix + "credentials", source.rawValue, "profile") }
    if let ends = identity.credentialsEnd { add(prefix + "ends", ends.awsCLIText, "credentials") }
  }
}
