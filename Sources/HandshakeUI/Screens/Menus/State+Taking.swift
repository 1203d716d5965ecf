import Drawing
import Model
import Review
import Text

// Copying and exporting, and the panels that explain.

extension State {
  mutating func perform(_ take: Command.Take) -> [Effect] {
    guard let row = focusedRow else { return [] }
    switch take {
    case .copyID: return copy(row.id?.text ?? "", as: "id")
    case .copyMenu: return open(.menu(copies(of: row)))
    case .export:
      let name = "\(row.id?.text ?? "handshake").json"
      let bytes = rawJSON(row) + [UInt8(ascii: "\n")]
      return open(
        .prompt(Prompt(title: "EXPORT JSON TO", field: LineEditor(name), bytes: bytes)))
    }
  }

  /// Bytes that go to a clipboard at most.
  static let clipboardLimit = 8_192

  mutating func copy(_ text: String, as what: String) -> [Effect] {
    guard !text.isEmpty else { return [] }
    guard text.utf8.count <= Self.clipboardLimit else {
      notice = Notice("\(what): more than 8 KiB do not go to a clipboard; e exports", .refusal)
      return []
    }
    return [.copy(requests.begin(.writing("copied \(what)")), text)]
  }

  mutating func written(_ token: Token, _ result: WriteResult) -> [Effect] {
    guard case .writing(let what) = requests.end(token) else { return [] }
    switch result {
    case .done(let place): notice = Notice("\(what) (\(pen.typed(place)))")
    case .failed(let fault): notice = Notice("not \(what): \(pen.typed(fault))", .fault)
    }
    return []
  }

  private func copies(of row: Row) -> Menu {
    let handshake = row.handshake
    let missing = "this record has no readable id"
    func item(_ key: Unicode.Scalar, _ title: String, _ text: String?) -> Menu.Item {
      Menu.Item(
        key: key, title: title, choice: .copy(what: title, text: text ?? ""),
        obstacle: text == nil ? missing : nil)
    }
    let id = handshake.id?.text
    let json = String(decoding: rawJSON(row), as: UTF8.self)
    return Menu(
      title: "COPY (OSC 52)",
      items: [
        item("i", "id", id), item("r", "ARN", handshake.arn?.text),
        item("a", "account", row.askedAccount?.text),
        item("o", "organization id", handshake.senderOrganization?.text),
        item("n", "JSON", json), item("c", "equivalent command", id.map { command(for: row, $0) }),
        item("u", "console URL", handshake.arn.map { consoleURL($0.partition) }),
      ])
  }

  /// What does the same from a shell; the organization is left for the operator to fill in.
  private func command(for row: Row, _ id: String) -> String {
    let answer = answerInQuestion(row)
    let expectation = answer == .accept ? " --expect-org ORG-ID" : ""
    let yes = answer == .accept ? "" : " --yes"
    return "handshake \(answer.rawValue) \(id)\(expectation) --reason TEXT\(yes)"
  }

  private func consoleURL(_ partition: String) -> String {
    switch partition {
    case "aws-cn":
      "https://console.amazonaws.cn/organizations/v2/home/account/invitations"
    case "aws-us-gov":
      "https://console.amazonaws-us-gov.com/organizations/v2/home/account/invitations"
    default: "https://console.aws.amazon.com/organizations/v2/home/account/invitations"
    }
  }

  mutating func openTrust() -> [Effect] {
    guard let row = focusedRow else { return [] }
    return open(.panel(Panel(Line("WHY THIS TRUST", .heading), trustLines(row))))
  }

  private func trustLines(_ row: Row) -> [Line] {
    let handshake = row.handshake
    let trust = inbox.trust(of: row)
    let organization = handshake.senderOrganization?.text ?? "an unknown organization"
    let account = handshake.senderAccount?.text ?? "an unknown account"
    var lines = [
      Line("organization  ", .quiet) + Line(organization),
      Line("managed by    ", .quiet) + Line("\(account) (from the ARN)"),
      Line("calls itself  ", .quiet) + Line("~ ", .sender)
        + Line(handshake.senderName.map { pen.exact($0) } ?? "nothing", .sender),
      Line(),
      trust.label + Line("  " + trust.reason),
    ]
    if let id = handshake.senderOrganization, let entry = inbox.trustList[id] {
      let agrees = entry.managementAccount == handshake.senderAccount
      lines += [
        Line("listed as     ", .quiet) + Line(pen.exact(entry.name)),
        Line("with account  ", .quiet)
          + Line(entry.managementAccount.text, agrees ? .plain : .danger),
        Line("added         ", .quiet)
          + Line("\(pen.minute(entry.addedAt)) by \(pen.exact(entry.addedBy))"),
      ]
    } else if trust == .new, handshake.arn != nil {
      lines += [
        Line(), Line("Once you know it from somewhere else than this screen:"),
        Line("  handshake trust add \(organization) \(account)", .key),
      ]
    }
    return lines
  }
}

extension Trust {
  var label: Line {
    switch self {
    case .ok: Line(mark, .good)
    case .own: Line(mark, .good)
    case .new: Line(mark, .warning, bold: true)
    }
  }

  var reason: String {
    switch self {
    case .ok: "this organization id with this management account is in your trust list"
    case .own: "this is the organization that the account is in"
    case .new: "this organization id with this management account is not in your trust list"
    }
  }
}
