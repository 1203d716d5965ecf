import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The names of accounts, senders and handshakes, and short words about them, as all screens show
/// them; errors are put into words by `Explanation`.
struct Labels: Sendable {
  let inbox: Inbox
  /// Whether the rows come from a saved document, which may name no account.
  let isDocument: Bool
  let format: Formatter

  // MARK: Names

  /// Returns whether the account is the placeholder for a document whose rows name no account.
  func isUnnamed(_ account: AccountID) -> Bool { isDocument && account == .unnamed }

  /// Returns the operator's name of an account, or its number.
  func name(of account: AccountID) -> String {
    if isUnnamed(account) { return "the document" }
    guard let profile = inbox.profile(account), !profile.name.isEmpty else { return account.text }
    return format.cell(profile.name)
  }

  func name(of key: ProfileKey) -> String {
    switch key {
    case .account(let account): name(of: account)
    case .unresolved(let name): format.cell(name)
    }
  }

  /// Returns the account's name and number.
  func account(_ account: AccountID) -> String {
    guard let profile = inbox.profile(account) else { return account.text }
    return "\(format.cell(profile.name)) \(account.text)"
  }

  /// Returns the operator's own name of the sender's organization, if trusted, and its id.
  func sender(of handshake: Handshake) -> String {
    guard let organization = handshake.senderOrganization else { return "unknown organization" }
    guard let account = handshake.senderAccount,
      let name = inbox.trustList.name(of: organization, managedBy: account)
    else { return organization.text }
    return "\(format.cell(name)) \(organization.text)"
  }

  /// Returns the id of a row; an invalid or foreign id as it was written, marked as text of others.
  func id(of row: Row) -> Line {
    if let id = row.id { return Line(id.text, .heading) }
    guard let written = row.writtenID else { return Line(Damage.withoutID, .heading) }
    return Line("~", .sender) + Line(format.exact(written), .sender)
  }

  // MARK: Words

  func words(for refusal: Plan.Refusal, to answer: Answer) -> String {
    Explanation(refusal, to: answer, in: format.charset).why
  }

  func words(for error: BackendError) -> String { Explanation(error, in: format.charset).brief }

  func words(for status: SourceStatus?, _ what: String) -> Line {
    switch status {
    case nil, .waiting: Line("\(what) waiting", .warning)
    case .reading(let pages): Line("\(what) reading, \(pages) pages", .warning)
    case .complete(let time): Line("\(what) read \(format.ago(time))", .quiet)
    case .failed(let error): Line("\(what) UNKNOWN: \(words(for: error))", .danger)
    case .notOffered: Line("\(what) not shown to members", .quiet)
    }
  }

  /// Returns a line about damage in which the value is marked as text of others.
  func line(of damage: DamageWords) -> Line {
    let value = damage.value.map { Line(": ") + Line("~ \($0)", .sender) }
    return Line(damage.fact) + (value ?? Line())
  }

  /// Returns the end of an account's credentials; empty if they do not expire.
  func credentialsEnd(_ account: AccountID, before text: String) -> Line {
    guard let end = inbox.identity(account)?.credentialsEnd, let now = format.now else {
      return Line()
    }
    if end <= now { return Line("\(text)\(format.minute(end)): ended", .danger) }
    let left = end - now
    return Line(
      "\(text)\(format.minute(end)), in \(left.sentenceWords)",
      left < .minutes(15) ? .warning : .quiet)
  }
}

extension ProfileKey {
  var account: AccountID? {
    if case .account(let account) = self { account } else { nil }
  }
}

extension AccountID {
  /// The placeholder for the account of a document whose rows name none.
  ///
  /// No AWS account has this number, 000000000000.
  public static let unnamed = AccountID("000000000000")
}

extension TrustMark {
  var label: Line {
    switch self {
    case .ok, .own: Line(text, .good)
    case .new: Line(text, .warning, bold: true)
    case .like: Line(text, .danger, bold: true)
    }
  }
}

extension Shape {
  /// The cell of the KIND column, in which any kind but an invitation is emphasised.
  var label: Line {
    self == .invitation ? Line(kindName, .quiet) : Line(kindName, .warning, bold: true)
  }

  /// The kind, to follow other words; empty for an invitation.
  var otherLabel: Line { self == .invitation ? Line() : Line("  ") + label }
}

extension Line {
  /// Returns a label with a text beside it, which is wrapped and indented.
  static func labelled(_ label: String, _ text: String, _ width: Int) -> [Line] {
    let column = 10
    let lines = Line(text).wrapped(to: max(1, width - column))
    return lines.enumerated().map { index, line in
      let head = index == 0 ? label : ""
      let padding = String(repeating: " ", count: max(1, column - head.utf8.count))
      return Line(head + padding, .heading) + line
    }
  }

  /// Returns the position of the focus: `12/892`.
  static func position(_ number: Int, of count: Int) -> Line {
    count > 0 ? Line("  \(number)/\(count) ", .quiet) : Line()
  }

  /// Returns the number of the last visible line if not all lines fit on the screen.
  static func position(scroll: Int, rows: Int, of count: Int) -> Line {
    count > rows ? position(min(scroll + rows, count), of: count) : Line()
  }
}

extension String {
  /// Returns the text padded with spaces; for ASCII texts of this program only.
  func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, columns - utf8.count))
  }
}

extension Array {
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Formatter {
  /// The line symbols of the character set.
  var lines: LineSet { LineSet.of(charset) }
}
