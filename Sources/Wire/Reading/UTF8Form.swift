/// UTF-8 on bytes, with what lies outside it kept apart instead of replaced.
enum UTF8Form {
  /// One step through bytes that may not be UTF-8.
  enum Unit: Hashable {
    case scalar(UInt32)
    /// A surrogate in its three-byte form.
    case surrogate(UInt32)
    /// A byte that belongs to no scalar.
    case stray(UInt8)
  }

  /// The unit that begins at `place`, and how many bytes it takes.
  static func unit(at place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (Unit, length: Int) {
    let lead = bytes[place]
    if lead < 0x80 { return (.scalar(UInt32(lead)), 1) }
    let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard length > 0, place + length <= bytes.count else { return (.stray(lead), 1) }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for next in place + 1..<place + length {
      let byte = bytes[next]
      guard byte & 0xC0 == 0x80 else { return (.stray(lead), 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    // Over-long forms and values past the last plane.
    guard value >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000), value <= 0x10FFFF else {
      return (.stray(lead), 1)
    }
    return ((0xD800...0xDFFF).contains(value) ? .surrogate(value) : .scalar(value), length)
  }

  static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var place = 0
    while place < bytes.count {
      if bytes[place] < 0x80 {
        place += 1
        continue
      }
      let (unit, length) = unit(at: place, in: bytes)
      guard case .scalar = unit else { return false }
      place += length
    }
    return true
  }

  /// Appends the UTF-8 of a scalar, or the three-byte form of a surrogate.
  static func append(_ value: UInt32, to out: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (value >> shift & 0x3F)) }
    switch value {
    case ..<0x80: out.append(UInt8(value))
    case ..<0x800: out += [UInt8(0xC0 | value >> 6), tail(0)]
    case ..<0x10000: out += [UInt8(0xE0 | value >> 12), tail(6), tail(0)]
    default: out += [UInt8(0xF0 | value >> 18), tail(12), tail(6), tail(0)]
    }
  }
}
