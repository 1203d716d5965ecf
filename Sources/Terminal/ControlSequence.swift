import Drawing

/// The keys of control sequences that terminfo does not list.
///
/// Every function returns nil for a sequence that is not a key: a terminal's report, a mouse event,
/// the release of a key.
enum ControlSequence {
  /// The body of the sequence that begins a bracketed paste.
  static let pasteBegin = Array("200~".utf8)

  /// Returns whether `ESC` and this byte introduce a sequence with an end of its own.
  ///
  /// Those are CSI, SS3, OSC, DCS, APC, PM and SOS.
  static func isIntroducer(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "O"), UInt8(ascii: "]"), UInt8(ascii: "P"),
      UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      true
    default: false
    }
  }

  /// Returns the number of bytes that follow a control sequence without parameters.
  ///
  /// They are X10's mouse coordinates (and those of highlight tracking), or the letter of a Linux
  /// console's `ESC [ [ A`.
  static func trailingBytes(after body: ArraySlice<UInt8>) -> Int? {
    guard body.count == 1 else { return nil }
    switch body.first {
    case UInt8(ascii: "["): return 1
    case UInt8(ascii: "M"): return 3
    case UInt8(ascii: "t"): return 2
    case UInt8(ascii: "T"): return 6
    default: return nil
    }
  }

  /// Returns F1 to F5 for the letters A to E of the Linux console's `ESC [ [ A`.
  static func consoleKey(_ letter: UInt8) -> Key? {
    (0x41...0x45).contains(letter) ? .function(Int(letter) - 0x40) : nil
  }

  /// Returns the key of `ESC O`: a cursor key, or the keypad in application mode.
  static func singleKey(of body: ArraySlice<UInt8>) -> Key? {
    guard let letter = body.last, letter >= 0x20 else { return nil }
    guard body.count == 1 else { return .unknown }
    if let key = lettered[letter] { return key }
    switch letter {
    case UInt8(ascii: "M"): return .enter
    case UInt8(ascii: "j")...UInt8(ascii: "y"): return .character(Unicode.Scalar(letter - 0x40))
    default: return .unknown
    }
  }

  /// Returns the key of `ESC [`, parameters and a final byte.
  static func key(of body: ArraySlice<UInt8>) -> Key? {
    guard let final = body.last, let parameters = Parameters(body.dropLast()) else { return nil }
    switch final {
    case UInt8(ascii: "~"): return numberedKey(parameters)
    case UInt8(ascii: "u"): return characterKey(parameters[0], held: parameters, at: 1)
    // With parameters it reports the cursor's position.
    case UInt8(ascii: "R") where !parameters.isEmpty: return nil
    case UInt8(ascii: "Z"): return parameters.isEmpty ? .backTab : .unknown
    default:
      guard let key = lettered[final] else { return nil }
      guard parameters.isEmpty || parameters[0] == 1 else { return nil }
      return Held(parameters, at: 1).key(key)
    }
  }

  private static func numberedKey(_ parameters: Parameters) -> Key? {
    // xterm's modifyOtherKeys: 27, the modifiers, the character.
    if parameters[0] == 27, parameters.count == 3 {
      return characterKey(parameters[2], held: parameters, at: 1)
    }
    // The end of a paste that has not begun.
    guard parameters[0] != 201 else { return nil }
    return Held(parameters, at: 1).key(parameters[0].flatMap { numbered[$0] } ?? .unknown)
  }

  /// Returns the key of a character's code, as kitty's protocol and modifyOtherKeys send it.
  private static func characterKey(
    _ code: UInt32?, held parameters: Parameters, at index: Int
  ) -> Key? {
    guard let code else { return nil }
    let held = Held(parameters, at: index)
    if let key = coded[code] {
      if held.isShift, key == .tab { return .backTab }
      return held.isShift ? key : held.key(key)
    }
    guard !held.isReleased else { return nil }
    guard let scalar = Unicode.Scalar(code), code >= 0x20, !(0x7F..<0xA0).contains(code),
      !(0xE000...0xF8FF).contains(code)
    else { return .unknown }
    switch held.modifiers {
    case 0: return .character(scalar)
    case Held.shift:
      if let shifted = parameters.alternate(0), let other = Unicode.Scalar(shifted) {
        return .character(other)
      }
      // The sign on a digit's key with Shift depends on the keyboard's layout.
      if (0x30...0x39).contains(code) { return .unknown }
      return .character(scalar.properties.isLowercase ? scalar.uppercased : scalar)
    case Held.control where (0x40...0x5F).contains(code) || (0x61...0x7A).contains(code):
      return Key(byte: UInt8(code & 0x1F))
    default: return .unknown
    }
  }

  private static let lettered: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
  ]

  private static let numbered: [UInt32: Key] = [
    1: .home, 7: .home, 4: .end, 8: .end, 3: .delete, 5: .pageUp, 6: .pageDown,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12),
  ]

  /// The keys with a code of their own in kitty's protocol; codes from 57,414 are the keypad's.
  private static let coded: [UInt32: Key] = [
    8: .backspace, 9: .tab, 13: .enter, 27: .escape, 127: .backspace,
    57_414: .enter, 57_417: .left, 57_418: .right, 57_419: .up, 57_420: .down, 57_421: .pageUp,
    57_422: .pageDown, 57_423: .home, 57_424: .end, 57_426: .delete,
  ]
}

/// The numbers between `ESC [` and the final byte: fields, and alternates within a field.
private struct Parameters {
  private let fields: [[UInt32?]]

  /// Parses the fields; nil for private parameters (`<`, `=`, `>`, `?`) and intermediates, which
  /// are reports.
  init?(_ bytes: ArraySlice<UInt8>) {
    var fields: [[UInt32?]] = []
    for field in bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      var numbers: [UInt32?] = []
      for part in field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
        guard part.count <= 7, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        numbers.append(part.isEmpty ? nil : part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) })
      }
      fields.append(numbers)
    }
    self.fields = bytes.isEmpty ? [] : fields
  }

  var isEmpty: Bool { fields.isEmpty }
  var count: Int { fields.count }

  subscript(index: Int) -> UInt32? {
    fields.indices.contains(index) ? fields[index].first ?? nil : nil
  }

  /// Returns the number after the first colon of a field.
  func alternate(_ index: Int) -> UInt32? {
    guard fields.indices.contains(index), fields[index].count > 1 else { return nil }
    return fields[index][1]
  }
}

/// The modifiers held with a key, and whether the key was pressed or released.
private struct Held {
  static let shift: UInt32 = 1
  static let control: UInt32 = 4
  /// The modifiers without Caps Lock and Num Lock, which are states rather than held keys.
  let modifiers: UInt32
  let isReleased: Bool

  init(_ parameters: Parameters, at index: Int) {
    modifiers = ((parameters[index] ?? 1) &- 1) & 0x3F
    isReleased = parameters.alternate(index) == 3
  }

  var isShift: Bool { modifiers == Self.shift && !isReleased }

  /// Returns the key if no modifier was held, `unknown` with modifiers, and nil for a release.
  func key(_ key: Key) -> Key? {
    if isReleased { return nil }
    return modifiers == 0 ? key : .unknown
  }
}

extension Unicode.Scalar {
  fileprivate var uppercased: Unicode.Scalar {
    let mapping = properties.uppercaseMapping.unicodeScalars
    guard mapping.count == 1, let first = mapping.first else { return self }
    return first
  }
}

/// The byte sequences of one terminal's keys, from its terminfo entry.
public struct KeySequences: Equatable, Sendable {
  /// The terminfo names of the keys that this program knows.
  static let capabilities: [(name: String, key: Key)] =
    [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
      ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kcbt", .backTab),
      ("kent", .enter),
    ] + (1...12).map { ("kf\($0)", .function($0)) }

  private let keys: [[UInt8]: Key]
  /// The proper prefixes of all sequences.
  private let beginnings: Set<[UInt8]>

  /// Keeps the sequences that begin with ESC and are longer: a single byte is a key by itself.
  init(_ keys: [[UInt8]: Key]) {
    self.keys = keys.filter { $0.key.count > 1 && $0.key.first == 0x1B }
    beginnings = Set(
      self.keys.keys.flatMap { sent in (1..<sent.count).map { Array(sent.prefix($0)) } })
  }

  /// Returns the key that sends exactly these bytes.
  func key(_ bytes: [UInt8]) -> Key? { keys[bytes] }

  /// Returns whether a key sends these bytes and more.
  func hasLonger(than bytes: [UInt8]) -> Bool { beginnings.contains(bytes) }
}

extension Key {
  /// Decodes a byte below 80 hex that is not part of a sequence.
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
