import Model
import Review
import Text
import Wire

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
