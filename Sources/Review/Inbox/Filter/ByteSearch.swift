/// Whether `needle` occurs in `hay`. Bytes: no folding, no normalising.
func occurs(_ needle: [UInt8], in hay: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let first = needle.first else { return true }
  guard hay.count >= needle.count else { return false }
  return needle.withUnsafeBufferPointer { needle in
    for start in 0...(hay.count - needle.count) where hay[start] == first {
      var length = 1
      while length < needle.count, hay[start + length] == needle[length] { length += 1 }
      if length == needle.count { return true }
    }
    return false
  }
}

extension [UInt8] {
  /// Whether `needle`, which is lower-case, occurs here in either case (ASCII letters only).
  func holds(lowered needle: [UInt8]) -> Bool {
    map(\.asciiLowercased).withUnsafeBufferPointer { occurs(needle, in: $0) }
  }
}
