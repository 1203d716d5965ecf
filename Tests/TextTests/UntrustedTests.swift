import Testing
import Text

@Suite("Untrusted text is its bytes")
struct UntrustedTests {
  @Test("what Swift takes for equal strings are different texts")
  func bytewise() {
    for (one, other) in [("\u{212A}", "K"), ("\u{37E}", ";"), ("\u{E9}", "e\u{301}")] {
      #expect(one == other)
      #expect(Untrusted(one) != Untrusted(other))
    }
    #expect(Set([Untrusted("\u{212A}"), Untrusted("K")]).count == 2)
  }

  @Test("only printable ASCII can be matched as text")
  func asciiText() {
    #expect(Untrusted("o-a1b2c3d4e5").asciiText == "o-a1b2c3d4e5")
    #expect(Untrusted("１２３").asciiText == nil)
    #expect(Untrusted("a\n").asciiText == nil)
    #expect(Untrusted(bytes: [0x80]).asciiText == nil)
  }
}
