import HandshakeUI

/// What one terminal's keys send, by its terminfo entry.
struct KeySequences: Equatable, Sendable {
  /// The terminfo names of the keys that this program knows.
  static let capabilities: [(name: String, key: Key)] =
    [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
      ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kcbt", .backTab),
      ("kent", .enter),
    ] + (1...12).map { ("kf\($0)", .function($0)) }

  private let keys: [[UInt8]: Key]
  /// Everything that some key's sequence begins with and goes on after.
  private let beginnings: Set<[UInt8]>

  /// Only sequences that begin with ESC count: a single byte is a key by itself.
  init(_ keys: [[UInt8]: Key]) {
    self.keys = keys.filter { $0.key.count > 1 && $0.key.first == 0x1B }
    beginnings = Set(
      self.keys.keys.flatMap { sent in (1..<sent.count).map { Array(sent.prefix($0)) } })
  }

  /// The key that sends exactly these bytes.
  func key(_ bytes: [UInt8]) -> Key? { keys[bytes] }

  /// Whether a key sends these bytes and more.
  func hasLonger(than bytes: [UInt8]) -> Bool { beginnings.contains(bytes) }
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
