import Glibc
import HandshakeUI
import Model
import Platform
import ReviewInbox
import ReviewWording
import Text
import Wire

/// A saved document, read as if an account listed it; nothing can be sent.
///
/// A document does not say who listed it. The account that it is read through brings its rows to
/// the lists; what a row says about accounts is only what the handshake itself names.
struct DocumentService: HandshakeReader {
  /// The account that the rows are listed for: the operator's choice, else one that the document
  /// names.
  let account: AccountID
  /// The number of handshakes left out because they name other accounts than the operator's choice.
  let otherAccounts: Int
  private let handshakes: [Handshake]
  private let all: [Handshake]
  private let clock: any TimeSource
  /// The reason that the document is not the whole listing; nil when it may be.
  private let gap: Untrusted?

  /// Prepares the listing; nil when there is nothing to list and no account to list it for.
  ///
  /// With `account` only the handshakes between it and others, and those that name no recipient
  /// account, are listed; nil lists all of them.
  init?(_ document: SavedDocument, as account: AccountID?, clock: any TimeSource) {
    let all = document.handshakes
    self.all = all
    handshakes = account.map { account in all.filter { $0.mayConcern(account) } } ?? all
    otherAccounts = all.count - handshakes.count
    gap =
      if let fault = document.fault {
        Untrusted("The document is damaged at byte \(fault.offset): the rest was not read.")
      } else if document.hasMore {
        Untrusted("The document has a NextToken: further pages are missing.")
      } else { nil }
    let carrier =
      account ?? Self.viewer(of: all) ?? (all.isEmpty && gap == nil ? nil : AccountID.unnamed)
    guard let carrier else { return nil }
    self.account = carrier
    self.clock = clock
  }

  /// Returns the most frequent recipient, else the most frequent sender.
  ///
  /// A saved listing is either what one account received or what one organization sent.
  private static func viewer(of handshakes: [Handshake]) -> AccountID? {
    let recipients = Set(handshakes.compactMap(\.recipientAccount))
    let senders = Set(handshakes.compactMap(\.senderAccount))
    if recipients.count == 1 || senders.count != 1,
      let account = mostFrequent(handshakes.compactMap(\.recipientAccount))
    {
      return account
    }
    return mostFrequent(handshakes.compactMap(\.senderAccount))
  }

  private static func mostFrequent(_ accounts: [AccountID]) -> AccountID? {
    let counts = accounts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// Returns an identity without an organization, and never throws.
  ///
  /// A document says neither who read it nor which organization that account is in.
  func identity() async throws(BackendError) -> Reply<Identity> {
    Reply(.untold(account), at: clock.now())
  }

  /// Lists the handshakes in pages, so that the first rows are shown before the last ones are
  /// decoded.
  ///
  /// A missing part is one more page, which cannot be read.
  ///
  /// - Throws: `BackendError` with `.unreadable` for that page.
  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
    let start = page.flatMap { $0.text.asciiText }.flatMap { Int($0) } ?? 0
    if let gap, page == Self.gapToken {
      throw BackendError(
        .unreadable(gap),
        in: query.direction.operation, applied: .refused, time: clock.now())
    }
    let isSent = query.direction == .sent
    var found: [Handshake] = []
    var index = min(max(start, 0), handshakes.count)
    while index < handshakes.count, found.count < Self.pageLength {
      let handshake = handshakes[index]
      index += 1
      if (handshake.senderAccount == account) == isSent, query.filter.matches(handshake) {
        found.append(handshake)
      }
    }
    let next =
      index < handshakes.count
      ? PageToken(Untrusted("\(index)")) : gap.map { _ in Self.gapToken }
    return Reply(Page(handshakes: found, next: next), at: clock.now())
  }

  private static let pageLength = 2_000
  private static let gapToken = PageToken(Untrusted("gap"))

  /// Returns a handshake of the whole document, whatever the account viewed.
  ///
  /// - Throws: `BackendError` with `handshakeNotFound` when the document does not contain it.
  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    guard let handshake = all.first(where: { $0.id == id }) else {
      throw BackendError(
        .service(
          .handshakeNotFound, reason: nil, message: Untrusted("The document does not contain it.")),
        in: .describeHandshake, applied: .refused, time: clock.now())
    }
    return Reply(handshake, at: clock.now())
  }
}

extension Handshake {
  /// Whether an account is or may be a party: the recipient may be named by an address only.
  fileprivate func mayConcern(_ account: AccountID) -> Bool {
    if senderAccount == account || recipientAccount == account { return true }
    return recipientAccount == nil && (recipientEmail != nil || !damage.isEmpty)
  }
}

extension Query.Filter? {
  fileprivate func matches(_ handshake: Handshake) -> Bool {
    switch self {
    case nil: true
    case .action(let action): handshake.action == action
    case .parent(let id): handshake.parent == id
    }
  }
}

extension DocumentFault {
  /// Returns the failure of a command whose document, `bytes`, has no handshakes.
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
  /// The completion of "it looks like"; nil for an unknown kind of text.
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
  /// Whether its parties are the name of a class, as `ConvertTo-Json` writes anything deeper than
  /// two levels.
  var isCutByPowerShell: Bool {
    damage.contains { damage in
      damage.place == "Parties" && damage.fault == .wrongType
        && damage.text?.bytes.starts(with: "\"Amazon.".utf8) ?? false
    }
  }
}

extension JSONFault {
  /// The description of the error for the author of the document.
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

/// A file that the operator names to be read.
///
/// It may be anything that can be read, also a pipe of the shell.
enum NamedInput {
  /// Reads the file to its end.
  ///
  /// - Throws: `CommandFailure` when it cannot be opened or read.
  static func read(_ path: String, _ format: Formatter) throws(CommandFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: path, doing: .read, cause: .system(errno)).failure(format)
    }
    defer { close(descriptor) }
    do throws(CommandFailure) {
      return try OpenInput(descriptor: descriptor).readAll()
    } catch {
      throw CommandFailure(
        .failed, "\(format.full(path)) cannot be read", why: error.why,
        remedy: "Name a document saved from the AWS CLI.")
    }
  }
}
