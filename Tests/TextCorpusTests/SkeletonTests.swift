import TestSupport
import Testing
import Text

/// Compares the table of look-alikes with Unicode's own (UTS 39).
@Suite("Look-alikes") struct SkeletonTests {
  /// Letters and digits of one scalar, with the character that they resemble.
  private func pairs() throws -> [(source: Unicode.Scalar, target: Unicode.Scalar)] {
    let bytes = try SharedFolder.bytes("corpora/unicode/confusables.txt")
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ";")
      guard fields.count > 2 else { return nil }
      let scalars = fields.prefix(2).map { field in
        field.split(separator: " ").compactMap { UInt32($0.filter(\.isHexDigit), radix: 16) }
          .compactMap { Unicode.Scalar($0) }
      }
      guard scalars[0].count == 1, scalars[1].count == 1 else { return nil }
      return (scalars[0][0], scalars[1][0])
    }
  }

  @Test("every scalar that UTS 39 maps to a Latin letter or a digit has its skeleton")
  func all() throws {
    // A long s is an s that resembles an f.
    let isException: Set<UInt32> = [0x17F, 0x1E9D, 0x2DB]
    let pairs = try pairs().filter { pair in
      pair.target.isASCII && (pair.target.properties.isAlphabetic || pair.target.value < 0x3A)
        && pair.target.value > 0x2F && !pair.source.isASCII
        && !isException.contains(pair.source.value)
    }
    #expect(pairs.count > 1_300)
    let wrong = pairs.filter { skeleton($0.source) != skeleton($0.target) }
    #expect(wrong.isEmpty, "\(wrong.map { String($0.source.value, radix: 16) })")
  }

  private func skeleton(_ scalar: Unicode.Scalar) -> [UInt8] {
    Skeleton.of(Untrusted(String(scalar)))
  }

  @Test("each Greek or Cyrillic letter that resembles a Latin one or a digit has its skeleton")
  func alike() throws {
    let pairs = try pairs().filter { pair in
      (0x370..<0x530).contains(pair.source.value) && pair.target.isASCII
        && pair.target.properties.isAlphabetic
    }
    #expect(pairs.count >= 70)
    for (source, target) in pairs {
      #expect(
        skeleton(source) == skeleton(target), "\(String(source.value, radix: 16)) is \(target)")
    }
  }

  @Test("full-width letters and digits have the skeleton of their plain forms")
  func fullWidth() {
    for value in UInt32(0x21)...0x7E {
      let wide = Unicode.Scalar(value + 0xFEE0).map(skeleton)
      #expect(wide == Unicode.Scalar(value).map(skeleton))
    }
  }

  @Test(
    "names that a person confuses have one skeleton",
    arguments: [
      ("Acme Holdings", "Acme Ho1dings"), ("Acme Holdings", "ACME HOIDINGS"),
      ("Acme Holdings", "\u{410}cme H\u{43E}ldings"), ("Acme", "Acrne"), ("Globex", "GL0BEX"),
      ("Acme", "A\u{200B}c\u{AD}me"), ("Acme", "\u{FF21}\u{FF43}\u{FF4D}\u{FF45}"),
      ("Acme", "A c m e"), ("Wayne", "VVayne"),
    ])
  func names(_ one: String, _ other: String) {
    #expect(Skeleton.of(Untrusted(one)) == Skeleton.of(Untrusted(other)))
  }

  @Test("other names have others", arguments: [("Acme", "Acne"), ("Initech", "Hooli"), ("A", "B")])
  func others(_ one: String, _ other: String) {
    #expect(Skeleton.of(Untrusted(one)) != Skeleton.of(Untrusted(other)))
  }

  @Test("scripts are mixed where letters look alike, and digits are foreign outside ASCII")
  func oddities() {
    let mixed = ["\u{410}cme", "Acm\u{435}", "\u{3BF}k x"]
    let sound = ["Acme", "研究所 Labs", "\u{410}\u{43A}\u{43C}\u{435}", "Café Ünïcode"]
    #expect(mixed.allSatisfy { Skeleton.mixesScripts(Untrusted($0)) })
    #expect(!sound.contains { Skeleton.mixesScripts(Untrusted($0)) })
    #expect(Skeleton.hasForeignDigits(Untrusted("１２３")))
    #expect(Skeleton.hasForeignDigits(Untrusted("\u{661}")))
    #expect(!Skeleton.hasForeignDigits(Untrusted("Acme 12 ½ 研")))
  }
}
