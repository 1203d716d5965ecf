import HandshakeUI

/// The escape sequences that ECMA-48 and xterm define, for keys that terminfo does not list and for
/// everything that must be skipped whole.
enum ControlSequence {
  case complete(length: Int, Key)
  case unfinished
  /// The second byte begins no sequence.
  case none

  static func parse(_ bytes: ArraySlice<UInt8>, introducer: UInt8) -> ControlSequence {
    switch introducer {
    case UInt8(ascii: "["): control(bytes)
    case UInt8(ascii: "O"): single(bytes)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"): string(bytes)
    default: .none
    }
  }

  /// `ESC [`, parameters, one final byte.
  private static func control(_ bytes: ArraySlice<UInt8>) -> ControlSequence {
    let body = bytes.dropFirst(2)
    // The Linux console's F1 to F5: `ESC [ [ A`.
    if body.first == UInt8(ascii: "[") {
      guard let letter = body.dropFirst().first else { return .unfinished }
      let isKey = (0x41...0x45).contains(letter)
      return .complete(length: 4, isKey ? .function(Int(letter) - 0x40) : .unknown)
    }
    let parameters = body.prefix { (0x20...0x3F).contains($0) }
    let length = 2 + parameters.count
    guard let final = body.dropFirst(parameters.count).first else { return .unfinished }
    guard (0x40...0x7E).contains(final) else { return .complete(length: length, .unknown) }
    let text = String(decoding: parameters, as: UTF8.self)
    return .complete(length: length + 1, key(final: final, parameters: text))
  }

  private static func key(final: UInt8, parameters: String) -> Key {
    if final == UInt8(ascii: "~") { return numbered[parameters] ?? .unknown }
    guard parameters.isEmpty || parameters == "1" else { return .unknown }
    return final == UInt8(ascii: "Z") ? .backTab : lettered[final] ?? .unknown
  }

  /// `ESC O` and one byte: cursor keys and the keypad in application mode.
  private static func single(_ bytes: ArraySlice<UInt8>) -> ControlSequence {
    guard let letter = bytes.dropFirst(2).first else { return .unfinished }
    guard letter >= 0x20 else { return .complete(length: 2, .unknown) }
    if let key = lettered[letter] { return .complete(length: 3, key) }
    switch letter {
    case UInt8(ascii: "P")...UInt8(ascii: "S"):
      return .complete(length: 3, .function(Int(letter) - 0x4F))
    case UInt8(ascii: "M"):
      return .complete(length: 3, .enter)
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      return .complete(length: 3, .character(Unicode.Scalar(letter - 0x40)))
    default:
      return .complete(length: 3, .unknown)
    }
  }

  /// A terminal's answer to a question that another program asked: up to BEL or `ESC \`.
  private static func string(_ bytes: ArraySlice<UInt8>) -> ControlSequence {
    let body = bytes.dropFirst(2)
    guard let end = body.firstIndex(where: { $0 == 0x07 || $0 == 0x1B }) else { return .unfinished }
    let length = end - bytes.startIndex + 1
    guard bytes[end] == 0x1B else { return .complete(length: length, .unknown) }
    guard let last = bytes[end...].dropFirst().first else { return .unfinished }
    return .complete(length: last == UInt8(ascii: "\\") ? length + 1 : length - 1, .unknown)
  }

  private static let lettered: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
  ]

  private static let numbered: [String: Key] = [
    "1": .home, "7": .home, "4": .end, "8": .end, "3": .delete, "5": .pageUp, "6": .pageDown,
    "11": .function(1), "12": .function(2), "13": .function(3), "14": .function(4),
    "15": .function(5), "17": .function(6), "18": .function(7), "19": .function(8),
    "20": .function(9), "21": .function(10), "23": .function(11), "24": .function(12),
  ]
}
