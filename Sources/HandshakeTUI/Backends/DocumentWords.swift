import Model
import Text
import Wire

extension DocumentFault {
  /// The failure of a command whose document has no handshakes.
  ///
  /// - Parameter bytes: The document.
  func failure(_ name: String, of bytes: [UInt8]) -> CommandFailure {
    switch self {
    case .notJSON(let fault):
      let kind = TextKind(of: bytes)
      if kind == .empty {
        return CommandFailure(
          .failed, "\(name) is empty", why: kind.words ?? "",
          remedy: "Run the command that wrote it by itself, and read its error.")
      }
      let looks = kind.words.map { "; it looks like \($0)" } ?? ""
      return CommandFailure(
        .failed, "\(name) is not JSON", why: "byte \(fault.offset): \(fault.words)\(looks)",
        remedy: kind.remedy)
    case .noHandshakes(let kind, let offset):
      return CommandFailure(
        .failed, "\(name) holds no handshakes", why: "byte \(offset): \(kind.words)",
        remedy: kind.remedy)
    }
  }
}

private let listing =
  "Save the output of aws organizations list-handshakes-for-account --output json."

extension DocumentKind {
  fileprivate var words: String {
    switch self {
    case .cloudTrail: "CloudTrail events, none of which has a handshake in its responseElements"
    case .terraform: "a Terraform state or plan"
    case .cloudFormation: "a CloudFormation template"
    case .errorReply: "an error reply of AWS"
    case .callerIdentity: "the output of aws sts get-caller-identity"
    case .organization: "the output of aws organizations describe-organization"
    case .accounts: "a list of accounts"
    case .transfers: "responsibility transfers, not handshakes"
    case .accountCreations: "the status of account creations"
    case .journal: "lines of handshake's journal"
    case .listingOfAnotherType: "its Handshakes or Handshake is null, or of another type"
    case .empty: "JSON without any member of a listing"
    case .other: "JSON of another form"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .cloudTrail:
      "Look up AcceptHandshake, DeclineHandshake, CancelHandshake or InviteAccountToOrganization."
    case .errorReply: "Run the command again; its error names the cause."
    case .journal: "handshake journal shows it."
    case .terraform, .cloudFormation, .callerIdentity, .organization, .accounts, .transfers,
      .accountCreations, .listingOfAnotherType, .empty, .other:
      listing
    }
  }
}

extension TextKind {
  /// Completes "it looks like"; nil for what cannot be told.
  var words: String? {
    switch self {
    case .empty: "the command that wrote it printed nothing"
    case .compressed: "a compressed file"
    case .utf32: "UTF-32"
    case .terminalOutput: "the output of a terminal, with its control sequences"
    case .markup: "HTML or XML"
    case .markdown: "a code block of Markdown"
    case .yaml: "YAML"
    case .python: "a value printed by Python"
    case .columns: "the AWS CLI's --output text or table"
    case .ourList: "the table that handshake list prints"
    case .ourShow: "the output of handshake show on a terminal"
    case .precededByText: "JSON with other text before it"
    case .other: nil
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .compressed: "Uncompress it first: gunzip, unzip."
    case .utf32: "Convert it first: iconv -f UTF-32 -t UTF-8."
    case .terminalOutput:
      "Save it without colours and pager: aws --no-cli-pager --color off, jq -M."
    case .markdown: "Save only the text between the ``` lines."
    case .yaml, .columns: "Use --output json."
    case .python: "Write it with json.dumps."
    case .ourList, .ourShow: "Use handshake list --json, or handshake show --json."
    case .precededByText: "Delete the text before the first { or [."
    case .empty, .markup, .other: listing
    }
  }
}

extension Handshake {
  /// Whether its parties are the name of a class, as `ConvertTo-Json` writes what lies deeper than two
  /// levels.
  var isCutByPowerShell: Bool {
    damage.contains { damage in
      damage.place == "Parties" && damage.fault == .wrongType
        && damage.text?.bytes.starts(with: "\"Amazon.".utf8) ?? false
    }
  }
}

extension JSONFault {
  /// In the words of whoever has to mend it.
  var words: String {
    switch kind {
    case .unexpectedEnd: "unexpected end of the text"
    case .unexpectedByte: "a character that is not allowed there"
    case .badNumber: "a malformed number"
    case .badEscape: "an invalid escape"
    case .controlCharacter: "control character in a string"
    case .otherEncoding: "neither UTF-8 nor UTF-16"
    case .trailingBytes: "data after the end"
    case .tooLarge: "larger than the limit"
    case .tooDeep: "nested deeper than the limit"
    case .stringTooLong: "string longer than the limit"
    case .duplicateKey: "duplicate member"
    case .wrongType: "value of the wrong type"
    case .missing: "missing member"
    case .contradiction: "contradictory members"
    }
  }
}
