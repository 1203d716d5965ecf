import Crypto
import Model
import Text

/// AWS Signature Version 4 (IAM User Guide, "AWS Signature Version 4 for API requests").
public enum SigV4 {
  /// The name of the algorithm in the Authorization header and the string to sign.
  public static let algorithm = "AWS4-HMAC-SHA256"

  /// The ways in which a service's requests differ from those of every JSON and Query service.
  public struct Options: Hashable, Sendable {
    /// Whether `.`, `..` and empty segments of the path are resolved; only S3 takes paths as they
    /// are.
    public var normalisesPath = true
    /// Whether the header `x-amz-content-sha256` is added.
    public var statesBodyDigest = false
    /// Whether the session token is added to the request after signing it.
    public var leavesTokenUnsigned = false

    /// Sets the options of a JSON or Query service.
    public init() {}
  }

  /// A signed request with the intermediate results of its signature.
  public struct Signed: Sendable {
    /// The request with its headers added.
    public var request: SignableRequest
    /// The canonical request, which holds the session token and is never logged.
    public var canonicalRequest: CanonicalRequest
    /// The string to sign: algorithm, time, scope and the digest of the canonical request, a line
    /// each.
    public var stringToSign: String
    /// The signature, 64 lower-case hexadecimal digits.
    public var signature: String
  }

  /// Returns `request` signed by headers.
  ///
  /// Adds `X-Amz-Security-Token` (for temporary keys), `X-Amz-Date`, `x-amz-content-sha256` (when
  /// the options ask for it) and `Authorization`. `request` must have its `Host` and none of these.
  /// Every attempt is signed again, with its own time and credentials.
  ///
  /// - Parameters:
  ///   - request: The request to sign.
  ///   - keys: The credentials to sign with.
  ///   - region: The region in the scope, `us-east-1`.
  ///   - service: The signing name of the service, `organizations` or `sts`.
  ///   - now: The time of the signature; AWS accepts 15 minutes either way.
  ///   - options: How the service differs from a JSON or Query service.
  /// - Returns: The request to send, with the intermediate results.
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

  /// Returns the string to sign: algorithm, time, scope and digest, a line each.
  static func stringToSign(
    _ canonical: CanonicalRequest, time: SigningTime, scope: SigningScope
  ) -> String {
    "\(algorithm)\n\(time.text)\n\(scope.text)\n\(canonical.digest)"
  }
}

/// A signing key, derived from a secret access key for one day, region and service.
public struct SigningKey: Sendable {
  /// The day, region and service that the key is valid for.
  public let scope: SigningScope
  private let key: SymmetricKey

  /// Derives the key of `scope` from a secret access key by the four HMACs of Signature Version 4.
  public init(_ secret: Secret, scope: SigningScope) {
    self.scope = scope
    let parts = [scope.day, scope.region, scope.service, SigningScope.terminator]
    key = parts.reduce(SymmetricKey(data: Array("AWS4".utf8) + secret.revealed)) { key, part in
      SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
  }

  /// Returns the signature of a string to sign, in lower-case hexadecimal.
  public func signature(of stringToSign: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key).hexadecimal
  }

  /// Returns whether `signature` is this key's, in a time that does not depend on where they
  /// differ.
  func isSignature(_ signature: [UInt8], of stringToSign: String) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(
      signature, authenticating: Array(stringToSign.utf8), using: key)
  }
}

/// The credential scope: the day, region and service that a derived key is valid for.
public struct SigningScope: Hashable, Sendable {
  /// The day in UTC, `20150830`.
  public var day: String
  /// The region, `us-east-1`.
  public var region: String
  /// The signing name of the service: `organizations`, `sts`.
  public var service: String

  /// Combines the parts without checking their form.
  public init(day: String, region: String, service: String) {
    self.day = day
    self.region = region
    self.service = service
  }

  /// The last part of every scope.
  static let terminator = "aws4_request"

  /// The scope as it is signed, `20150830/us-east-1/sts/aws4_request`.
  public var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}

/// The time of a signature, read from the clock once for the header and the scope.
public struct SigningTime: Hashable, Sendable {
  /// The time in the basic format of ISO 8601 in UTC, `20150830T123600Z`.
  public let text: String
  /// The same time, to the second.
  public let instant: Timestamp

  /// Takes the time of one clock reading; its milliseconds are dropped.
  public init(_ now: Timestamp) {
    let date = CivilDate(now)
    text =
      "\(date.year.padded(4))\(date.month.padded(2))\(date.day.padded(2))"
      + "T\(date.hour.padded(2))\(date.minute.padded(2))\(date.second.padded(2))Z"
    instant = now - Span(milliseconds: Int64(date.millisecond))
  }

  /// Parses exactly the form `20150830T123600Z`; nil for any other, or for a date that does not
  /// exist.
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

  /// The day in UTC, `20150830`.
  public var day: String { String(text.prefix(8)) }
}

extension SigV4.Signed: Redacted {}
extension SigningKey: Redacted {}
