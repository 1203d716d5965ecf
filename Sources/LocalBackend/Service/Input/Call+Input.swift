import Model
import Text

// What the service refuses by its look alone (AWS Organizations API reference, the inputs). Lengths
// come before patterns.

extension Call {
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
      guard !tag.key.lowercaseASCII.starts(with: Array("aws:".utf8)) else {
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
