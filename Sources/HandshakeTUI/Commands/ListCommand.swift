import Arguments
import Model
import Platform
import ReviewInbox
import ReviewWording
import Text
import Wire

/// The command `handshake list`.
struct ListCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "list",
    summary: "List the handshakes that the accounts received, or that their organizations sent.",
    discussion: """
      States are pending, all, or names joined by commas: OPEN,REQUESTED. Filters are as on the \
      screens: org:acme account:2222 state:open action:invite expires:<3d trust:new trust:like, \
      and words. Sort keys are expires, sent, org, account, state, action, id and trust, with - before \
      them for descending order. Durations are 90m, 48h, 16d.
      """,
    start: ListCommand()
  ) {
    [
      .flag(
        "--sent", \.sent,
        "List what the accounts' organizations sent, instead of what the accounts received."),
      .option(
        "--state", \.state, "states", "pending (default), all, or states.",
        completion: Completions.states),
      .option("--filter", \.filter, "expr", "List only the matches of this filter."),
      // A key may begin with the - of descending order.
      .option(
        "--sort", \.sort, "key", "The sort key.", takesDashes: true,
        completion: Completions.sortKeys),
      .option(
        "--expiring", \.expiring, "duration",
        "List only pending handshakes with at most this time left; exit 10 if there are any."),
    ]
  }

  var sent = false
  var state: String?
  var filter: String?
  var sort: String?
  var expiring: String?

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let request = try ListRequest(self, run.settings)
    let service = try run.open().service
    Reconciling(run: run, service: service).noteOpen()
    let reading = InboxReading(
      service: service, trust: try run.trustList(), view: request.view(of: service),
      time: run.dependencies.time)
    var inbox = Blocking.run { await reading.read() }
    run.noteNames(for: inbox.rows(reading.view).compactMap(\.id), of: service, in: &inbox)
    let listed = request.select(from: inbox, reading.view, at: run.dependencies.time)
    try Listed(rows: listed, inbox: inbox, isSent: sent, run: run).put()
    return status(listed, inbox, service, run)
  }

  private func status(
    _ rows: [Row], _ inbox: Inbox, _ service: Service, _ run: CommandContext
  ) -> Status {
    var statuses: [Status] = []
    for failure in inbox.failures {
      // The gaps of a document were noted when it was read.
      if !service.isDocument { run.complain(.unread(failure.source, failure.error, run.format)) }
      statuses.append(.partly)
    }
    if !statuses.isEmpty, !service.isDocument, inbox.failures.count == inbox.sources.count {
      return .failed
    }
    for account in sent ? inbox.unlistable() : [] {
      run.complain(.withheld(account))
      statuses.append(.partly)
    }
    let damaged = rows.count { !$0.handshake.damage.isEmpty }
    if damaged > 0 {
      run.note(Damage.note(damaged, of: rows.count))
      statuses.append(.partly)
    }
    if !service.unknown.isEmpty { statuses.append(.partly) }
    if expiring != nil, !rows.isEmpty { statuses.append(.expiring) }
    return Status.worst(statuses)
  }
}

extension CommandFailure {
  /// Returns the failure of a member account, which cannot list what its organization sent.
  static func withheld(_ account: AccountID) -> CommandFailure {
    CommandFailure(
      .partly, "account \(account.text), sent by the organization: unknown",
      why: "it is a member: it cannot see what its organization sent",
      remedy: "Use the management account, or a delegated administrator.")
  }

  /// Returns the failure to read one listing.
  static func unread(_ source: SourceKey, _ error: BackendError, _ format: Formatter)
    -> CommandFailure
  {
    let what = source.direction == .received ? "received" : "sent by the organization"
    var failure = CommandFailure(error, format)
    failure.what = "account \(source.account.text), \(what): unknown: \(failure.what)"
    return failure
  }
}

/// The request of `list`, from its options.
struct ListRequest: Hashable, Sendable {
  var isSent: Bool
  var states: RowSelection.States
  var filter: RowFilter
  var order: RowOrder
  /// The most time left of the handshakes listed, which are then pending ones only.
  var expiring: Span?

  /// Reads the options.
  ///
  /// - Throws: `CommandFailure` with status `usage` for an invalid state, filter, sort key or
  ///   duration.
  init(_ command: ListCommand, _ settings: Settings) throws(CommandFailure) {
    let format = settings.format
    isSent = command.sent
    states = try Self.states(
      command.state ?? (settings.input.value == nil ? "pending" : "all"), format)
    do throws(RowFilter.Problem) {
      filter =
        try command.filter.map { (text) throws(RowFilter.Problem) in try RowFilter(text) }
        ?? .none
    } catch {
      throw CommandFailure(.usage, Explanation(error, in: format.charset))
    }
    guard let order = command.sort.map({ RowOrder($0) }) ?? .standard else {
      throw CommandFailure(
        .usage, "unknown sort key \"\(format.full(command.sort ?? ""))\"",
        remedy: "Use one of: \(Self.sortKeys), with - before it for descending.")
    }
    self.order = order
    if let text = command.expiring {
      guard let span = Span(text) else {
        throw CommandFailure(
          .usage, "--expiring \"\(format.full(text))\" is not a duration",
          remedy: "Write it as 90m, 48h or 16d.")
      }
      expiring = span
    }
  }

  private static var sortKeys: String {
    RowOrder.Field.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// Parses `--state`: `pending`, `all`, or names of states joined by commas, in any case.
  ///
  /// - Throws: `CommandFailure` with status `usage` for an unknown name.
  static func states(_ text: String, _ format: Formatter) throws(CommandFailure)
    -> RowSelection.States
  {
    switch text {
    case "pending": return .pending
    case "all": return .all
    default: break
    }
    var states: Set<HandshakeState> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let state = HandshakeState(wireName: Untrusted(name.uppercased()))
      guard state.unknownText == nil else {
        let known = HandshakeState.allKnown.compactMap(\.knownName).joined(separator: ", ")
        throw CommandFailure(
          .usage, "--state \"\(format.full(String(name)))\" is not a state",
          remedy: "Use pending, all, or some of \(known), joined by commas.")
      }
      states.insert(state)
    }
    return .only(states)
  }

  func view(of service: Service) -> RowSelection {
    let side: RowSelection.Side = isSent ? .sent : service.isDocument ? .either : .received
    return RowSelection(side, expiring == nil ? states : .pending)
  }

  func select(from inbox: Inbox, _ view: RowSelection, at time: any TimeSource) -> [Row] {
    var inbox = inbox
    var filter = filter
    if let expiring { filter.terms.append(.expires(.within, expiring)) }
    let now = inbox.now(at: time.uptime()) ?? time.now()
    inbox.setFilter(filter, in: view, at: now)
    inbox.setOrder(order, in: view)
    return inbox.rows(view)
  }
}

/// The output of `list` for its rows.
struct Listed {
  let rows: [Row]
  let inbox: Inbox
  /// Whether the handshakes that the organizations sent were requested.
  let isSent: Bool
  let run: CommandContext

  /// Prints the rows, or a note that there are none.
  ///
  /// - Throws: `CommandFailure` when standard output cannot be written to.
  func put() throws(CommandFailure) {
    if run.settings.json { return try run.putJSON(rows, inbox) }
    if rows.isEmpty { return run.note(empty) }
    try run.put(table.text(run.layout, on: run.terminal))
  }

  /// The note without rows, which says "nothing" only of what was read.
  private var empty: String {
    guard inbox.failures.isEmpty, !isSent || inbox.unlistable().isEmpty else {
      return "nothing found; not all accounts could be read"
    }
    if run.settings.input.value != nil { return "nothing found in the document" }
    let count = inbox.profiles.count
    let accounts = count == 1 ? "1 account" : "\(count) accounts"
    let when = inbox.clock.map { " at \($0.time.awsCLIText)" } ?? ""
    return "nothing found; all pages of \(accounts) read\(when)"
  }

  private var table: Table { run.isWide ? wideTable : narrowTable }

  /// The table for a terminal.
  ///
  /// It names the kinds as the screens do, has the time left instead of a date, and related cells
  /// in one line.
  private var narrowTable: Table {
    var table = Table([
      "ID", "KIND", "LEFT", "TRUST", "ACCOUNT", "ORGANIZATION", "FROM", "NAME",
    ])
    // The columns of the wide table; KIND is our own.
    let order = [0, nil, 8, 7, 5, 3, 4, 6]
    let now = inbox.clock?.time
    for row in rows {
      var wide = cells(row, at: now)
      var foreign = foreign(in: row)
      if !row.handshake.isPending || foreign.contains(1) {
        // The state replaces the time left, where there is none or the state is unknown.
        wide[8] = foreign.contains(1) ? wide[1] : wide[1].lowercased()
        if foreign.contains(1) { foreign.insert(8) }
      }
      table.add(
        order.map { $0.map { wide[$0] } ?? row.shape.kindName },
        foreign: Set(order.indices.filter { order[$0].map(foreign.contains) ?? false }))
    }
    return table
  }

  /// The table for a program.
  private var wideTable: Table {
    var table = Table([
      "ID", "STATE", "ACTION", "ORGANIZATION", "FROM", "ACCOUNT", "NAME", "TRUST", "LEFT",
      "EXPIRES",
    ])
    let now = inbox.clock?.time
    for row in rows { table.add(cells(row, at: now), foreign: foreign(in: row)) }
    return table
  }

  private func cells(_ row: Row, at now: Timestamp?) -> [String] {
    let format = run.format
    let handshake = row.handshake
    let asked = row.askedAccount
    func text(_ text: Untrusted?, orElse missing: String = "") -> String {
      guard let text else { return missing }
      return run.layout == .people ? format.cell(text) : format.full(text)
    }
    return [
      id(of: row),
      text(handshake.state?.wireName, orElse: "?"),
      text(handshake.action?.wireName, orElse: "?"),
      handshake.senderOrganization?.text ?? "?",
      text(handshake.senderName),
      asked?.text ?? text(handshake.recipientEmail),
      text(asked.flatMap { inbox.profile($0)?.name }),
      trust(of: row),
      handshake.isPending ? timeLeft(handshake, at: now) : "",
      handshake.expires?.awsCLIText ?? "?",
    ]
  }

  /// Returns the id, or with the mark of untrusted text the text of an invalid or ambiguous one.
  private func id(of row: Row) -> String {
    if let id = row.id { return id.text }
    guard let written = row.writtenID else { return Damage.noID }
    let text = TerminalRows.sign + run.format.full(written)
    return run.layout == .people
      ? DisplayWidth.cut(text, to: Self.longestID, announcing: run.format.charset) : text
  }

  /// The width to which a damaged id is cut, more than that of any valid one.
  private static let longestID = 40

  /// Returns the columns with untrusted text in a row.
  private func foreign(in row: Row) -> Set<Int> {
    // The names of the sender and of the profile.
    var columns: Set<Int> = [4, 6]
    if row.handshake.state?.unknownText != nil { columns.insert(1) }
    if row.handshake.action?.unknownText != nil { columns.insert(2) }
    if row.askedAccount == nil { columns.insert(5) }
    return columns
  }

  /// Returns the mark of the sender's trust, or of a damaged record.
  private func trust(of row: Row) -> String {
    row.handshake.damage.isEmpty ? inbox.trustMark(of: row).text : Damage.mark
  }

  private func timeLeft(_ handshake: Handshake, at now: Timestamp?) -> String {
    guard let expires = handshake.expires, let now else { return "?" }
    return (expires - now).leftWords
  }
}

extension CommandContext {
  /// Prints handshakes as the AWS CLI prints a listing, with look-alikes in a member beside its
  /// own.
  ///
  /// - Throws: `CommandFailure` when standard output cannot be written to.
  func putJSON(_ rows: [Row], _ inbox: Inbox) throws(CommandFailure) {
    try put(
      rows.map(\.handshake).document(style(), beside: inbox.lookAlikeMembers(of: rows)))
  }
}

extension Inbox {
  /// Returns the member `LookAlikes`; empty when there are no look-alikes.
  ///
  /// It lists the handshakes whose sender can be mistaken for a known organization, with that
  /// organization.
  func lookAlikeMembers(of rows: [Row]) -> [(name: StaticString, value: JSONValue)] {
    let found = rows.compactMap { row in lookAlike(of: row).map { json(of: row, $0) } }
    return found.isEmpty ? [] : [("LookAlikes", .array(found))]
  }

  private func json(of row: Row, _ known: LookAlike) -> JSONValue {
    .members([
      ("HandshakeId", row.id.map { .text($0.text) }),
      ("Trust", .text(trustMark(of: row).text)),
      ("Name", row.handshake.senderName.map { .string($0) }),
      ("LooksLike", .string(known.name)),
      ("LooksLikeOrganizationId", .text(known.organization.text)),
      ("LooksLikeManagementAccountId", .text(known.account.text)),
    ])
  }
}
