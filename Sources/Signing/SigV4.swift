import Crypto
import Model
import Text

/// AWS's Signature Version 4.
public enum SigV4 {
  public static let algorithm = "AWS4-HMAC-SHA256"

  /// A request's departures from what every JSON and Query service takes.
  public struct Options: Hashable, Sendable {
    /// S3 alone takes paths as they are.
    public var normalisesPath = true
    /// Adds `x-amz-content-sha256`.
    public var statesBodyDigest = false
    /// Adds the session token to the request after signing it.
    public var leavesTokenUnsigned = false

    public init() {}
  }

  /// A signed request, and what led to its signature.
  public struct Signed: Sendable {
    /// The request with its headers (or its query) added.
    public var request: SignableRequest
    /// Holds the session token: never logged.
    public var canonicalRequest: CanonicalRequest
    public var stringToSign: String
    public var signature: String
  }

  /// Signs by headers: adds `X-Amz-Security-Token` (of temporary keys), `X-Amz-Date` and
  /// `Authorization`. `request` must have its `Host`, and none of these.
  ///
  /// Every attempt is signed anew, with the time and the keys of its own.
  public static func sign(
    _ request: SignableRequest, keys: AccessKeys, region: String, service: String,
    at now: Timestamp, options: Options = Options()
  ) -> Signed {
    let time = SigningTime(now)
    var request = request
    let token = keys.sessionToken.map {
      (name: "X-Amz-Security-Token", value: $0.revealedText)
    }
    let firstAdded = request.headers.count
    if let token, !options.leavesTokenUnsigned { request.headers.append(token) }
    request.headers.append((name: "X-Amz-Date", value: time.text))
    if options.statesBodyDigest {
      request.headers.append((name: "x-amz-content-sha256", value: request.bodyDigest))
    }
    let names = SignedHeaders(of: request)
    let canonical = CanonicalRequest(
      request, signing: names, normalisesPath: options.normalisesPath)
    let scope = SigningScope(day: time.day, region: region, service: service)
    let stringToSign = stringToSign(canonical, time: time, scope: scope)
    let signature = SigningKey(keys.secret, scope: scope).signature(of: stringToSign)
    if let token, options.leavesTokenUnsigned { request.headers.insert(token, at: firstAdded) }
    request.headers.append(
      (
        name: "Authorization",
        value: "\(algorithm) Credential=\(keys.id)/\(scope.text), SignedHeaders=\(names.text), "
          + "Signature=\(signature)"
      ))
    return Signed(
      request: request, canonicalRequest: canonical, stringToSign: stringToSign,
      signature: signature)
  }

  static func stringToSign(
    _ canonical: CanonicalRequest, time: SigningTime, scope: SigningScope
  ) -> String {
    "\(algorithm)\n\(time.text)\n\(scope.text)\n\(canonical.digest)"
  }
}

/// The key of one day, region and service, derived from a secret key.
public struct SigningKey: Sendable {
  public let scope: SigningScope
  private let key: SymmetricKey

  public init(_ secret: Secret, scope: SigningScope) {
    self.scope = scope
    let parts = [scope.day, scope.region, scope.service, SigningScope.terminator]
    key = parts.reduce(SymmetricKey(data: Array("AWS4".utf8) + secret.revealed)) { key, part in
      SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
  }

  /// The signature of a string to sign, in lower-case hexadecimal.
  public func signature(of stringToSign: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key).hexadecimal
  }

  /// Whether a signature is this key's, in a time that does not depend on where they differ.
  func isSignature(_ signature: [UInt8], of stringToSign: String) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(
      signature, authenticating: Array(stringToSign.utf8), using: key)
  }
}

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
        guard byte.isASCIIDigit else { return nil }
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

extension SigV4.Signed: Redacted {}
extension SigningKey: Redacted {}
