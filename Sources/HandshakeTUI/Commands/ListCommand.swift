import ArgumentParser
import Machine
import Model
import Review
import Text
import Wire

/// `handshake list`
struct ListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the handshakes that the accounts received, or that their organizations sent.",
    discussion: """
      States are pending, all, or names joined by commas: OPEN,REQUESTED. Filters are as on the \
      screens: org:acme account:2222 state:open action:invite expires:<3d trust:new trust:like, \
      and words. Sort keys are expires, sent, org, account, state, action, id and trust, with - before \
      them for descending order. Durations are 90m, 48h, 16d.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "List what the accounts' organizations sent, instead of what the accounts received.")
  var sent = false

  @Option(
    help: ArgumentHelp("pending (default), all, or states.", valueName: "states"),
    completion: Completions.states)
  var state: String?

  @Option(help: ArgumentHelp("List only the matches of this filter.", valueName: "expr"))
  var filter: String?

  // A key may begin with the - of descending order.
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The sort key.", valueName: "key"),
    completion: Completions.sortKeys)
  var sort: String?

  @Option(
    help: ArgumentHelp(
      "List only pending handshakes with at most this time left; exit 10 if there are any.",
      valueName: "duration"))
  var expiring: String?

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let request = try ListRequest(self, run.settings)
    let service = try run.open().service
    Reconciling(run: run, service: service).noteOpen()
    let reading = InboxReading(
      service: service, trust: try run.trustList(), view: request.view(of: service),
      time: run.surroundings.time)
    var inbox = Blocking.run { await reading.read() }
    run.noteNames(for: inbox.rows(reading.view).compactMap(\.id), of: service, in: &inbox)
    let listed = request.select(from: inbox, reading.view, at: run.surroundings.time)
    try Listed(rows: listed, inbox: inbox, isSent: sent, run: run).put()
    return status(listed, inbox, service, run)
  }

  private func status(
    _ rows: [Row], _ inbox: Inbox, _ service: Service, _ run: Invocation
  ) -> Status {
    var statuses: [Status] = []
    for failure in inbox.failures {
      // What a document lacks was told when it was read.
      if !service.isDocument { run.complain(.unread(failure.source, failure.error, run.ink)) }
      statuses.append(.partly)
    }
    if !statuses.isEmpty, !service.isDocument, inbox.failures.count == inbox.sources.count {
      return .failed
    }
    for account in sent ? inbox.withheld() : [] {
      run.complain(.withheld(account))
      statuses.append(.partly)
    }
    let damaged = rows.count { !$0.handshake.damage.isEmpty }
    if damaged > 0 {
      run.note("\(damaged) of \(rows.count) records are damaged and cannot be accepted")
      statuses.append(.partly)
    }
    if !service.unknown.isEmpty { statuses.append(.partly) }
    if expiring != nil, !rows.isEmpty { statuses.append(.expiring) }
    return Status.worst(statuses)
  }
}

extension CommandFailure {
  /// A member that is not shown what its organization sent.
  static func withheld(_ account: AccountID) -> CommandFailure {
    CommandFailure(
      .partly, "account \(account.text), sent by the organization: unknown",
      why: "it is a member: it cannot see what its organization sent",
      remedy: "Use the management account, or a delegated administrator.")
  }

  /// One listing that could not be read.
  static func unread(_ source: SourceKey, _ error: BackendError, _ ink: Ink) -> CommandFailure {
    let what = source.direction == .received ? "received" : "sent by the organization"
    var failure = CommandFailure(error, ink)
    failure.what = "account \(source.account.text), \(what): unknown: \(failure.what)"
    return failure
  }
}

/// What `list` was asked for, read from its options.
struct ListRequest: Hashable, Sendable {
  var isSent: Bool
  var states: RowSelection.States
  var filter: RowFilter
  var order: RowOrder
  /// Only pending ones with at most so much left.
  var expiring: Span?

  init(_ command: ListCommand, _ settings: Settings) throws(CommandFailure) {
    let ink = settings.ink
    isSent = command.sent
    states = try Self.states(
      command.state ?? (settings.input.value == nil ? "pending" : "all"), ink)
    do throws(RowFilter.Problem) {
      filter =
        try command.filter.map { (text) throws(RowFilter.Problem) in try RowFilter(text) }
        ?? .none
    } catch {
      throw CommandFailure(.usage, Explanation(error, in: ink.charset))
    }
    guard let order = command.sort.map({ RowOrder($0) }) ?? .standard else {
      throw CommandFailure(
        .usage, "unknown sort key \"\(ink.full(command.sort ?? ""))\"",
        remedy: "Use one of: \(Self.sortKeys), with - before it for descending.")
    }
    self.order = order
    if let text = command.expiring {
      guard let span = Span(text) else {
        throw CommandFailure(
          .usage, "--expiring \"\(ink.full(text))\" is not a duration",
          remedy: "Write it as 90m, 48h or 16d.")
      }
      expiring = span
    }
  }

  private static var sortKeys: String {
    RowOrder.Field.allCases.map(\.rawValue).joined(separator: ", ")
  }

  static func states(_ text: String, _ ink: Ink) throws(CommandFailure) -> RowSelection.States {
    switch text {
    case "pending": return .pending
    case "all": return .all
    default: break
    }
    var states: Set<State> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let state = State(wireName: Untrusted(name.uppercased()))
      guard state.unknownText == nil else {
        let known = State.allKnown.compactMap(\.knownName).joined(separator: ", ")
        throw CommandFailure(
          .usage, "--state \"\(ink.full(String(name)))\" is not a state",
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

/// Rows as `list` prints them.
struct Listed {
  let rows: [Row]
  let inbox: Inbox
  /// Whether what the organizations sent was asked for.
  let isSent: Bool
  let run: Invocation

  func put() throws(CommandFailure) {
    if run.settings.json { return try run.putJSON(rows, inbox) }
    if rows.isEmpty { return run.note(empty) }
    try run.put(table.text(run.layout, on: run.terminal))
  }

  /// "Nothing" is said only of what was read.
  private var empty: String {
    guard inbox.failures.isEmpty, !isSent || inbox.withheld().isEmpty else {
      return "nothing found; not all accounts could be read"
    }
    if run.settings.input.value != nil { return "nothing found in the document" }
    let count = inbox.profiles.count
    let accounts = count == 1 ? "1 account" : "\(count) accounts"
    let when = inbox.clock.map { " at \($0.time.awsCLIText)" } ?? ""
    return "nothing found; all pages of \(accounts) read\(when)"
  }

  private var table: Table { run.isWide ? wideTable : narrowTable }

  /// For a terminal: kinds as the screens name them, the time left instead of a date, and what belongs
  /// together in one line.
  private var narrowTable: Table {
    var table = Table([
      "ID", "KIND", "LEFT", "TRUST", "ACCOUNT", "ORGANIZATION", "FROM", "NAME",
    ])
    // From which columns of the wide table; KIND is ours.
    let order = [0, nil, 8, 7, 5, 3, 4, 6]
    let now = inbox.clock?.time
    for row in rows {
      var wide = cells(row, at: now)
      var foreign = foreign(in: row)
      if !row.handshake.isPending || foreign.contains(1) {
        // Its state, where no time is left or nobody knows what the state means.
        wide[8] = foreign.contains(1) ? wide[1] : wide[1].lowercased()
        if foreign.contains(1) { foreign.insert(8) }
      }
      table.add(
        order.map { $0.map { wide[$0] } ?? row.shape.kindName },
        foreign: Set(order.indices.filter { order[$0].map(foreign.contains) ?? false }))
    }
    return table
  }

  /// For a program.
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
    let ink = run.ink
    let handshake = row.handshake
    let asked = row.askedAccount
    func text(_ text: Untrusted?, orElse missing: String = "") -> String {
      guard let text else { return missing }
      return run.layout == .people ? ink.cell(text) : ink.full(text)
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

  /// The id; that of a record which is not known by it, as it was written, with the mark of others' text.
  private func id(of row: Row) -> String {
    if let id = row.id { return id.text }
    guard let written = row.writtenID else { return "(damaged, no id)" }
    let text = TerminalRows.sign + run.ink.full(written)
    return run.layout == .people
      ? DisplayWidth.cut(text, to: Self.longestID, announcing: run.ink.charset) : text
  }

  /// Wider than any valid id.
  private static let longestID = 40

  /// The columns whose cells in a row are text of others.
  private func foreign(in row: Row) -> Set<Int> {
    // The two names.
    var columns: Set<Int> = [4, 6]
    if row.handshake.state?.unknownText != nil { columns.insert(1) }
    if row.handshake.action?.unknownText != nil { columns.insert(2) }
    if row.askedAccount == nil { columns.insert(5) }
    return columns
  }

  /// How the sender stands, or that the record is damaged.
  private func trust(of row: Row) -> String {
    row.handshake.damage.isEmpty ? inbox.trustMark(of: row).text : "DAMGD"
  }

  private func timeLeft(_ handshake: Handshake, at now: Timestamp?) -> String {
    guard let expires = handshake.expires, let now else { return "?" }
    return (expires - now).leftText
  }
}

extension Invocation {
  /// Handshakes as the AWS CLI prints a listing. Look-alikes are told in a member beside its own.
  func putJSON(_ rows: [Row], _ inbox: Inbox) throws(CommandFailure) {
    try put(
      rows.map(\.handshake).document(style(), beside: inbox.lookAlikeMembers(of: rows)))
  }
}

extension Inbox {
  /// Returns `LookAlikes`, the handshakes whose sender can be mistaken for a known organization, and for
  /// which one; nothing when there are none.
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

extension Span {
  /// Time left: whole days, under 48 h hours, under one minutes.
  var leftText: String {
    switch milliseconds {
    case ...0: "expired"
    case ..<Span.hours(1).milliseconds: "\(milliseconds / 60_000)m"
    case ..<Span.hours(48).milliseconds: "\(milliseconds / 3_600_000)h"
    default: "\(milliseconds / 86_400_000)d"
    }
  }
}
