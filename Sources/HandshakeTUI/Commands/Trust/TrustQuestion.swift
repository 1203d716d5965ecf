import Model
import Review
import Text

/// What an operator should know before an organization is trusted.
struct TrustDoubts {
  private let organization: OrganizationID
  private let account: AccountID
  /// The management account that is listed now, where it is another one.
  private let replaced: AccountID?
  private let lookAlike: LookAlike?
  /// Its own name that looks like another's.
  private let name: Untrusted?
  /// Whether no name is known of it.
  let isUnnamed: Bool

  /// - Parameter name: The one that was given for it.
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

  func words(_ ink: Ink) -> [String] {
    var words: [String] = []
    if let replaced {
      words.append(
        "\(organization.text) is listed with management account \(replaced.text) now: this "
          + "replaces it by \(account.text)")
    }
    if let lookAlike, let name {
      words.append(
        "like! LOOK-ALIKE: \"\(ink.full(name))\" of \(organization.text) with \(account.text) looks "
          + "like \"\(ink.full(lookAlike.name))\", which is \(lookAlike.organization.text) with "
          + "\(lookAlike.account.text), another organization")
    }
    return words
  }
}

/// Asks for an organization's id a second time before it is trusted (UX-21.4).
struct TrustQuestion {
  let run: Invocation
  /// Longer than any id.
  private static let longest = 128

  /// - Throws: When the second id is another one, or nobody can be asked.
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
      let shown = run.ink.full(Untrusted(bytes: typed))
      throw CommandFailure(
        .refused, "the trust list was not changed",
        why: "\(id.text) was given first, then \"\(shown)\"",
        remedy: "Compare both with the ticket, then try again.")
    }
  }

  /// Without the blanks that a paste brings along.
  private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0D].contains(byte) }
    guard let first = line.firstIndex(where: { !isBlank($0) }),
      let last = line.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return line[first...last]
  }
}
