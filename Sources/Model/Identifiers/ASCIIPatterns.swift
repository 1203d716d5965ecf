// Patterns are matched on bytes: `\d` and `isNumber` also take Arabic and full-width digits, and
// `hasPrefix` compares by canonical equivalence. On array slices, not generically: a reader does this
// for every line of a large document.

extension ArraySlice<UInt8> {
  func hasPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    for offset in 0..<prefix.utf8CodeUnitCount
    where self[startIndex + offset] != prefix.utf8Start[offset] {
      return false
    }
    return true
  }

  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  func isLowerAlphanumeric(_ lengths: ClosedRange<Int>) -> Bool {
    guard lengths.contains(count) else { return false }
    return withUnsafeBufferPointer { bytes in
      bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
  }

  var isDigits: Bool {
    for byte in self where !(0x30...0x39).contains(byte) { return false }
    return true
  }

  /// The part before the first `separator`, which is taken off with it; nil when there is none.
  mutating func cut(at separator: UInt8) -> ArraySlice<UInt8>? {
    for index in indices where self[index] == separator {
      defer { self = self[(index + 1)...] }
      return self[..<index]
    }
    return nil
  }
}

extension String {
  /// Runs `body` on the bytes, which for text of ours are contiguous already.
  func withASCII<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    var text = self
    return text.withUTF8(body)
  }
}

extension UnsafeBufferPointer<UInt8> {
  func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
