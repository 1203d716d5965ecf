import Model

/// A number as it was written. It becomes one of the machine's when asked, and never silently
/// another one.
public struct JSONNumber: Hashable, Sendable {
  /// By RFC 8259, ASCII.
  public let text: String

  public init(_ value: Int64) {
    text = String(value)
  }

  /// Seconds since 1970, with milliseconds where there are any: AWS JSON 1.1's timestamp.
  public init(epochSeconds instant: Timestamp) {
    let (seconds, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 1_000)
    var text = instant.milliseconds < 0 && seconds == 0 ? "-0" : String(seconds)
    if rest != 0 {
      text += "." + Int(rest.magnitude).padded(3)
      while text.utf8.last == Byte.zero { text.removeLast() }
    }
    self.text = text
  }

  init(source: some Sequence<UInt8>) {
    text = String(decoding: Array(source), as: UTF8.self)
  }

  /// The value, when it is written as an integer and fits.
  public var int: Int64? { Int64(text) }

  /// The instant these seconds since 1970 mean, exact to the millisecond.
  public var epochSeconds: Timestamp? { Timestamp(epochSeconds: text.utf8) }
}
