extension Sequence<UInt8> {
  /// Reads bytes where they lie; those that do not lie together are copied first.
  func inPlace(
    _ read: (UnsafeBufferPointer<UInt8>) -> Timestamp?
  ) -> Timestamp? {
    withContiguousStorageIfAvailable(read) ?? Array(self).withUnsafeBufferPointer(read)
  }
}

/// Reads digits from the front of ASCII bytes, which it must not outlive.
struct DigitReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { place == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  /// All digits that follow, as their values.
  mutating func run() -> [UInt8] {
    let values = bytes[place...].prefix { (0x30...0x39).contains($0) }.map { $0 - 0x30 }
    place += values.count
    return values
  }

  /// Exactly `count` digits.
  mutating func digits(_ count: Int) -> Int? {
    guard place + count <= bytes.count else { return nil }
    var value = 0
    for offset in 0..<count {
      let digit = bytes[place &+ offset] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ Int(digit)
    }
    place &+= count
    return value
  }

  mutating func milliseconds() -> Int? {
    var (value, count) = (0, 0)
    while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
      if count < 3 { value = value * 10 + Int(bytes[place] - 0x30) }
      count += 1
      place += 1
    }
    guard (1...9).contains(count) else { return nil }
    for _ in min(count, 3)..<3 { value *= 10 }
    return value
  }

  /// The next byte, which stays.
  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// Steps over blanks; U+00A0 and U+202F too, which Java writes before AM and PM.
  /// - Returns: whether there was one.
  @discardableResult
  mutating func blanks() -> Bool {
    let start = place
    while place < bytes.count {
      if bytes[place] == 0x20 {
        place += 1
      } else if bytes[place...].starts(with: [0xC2, 0xA0]) {
        place += 2
      } else if bytes[place...].starts(with: [0xE2, 0x80, 0xAF]) {
        place += 3
      } else {
        break
      }
    }
    return place > start
  }

  /// The ASCII letters that follow, in lower case.
  mutating func word() -> String {
    let start = place
    while place < bytes.count, (0x61...0x7A).contains(bytes[place] | 0x20) { place += 1 }
    return String(decoding: bytes[start..<place].map { $0 | 0x20 }, as: UTF8.self)
  }

  /// A number of one or two digits.
  mutating func shortNumber() -> Int? {
    let values = run()
    guard (1...2).contains(values.count) else { return nil }
    return values.reduce(0) { $0 * 10 + Int($1) }
  }

  /// `Z`, or `+HH:MM` east and `-HH:MM` west of UTC, in minutes.
  mutating func offset() -> Int? {
    if take("Z") { return 0 }
    let sign = take("-") ? -1 : (take("+") ? 1 : 0)
    guard sign != 0, let hours = digits(2), hours < 24, take(":"), let minutes = digits(2),
      minutes < 60
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
