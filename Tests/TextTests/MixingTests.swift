import TestSupport
import Testing
import Text

@Suite("UUIDs, hashes and seeded numbers")
struct MixingTests {
  @Test(
    "a UUID is of version 4, for any random bytes", arguments: [0x00, 0xFF] as [UInt8])
  func uuid(_ byte: UInt8) {
    let uuid = UUID4(random: Array(repeating: byte, count: 16))
    let text = Array(uuid.text.utf8)
    #expect(text.count == 36 && text[14] == UInt8(ascii: "4") && "89ab".utf8.contains(text[19]))
    #expect([8, 13, 18, 23].allSatisfy { text[$0] == UInt8(ascii: "-") })
    #expect(uuid.digits == uuid.text.filter { $0 != "-" })
  }

  @Test("no two UUIDs are equal, and all bits but six are random")
  func uuids() {
    let random = SeededBytes(seed: 5)
    let all = (0..<1_000).map { _ in UUID4(random: random.bytes(16)).text }
    #expect(Set(all).count == 1_000)
    #expect(
      UUID4(random: (0..<16).map { $0 * 0x11 }).text == "00112233-4455-4677-8899-aabbccddeeff")
  }

  @Test(
    "FNV-1a is that of its authors' test vectors",
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
      ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)])
  func fnv(_ text: String, _ hash: UInt64) {
    #expect(FNV1a.hash(text.utf8) == hash)
    #expect(FNV1a.hash(text.utf8.dropFirst(2), from: FNV1a.hash(text.utf8.prefix(2))) == hash)
  }

  @Test("SplitMix64 gives the published numbers for a seed, and uniform fractions")
  func splitMix() {
    var mix = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in mix.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    let fractions = (0..<10_000).map { _ in mix.nextFraction() }
    #expect(fractions.allSatisfy { (0..<1).contains($0) })
    #expect((0.48...0.52).contains(fractions.reduce(0, +) / 10_000))
  }

  @Test("ASCII classes hold for ASCII alone")
  func ascii() {
    for byte in UInt8.min ... .max {
      let scalar = Unicode.Scalar(byte)
      let letter = scalar.isASCII && scalar.properties.isAlphabetic
      #expect(byte.isASCIIDigit == ("0"..."9").contains(scalar))
      #expect(byte.isASCIIUppercase == (letter && scalar.properties.isUppercase))
      #expect(byte.isASCIILowercase == (letter && scalar.properties.isLowercase))
      #expect(byte.isASCIIAlphanumeric == (letter || ("0"..."9").contains(scalar)))
    }
    #expect(Array("A-Z\u{C9}".utf8).asciiLowercased == Array("a-z\u{C9}".utf8))
    #expect("a!~".utf8.allSatisfy { $0.isHTTPToken })
    #expect(!" ()/:;<=>?@[]{}\"\\\t\u{7F}\u{E9}".utf8.contains { $0.isHTTPToken })
  }
}
