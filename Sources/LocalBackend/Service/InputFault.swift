import Model
import Text

/// A mistake in a request that the domain's own types cannot even hold, so that no operation can be
/// asked with it: `LocalBackend.refuse` answers it as the service does.
public struct InputFault: Hashable, Sendable {
  var reason: Reason
  var message: String

  /// Both filters of a listing at once.
  public static let bothFilters = InputFault(
    reason: .maxLimitExceededFilter,
    message: "You can specify only one filter parameter for the operation.")

  /// What a listing is filtered by is no handshake's id.
  public static func parent(_ text: Untrusted) -> InputFault? {
    do {
      _ = try Transaction.checkedHandshakeID(text)
      return nil
    } catch {
      guard let refusal = error as? Refusal, let reason = refusal.reason else { return nil }
      return InputFault(reason: reason, message: refusal.message)
    }
  }

  /// A target that is neither an account nor an address.
  public static func target(_ type: PartyType) -> InputFault {
    if case .unknown = type {
      return InputFault(reason: .invalidEnum, message: "The type of the target is not valid.")
    }
    return InputFault(
      reason: .invalidPartyTypeTarget,
      message: "You specified the wrong type of entity (account, organization, or email) as a "
        + "party.")
  }
}

extension Transaction {
  func refuse(_ fault: InputFault) throws {
    try authorise()
    throw Refusal.invalidInput(fault.reason, fault.message)
  }
}

// What the service refuses by its look alone (AWS Organizations API reference, the inputs). Lengths
// come before patterns.

extension Transaction {
  static func checkedHandshakeID(_ text: Untrusted) throws -> HandshakeID {
    try text.checkLength(0...34)
    guard let id = HandshakeID(text) else { throw Refusal.pattern }
    return id
  }

  static func checkedAccountID(_ text: Untrusted) throws -> AccountID {
    try text.checkLength(0...12)
    guard let id = AccountID(text) else { throw Refusal.pattern }
    return id
  }

  /// `rt-` and 8 to 32 lower-case letters or digits.
  static func checkedTransferID(_ text: Untrusted) throws -> String {
    guard let id = text.asciiText, id.isIdentifier("rt-") else { throw Refusal.pattern }
    return id
  }

  /// `car-` and 8 to 32 lower-case letters or digits.
  static func checkedCreationID(_ text: Untrusted) throws -> String {
    try text.checkLength(0...36)
    guard let id = text.asciiText, id.isIdentifier("car-") else { throw Refusal.pattern }
    return id
  }

  /// How many a page may hold. A token's length is looked at here too; whether it is one of the
  /// listing, by the listing.
  func checkedLimit(_ page: PageRequest) throws -> Int {
    try page.token?.text.checkLength(0...100_000)
    guard let limit = page.limit else { return pageLength }
    guard limit >= 1 else {
      throw Refusal.invalidInput(.minValueExceeded, "MaxResults must be at least 1.")
    }
    guard limit <= Self.largestPage else {
      throw Refusal.invalidInput(.maxValueExceeded, "MaxResults must be at most 20.")
    }
    return limit
  }

  func checkedTarget(_ target: Invitation.Target) throws -> HandshakeRow.Target {
    switch target {
    case .account(let text):
      try text.checkLength(1...64)
      guard let id = AccountID(text) else {
        throw Refusal.invalidInput(
          .invalidPatternTargetId, "You specified an account ID that isn't twelve digits.")
      }
      return .account(id)
    case .email(let text):
      try text.checkLength(1...64)
      guard let address = Self.address(text) else {
        throw Refusal.invalidInput(
          .invalidEmailAddressTarget,
          "You specified an invalid email address for the invited account owner.")
      }
      return .email(address)
    }
  }

  /// `[^\s@]+@[^\s@]+\.[^\s@]+`, 6 to 64 characters.
  static func address(_ text: Untrusted) -> String? {
    guard let address = String(validating: text.bytes, as: UTF8.self) else { return nil }
    let scalars = Array(address.unicodeScalars)
    guard (6...64).contains(scalars.count), let at = scalars.firstIndex(of: "@"), at > 0,
      !scalars.contains(where: { $0.properties.isWhitespace || $0.value == 0 }),
      !scalars[(at + 1)...].contains("@")
    else { return nil }
    let domain = scalars[(at + 1)...]
    guard let dot = domain.dropFirst().firstIndex(of: "."), dot < scalars.count - 1 else {
      return nil
    }
    return address
  }

  func checkNotes(_ notes: Untrusted?) throws {
    guard let notes else { return }
    try notes.checkLength(0...1_024)
    guard !notes.looksLikeScript else { throw Refusal.pattern }
  }

  func checkTags(_ tags: [Invitation.Tag]) throws {
    guard tags.count <= 50 else {
      throw Refusal.constraint(
        .maxTagLimitExceeded, "You have exceeded the number of tags allowed on this resource.")
    }
    for tag in tags {
      try tag.key.checkLength(1...128)
      try tag.value.checkLength(0...256)
      guard tag.key.isTagText, tag.value.isTagText else { throw Refusal.pattern }
      guard !tag.key.bytes.asciiLowercased.starts(with: Array("aws:".utf8)) else {
        throw Refusal.invalidInput(
          .invalidSystemTagsParameter,
          "You specified a tag key that is a system tag. You can't add, edit, or delete system tag "
            + "keys because they're reserved for AWS use.")
      }
    }
    guard Set(tags.map(\.key)).count == tags.count else {
      throw Refusal.invalidInput(
        .duplicateTagKey, "Tag keys must be unique among the tags attached to the same entity.")
    }
  }
}

// Lengths and patterns as the service's model states them.

extension Untrusted {
  /// As the service counts: code points of the text that the bytes stand for.
  var characters: Int { bytes.count { $0 & 0xC0 != 0x80 } }

  func checkLength(_ allowed: ClosedRange<Int>) throws {
    let length = characters
    guard length >= allowed.lowerBound else {
      throw Refusal.invalidInput(
        .minLengthExceeded, "You provided a string parameter that is shorter than required.")
    }
    guard length <= allowed.upperBound else {
      throw Refusal.invalidInput(
        .maxLengthExceeded, "You provided a string parameter that is longer than allowed.")
    }
  }

  /// The service refuses common patterns of cross-site scripting; it says nothing of terminals.
  var looksLikeScript: Bool {
    let text = String(decoding: bytes.asciiLowercased, as: UTF8.self)
    return ["<script", "javascript:"].contains { text.utf8.firstRange(of: $0.utf8) != nil }
  }

  /// `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
  var isTagText: Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .spaceSeparator, .lineSeparator, .paragraphSeparator, .decimalNumber, .letterNumber,
        .otherNumber:
        true
      default: "_.:/=+-@".unicodeScalars.contains(scalar)
      }
    }
  }

  /// `[\w+=,.@-]*`
  var isRoleName: Bool {
    bytes.allSatisfy { byte in
      byte.isASCIIAlphanumeric || "_+=,.@-".utf8.contains(byte)
    }
  }
}

extension String {
  /// The prefix and 8 to 32 lower-case letters or digits.
  func isIdentifier(_ prefix: String) -> Bool {
    guard utf8.starts(with: prefix.utf8) else { return false }
    let rest = utf8.dropFirst(prefix.utf8.count)
    return (8...32).contains(rest.count)
      && rest.allSatisfy { $0.isASCIIDigit || $0.isASCIILowercase }
  }
}

extension Collection where Element: Equatable {
  fileprivate func firstRange(of other: some Collection<Element>) -> Range<Index>? {
    var start = startIndex
    while start != endIndex {
      if self[start...].starts(with: other) {
        return start..<(index(start, offsetBy: other.count))
      }
      formIndex(after: &start)
    }
    return nil
  }
}
