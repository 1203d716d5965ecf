import Model
import Text

// What the service refuses by its look alone (AWS Organizations API reference, the inputs of
// InviteAccountToOrganization).

extension Call {
  func checkedTarget(_ target: Invitation.Target) throws -> HandshakeRow.Target {
    switch target {
    case .account(let text):
      guard let id = text.asciiText.flatMap({ AccountID($0) }) else {
        throw Refusal.invalidInput(
          .invalidPatternTargetId, "You specified an account ID that isn't twelve digits.")
      }
      return .account(id)
    case .email(let text):
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
    guard notes.characters <= 1_024 else {
      throw Refusal.invalidInput(
        .maxLengthExceeded, "You provided a string parameter that is longer than allowed.")
    }
    guard !notes.looksLikeScript else { throw Refusal.pattern }
  }

  func checkTags(_ tags: [Invitation.Tag]) throws {
    guard tags.count <= 50 else {
      throw Refusal.constraint(
        .maxTagLimitExceeded, "You have exceeded the number of tags allowed on this resource.")
    }
    for tag in tags {
      guard !tag.key.isEmpty else {
        throw Refusal.invalidInput(.minLengthExceeded, "A tag's key is empty.")
      }
      guard tag.key.characters <= 128, tag.value.characters <= 256 else {
        throw Refusal.invalidInput(
          .maxLengthExceeded, "You provided a string parameter that is longer than allowed.")
      }
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

extension Untrusted {
  /// As the service counts: code points of the text that the bytes stand for.
  var characters: Int { bytes.count { $0 & 0xC0 != 0x80 } }

  var lowercaseASCII: [UInt8] {
    bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
  }

  /// The service refuses common patterns of cross-site scripting; it says nothing of terminals.
  var looksLikeScript: Bool {
    let text = String(decoding: lowercaseASCII, as: UTF8.self)
    return ["<script", "javascript:"].contains { text.utf8.firstRange(of: $0.utf8) != nil }
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
