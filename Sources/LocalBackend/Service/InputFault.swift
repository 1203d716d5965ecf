import Model
import Text

/// A mistake in a request that the domain's types cannot represent.
///
/// No operation can be called with such input, so `LocalBackend.refuse` answers it as the service
/// does.
public struct InputFault: Hashable, Sendable {
  var reason: Reason
  var message: String

  /// The fault of a listing with two filters.
  public static let bothFilters = InputFault(
    reason: .maxLimitExceededFilter,
    message: "You can specify only one filter parameter for the operation.")

  /// Returns the fault of a parent filter that is not a handshake's id; nil if it is valid.
  public static func parent(_ text: Untrusted) -> InputFault? {
    do {
      _ = try Transaction.checkedHandshakeID(text)
      return nil
    } catch {
      guard let refusal = error as? Refusal, let reason = refusal.reason else { return nil }
      return InputFault(reason: reason, message: refusal.message)
    }
  }

  /// Returns the fault of a target that is neither an account nor an address.
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

// The checks of input by its form (AWS Organizations API reference, the operations' inputs).
// Lengths are checked before patterns.

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

  /// Returns the id of a transfer: `rt-` and 8 to 32 lower-case letters or digits.
  static func checkedTransferID(_ text: Untrusted) throws -> String {
    guard let id = text.asciiText, id.isIdentifier("rt-") else { throw Refusal.pattern }
    return id
  }

  /// Returns the id of a creation request: `car-` and 8 to 32 lower-case letters or digits.
  static func checkedCreationID(_ text: Untrusted) throws -> String {
    try text.checkLength(0...36)
    guard let id = text.asciiText, id.isIdentifier("car-") else { throw Refusal.pattern }
    return id
  }

  /// Returns the number of items on a page, 1 to 20.
  ///
  /// A token's length is checked here too; the listing checks whether the token is its own.
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

  /// Returns an e-mail address that matches `[^\s@]+@[^\s@]+\.[^\s@]+` and has 6 to 64 characters.
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

// Lengths and patterns of the service's API model.

extension Untrusted {
  /// The length as the service counts it, in code points of the UTF-8 text.
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

  /// Whether the text has a common pattern of cross-site scripting, which the service refuses.
  ///
  /// The service's documentation does not mention terminal control sequences.
  var looksLikeScript: Bool {
    let text = String(decoding: bytes.asciiLowercased, as: UTF8.self)
    return ["<script", "javascript:"].contains { text.utf8.firstRange(of: $0.utf8) != nil }
  }

  /// Whether the text matches `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`.
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

  /// Whether the text matches `[\w+=,.@-]*`.
  var isRoleName: Bool {
    bytes.allSatisfy { byte in
      byte.isASCIIAlphanumeric || "_+=,.@-".utf8.contains(byte)
    }
  }
}

extension String {
  /// Returns whether the string is `prefix` and 8 to 32 lower-case letters or digits.
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
