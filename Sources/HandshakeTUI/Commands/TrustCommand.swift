import Arguments
import Glibc
import Model
import Platform
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text
import Wire

/// The command `handshake trust`.
enum TrustCommand {
  static let declaration = CommandDeclaration<any Subcommand>(
    "trust", summary: "Manage the trust list.",
    discussion: """
      An invitation is trusted if its organization id is listed with its management account. \
      The list is stored beside the organization's store; for AWS, beside the configuration.
      """,
    children: [
      TrustListCommand.declaration, TrustAddCommand.declaration, TrustRemoveCommand.declaration,
    ], defaultChild: "list")
}

/// The command `handshake trust list`.
struct TrustListCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "list", summary: "Print the trust list.",
    start: TrustListCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    try run.settings.places.requireComplete()
    let list = try SeenNames(run: run).inbox().trustList
    if run.settings.json {
      try run.put(.array(list.sorted.map { $0.json(in: list) }))
      return .done
    }
    guard !list.isEmpty else {
      run.note("the trust list is empty: \(run.format.full(run.trustFile.path))")
      return .done
    }
    var table = Table(
      ["ORGANIZATION", run.isWide ? "MANAGEMENT ACCOUNT" : "MANAGED BY", "NAME", "ADDED", "BY"],
      whole: [2, 4])
    for entry in list.sorted {
      table.add(
        [
          entry.organization.text, entry.managementAccount.text,
          name(of: entry, in: list, run.format),
          run.isWide ? entry.addedAt.awsCLIText : entry.addedAt.dayText,
          run.format.full(entry.addedBy),
        ], foreign: list.isUnnamed(entry) ? [4] : [2, 4])
    }
    try run.put(table.text(run.layout, on: run.terminal))
    let unnamed = list.sorted.filter { list.isUnnamed($0) }
    if let first = unnamed.first {
      run.note(
        "no name is known of \(unnamed.map(\.organization.text).joined(separator: ", ")): its "
          + "look-alikes cannot be found until a listing shows its name. Give it one: handshake trust "
          + "add \(first.organization.text) \(first.managementAccount.text) --name NAME")
    }
    return .done
  }

  /// Returns the operator's name, else a name that was seen, else `(no name known)`.
  private func name(of entry: TrustedOrganization, in list: TrustList, _ format: Formatter)
    -> String
  {
    if !entry.name.isEmpty { return format.full(entry.name) }
    let names = list.names(of: entry.organization, managedBy: entry.managementAccount)
    return names.first.map { "seen as \(format.full($0))" } ?? "(no name known)"
  }
}

extension TrustList {
  fileprivate func isUnnamed(_ entry: TrustedOrganization) -> Bool {
    names(of: entry.organization, managedBy: entry.managementAccount).isEmpty
  }
}

/// The command `handshake trust add`.
struct TrustAddCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "add", summary: "Add an organization with its management account to the trust list.",
    discussion: """
      On a terminal it asks for the organization's id again: take it from the ticket, not \
      from a screen. Without a terminal --yes is required. If the name looks like that of a known \
      organization, it says so and asks for the id twice. If the organization is listed with another \
      management account, it says so and replaces that entry.
      """,
    start: TrustAddCommand()
  ) {
    [
      .positional("organization", \.organization, "The organization: o-…"),
      .positional(
        "management-account", \.managementAccount, "Its management account: 12 digits."),
      .option("--name", \.name, "text", "Your own name for it."),
      .flag("--yes", \.yes, "Do not ask for the id again."),
    ]
  }

  var organization = ""
  var managementAccount = ""
  var name: String?
  var yes = false

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let id = try OrganizationID(argument: organization, run.format)
    guard let account = AccountID(managementAccount) else {
      throw CommandFailure(
        .usage, "\"\(run.format.full(managementAccount))\" is not an account id",
        remedy: "An account id has 12 digits.")
    }
    let name = name.map { Untrusted($0) }
    let doubts = TrustDoubts(id, account, name, in: try SeenNames(run: run).inbox())
    for words in doubts.words(run.format) { run.note(words) }
    if !yes {
      try TrustQuestion(run: run).confirm(id, managedBy: account, isLookAlike: doubts.isLookAlike)
    }
    let who = Operator.onThisHost(environment: run.dependencies.environment)
    let entry = TrustedOrganization(
      organization: id, managementAccount: account, name: name ?? Untrusted(""),
      addedAt: run.dependencies.time.now(), addedBy: who.name)
    let before = try TrustChange(run: run).make(.trustAdded(id, account, name: name)) {
      $0.add(entry)
    }
    if let before, before.managementAccount != account {
      run.note("\(id.text) was trusted with \(before.managementAccount.text) before")
    }
    run.note("\(id.text) with \(account.text) added to the trust list")
    if doubts.isUnnamed {
      run.note("no name is known of it: add one with --name, so that its look-alikes are found")
    }
    return .done
  }
}

/// The command `handshake trust remove`.
struct TrustRemoveCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "remove", summary: "Remove an organization from the trust list.",
    start: TrustRemoveCommand()
  ) {
    [
      .positional(
        "organization", \.organization, "The organization: o-…", completion: Completions.trusted)
    ]
  }

  var organization = ""

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let id = try OrganizationID(argument: organization, run.format)
    guard try run.trustList()[id] != nil else {
      throw CommandFailure(
        .failed, "\(id.text) is not in the trust list", why: run.format.full(run.trustFile.path),
        remedy: "handshake trust list shows its entries.")
    }
    _ = try TrustChange(run: run).make(.trustRemoved(id)) { $0.remove(id) }
    run.note("\(id.text) removed from the trust list")
    return .done
  }
}

/// A change of the trust list, atomic on the disk and recorded in the journal.
struct TrustChange {
  let run: CommandContext

  /// Records and makes the change, and returns the entry that was there before.
  ///
  /// - Throws: `CommandFailure` when there is no home directory, or the list or the journal cannot
  ///   be locked, read or written. When only the list's write fails, the journal has the record all
  ///   the same.
  func make(
    _ event: JournalEvent, _ change: (inout TrustList) -> TrustedOrganization?
  ) throws(CommandFailure) -> TrustedOrganization? {
    try run.settings.places.requireComplete()
    let file = run.trustFile
    return try file.exclusively(run.format) { () throws(CommandFailure) in
      var list = try file.read(run.format)
      let before = change(&list)
      // Recorded first: a change that is not in the journal must not take effect.
      do throws(JournalFault) {
        try run.journal.append(event)
      } catch { throw CommandFailure(error, run.format) }
      try file.write(list, run.format)
      return before
    }
  }
}

extension TrustFile {
  /// Runs `body` while no other process changes the list.
  fileprivate func exclusively<Value>(
    _ format: Formatter, _ body: () throws(CommandFailure) -> Value
  ) throws(CommandFailure) -> Value {
    let (directory, name) = path.splitAtLastSlash
    let lock: OpenFile
    do throws(FileError) {
      lock = try Directory.open(directory, creating: true, privacy: .unforged)
        .openOrCreate("." + name + ".lock", .readWrite).file
      _ = try lock.lock(waiting: true)
    } catch { throw error.failure(format) }
    defer { lock.unlock() }
    return try body()
  }
}

extension TrustedOrganization {
  /// Returns the entry with the names that it was seen under, besides the operator's own.
  func json(in list: TrustList) -> JSONValue {
    let seen = list.names(of: organization, managedBy: managementAccount).filter { $0 != name }
    return .members([
      ("OrganizationId", .text(organization.text)),
      ("ManagementAccountId", .text(managementAccount.text)), ("Name", .string(name)),
      ("AddedAt", .text(addedAt.awsCLIText)), ("AddedBy", .string(addedBy)),
      ("SeenNames", seen.isEmpty ? nil : .array(seen.map { .string($0) })),
    ])
  }
}

/// The warnings for the operator before an organization is trusted.
struct TrustDoubts {
  private let organization: OrganizationID
  private let account: AccountID
  /// The management account that is listed now, if it is another one.
  private let replaced: AccountID?
  private let lookAlike: LookAlike?
  /// The organization's name that looks like another one's.
  private let name: Untrusted?
  /// Whether no name of the organization is known.
  let isUnnamed: Bool

  /// Compares the organization with the known ones; `name` is the operator's name for it.
  init(
    _ organization: OrganizationID, _ account: AccountID, _ name: Untrusted?, in inbox: Inbox
  ) {
    self.organization = organization
    self.account = account
    let list = inbox.trustList
    let listed = list[organization]?.managementAccount
    replaced = listed == account ? nil : listed
    let names =
      [name].compactMap(\.self).filter { !$0.isBlank }
      + inbox.names(of: organization, managedBy: account)
      + list.names(of: organization, managedBy: account)
    let like = names.first {
      list.lookAlike(of: organization, managedBy: account, named: [$0]) != nil
    }
    self.name = like
    lookAlike = like.flatMap {
      list.lookAlike(of: organization, managedBy: account, named: [$0])
    }
    isUnnamed = names.isEmpty
  }

  var isLookAlike: Bool { lookAlike != nil }

  func words(_ format: Formatter) -> [String] {
    var words: [String] = []
    if let replaced {
      words.append(
        "\(organization.text) is listed with management account \(replaced.text) now: this "
          + "replaces it by \(account.text)")
    }
    if let lookAlike, let name {
      words.append(
        "like! LOOK-ALIKE: \"\(format.full(name))\" of \(organization.text) with \(account.text) looks "
          + "like \"\(format.full(lookAlike.name))\", which is \(lookAlike.organization.text) with "
          + "\(lookAlike.account.text), another organization")
    }
    return words
  }
}

/// The question for an organization's id a second time, before it is trusted (UX-21.4).
struct TrustQuestion {
  let run: CommandContext
  /// The most bytes of the answer that are kept, more than any id has.
  private static let longest = 128

  /// Asks for the id again, and once more for a look-alike.
  ///
  /// - Throws: `CommandFailure` with status `refused` when another id is typed, or stdin or stderr
  ///   is not a terminal.
  func confirm(
    _ id: OrganizationID, managedBy account: AccountID, isLookAlike: Bool
  ) throws(CommandFailure) {
    guard run.console.isTerminal(.input), run.console.isTerminal(.errors) else {
      throw CommandFailure(
        .refused, "the trust list was not changed",
        why: "adding \(id.text) with \(account.text) needs --yes",
        remedy: run.confirmingLine)
    }
    try ask("type the organization's id again, from the ticket: ", for: id)
    if isLookAlike {
      try ask("it is a look-alike. Type the id once more, from the ticket: ", for: id)
    }
  }

  private func ask(_ question: String, for id: OrganizationID) throws(CommandFailure) {
    run.ask(question)
    let typed = run.console.readLine(limit: Self.longest) ?? []
    guard Self.trimmed(typed).elementsEqual(id.text.utf8) else {
      let shown = run.format.full(Untrusted(bytes: typed))
      throw CommandFailure(
        .refused, "the trust list was not changed",
        why: "\(id.text) was given first, then \"\(shown)\"",
        remedy: "Compare both with the ticket, then try again.")
    }
  }

  /// Removes the blanks that a paste may add.
  private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0D].contains(byte) }
    guard let first = line.firstIndex(where: { !isBlank($0) }),
      let last = line.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return line[first...last]
  }
}

/// The names under which organizations were seen.
///
/// They are in the trust list and the journal, and in an embedded organization or a document, where
/// reading costs no request.
struct SeenNames {
  let run: CommandContext

  /// Reads an inbox that knows the names.
  ///
  /// Apart from the trust list, what cannot be read is left out: the list can be changed without
  /// it.
  ///
  /// - Throws: `CommandFailure` when the trust list cannot be read.
  func inbox() throws(CommandFailure) -> Inbox {
    let trust = try run.trustList()
    guard let service else {
      var inbox = Inbox(profiles: [], trust: trust, views: [])
      inbox.noteNames(in: run.journalNotes) { $0.backend == .aws }
      return inbox
    }
    let reading = InboxReading(
      service: service, trust: trust, view: RowSelection(.either, .all),
      time: run.dependencies.time)
    var inbox = Blocking.run { await reading.read() }
    inbox.noteNames(in: run.journalNotes) { $0 == service.place }
    return inbox
  }

  /// The service to read; nil for AWS and when there is nothing to read, as no store is created for
  /// it.
  private var service: Service? {
    let settings = run.settings
    if let input = settings.input.value {
      guard input != "-" else { return nil }
    } else {
      guard !run.choice.isAWS, access(settings.store.value, F_OK) == 0 else { return nil }
    }
    // SAFETY: errors of the store or the document are reported by the commands that need them.
    return try? run.open().service
  }
}

extension CommandContext {
  /// The journal's records as notes; empty when it cannot be read, which other commands report.
  var journalNotes: JournalNotes {
    // SAFETY: as above.
    JournalNotes((try? chain())?.records ?? [])
  }

  /// Adds the names in the journal to an inbox, if a handshake's sender is not trusted.
  func noteNames(for ids: [HandshakeID], of service: Service, in inbox: inout Inbox) {
    let isNeeded = ids.contains { id in
      inbox.row(id).map { inbox.trustMark(of: $0) == .new } ?? false
    }
    if isNeeded { inbox.noteNames(in: journalNotes) { $0 == service.place } }
  }
}
