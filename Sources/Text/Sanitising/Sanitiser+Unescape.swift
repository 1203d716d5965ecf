/// Why a text cannot be turned back into the bytes it was rendered from. Both say at which byte.
public enum UnescapeError: Error, Hashable, Sendable {
  /// Something opens like an escape and is none.
  case notAnEscape(at: Int)
  /// A list cell or a cut: what it left out is not in it.
  case abbreviated(at: Int)
}

extension Sanitiser {
  /// The bytes that `render(_:for: .full, in: charset)` was given, with or without `countingBlanks`. What is no escape stands for
  /// itself, so a whole file of rendered lines may be given.
  public static func unescape(
    _ text: Untrusted, in charset: Charset
  ) throws(UnescapeError) -> Untrusted {
    let bytes = text.bytes
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard opensSign(bytes, at: index, in: charset) else {
        out.append(bytes[index])
        index += 1
        continue
      }
      guard let sign = Sign(bytes, at: index) else {
        throw bytes[index...].starts(with: Escape.lineFeed)
          ? .abbreviated(at: index) : .notAnEscape(at: index)
      }
      switch sign.meaning {
      case .scalar(let value): UTF8Encoding.append(value, to: &out)
      case .byte(let byte): out.append(byte)
      case .blanks(let count):
        guard count <= blanksTaken else { throw .notAnEscape(at: index) }
        out.append(contentsOf: repeatElement(0x20, count: count))
      case .marks, .cut: throw .abbreviated(at: index)
      }
      index += sign.length
    }
    return Untrusted(bytes: out)
  }

  /// More than any text of the service has.
  private static let blanksTaken = 1 << 20

  private static func opensSign(_ bytes: [UInt8], at index: Int, in charset: Charset) -> Bool {
    if charset == .ascii { return bytes[index] == 0x3C }
    guard bytes[index] == 0xE2 else { return false }
    let rest = bytes[index...]
    return rest.starts(with: Escape.open) || rest.starts(with: Escape.lineFeed)
      || rest.starts(with: Sign.cutOpening)
  }
}
