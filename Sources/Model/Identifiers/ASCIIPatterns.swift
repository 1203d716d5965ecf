// Patterns are matched on bytes: `\d` and `isNumber` also take Arabic and full-width digits, and
// `hasPrefix` compares by canonical equivalence.

extension Collection<UInt8> {
  func hasPrefix(_ prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { starts(with: $0) }
  }

  func isLowerAlphanumeric(_ lengths: ClosedRange<Int>) -> Bool {
    lengths.contains(count)
      && allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  }
}
