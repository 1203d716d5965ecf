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

  @Test("what hands can press between two reads stays keys")
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

  @Test("the end of a paste that comes in a read of its own belongs to it", arguments: [30, 31])
  func tail(gap: Int64) {
    var guess = PasteDetector()
    _ = guess.sift(keys(String(repeating: "y", count: 4_095)), at: .zero)
    let rest = guess.sift(keys("y\r"), at: Span(milliseconds: gap))
    #expect(rest == (gap == 30 ? [.pasted(Untrusted("y\n"))] : keys("y\r")))
    guess.reset()
    #expect(guess.sift(keys("y"), at: Span(milliseconds: gap)) == keys("y"))
  }

  @Test("a confirmation is given more keys at once, and decides itself")
  func confirmations() {
    var guess = PasteDetector()
    let typed = keys("decline 12 cancel 34\r")
    #expect(guess.sift(typed, limit: 64, at: .zero) == typed)
    #expect(guess.sift(typed, at: .zero).count == 1)
  }

  @Test("a held arrow or ^C is a key as often as it comes", arguments: [Key.down, .control("c")])
  func held(key: Key) {
    var guess = PasteDetector()
    let held = [TerminalInput](repeating: .key(key), count: 200)
    #expect(guess.sift(held, at: .zero) == held)
  }

  @Test("a held letter that a stalled link let go at once is that key; a screenful of it is no key")
  func heldLetter() {
    var guess = PasteDetector()
    let held = keys(String(repeating: "j", count: PasteDetector.held))
    #expect(guess.sift(held, at: .zero) == held)
    let more = String(repeating: "j", count: PasteDetector.held + 1)
    #expect(guess.sift(keys(more), at: .zero) == [.pasted(Untrusted(more))])
  }

  @Test("what a paste's own text put behind its brackets is pasted too")
  func brokenBrackets() {
    var guess = PasteDetector()
    let inside = [TerminalInput.pasteBegan, .pasted(Untrusted("yy")), .stray]
    let sifted = guess.sift(inside + keys(String(repeating: "y\r", count: 20)), at: .zero)
    let outside = Untrusted(String(repeating: "y\n", count: 20))
    #expect(sifted == inside + [.pasted(outside)])
  }
}
