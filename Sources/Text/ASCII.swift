// ASCII classes and patterns are matched on bytes, because `\d` and `isNumber` also match Arabic and
// full-width digits, and `hasPrefix` compares by canonical equivalence.

extension UInt8 {
  /// Whether the byte is `0` to `9`.
  @inlinable public var isASCIIDigit: Bool { self &- 0x30 <= 9 }

  /// Whether the byte is `a` to `z`.
  @inlinable public var isASCIILowercase: Bool { self &- 0x61 <= 25 }

  /// Whether the byte is `A` to `Z`.
  @inlinable public var isASCIIUppercase: Bool { self &- 0x41 <= 25 }

  /// Whether the byte is an ASCII letter of either case or an ASCII digit.
  @inlinable public var isASCIIAlphanumeric: Bool {
    isASCIILowercase || isASCIIUppercase || isASCIIDigit
  }

  /// Whether the byte may be part of an HTTP token (RFC 9110, section 5.6.2).
  public var isHTTPToken: Bool { isASCIIAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(self) }

  /// The byte itself, or the lower-case letter of an ASCII capital.
  @inlinable public var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}

extension Sequence<UInt8> {
  /// The bytes with ASCII capitals as lower-case letters.
  public var asciiLowercased: [UInt8] { map(\.asciiLowercased) }
}

// These work on the bytes in place, neither on copies nor generically, because a reader calls them
// several times for each line of a large document.

extension UnsafeBufferPointer<UInt8> {
  /// Returns whether the bytes begin with those of an ASCII literal.
  @inlinable public func hasPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for place in 0..<prefix.utf8CodeUnitCount where self[place] != prefix.utf8Start[place] {
      return false
    }
    return true
  }

  /// Returns whether the bytes are those of an ASCII literal.
  @inlinable public func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  /// Returns whether both have the same bytes.
  @inlinable public func equals(_ other: Self) -> Bool {
    guard count == other.count else { return false }
    for place in 0..<count where self[place] != other[place] { return false }
    return true
  }

  /// Returns whether all bytes are `a` to `z` or `0` to `9`, and their number is within `lengths`.
  @inlinable public func isLowerAlphanumeric(_ lengths: ClosedRange<Int>) -> Bool {
    guard lengths.contains(count) else { return false }
    // No early exit, so that the machine can test many bytes at a time.
    var strays: UInt8 = 0
    for place in 0..<count {
      strays |= self[place].isASCIIDigit || self[place].isASCIILowercase ? 0 : 1
    }
    return strays == 0
  }

  /// Whether all bytes are ASCII digits; true for no bytes.
  @inlinable public var isDigits: Bool {
    for place in 0..<count where !self[place].isASCIIDigit { return false }
    return true
  }

  /// Returns the bytes after the first `count`; there must be at least as many.
  @inlinable public func without(first count: Int) -> Self { Self(rebasing: self[count...]) }

  /// Removes the bytes up to the first `separator`, and returns those before it.
  ///
  /// It returns nil and removes nothing if there is no separator.
  @inlinable public mutating func cut(at separator: UInt8) -> Self? {
    for place in 0..<count where self[place] == separator {
      defer { self = without(first: place + 1) }
      return Self(rebasing: self[..<place])
    }
    return nil
  }
}

extension StringProtocol {
  /// Calls `body` with the UTF-8 of the text, which is not copied if it is contiguous already.
  @inlinable public func withASCII<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    var text = String(self)
    return text.withUTF8(body)
  }
}

// MARK: - Our own words

extension Charset {
  /// The replacements of characters of our own texts that ASCII lacks.
  private static let replacements: [Unicode.Scalar: String] = [
    "…": "...", "‹": "<", "›": ">", "–": "-", "—": "-", "’": "'", "“": "\"", "”": "\"", "→": "->",
  ]

  /// Returns a text of the program's own, such as its help, in the characters of the charset.
  ///
  /// Not for data: what a character was is lost.
  public func plain(_ words: String) -> String {
    guard self == .ascii else { return words }
    return words.unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : Self.replacements[scalar] ?? "?"
    }.joined()
  }
}
