import Text

/// The rules that remove probable secrets from a program's message before it is shown, logged or
/// put in an error.
///
/// A failing helper may print anything: a key, a token, a password. Ordinary sentences are kept;
/// long parts of paths, URLs and ARNs may be removed (SEC-5.10).
enum SecretLooks {
  /// The longest run of key or token characters that is shown; an access key id has 20.
  static let longestShown = 19

  /// Returns the text with `[n characters withheld]` in place of each probable secret.
  ///
  /// `isCut` says that the text was truncated: its last word may be the beginning of a secret, and
  /// is withheld too.
  static func withhold(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
    var parts = Withholding(text)
    if isCut { parts.takeLastWord() }
    parts.takeUserInfo()
    parts.takeNamedValues()
    parts.takeDigitGroups()
    parts.takeRandomWords()
    parts.takeRuns()
    return parts.text
  }
}

/// The ranges of one text that are withheld.
private struct Withholding {
  private let bytes: [UInt8]
  private let lower: [UInt8]
  private var isTaken: [Bool]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    lower = bytes.asciiLowercased
    isTaken = Array(repeating: false, count: bytes.count)
  }

  /// The remaining text, with the number of characters in place of each withheld part.
  var text: [UInt8] {
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard isTaken[index] else {
        text.append(bytes[index])
        index += 1
        continue
      }
      let end = self.end(from: index) { isTaken[$0] }
      // Continuation bytes of UTF-8 are not counted.
      let count = bytes[index..<end].count { $0 & 0xC0 != 0x80 }
      text += "[\(count) characters withheld]".utf8
      index = end
    }
    return text
  }

  private mutating func mark(_ range: Range<Int>) {
    for index in range { isTaken[index] = true }
  }

  /// Returns the end of the run of indexes, from `start`, that satisfy a test.
  private func end(from start: Int, while test: (Int) -> Bool) -> Int {
    var end = start
    while end < bytes.count, test(end) { end += 1 }
    return end
  }

  private func has(_ text: String, at index: Int) -> Bool {
    lower[index...].starts(with: text.utf8)
  }

  // MARK: Secrets by position

  mutating func takeLastWord() {
    let start = bytes.lastIndex(of: 0x20).map { $0 + 1 } ?? 0
    mark(start..<bytes.count)
  }

  /// Withholds `user:password` in a URL.
  mutating func takeUserInfo() {
    for index in bytes.indices where has("://", at: index) {
      let end = end(from: index + 3) { bytes[$0] > 0x20 && bytes[$0] != UInt8(ascii: "/") }
      let authority = index + 3..<end
      if let sign = bytes[authority].lastIndex(of: UInt8(ascii: "@")) { mark(index + 3..<sign) }
    }
  }

  /// The names after which any value is withheld, and the names that sentences also have before a
  /// colon.
  private static let secretNames = ["secret", "password", "passwd", "passphrase", "pwd"]
  private static let otherNames = [
    "token", "key", "credential", "auth", "bearer", "cookie", "session", "signature", "otp", "mfa",
    "pin", "code", "nonce",
  ]

  /// Withholds the values in `token=…`, `"Secret": "…"`, `--password …` and `Bearer …`.
  mutating func takeNamedValues() {
    for (names, isSecret) in [(Self.secretNames, true), (Self.otherNames, false)] {
      for name in names {
        for index in bytes.indices where has(name, at: index) {
          takeValue(after: index + name.utf8.count, from: index, isSecret: isSecret)
        }
      }
    }
  }

  private mutating func takeValue(after nameEnd: Int, from nameStart: Int, isSecret: Bool) {
    let isOption = nameStart > 0 && bytes[nameStart - 1] == UInt8(ascii: "-")
    var index = end(from: nameEnd) { isLetterOrDigit($0) || "_-".utf8.contains(bytes[$0]) }
    if index < bytes.count, isQuote(index) { index += 1 }
    index = end(from: index) { bytes[$0] == 0x20 }
    guard index < bytes.count, index > nameEnd || !isLetterOrDigit(index) else { return }
    let sign = bytes[index]
    let hasSign = sign == UInt8(ascii: "=") || sign == UInt8(ascii: ":")
    if hasSign {
      index = end(from: index) { "=:> ".utf8.contains(bytes[$0]) }
      guard index < bytes.count else { return }
    }
    let value = valueRange(at: index)
    guard !value.range.isEmpty else { return }
    let isSure =
      sign == UInt8(ascii: "=") || isOption || (hasSign && (isSecret || value.isQuoted))
    // Not the number in `exit code 3` or `error code: 403`.
    let isLong = isSecret || value.range.count >= 6
    if isSure || (isLong && looksChosen(value.range)) { mark(value.range) }
  }

  private func valueRange(at start: Int) -> (range: Range<Int>, isQuoted: Bool) {
    if isQuote(start) {
      let quote = bytes[start]
      return (start + 1..<end(from: start + 1) { bytes[$0] != quote }, true)
    }
    return (start..<end(from: start) { !" ,;&)}]\"'".utf8.contains(bytes[$0]) }, false)
  }

  /// Returns whether a word is unlike those of a sentence: it has a digit, or a capital after a
  /// small letter.
  private func looksChosen(_ range: Range<Int>) -> Bool {
    if bytes[range].contains(where: { $0.isASCIIDigit }) { return true }
    return range.dropFirst().contains { index in
      bytes[index].isASCIIUppercase && bytes[index - 1].isASCIILowercase
    }
  }

  // MARK: Secrets by form

  /// Withholds long groups of hexadecimal digits, such as `de:ad:be:ef:…`.
  mutating func takeDigitGroups() {
    var start = 0
    while start < bytes.count {
      let end = end(from: start) { isHexadecimal($0) || (isJoint($0) && isBetweenDigits($0)) }
      let digits = (start..<end).count { isHexadecimal($0) }
      let isOfWords = !bytes[start..<end].contains { $0.isASCIIDigit }
      let isWhole = start == 0 || !isLetterOrDigit(start - 1)
      if digits > SecretLooks.longestShown, isWhole, !isOfWords { mark(start..<end) }
      start = max(end, start + 1)
    }
  }

  private func isJoint(_ index: Int) -> Bool { ":-. ".utf8.contains(bytes[index]) }

  private func isBetweenDigits(_ index: Int) -> Bool {
    index > 0 && index + 1 < bytes.count && isHexadecimal(index - 1) && isHexadecimal(index + 1)
  }

  /// Withholds long words that have capitals, small letters and digits, with any punctuation.
  mutating func takeRandomWords() {
    var start = 0
    while start < bytes.count {
      let end = end(from: start) { bytes[$0] > 0x20 && !"\"'`()[]{}<>,;".utf8.contains(bytes[$0]) }
      let word = start..<end
      let hasAll = [UInt8(0x30)...0x39, 0x41...0x5A, 0x61...0x7A].allSatisfy { range in
        bytes[word].contains { range.contains($0) }
      }
      let isName = has("arn:", at: start) || word.contains { has("://", at: $0) }
      if word.count > SecretLooks.longestShown, hasAll, !isName { mark(word) }
      start = max(end, start + 1)
    }
  }

  /// Withholds long runs of the characters of base64, base64url, hexadecimal and percent-encoded
  /// texts.
  mutating func takeRuns() {
    var start = 0
    while start < bytes.count {
      let end = end(from: start) {
        !isTaken[$0] && (isLetterOrDigit($0) || "+/=_-%\\".utf8.contains(bytes[$0]))
      }
      if end - start > SecretLooks.longestShown { mark(start..<end) }
      start = max(end, start + 1)
    }
  }

  private func isQuote(_ index: Int) -> Bool { "\"'`".utf8.contains(bytes[index]) }

  private func isLetterOrDigit(_ index: Int) -> Bool {
    bytes[index].isASCIIDigit || lower[index].isASCIILowercase
  }

  private func isHexadecimal(_ index: Int) -> Bool {
    bytes[index].isASCIIDigit || (0x61...0x66).contains(lower[index])
  }
}
