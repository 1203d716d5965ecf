import TestSupport
import Testing
import Text

@Suite struct EncodingTests {
  @Test("bytes are decoded from their digits; of either case, or of one only")
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

  @Test("odd or invalid digits are refused", arguments: ["0", "0g", "é", "0x00", " 00"])
  func notHexadecimal(_ text: String) {
    #expect(Hexadecimal.bytes(Array(text.utf8)) == nil)
    #expect(Hexadecimal.lowerCaseBytes(text) == nil)
  }

  @Test("capitals are another encoding")
  func capitals() {
    #expect(Hexadecimal.lowerCaseBytes("0F") == nil)
    #expect(Hexadecimal.lowerCaseBytes("0f") == [0x0F])
  }

  private static let escapes: [(text: String, encoded: String)] = [
    ("a-b.c_d~E9", "a-b.c_d~E9"), ("a b+c", "a%20b%2Bc"), ("/é", "%2F%C3%A9"), ("", ""),
    ("100%", "100%25"),
  ]

  @Test("every byte but letters, digits and -._~ is escaped, and decoded", arguments: escapes)
  func percent(_ text: String, _ encoded: String) {
    #expect(PercentEncoding.encode(text.utf8) == Array(encoded.utf8))
    #expect(PercentEncoding.decode(Array(encoded.utf8)) == Array(text.utf8))
    #expect(PercentEncoding.decode(Array(encoded.utf8), plusIsSpace: true) == Array(text.utf8))
  }

  @Test(
    "an invalid escape is left unchanged",
    arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%41%4", "A%4"), ("a+b", "a+b")])
  func halfEscapes(_ text: String, _ decoded: String) {
    #expect(PercentEncoding.decode(Array(text.utf8)) == Array(decoded.utf8))
  }

  @Test("in a form, a plus is a space")
  func forms() {
    #expect(
      PercentEncoding.decode(Array("a+b%2B".utf8), plusIsSpace: true) == Array("a b+".utf8))
  }

  @Test("Base 32 and Base 64 are decoded to the original, for every length")
  func baseRoundTrip() {
    for count in 0..<60 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64.bytes(Array(Base64.text(bytes).utf8)) == bytes)
      if count % 5 == 0 { #expect(Base32.bytes(Base32.text(bytes)) == bytes) }
    }
  }

  @Test(
    "Base 64 is that of RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(_ text: String, _ encoded: String) {
    #expect(Base64.text(text.utf8) == encoded)
    #expect(Base64.urlText(text.utf8) == String(encoded.prefix { $0 != "=" }))
    #expect(Base64.bytes(Array(encoded.utf8)) == Array(text.utf8))
  }

  @Test("the alphabet for URLs has - and _ in place of + and /")
  func base64URL() {
    #expect(Base64.text([0xFB, 0xEF, 0xFF]) == "++//")
    #expect(Base64.urlText([0xFB, 0xEF, 0xFF]) == "--__")
  }

  @Test(
    "other encodings are not Base 64",
    arguments: ["Zg", "Zg=", "Zh==", "Z===", "====", "Zm8-", "Zg==\n"])
  func notBase64(_ text: String) {
    #expect(Base64.bytes(Array(text.utf8)) == nil)
  }

  @Test("Base 32 is that of RFC 4648")
  func base32() {
    #expect(Base32.text(Array("fooba".utf8)) == "MZXW6YTB")
    #expect(Base32.bytes("MZXW6YT1") == nil)
  }
}
