/// UTF-8 in its generalised form: a surrogate has three bytes like its neighbours.
enum UTF8Encoding {
  static func append(_ value: UInt32, to out: inout [UInt8]) {
    switch value {
    case ..<0x80:
      out.append(UInt8(truncatingIfNeeded: value))
    case ..<0x800:
      out.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
      out.append(tail(value, 0))
    case ..<0x1_0000:
      out.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
      out.append(tail(value, 6))
      out.append(tail(value, 0))
    default:
      out.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
      out.append(tail(value, 12))
      out.append(tail(value, 6))
      out.append(tail(value, 0))
    }
  }

  private static func tail(_ value: UInt32, _ shift: UInt32) -> UInt8 {
    0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F)
  }
}
