/// Whether `needle` occurs in `hay`. Bytes: no folding, no normalising.
func occurs(_ needle: [UInt8], in hay: UnsafeBufferPointer<UInt8>) -> Bool {
  offset(of: needle, in: hay, from: 0) != nil
}

/// The first place at or behind `start` where `needle` occurs; eight bytes are looked at at once for
/// its first byte.
func offset(of needle: [UInt8], in hay: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
  guard let first = needle.first, let base = hay.baseAddress else {
    return needle.isEmpty ? start : nil
  }
  let end = hay.count - needle.count
  let ones: UInt64 = 0x0101_0101_0101_0101
  let pattern = ones &* UInt64(first)
  var place = start
  while place <= end {
    if place + 8 <= hay.count {
      let word =
        UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self).littleEndian ^ pattern
      // The lowest byte that became zero is the first one found; higher ones may be false.
      let zeros = (word &- ones) & ~word & (ones << 7)
      if zeros == 0 {
        place += 8
        continue
      }
      place += zeros.trailingZeroBitCount / 8
      if place > end { return nil }
    } else if base[place] != first {
      place += 1
      continue
    }
    var length = 1
    while length < needle.count, base[place + length] == needle[length] { length += 1 }
    if length == needle.count { return place }
    place += 1
  }
  return nil
}

extension Sequence<UInt8> {
  /// Whether `needle`, which is lower-case, occurs here in either case (ASCII letters only).
  func holds(lowered needle: [UInt8]) -> Bool {
    withContiguousStorageIfAvailable { $0.holds(folding: needle) }
      ?? Array(self).withUnsafeBufferPointer { $0.holds(folding: needle) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func holds(folding needle: [UInt8]) -> Bool {
    guard count >= needle.count else { return false }
    for start in 0...(count - needle.count) {
      var length = 0
      while length < needle.count, self[start + length].asciiLowercased == needle[length] {
        length += 1
      }
      if length == needle.count { return true }
    }
    return false
  }
}
