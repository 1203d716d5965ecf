import TestSupport
import Testing

@testable import Text

@Suite("Names that are confused with each other (DOM-13.5)") struct NameShapeTests {
  private func isLike(_ one: String, _ other: String) -> Bool {
    NameShape(Untrusted(one)).isLike(NameShape(Untrusted(other)))
  }

  @Test(
    "a name made to look like another is reported",
    arguments: [
      "Acme Holdings", "Acme Holding", "Acme Holdings Inc", "Acme Holdings, Inc.", "ACME-Holdings",
      "acmeholdings", "Acrne Ho1dings", "Acme Hoildngs", "Äcme Holdings", "A\u{308}cme Holdings",
      "\u{13AA}cmeHoldings", "The Acme Holdings GmbH & Co. KG", "AcmeHoldingsLLC", "Acme Ho|dings",
      "Acme Ho!dings", "Acmé Ho!d!ngs", "4cme H0ld1ng5", "Acmee Holdings", "Ame Holdings",
      "Acme Holsdings", "Amce Hodlings", "Acme\u{200B} Hold\u{AD}ings", "Acme Holdings™",
      "Acme's Holdings",
      // Mathematical, circled, negative squared, regional, full-width, small capitals, superscript.
      "𝐀𝐜𝐦𝐞 𝓗𝓸𝓵𝓭𝓲𝓷𝓰𝓼", "Ⓐⓒⓜⓔ Ⓗⓞⓛⓓⓘⓝⓖⓢ", "🅰🅲🅼🅴 🅷🅾🅻🅳🅸🅽🅶🆂", "🇦🇨🇲🇪 Holdings", "Ａｃｍｅ Holdings",
      "ᴀᴄᴍᴇ ʜᴏʟᴅɪɴɢꜱ", "ᴬᶜᵐᵉ ᴴᵒˡᵈⁱⁿᵍˢ", "Ac₥e Holdings", "A⒞me Holdings",
      // Roman numerals, Lisu, Cherokee, Armenian, Coptic, Greek, Cyrillic, Deseret.
      "Aⅽⅿe Hoⅼⅾings", "ꓮꓚꓟꓰ ꓧꓳꓡꓓꓲꓠꓖꓢ", "ᎪᏟᎷᎬ ᎻᎾᏞᎠᏆᏁᏀᏚ", "Acme Hօldings", "Ⲁⲥⲙⲉ Ⲏⲟldings",
      "Αcmε Ηοldings", "Асме Ноldings", "A𐐽me H𐐬ldings",
      // Letters with strokes, ligatures, digits of other scripts.
      "Ȧçɱé Ħøłđıŋğş", "Acme H٥ldings", "Acme Ho\u{217C}\u{217E}ings",
    ])
  func alike(_ name: String) {
    #expect(isLike("Acme Holdings", name))
    #expect(isLike(name, "Acme Holdings"))
  }

  @Test(
    "short names must have the same letters",
    arguments: [
      ("Acme", "Acrne", true), ("Acme", "Äcmé", true), ("Acme", "Acme Inc", true),
      ("Acme", "Acmes", true), ("Acme", "Acm3", true), ("Acme", "Acne", false),
      ("Acme", "Acm", false), ("Hooli", "Hoolii", true), ("Hooli", "Holi", false),
      ("Globex", "GlobeX Corp", true), ("Globex", "Gldex", false), ("Clark Co", "Dark Co", true),
      ("研究所", "研究所 Ltd", true), ("研究所", "研究社", false),
      ("한국전자", "\u{1112}\u{1161}\u{11AB}국전자", true),
      ("Ⅷ", "VIII", true), ("", "Inc", false), ("!", "?", false),
      ("Smith & Sons", "Smith and Son", true),
    ])
  func short(_ one: String, _ other: String, _ expected: Bool) {
    #expect(isLike(one, other) == expected)
  }

  @Test(
    "other names are not reported",
    arguments: [
      "Acme", "Globex", "Holdings", "Initech Holdings", "Apex Holdings", "Ocean Holdings",
      "研究所 Labs", "",
    ])
  func others(_ name: String) { #expect(!isLike("Acme Holdings", name)) }

  @Test(
    "an exclamation mark not followed by a letter is ignored in a name",
    arguments: [
      "!\u{A0}", "!\u{200B}", "!\u{2019}!\u{2019}!\u{2019}", "!_!_!_", "!~", "![", "!\u{301}", "!®",
      "!!!",
    ])
  func marks(_ marks: String) {
    #expect(isLike("Acme", "Acme" + marks))
    #expect(isLike("Acmé", "Acmé" + marks))
  }

  private static let firsts = """
    Northwind Southgate Cedar Maple Harbor Summit River Granite Falcon Juniper Coral Amber Silver Golden \
    Blue Crimson Evergreen Lakeside Hillcrest Meadow Pioneer Liberty Heritage Keystone Cornerstone \
    Redwood Sterling Atlas Titan Orion Vega Nova Zenith Polar Arctic Pacific Atlantic Baltic Nordic \
    Alpine Prairie Canyon Desert Island Metro Urban Central Eastern Western Union National Global \
    Digital Quantum Vertex Matrix Prime Delta Sigma Omega Phoenix Griffin Lion Eagle
    """.split(separator: " ")
  private static let seconds = """
    Energy Foods Logistics Software Insurance Bank Airlines Motors Pharma Textiles Media Steel Mining \
    Retail Consulting Systems Networks Robotics Chemicals Hotels Shipping Properties Capital Partners \
    Brewing Dental Farms Games Design Studios Analytics Security Education Medical Paper Glass
    """.split(separator: " ")
  private static let forms = [
    "", "", "", "", " Inc", " Ltd", " GmbH", " Group", " & Sons", " International",
  ]

  @Test("of 1,000 ordinary names, less than one in a hundred is mistaken for one of twenty others")
  func falseMarks() {
    var random = SeededRandom(seed: 4_125)
    var names: Set<String> = []
    while names.count < 1_020 {
      let first = Self.firsts.randomElement(using: &random) ?? ""
      let second = Self.seconds.randomElement(using: &random) ?? ""
      // One spelling of each: the legal form of the company is ignored.
      let base = "\(first) \(second)"
      if names.contains(where: { $0.hasPrefix(base) }) { continue }
      names.insert(base + (Self.forms.randomElement(using: &random) ?? ""))
    }
    let sorted = names.sorted()
    let known = stride(from: 0, to: 1_020, by: 51).map { NameShape(Untrusted(sorted[$0])) }
    let others = sorted.enumerated().filter { $0.offset % 51 != 0 }.map(\.element)
    #expect(known.count == 20)
    #expect(others.count == 1_000)
    let marked = others.filter { name in
      let shape = NameShape(Untrusted(name))
      return known.contains { $0.isLike(shape) }
    }
    #expect(marked.count < 10, "\(marked)")
  }

  @Test("the distance is that of a full table")
  func distance() {
    var random = SeededRandom(seed: 77)
    for _ in 0..<3_000 {
      let one = word(&random)
      var other = Bool.random(using: &random) ? one : word(&random)
      for _ in 0..<Int.random(in: 0...3, using: &random) { change(&other, &random) }
      let expected = Self.distance(one, other)
      for limit in 1...3 {
        #expect(EditDistance.isAtMost(limit, one, other) == (expected <= limit), "\(one) \(other)")
      }
    }
  }

  private func word(_ random: inout SeededRandom) -> [UInt32] {
    (0..<Int.random(in: 0...9, using: &random)).map { _ in
      UInt32.random(in: 97...100, using: &random)
    }
  }

  private func change(_ word: inout [UInt32], _ random: inout SeededRandom) {
    let place = Int.random(in: 0...word.count, using: &random)
    switch Int.random(in: 0...2, using: &random) {
    case 0: word.insert(UInt32.random(in: 97...100, using: &random), at: place)
    case 1: if place < word.count { word.remove(at: place) }
    default: if place + 1 < word.count { word.swapAt(place, place + 1) }
    }
  }

  private static func distance(_ one: [UInt32], _ other: [UInt32]) -> Int {
    var table = [[Int]](
      repeating: [Int](repeating: 0, count: other.count + 1), count: one.count + 1)
    for row in 0...one.count {
      for column in 0...other.count {
        if row == 0 || column == 0 {
          table[row][column] = row + column
          continue
        }
        let isSame = one[row - 1] == other[column - 1]
        var cost = min(table[row - 1][column], table[row][column - 1]) + 1
        cost = min(cost, table[row - 1][column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1]
        {
          cost = min(cost, table[row - 2][column - 2] + 1)
        }
        table[row][column] = cost
      }
    }
    return table[one.count][other.count]
  }
}

@Suite("Blanks and rows") struct BlanksTests {
  @Test("a run of blanks is one sign, which text cannot forge and unescape reverses")
  func sign() throws {
    for charset in [Charset.utf8, .ascii] {
      var random = SeededRandom(seed: 5)
      for _ in 0..<2_000 {
        var bytes = Hostile.bytes(using: &random)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
          bytes.insert(
            contentsOf: repeatElement(0x20, count: Int.random(in: 1...40, using: &random)),
            at: Int.random(in: 0...bytes.count, using: &random))
        }
        bytes += Array(
          ["‹3 spaces›", "<3 spaces>", ""].randomElement(using: &random)?.utf8 ?? "".utf8)
        let text = Untrusted(bytes: bytes)
        let shown = Sanitiser.countingBlanks(
          Sanitiser.render(text, for: .full, in: charset), in: charset)
        #expect(!shown.contains("  "))
        #expect(try Sanitiser.unescape(Untrusted(shown), in: charset) == text)
      }
    }
    #expect(Sanitiser.countingBlanks("a  b c", in: .utf8) == "a‹2 spaces›b c")
    #expect(Sanitiser.countingBlanks("   ", in: .ascii) == "<3 spaces>")
  }

  @Test("rows contain the whole text, none wider than the limit")
  func rows() {
    var random = SeededRandom(seed: 6)
    for _ in 0..<2_000 {
      let text = (0..<4).map { _ in
        Sanitiser.render(
          Untrusted(bytes: Hostile.bytes(using: &random)), for: .cell, in: .utf8)
      }.joined(separator: " ")
      let first = Int.random(in: 2...60, using: &random)
      let rest = Int.random(in: 2...60, using: &random)
      let rows = DisplayWidth.rows(text, first: first, rest: rest)
      #expect(rows.joined() == text)
      for (index, row) in rows.enumerated() {
        #expect(DisplayWidth.of(row) <= (index == 0 ? first : rest), "\(row)")
      }
    }
  }
}
