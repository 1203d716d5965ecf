import TestSupport
import Testing
import Text

@Suite struct EncodingTests {
  @Test("bytes come back from their digits; of either case, or of the one spelling")
  func hexadecimal() {
    var random = SeededRandom(seed: 4)
    for count in 0..<64 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      let digits = bytes.hexadecimal
      #expect(Hexadecimal.bytes(Array(digits.utf8)) == bytes)
      #expect(Hexadecimal.bytes(Array(digits.uppercased().utf8)) == bytes)
      #expect(Hexadecimal.lowerCaseBytes(digits) == bytes)
    }
    #expect([0x00, 0x0F, 0xA0, 0xFF].hexadecimal == "000fa0ff")
  }

  @Test("what is no pairs of digits is refused", arguments: ["0", "0g", "é", "0x00", " 00"])
  func notHexadecimal(_ text: String) {
    #expect(Hexadecimal.bytes(Array(text.utf8)) == nil)
    #expect(Hexadecimal.lowerCaseBytes(text) == nil)
  }

  @Test("capitals are another spelling")
  func capitals() {
    #expect(Hexadecimal.lowerCaseBytes("0F") == nil)
    #expect(Hexadecimal.lowerCaseBytes("0f") == [0x0F])
  }

  private static let escapes: [(text: String, encoded: String)] = [
    ("a-b.c_d~E9", "a-b.c_d~E9"), ("a b+c", "a%20b%2Bc"), ("/é", "%2F%C3%A9"), ("", ""),
    ("100%", "100%25"),
  ]

  @Test("every byte but letters, digits and -._~ is escaped, and comes back", arguments: escapes)
  func percent(_ text: String, _ encoded: String) {
    #expect(PercentEncoding.encode(text.utf8) == Array(encoded.utf8))
    #expect(PercentEncoding.decode(Array(encoded.utf8)) == Array(text.utf8))
    #expect(PercentEncoding.decode(Array(encoded.utf8), plusIsSpace: true) == Array(text.utf8))
  }

  @Test(
    "what is no escape stands as it came",
    arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%41%4", "A%4"), ("a+b", "a+b")])
  func halfEscapes(_ text: String, _ decoded: String) {
    #expect(PercentEncoding.decode(Array(text.utf8)) == Array(decoded.utf8))
  }

  @Test("in a form, a plus is a space")
  func forms() {
    #expect(
      PercentEncoding.decode(Array("a+b%2B".utf8), plusIsSpace: true) == Array("a b+".utf8))
  }
}
