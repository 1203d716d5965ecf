import Model
import ReviewAnswering
import TestSupport
import Testing
import Text

/// The rule of ADR 0014 over deliveries: a person can confirm however a link groups the keys, and
/// neither a paste nor a held key can.
@Suite("Arrival of keys (UX-14.4)") struct DeliveryTests {
  static let kinds: [Challenge.Kind] = [
    Dialog.declines, .noAccepts(declines: 3, cancels: 12), .batch(accepts: 2), .batch(accepts: 17),
  ]

  /// Sends a text in packets of random sizes, with random pauses between them and none within.
  private static func deliver(
    _ text: String, to dialog: inout Dialog, largest: Int, pauses: ClosedRange<Int64>,
    _ random: inout SeededRandom
  ) {
    var rest = Substring(text).unicodeScalars
    while !rest.isEmpty {
      let size = Int.random(in: 1...largest, using: &random)
      let pause = Int64.random(in: pauses, using: &random)
      for (index, scalar) in rest.prefix(size).enumerated() {
        let gap = index == 0 ? pause : 0
        switch scalar {
        case "\n", "\r": dialog.send(.enter, after: gap)
        case "\t": dialog.send(.tab, after: gap)
        case "\u{7F}": dialog.send(.backspace, after: gap)
        case "\u{1B}": dialog.send(.escape, after: gap)
        default: dialog.send(.character(scalar), after: gap)
        }
      }
      rest = rest.dropFirst(size)
    }
  }

  /// Two letters for the phrase after a burst, which are in none of the texts.
  private static func answer(_ dialog: inout Dialog, with letters: String) {
    if dialog.confirmation.phase == .check(nil) {
      dialog.confirmation.check(letters, at: dialog.now)
    }
  }

  @Test(
    "a person who types what the screen asks for can confirm, however the keys are grouped",
    arguments: 1...400)
  func person(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let kind = Self.kinds[Int(seed) % Self.kinds.count]
    var dialog = Dialog(kind)
    let largest = [1, 2, 3, 5, 8, 32].randomElement(using: &random) ?? 1
    let pauses: ClosedRange<Int64> =
      [31...60, 40...400, 300...3_000].randomElement(using: &random) ?? 40...400
    Self.deliver(
      (dialog.confirmation.asked ?? "") + "\r", to: &dialog, largest: largest, pauses: pauses,
      &random)
    if !dialog.isConfirmed {
      // The new letters are on the screen; the person reads and types them.
      Self.answer(&dialog, with: "wm")
      dialog.now.milliseconds += Int64.random(in: 301...5_000, using: &random)
      #expect(dialog.confirmation.asked == "wm")
      Self.deliver("wm\r", to: &dialog, largest: largest, pauses: pauses, &random)
    }
    #expect(dialog.isConfirmed, "seed \(seed)")
  }

  @Test("key by key, 50 ms apart, no second phrase is asked for")
  func typed() {
    for kind in Self.kinds {
      var dialog = Dialog(kind)
      dialog.type(dialog.confirmation.asked ?? "")
      dialog.send(.enter)
      #expect(dialog.isConfirmed)
    }
  }

  /// Possible contents of a clipboard, all written before the letters that the dialog asks for last
  /// were drawn.
  private static func clipboard(_ phrase: String, _ random: inout SeededRandom) -> String {
    let parts = [
      phrase, phrase, phrase + "\r", "\r", "y\r", "kq\r", "\t", "CHG-1\r", " ", "\u{7F}",
      "decline 1\r", "x",
    ]
    return (0..<Int.random(in: 1...6, using: &random)).map { _ in
      parts.randomElement(using: &random) ?? phrase
    }.joined()
  }

  @Test(
    "no paste confirms: bracketed or not, in any pieces, with a manual Enter after it",
    arguments: 1...2_000)
  func paste(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var dialog = Dialog(Self.kinds[Int(seed) % Self.kinds.count])
    let text = Self.clipboard(dialog.confirmation.asked ?? "", &random)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        dialog.send(.pasteBegan)
        dialog.send(.pasted(Untrusted(text)), after: Int64.random(in: 0...2_000, using: &random))
      default:
        // No piece is a single key: keys that arrive one by one count as typed.
        Self.deliverPieces(text, to: &dialog, &random)
      }
      Self.answer(&dialog, with: "wm")
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        dialog.send(.enter, after: Int64.random(in: 0...2_000, using: &random))
      }
    }
    #expect(!dialog.isConfirmed, "seed \(seed): \(text)")
  }

  /// In pieces of at least four keys each, at any distance.
  private static func deliverPieces(
    _ text: String, to dialog: inout Dialog, _ random: inout SeededRandom
  ) {
    var rest = Array(text.unicodeScalars)
    while !rest.isEmpty {
      var size = Int.random(in: 4...40, using: &random)
      if rest.count - size < 4 { size = rest.count }
      let piece = String(String.UnicodeScalarView(rest.prefix(size)))
      deliver(piece, to: &dialog, largest: 1, pauses: 0...0, &random)
      rest.removeFirst(min(size, rest.count))
      dialog.now.milliseconds += Int64.random(in: 0...1_500, using: &random)
      answer(&dialog, with: "wm")
    }
  }

  @Test(
    "text copied before the dialog drew its letters never confirms an accept, even key by key",
    arguments: 1...200)
  func olderThanTheLetters(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var dialog = Dialog(.batch(accepts: 2))
    let text = Self.clipboard("accept 2 xv\r", &random).filter { $0 != "k" }
    Self.deliver(text, to: &dialog, largest: 4, pauses: 0...400, &random)
    #expect(!dialog.isConfirmed)
  }

  @Test(
    "a held key confirms nothing: at 30 Hz, or stalled and released at once", arguments: 1...300)
  func held(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let kind = Self.kinds[Int(seed) % Self.kinds.count]
    var dialog = Dialog(kind)
    let phrase = dialog.confirmation.asked ?? ""
    // Any text typed before, except the whole phrase: an Enter after that is a person's.
    dialog.type(String(phrase.prefix(Int.random(in: 0..<phrase.count, using: &random))))
    if Bool.random(using: &random) {
      dialog.confirmation = Dialog(kind).confirmation
      dialog.type(phrase, gap: 0)
      Self.answer(&dialog, with: "ww")
    }
    let last = phrase.unicodeScalars.last ?? "y"
    let events: [Challenge.Event] = [
      .enter, .character("y"), .character(last), .character("w"), .tab, .backspace, .other,
      .character(" "), .character("d"),
    ]
    let event = events[Int.random(in: 0..<events.count, using: &random)]
    let stalled = Int.random(in: 0...60, using: &random)
    for count in 0..<300 {
      let gap = count < stalled ? 0 : Int64.random(in: 20...45, using: &random)
      dialog.send(event, after: gap)
      if let due = dialog.confirmation.nextTick, due <= dialog.now { dialog.send(.tick, after: 0) }
      Self.answer(&dialog, with: "ww")
    }
    #expect(!dialog.isConfirmed, "seed \(seed): \(event)")
  }
}
