import Drawing
import Model
import Testing
import Text

@testable import Terminal

@Suite("Pasted text without brackets")
struct PasteDetectorTests {
  private func keys(_ text: String) -> [TerminalInput] {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\r": .key(.enter)
      case "\t": .key(.tab)
      default: .key(.character(scalar))
      }
    }
  }

  @Test("as many keys as hands can press between two reads stay keys")
  func typed() {
    var guess = PasteDetector()
    let typed = keys("accept 2 kq\r/org")
    #expect(typed.count == PasteDetector.limit)
    #expect(guess.sift(typed, at: .zero) == typed)
    #expect(guess.sift(typed, at: Span(milliseconds: 1)) == typed)
  }

  @Test("more than that is one text, and presses no key")
  func pasted() {
    var guess = PasteDetector()
    let text = "a\ry\r\tCé accept 2 kq\r"
    let expected = Untrusted(text.replacing("\r", with: "\n"))
    #expect(guess.sift(keys(text), at: .zero) == [.pasted(expected)])
  }

  @Test("the end of a paste that arrives in a separate read belongs to it", arguments: [30, 31])
  func tail(gap: Int64) {
    var guess = PasteDetector()
    _ = guess.sift(keys(String(repeating: "y", count: 4_095)), at: .zero)
    let rest = guess.sift(keys("y\r"), at: Span(milliseconds: gap))
    #expect(rest == (gap == 30 ? [.pasted(Untrusted("y\n"))] : keys("y\r")))
    guess.reset()
    #expect(guess.sift(keys("y"), at: Span(milliseconds: gap)) == keys("y"))
  }

  @Test("a confirmation gets more keys at once, and decides by itself")
  func confirmations() {
    var guess = PasteDetector()
    let typed = keys("decline 12 cancel 34\r")
    #expect(guess.sift(typed, limit: 64, at: .zero) == typed)
    #expect(guess.sift(typed, at: .zero).count == 1)
  }

  @Test("a held arrow or ^C is a key as often as it arrives", arguments: [Key.down, .control("c")])
  func held(key: Key) {
    var guess = PasteDetector()
    let held = [TerminalInput](repeating: .key(key), count: 200)
    #expect(guess.sift(held, at: .zero) == held)
  }

  @Test(
    "a held letter that a stalled link releases at once is that key; a screenful of it is not a key"
  )
  func heldLetter() {
    var guess = PasteDetector()
    let held = keys(String(repeating: "j", count: PasteDetector.held))
    #expect(guess.sift(held, at: .zero) == held)
    let more = String(repeating: "j", count: PasteDetector.held + 1)
    #expect(guess.sift(keys(more), at: .zero) == [.pasted(Untrusted(more))])
  }

  @Test("text that a paste puts after its own brackets counts as pasted too")
  func brokenBrackets() {
    var guess = PasteDetector()
    let inside = [TerminalInput.pasteBegan, .pasted(Untrusted("yy")), .stray]
    let sifted = guess.sift(inside + keys(String(repeating: "y\r", count: 20)), at: .zero)
    let outside = Untrusted(String(repeating: "y\n", count: 20))
    #expect(sifted == inside + [.pasted(outside)])
  }
}
