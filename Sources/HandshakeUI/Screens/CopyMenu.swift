import Drawing
import Model
import ReviewInbox
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

  /// The most bytes that are copied to a clipboard.
  static let clipboardLimit = 8_192

  mutating func copy(_ text: String, as what: String) -> [Effect] {
    guard !text.isEmpty else { return [] }
    guard text.utf8.count <= Self.clipboardLimit else {
      notice = Notice("\(what): longer than 8 KiB, the clipboard's limit; e exports it", .refusal)
      return []
    }
    return [.copy(requests.begin(.writing("copied \(what)")), text)]
  }

  mutating func written(_ token: Token, _ result: FileResult) -> [Effect] {
    guard case .writing(let what) = requests.end(token) else { return [] }
    switch result {
    case .done(let place): notice = Notice("\(what) \(pen.typed(place))")
    case .failed(let fault):
      notice = Notice("not \(what.prefix { $0 != " " }): \(pen.typed(fault))", .fault)
    }
    return []
  }

  private func copies(of row: Row) -> Menu {
    let handshake = row.handshake
    let missing = "this record has no readable id"
    func item(_ key: Unicode.Scalar, _ title: String, _ text: String?) -> Menu.Item {
      Menu.Item(
        key: key, title: title, choice: .copy(what: title, text: text ?? ""),
        disabledReason: text == nil ? missing : nil)
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

  /// Returns the equivalent shell command; the operator has to fill in the organization.
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
}
