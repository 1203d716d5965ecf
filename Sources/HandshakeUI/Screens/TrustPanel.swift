import Drawing
import Model
import ReviewInbox
import ReviewWording
import Text

// The panel that explains the trust in a sender.

extension State {
  mutating func openTrust() -> [Effect] {
    guard let row = focusedRow else { return [] }
    let command = trustCommand(row)
    return open(
      .panel(
        Panel(Line("WHY THIS TRUST", .heading), trustLines(row, command), copying: command)))
  }

  private func trustLines(_ row: Row, _ command: String?) -> [Line] {
    let handshake = row.handshake
    let mark = inbox.trustMark(of: row)
    let organization = handshake.senderOrganization?.text ?? "an unknown organization"
    let account = handshake.senderAccount?.text ?? "an unknown account"
    var lines = [
      Line("organization  ", .quiet) + Line(organization),
      Line("managed by    ", .quiet) + Line("\(account) (from the ARN)"),
      Line("calls itself  ", .quiet) + Line("~ ", .sender)
        + Line(handshake.senderName.map { pen.exact($0) } ?? "nothing", .sender),
      Line(),
      mark.label + Line("  " + mark.reason),
    ]
    if let known = inbox.lookAlike(of: row) { lines += lookAlikeLines(known) }
    if let id = handshake.senderOrganization, let entry = inbox.trustList[id] {
      lines += listedLines(entry, handshake)
    } else if let command {
      lines += [
        Line(), Line("If you know it from a source other than this screen (y copies):"),
        Line("  \(command)", .key),
      ]
    }
    return lines
  }

  private func lookAlikeLines(_ known: LookAlike) -> [Line] {
    [
      Line("LOOK-ALIKE    ", .danger, bold: true)
        + Line("it is not your \(pen.exact(known.name))", .danger),
      Line("yours is      ", .quiet)
        + Line("\(known.organization.text) managed by \(known.account.text)"),
    ]
  }

  private func listedLines(_ entry: TrustedOrganization, _ handshake: Handshake) -> [Line] {
    let agrees = entry.managementAccount == handshake.senderAccount
    let names = inbox.trustList.names(
      of: entry.organization, managedBy: entry.managementAccount)
    let listed =
      entry.name.isEmpty
      ? Line("(no name)", .warning) : Line(pen.exact(entry.name))
    let seen = names.filter { $0 != entry.name }.map { pen.exact($0) }
    var lines = [
      Line("listed as     ", .quiet) + listed,
      Line("with account  ", .quiet)
        + Line(entry.managementAccount.text, agrees ? .plain : .danger),
      Line("added         ", .quiet)
        + Line("\(pen.minute(entry.addedAt)) by \(pen.exact(entry.addedBy))"),
    ]
    if !seen.isEmpty {
      let text = "~ " + seen.joined(separator: ", ")
      lines.append(Line("seen as       ", .quiet) + Line(text, .sender))
    }
    if names.isEmpty {
      lines.append(Line("no name known: look-alikes of it cannot be found", .warning))
    }
    return lines
  }

  /// Returns the command that adds a sender to the trust list.
  ///
  /// It contains the name that the sender gives itself, so that look-alikes of it are found. Nil
  /// for a sender that is trusted or listed with another management account.
  func trustCommand(_ row: Row) -> String? {
    let handshake = row.handshake
    guard inbox.trust(of: row) == .new, !handshake.isAmbiguous, let arn = handshake.arn,
      inbox.trustList[arn.organization] == nil
    else { return nil }
    var words = ["handshake", "trust", "add", arn.organization.text, arn.account.text]
      .map { Untrusted($0) }
    if let name = handshake.senderName, !name.isBlank {
      // One word, so that no name is read as an option.
      let isOption = name.bytes.first == UInt8(ascii: "-")
      words +=
        isOption
        ? [Untrusted(bytes: Array("--name=".utf8) + name.bytes)] : [Untrusted("--name"), name]
    }
    return ShellWords.text(words, in: launch.charset)
  }
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
