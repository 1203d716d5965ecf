import Crypto
import Model
import Signing
import Text
import Wire

/// The key that an `aws login` session is bound to (DPoP, RFC 9449): each request carries a proof
/// that its sender has it.
struct ProofKey: Sendable {
  private let key: P256.Signing.PrivateKey

  /// PKCS#8 or SEC 1, in PEM.
  init?(pem: Untrusted) {
    guard let text = String(validating: pem.bytes, as: UTF8.self),
      let key = try? P256.Signing.PrivateKey(pemRepresentation: text)
    else { return nil }
    self.key = key
  }

  /// A token that is good for one request: `header.payload.signature`.
  func proof(
    of method: String, _ url: String, at now: Timestamp, random: any RandomSource
  ) -> String {
    let point = Array(key.publicKey.rawRepresentation)
    let header = JSONValue.members([
      ("typ", .text("dpop+jwt")), ("alg", .text("ES256")),
      (
        "jwk",
        .members([
          ("kty", .text("EC")), ("crv", .text("P-256")),
          ("x", .text(Base64URL.text(point.prefix(32)))),
          ("y", .text(Base64URL.text(point.suffix(32)))),
        ])
      ),
    ])
    let payload = JSONValue.members([
      ("jti", .text(Self.uniqueID(random))), ("htm", .text(method)), ("htu", .text(url)),
      ("iat", .int(now.milliseconds / 1_000)),
    ])
    let signed =
      Base64URL.text(header.json(.wire)) + "." + Base64URL.text(payload.json(.wire))
    // SAFETY: with a key in memory the call fails only where the library has no memory left; the
    // server refuses an empty signature, so nothing is believed that should not be.
    let signature = (try? key.signature(for: Array(signed.utf8))).map {
      Array($0.rawRepresentation)
    }
    return signed + "." + Base64URL.text(signature ?? [])
  }

  /// A version 4 UUID.
  private static func uniqueID(_ random: any RandomSource) -> String {
    var bytes = random.bytes(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(bytes.hexadecimal)
    let parts = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
    return parts.map { String($0) }.joined(separator: "-")
  }
}

extension ProofKey: CustomStringConvertible, CustomReflectable {
  var description: String { "‹key›" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// RFC 4648's second alphabet, without padding.
enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    var bits = 0
    var held: UInt32 = 0
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[Int(held >> UInt32(bits) & 0x3F)])
      }
      held &= (1 << UInt32(bits)) - 1
    }
    if bits > 0 { text.append(alphabet[Int(held << UInt32(6 - bits) & 0x3F)]) }
    return String(decoding: text, as: UTF8.self)
  }
}
