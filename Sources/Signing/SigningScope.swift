import Model

/// What a derived key is good for: one day, region and service.
public struct SigningScope: Hashable, Sendable {
  /// `20150830`
  public var day: String
  public var region: String
  /// The signing name: `organizations`, `sts`.
  public var service: String

  public init(day: String, region: String, service: String) {
    self.day = day
    self.region = region
    self.service = service
  }

  static let terminator = "aws4_request"

  /// `20150830/us-east-1/sts/aws4_request`
  public var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}

/// The instant of a signature, of which header and scope are both made: one reading of the clock.
public struct SigningTime: Hashable, Sendable {
  /// `20150830T123600Z`
  public let text: String
  /// To the second.
  public let instant: Timestamp

  public init(_ now: Timestamp) {
    let date = CivilDate(now)
    text =
      "\(date.year.padded(4))\(date.month.padded(2))\(date.day.padded(2))"
      + "T\(date.hour.padded(2))\(date.minute.padded(2))\(date.second.padded(2))Z"
    instant = now - Span(milliseconds: Int64(date.millisecond))
  }

  /// Reads `20150830T123600Z`, and nothing else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else {
      return nil
    }
    func number(_ places: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[places] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
      let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15)
    else { return nil }
    let date = CivilDate(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    guard date.isValid else { return nil }
    self.text = text
    instant = date.instant
  }

  /// `20150830`
  public var day: String { String(text.prefix(8)) }
}
