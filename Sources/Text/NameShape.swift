/// The shape of a name: its letters, reduced so that names that look alike have like shapes.
///
/// Case, marks, blanks and signs are dropped, and so are the form of the company at the end (`Inc`,
/// `GmbH`) and a plural `s`; letters that can be mistaken for each other become one. Shapes are
/// compared and never shown (DOM-13.5).
public struct NameShape: Hashable, Sendable {
  /// The letters as scalars.
  let letters: [UInt32]
  /// One bit for each letter that occurs, so that most different names differ here already.
  private let present: UInt64

  /// Creates the shape of the first 512 bytes of a name.
  public init(_ name: Untrusted) {
    var reader = NameReader()
    reader.read(name)
    letters = reader.shape
    present = letters.reduce(0) { $0 | 1 << UInt64($1 & 0x3F) }
  }

  /// Returns whether two shapes have the same letters.
  public static func == (left: NameShape, right: NameShape) -> Bool {
    left.letters == right.letters
  }

  /// Hashes the letters.
  public func hash(into hasher: inout Hasher) { hasher.combine(letters) }

  /// Whether the name has no letters that could be mistaken for anything.
  public var isEmpty: Bool { letters.isEmpty }

  /// Returns whether a person may take one name for the other.
  ///
  /// The letters are the same but for a few that are changed, missing, added or swapped: none if
  /// the shorter name has up to 4 letters, 1 if up to 7, else 2.
  public func isLike(_ other: NameShape) -> Bool {
    guard !isEmpty, !other.isEmpty else { return false }
    let allowed =
      switch min(letters.count, other.letters.count) {
      case ...4: 0
      case ...7: 1
      default: 2
      }
    guard abs(letters.count - other.letters.count) <= allowed,
      // A change adds one letter and removes one.
      (present ^ other.present).nonzeroBitCount <= 2 * allowed
    else { return false }
    if letters == other.letters { return true }
    return allowed > 0 && EditDistance.isAtMost(allowed, letters, other.letters)
  }
}

/// A reader of the letters of a name, word by word.
struct NameReader {
  /// Folded letters; a pair that looks like one letter is still two.
  private(set) var letters: [UInt32] = []
  /// The index in `letters` of each word's beginning.
  private var starts: [Int] = []
  private var isInWord = false

  static let limit = 512

  mutating func read(_ name: Untrusted) {
    let bytes = name.bytes.prefix(Self.limit)
    letters.reserveCapacity(bytes.count)
    if bytes.allSatisfy({ $0 < 0x80 }) {
      for (index, byte) in bytes.enumerated() { add(UInt32(byte), at: index, in: bytes) }
    } else {
      let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
      for (index, scalar) in scalars.enumerated() {
        if scalar == "!" {
          addExclamationMark(before: scalars[(index + 1)...].first)
        } else {
          add(scalar)
        }
      }
    }
  }

  private mutating func add(_ byte: UInt32, at index: Int, in bytes: ArraySlice<UInt8>) {
    if byte == 0x21 {
      let next = bytes[(bytes.startIndex + index + 1)...].first
      addExclamationMark(before: next.map { Unicode.Scalar($0) })
    } else {
      addASCII(byte)
    }
  }

  /// Appends an l where `!` is between letters.
  ///
  /// What is no letter after it would let a sender add letters that nobody reads.
  private mutating func addExclamationMark(before next: Unicode.Scalar?) {
    if isInWord, let next, Self.isLetter(next) { append(UInt32(UInt8(ascii: "l"))) }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    let isDigit = (0x30...0x39).contains(scalar.value)
    guard scalar.value >= 0x80 else { return isDigit || scalar.properties.isAlphabetic }
    guard scalar.properties.isAlphabetic else { return false }
    var found: [UInt32] = []
    LookAlikeTable.append(scalar.value, to: &found)
    return found.contains { $0 >= 0x80 || folded[Int($0)] != 0 }
  }

  private mutating func addASCII(_ byte: UInt32) {
    if byte <= 0x20 {
      isInWord = false
    } else if byte == 0x26 {
      isInWord = false
      for letter in "and".utf8 { append(UInt32(letter)) }
      isInWord = false
    } else {
      append(Self.folded[Int(byte)])
    }
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    if scalar.value < 0x80 { return addASCII(scalar.value) }
    if scalar.properties.generalCategory == .spaceSeparator {
      isInWord = false
      return
    }
    var found: [UInt32] = []
    LookAlikeTable.append(scalar.value, to: &found)
    for letter in found { append(letter < 0x80 ? Self.folded[Int(letter)] : letter) }
  }

  /// Appends a letter to the current word; 0 is not a letter and is ignored.
  private mutating func append(_ letter: UInt32) {
    guard letter != 0 else { return }
    if !isInWord {
      starts.append(letters.count)
      isInWord = true
    }
    letters.append(letter)
  }

  /// The letter that each ASCII byte looks like, 0 for signs.
  ///
  /// It is the same for both cases, and for bytes that are drawn alike or used for each other.
  private static let folded: [UInt32] = (UInt8(0)..<0x80).map { byte in
    let letter = byte.isASCIIUppercase ? byte | 0x20 : byte
    return switch letter {
    case UInt8(ascii: "i"), UInt8(ascii: "1"), UInt8(ascii: "|"): UInt32(UInt8(ascii: "l"))
    case UInt8(ascii: "0"): UInt32(UInt8(ascii: "o"))
    case UInt8(ascii: "2"): UInt32(UInt8(ascii: "z"))
    case UInt8(ascii: "3"): UInt32(UInt8(ascii: "e"))
    case UInt8(ascii: "4"), UInt8(ascii: "@"): UInt32(UInt8(ascii: "a"))
    case UInt8(ascii: "5"), UInt8(ascii: "$"): UInt32(UInt8(ascii: "s"))
    case UInt8(ascii: "6"), UInt8(ascii: "8"): UInt32(UInt8(ascii: "b"))
    case UInt8(ascii: "7"): UInt32(UInt8(ascii: "t"))
    case UInt8(ascii: "9"): UInt32(UInt8(ascii: "g"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter)
    default: 0
    }
  }
}

extension NameReader {
  /// All letters, with a pair that looks like one letter replaced by it.
  var joined: [UInt32] { Self.join(letters[...]) }

  /// The letters of the words that make the name, joined.
  var shape: [UInt32] {
    var words = starts.indices.map { index in
      letters[starts[index]..<(index + 1 < starts.count ? starts[index + 1] : letters.count)]
    }
    while words.count > 1, let last = words.last, Self.companyForms.contains(Array(last)) {
      words.removeLast()
    }
    if words.count > 1, words[0].elementsEqual(Self.the) { words.removeFirst() }
    if words.count > 2 { words.removeAll { $0.elementsEqual(Self.and) } }
    if words.count > 1, words[words.count - 1].elementsEqual(Self.and) { words.removeLast() }
    var all: [UInt32] = []
    for word in words { all += Self.singular(word) }
    if let form = Self.gluedForms.first(where: { all.count >= $0.count + 5 && all.hasSuffix($0) }) {
      all = Array(Self.singular(all.dropLast(form.count)))
    }
    return Self.join(all[...])
  }

  private static func singular(_ word: ArraySlice<UInt32>) -> ArraySlice<UInt32> {
    let s = UInt32(UInt8(ascii: "s"))
    guard word.count >= 4, word.last == s, word[word.endIndex - 2] != s else { return word }
    return word.dropLast()
  }

  /// Returns the letters with `rn` as m, `vv` as w and `cl` as d.
  private static func join(_ letters: ArraySlice<UInt32>) -> [UInt32] {
    var joined: [UInt32] = []
    joined.reserveCapacity(letters.count)
    for letter in letters {
      if let last = joined.last, let pair = one(last, letter) {
        joined[joined.count - 1] = pair
      } else {
        joined.append(letter)
      }
    }
    return joined
  }

  private static func one(_ first: UInt32, _ second: UInt32) -> UInt32? {
    switch (first, second) {
    case (0x72, 0x6E): 0x6D
    case (0x76, 0x76): 0x77
    case (0x63, 0x6C): 0x64
    default: nil
    }
  }

  private static func letters(of word: String) -> [UInt32] {
    var reader = NameReader()
    reader.read(Untrusted(word))
    return reader.letters
  }

  private static let the = letters(of: "the")
  private static let and = letters(of: "and")

  /// The forms of companies at the end of their names, by law or habit.
  private static let companyForms: Set<[UInt32]> = Set(
    """
    ab ag aps as asa bhd bv bvba co company corp corporation cv doo dba eg ehf eingetragene ek eood \
    eurl ev gbr gesmbh gmbh ges hf inc incorporated is jsc kft kg kgaa kk lda limited limitada llc \
    llp lp ltd ltda mbh nv nyrt oao ood oy oyj ohg plc pllc pt pte pty pvt private rt sa sab sapi sarl \
    sas sasu sca scs se sgps sl sln slu snc sp spa spzoo srl sro tbk ug ulc unlimited vof zoo zrt
    """.split(separator: " ").map { letters(of: String($0)) })

  /// The forms that are removed from the end of a word too.
  private static let gluedForms = [
    "incorporated", "corporation", "limited", "company", "gmbh", "corp", "inc", "llc", "ltd", "plc",
  ].map { letters(of: $0) }
}

extension [UInt32] {
  fileprivate func hasSuffix(_ other: [UInt32]) -> Bool { suffix(other.count).elementsEqual(other) }
}

/// The letters that scalars can be mistaken for.
///
/// They come from the Unicode Character Database and a list of shapes: the compatibility
/// decomposition without marks, in lower case, with Latin letters and digits for whatever is drawn
/// like them.
enum LookAlikeTable {
  /// Appends the letters that a scalar looks like: Latin letters, digits or other lower-case
  /// letters.
  ///
  /// Nothing is appended for marks, signs and what is invisible.
  static func append(_ scalar: UInt32, to letters: inout [UInt32]) {
    if (0xAC00...0xD7A3).contains(scalar) { return appendJamo(scalar, to: &letters) }
    guard let run = run(of: scalar) else { return letters.append(scalar) }
    let target = targets[run] >> 2
    switch targets[run] & 3 {
    case 0: letters.append(target)
    case 1: letters.append(target + scalar - firsts[run] >> 8)
    default:
      let start = Int(target) + 1
      letters += sequences[start..<(start + Int(sequences[start - 1]))]
    }
  }

  /// Returns the index of the run that a scalar is in; nil if it is in none.
  private static func run(of scalar: UInt32) -> Int? {
    var low = 0
    var high = firsts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if firsts[middle] >> 8 <= scalar { low = middle } else { high = middle }
    }
    let first = firsts[low] >> 8
    return first <= scalar && scalar - first <= firsts[low] & 0xFF ? low : nil
  }

  /// Appends the letters of a syllable of Hangul (Unicode Standard, section 3.12).
  private static func appendJamo(_ syllable: UInt32, to letters: inout [UInt32]) {
    let index = syllable - 0xAC00
    letters.append(0x1100 + index / 588)
    letters.append(0x1161 + index % 588 / 28)
    if index % 28 > 0 { letters.append(0x11A7 + index % 28) }
  }
}

/// The number of letters to change, add, remove or swap with a neighbour to turn one text into
/// another.
enum EditDistance {
  /// Returns whether the distance is at most `limit`, in time proportional to length times `limit`.
  static func isAtMost(_ limit: Int, _ one: [UInt32], _ other: [UInt32]) -> Bool {
    guard abs(one.count - other.count) <= limit else { return false }
    // Only cells this near to the diagonal can be within the limit; those outside count as over it.
    let over = limit + 1
    var before = [Int](repeating: over, count: other.count + 1)
    var last = (0...other.count).map { min($0, over) }
    var row = before
    for index in 1..<(one.count + 1) {
      let low = max(1, index - limit)
      let high = min(other.count, index + limit)
      row[low - 1] = low == 1 ? min(index, over) : over
      var least = row[low - 1]
      for place in stride(from: low, through: high, by: 1) {
        let isSame = one[index - 1] == other[place - 1]
        var cost = last[place - 1] + (isSame ? 0 : 1)
        cost = min(cost, row[place - 1] + 1)
        // Right of the band, the row above was not written.
        if place < index + limit { cost = min(cost, last[place] + 1) }
        if index > 1, place > 1, one[index - 1] == other[place - 2],
          one[index - 2] == other[place - 1]
        {
          cost = min(cost, before[place - 2] + 1)
        }
        row[place] = min(cost, over)
        least = min(least, row[place])
      }
      if least > limit { return false }
      (before, last, row) = (last, row, before)
    }
    return last[other.count] <= limit
  }
}

/// A text reduced to its looks: letters that can be mistaken for each other become one.
///
/// Two texts with the same skeleton can be mistaken for each other. Skeletons are compared and
/// never shown. `NameShape` compares names, in which more may differ.
public enum Skeleton {
  /// Returns the UTF-8 of the skeleton of the first 512 bytes of a text.
  public static func of(_ text: Untrusted) -> [UInt8] {
    var reader = NameReader()
    reader.read(text)
    var bytes: [UInt8] = []
    for letter in reader.joined { UTF8Encoding.append(letter, to: &bytes) }
    return bytes
  }
}

extension Skeleton {
  /// Returns whether a text mixes Latin letters with an alphabet that has look-alikes of them.
  ///
  /// Those are Greek, Cyrillic, Armenian, Cherokee, Coptic, Lisu and similar ones. Han and kana
  /// among Latin letters are usual and do not count. The first 512 bytes are read.
  public static func mixesScripts(_ text: Untrusted) -> Bool {
    var hasLatin = false
    var hasOthers = false
    for scalar in scalars(text) {
      switch scalar.value {
      case 0xFF21...0xFF3A, 0xFF41...0xFF5A, 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F,
        0x1E00...0x1EFF:
        hasLatin = true
      case 0x370...0x3FF, 0x1F00...0x1FFF, 0x400...0x52F, 0x1C80...0x1C8F, 0xA640...0xA69F,
        0x531...0x587, 0x13A0...0x13FD, 0xAB70...0xABBF, 0x2C80...0x2CFF, 0xA4D0...0xA4FF,
        0x10280...0x1031F, 0x10400...0x1044F, 0x118A0...0x118FF:
        hasOthers = true
      default: break
      }
    }
    return hasLatin && hasOthers
  }

  /// Returns whether the first 512 bytes have decimal digits other than 0 to 9.
  public static func hasForeignDigits(_ text: Untrusted) -> Bool {
    scalars(text).contains { scalar in
      scalar.value > 0x7F && scalar.properties.numericType == .decimal
    }
  }

  private static func scalars(_ text: Untrusted) -> String.UnicodeScalarView {
    String(decoding: text.bytes.prefix(NameReader.limit), as: UTF8.self).unicodeScalars
  }
}
