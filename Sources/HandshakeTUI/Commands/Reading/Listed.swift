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
    if run.settings.json { return try run.put(rows.map(\.handshake).document(run.style())) }
    if rows.isEmpty { return run.note(empty) }
    try run.put(table.text(run.layout, on: run.terminal))
  }

  /// "Nothing" is said only of what was read.
  private var empty: String {
    guard inbox.failures.isEmpty, !isSent || inbox.withheld().isEmpty else {
      return "nothing found in what could be read"
    }
    if run.settings.input.value != nil { return "nothing found in the document" }
    let count = inbox.profiles.count
    let accounts = count == 1 ? "1 account" : "\(count) accounts"
    let when = inbox.clock.map { " at \($0.time.awsCLIText)" } ?? ""
    return "nothing found; every listing of \(accounts) was read\(when)"
  }

  private var table: Table {
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
      handshake.id?.text ?? "(damaged)",
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

  /// The columns whose cells in a row are text of others.
  private func foreign(in row: Row) -> Set<Int> {
    // The two names.
    var columns: Set<Int> = [4, 6]
    if row.handshake.state?.unknownText != nil { columns.insert(1) }
    if row.handshake.action?.unknownText != nil { columns.insert(2) }
    if row.askedAccount == nil { columns.insert(5) }
    return columns
  }

  /// How the sender stands. On a terminal, where nobody is promised these words, it also tells of what
  /// must not be answered or mistaken.
  private func trust(of row: Row) -> String {
    let trust = inbox.trust(of: row)
    guard run.terminal != nil else { return trust.word }
    if !row.handshake.damage.isEmpty { return "DAMGD" }
    return trust == .new && inbox.trustList.hasLookAlike(row.handshake) ? "like!" : trust.word
  }

  private func timeLeft(_ handshake: Handshake, at now: Timestamp?) -> String {
    guard let expires = handshake.expires, let now else { return "?" }
    return (expires - now).leftText
  }
}

extension Trust {
  /// As the lists write it.
  var word: String { self == .new ? "new?" : rawValue }
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
