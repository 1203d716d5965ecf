// ASCII classes and patterns are matched on bytes: `\d` and `isNumber` also take Arabic and full-width
// digits, and `hasPrefix` compares by canonical equivalence.

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

  /// Whether the byte may stand in a token of HTTP (RFC 9110, section 5.6.2).
  public var isHTTPToken: Bool { isASCIIAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(self) }

  /// The byte, an ASCII capital as its lower-case letter.
  @inlinable public var asciiLowercased: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}

extension Sequence<UInt8> {
  /// The bytes, ASCII capitals as their lower-case letters.
  public var asciiLowercased: [UInt8] { map(\.asciiLowercased) }
}

// Where the bytes lie, not in copies or generically: a reader does this several times for each line of a
// large document.

extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes begin with those of an ASCII literal.
  @inlinable public func hasPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for place in 0..<prefix.utf8CodeUnitCount where self[place] != prefix.utf8Start[place] {
      return false
    }
    return true
  }

  /// Whether the bytes are those of an ASCII literal.
  @inlinable public func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  /// Whether both hold the same bytes.
  @inlinable public func equals(_ other: Self) -> Bool {
    guard count == other.count else { return false }
    for place in 0..<count where self[place] != other[place] { return false }
    return true
  }

  /// Whether there are as many bytes as `lengths` allows, all of them `a` to `z` or `0` to `9`.
  @inlinable public func isLowerAlphanumeric(_ lengths: ClosedRange<Int>) -> Bool {
    guard lengths.contains(count) else { return false }
    // To the end in any case: many at a time, where the machine can.
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

  /// What is left behind the first `count` bytes, of which there must be as many.
  @inlinable public func without(first count: Int) -> Self { Self(rebasing: self[count...]) }

  /// The part before the first `separator`, which is taken off with it; nil when there is none.
  @inlinable public mutating func cut(at separator: UInt8) -> Self? {
    for place in 0..<count where self[place] == separator {
      defer { self = without(first: place + 1) }
      return Self(rebasing: self[..<place])
    }
    return nil
  }
}

extension StringProtocol {
  /// Runs `body` on the bytes, which for text of ours are contiguous already.
  @inlinable public func withASCII<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    var text = String(self)
    return text.withUTF8(body)
  }
}
