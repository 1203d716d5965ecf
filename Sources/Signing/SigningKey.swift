import Crypto
import Text

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
