import HandshakeUI

/// What one terminal's keys send, by its terminfo entry.
struct KeySequences: Equatable, Sendable {
  static let pasteBegin = Array("\u{1B}[200~".utf8)
  static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// The terminfo names of the keys that this program knows.
  static let capabilities: [(name: String, key: Key)] =
    [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
      ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kcbt", .backTab),
      ("kent", .enter),
    ] + (1...12).map { ("kf\($0)", .function($0)) }

  private let keys: [[UInt8]: Key]
  private let longest: Int

  /// Only sequences that begin with ESC count: a single byte is a key by itself.
  init(_ keys: [[UInt8]: Key]) {
    self.keys = keys.filter { $0.key.count > 1 && $0.key.first == 0x1B }
    longest = self.keys.keys.map(\.count).max() ?? 0
  }

  /// The longest sequence that these bytes begin with.
  func match(_ bytes: ArraySlice<UInt8>) -> (key: Key, length: Int)? {
    for length in stride(from: min(longest, bytes.count), to: 1, by: -1) {
      if let key = keys[Array(bytes.prefix(length))] { return (key, length) }
    }
    return nil
  }
}

extension Key {
  /// What a byte below 80 hex means when it stands alone.
  init(byte: UInt8) {
    switch byte {
    case 0x0D: self = .enter
    case 0x09: self = .tab
    case 0x1B: self = .escape
    case 0x08, 0x7F: self = .backspace
    case 0x00: self = .control("@")
    case 0x01...0x1A: self = .control(Unicode.Scalar(byte + 0x60))
    case 0x1C...0x1F: self = .control(Unicode.Scalar(byte + 0x40))
    default: self = .character(Unicode.Scalar(byte))
    }
  }
}
