import HandshakeUI
import Model
import Text

/// Tells pasted text from pressed keys on a terminal that puts no brackets around a paste, and after a
/// paste whose own text ended the brackets: nobody presses so many keys between two reads (UX-7.4).
struct PasteGuess: Sendable {
  /// More keys of text than this in one read are a paste. A stalled link gathers as many in a second.
  static let limit = 16
  /// So many of one and the same key are a key that was held while the link stalled.
  static let held = 256
  /// Text that comes so shortly after a paste is its end. A held key repeats more slowly.
  static let lull = Span(milliseconds: 30)

  private var last: Span?

  /// Returns what was read at once, with the keys of a paste made one text.
  mutating func sift(
    _ inputs: [TerminalInput], limit: Int = PasteGuess.limit, at now: Span
  ) -> [TerminalInput] {
    let count = inputs.count { $0.text != nil }
    let goesOn = count > 0 && last.map { now - $0 <= Self.lull } ?? false
    guard count > limit || goesOn else { return inputs }
    let isHeld = inputs.count <= Self.held && inputs.allSatisfy { $0 == inputs[0] }
    guard goesOn || !isHeld else { return inputs }
    last = now
    var sifted: [TerminalInput] = []
    var text: [UInt8] = []
    for input in inputs {
      if case .key = input {
        text += input.text ?? []
        continue
      }
      if !text.isEmpty { sifted.append(.pasted(Untrusted(bytes: text))) }
      text = []
      sifted.append(input)
    }
    if !text.isEmpty { sifted.append(.pasted(Untrusted(bytes: text))) }
    return sifted
  }

  mutating func reset() { last = nil }
}

extension TerminalInput {
  /// What a key stands for in a text; nil for a key that no text holds.
  fileprivate var text: [UInt8]? {
    switch self {
    case .key(.character(let scalar)): Array(String(scalar).utf8)
    case .key(.enter), .key(.control("j")): [0x0A]
    case .key(.tab): [0x09]
    default: nil
    }
  }
}
