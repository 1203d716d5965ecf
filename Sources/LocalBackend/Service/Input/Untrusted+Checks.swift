import Model
import Text

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

  var lowercaseASCII: [UInt8] {
    bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
  }

  /// The service refuses common patterns of cross-site scripting; it says nothing of terminals.
  var looksLikeScript: Bool {
    let text = String(decoding: lowercaseASCII, as: UTF8.self)
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
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "_+=,.@-".utf8.contains(byte)
    }
  }
}

extension String {
  /// The prefix and 8 to 32 lower-case letters or digits.
  func isIdentifier(_ prefix: String) -> Bool {
    guard utf8.starts(with: prefix.utf8) else { return false }
    let rest = utf8.dropFirst(prefix.utf8.count)
    return (8...32).contains(rest.count)
      && rest.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
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
