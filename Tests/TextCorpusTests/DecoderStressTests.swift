import TestSupport
import Testing
import Text

/// Markus Kuhn's UTF-8 decoder stress test (CC BY 4.0): each line is compared with its own
/// description.
@Suite("The UTF-8 decoder stress test")
struct DecoderStressTests {
  private func lines() throws -> [[UInt8]] {
    let bytes = try SharedFolder.bytes("corpora/kuhn/UTF-8-test.txt")
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  }

  private func full(_ bytes: [UInt8]) -> String {
    Sanitiser.render(Untrusted(bytes: bytes), for: .full, in: .utf8)
  }

  /// The escapes in a rendered line, without their brackets.
  private func escapes(in text: String) -> [String] {
    text.split(separator: "‹").dropFirst().compactMap { $0.split(separator: "›").first }
      .map(String.init)
  }

  /// The lines whose number begins so: `3.5.1`.
  private func lines(numbered prefix: String) throws -> [String] {
    try lines().filter { $0.starts(with: prefix.utf8) }.map(full)
  }

  @Test("is restored from the full form")
  func reversible() throws {
    for line in try lines() {
      #expect(try Sanitiser.unescape(Untrusted(full(line)), in: .utf8).bytes == line)
    }
  }

  @Test("each stray continuation byte is a separate escape, as many as the line says")
  func continuationBytes() throws {
    for count in 2...7 {
      let line = try #require(try lines(numbered: "3.1.\(count + 1) ").first)
      #expect(line.contains("\(count) continuation bytes"))
      #expect(escapes(in: line).count == count)
    }
  }

  @Test(
    "impossible and overlong bytes are escaped as the line describes", arguments: ["3.5.", "4."])
  func namedBytes(_ section: String) throws {
    var seen = 0
    for line in try lines(numbered: section) {
      guard let named = bytesNamed(in: line) else { continue }
      #expect(escapes(in: line) == named.map { "x" + $0.uppercased() })
      seen += 1
    }
    #expect(seen == (section == "4." ? 15 : 3))
  }

  @Test("surrogates are escaped as the line describes, alone and in pairs")
  func surrogates() throws {
    let found = try lines(numbered: "5.1.") + lines(numbered: "5.2.")
    #expect(found.count == 15)
    for line in found {
      let named = line.split(separator: " ").filter { $0.hasPrefix("U+D") }.map(String.init)
      #expect(!named.isEmpty)
      #expect(escapes(in: line) == named)
    }
  }

  @Test("noncharacters are escapes, all 66")
  func noncharacters() throws {
    let start = try #require(try lines().firstIndex { $0.starts(with: "5.3.1".utf8) })
    let found = try lines()[start...].flatMap { escapes(in: full($0)) }
    #expect(found.count == 66)
    #expect(found.prefix(3) == ["U+FFFE", "U+FFFF", "U+FDD0"])
    #expect(found.last == "U+10FFFF")
  }

  @Test("well-formed text is unchanged")
  func sound() throws {
    let line = try #require(try lines().first { $0.starts(with: "You should see the Greek".utf8) })
    #expect(full(line).contains("\"κόσμε\"") || full(line).contains("\"κ\u{1F79}σμε\""))
    #expect(escapes(in: full(line)).isEmpty)
  }

  /// `c0 af` of `4.1.1 U+002F = c0 af = "…"`, and of `4.1.1 c0 af = "…"`.
  private func bytesNamed(in line: String) -> [Substring]? {
    let parts = line.split(separator: "=")
    guard parts.count >= 2 else { return nil }
    let middle = parts[parts.count - 2].split(separator: " ").filter { !$0.contains(".") }
    guard middle.allSatisfy({ $0.count == 2 && UInt8($0, radix: 16) != nil }) else { return nil }
    return middle
  }
}
