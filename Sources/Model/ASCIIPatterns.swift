// Patterns are matched on bytes: `\d` and `isNumber` also take Arabic and full-width digits, and
// `hasPrefix` compares by canonical equivalence. Where they lie, not in copies or generically: a reader
// does this several times for each line of a large document.

extension UnsafeBufferPointer<UInt8> {
  func hasPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for place in 0..<prefix.utf8CodeUnitCount where self[place] != prefix.utf8Start[place] {
      return false
    }
    return true
  }

  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  func equals(_ other: Self) -> Bool {
    guard count == other.count else { return false }
    for place in 0..<count where self[place] != other[place] { return false }
    return true
  }

  func isLowerAlphanumeric(_ lengths: ClosedRange<Int>) -> Bool {
    guard lengths.contains(count) else { return false }
    // To the end in any case: many at a time, where the machine can.
    var strays: UInt8 = 0
    for place in 0..<count {
      let isDigit = self[place] &- UInt8(ascii: "0") <= 9
      let isLetter = self[place] &- UInt8(ascii: "a") <= 25
      strays |= isDigit || isLetter ? 0 : 1
    }
    return strays == 0
  }

  var isDigits: Bool {
    for place in 0..<count where self[place] &- UInt8(ascii: "0") > 9 { return false }
    return true
  }

  /// What is left behind the first `count` bytes, of which there must be as many.
  func without(first count: Int) -> Self { Self(rebasing: self[count...]) }

  /// The part before the first `separator`, which is taken off with it; nil when there is none.
  mutating func cut(at separator: UInt8) -> Self? {
    for place in 0..<count where self[place] == separator {
      defer { self = without(first: place + 1) }
      return Self(rebasing: self[..<place])
    }
    return nil
  }
}

extension StringProtocol {
  /// Runs `body` on the bytes, which for text of ours are contiguous already.
  func withASCII<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    var text = String(self)
    return text.withUTF8(body)
  }
}
