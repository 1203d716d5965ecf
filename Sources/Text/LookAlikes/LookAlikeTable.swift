/// What scalars can be mistaken for, from the Unicode Character Database and a list of shapes: the
/// compatibility decomposition without marks, in lower case, and Latin letters and digits in place of
/// whatever is drawn like them.
enum LookAlikeTable {
  /// Appends what a scalar looks like: Latin letters, digits or other letters in lower case, or nothing
  /// for marks, signs and what is not seen.
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

  /// The place of the run that a scalar is in.
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

  /// A syllable of Hangul as the letters that it consists of (Unicode, 3.12).
  private static func appendJamo(_ syllable: UInt32, to letters: inout [UInt32]) {
    let index = syllable - 0xAC00
    letters.append(0x1100 + index / 588)
    letters.append(0x1161 + index % 588 / 28)
    if index % 28 > 0 { letters.append(0x11A7 + index % 28) }
  }
}
