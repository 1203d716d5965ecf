import Crypto
import Testing
import Text
import Wire

@testable import AWSBackend

/// A file as `aws login` writes it, with a key in either form of PEM.
enum LoginFile {
  static let key: P256.Signing.PrivateKey? = try? P256.Signing.PrivateKey(
    rawRepresentation: [UInt8](repeating: 7, count: 32))

  /// SHA-256 of the session's ARN.
  static let path =
    LoginWorld.home + "/.aws/login/cache/"
    + "1d8564148a84d372535bb65bbbb4f4b6e17efc039c0edf66c26f8d47c324046d.json"

  static let config = """
    [default]
    region = eu-west-1
    max_attempts = 1
    login_session = arn:aws:sts::111122223333:assumed-role/Admin/ann
    """

  static var pkcs8: String { key?.pemRepresentation ?? "" }

  /// SEC 1: version, private key, the curve, the public key.
  static var sec1: String {
    let scalar = [UInt8](repeating: 7, count: 32)
    let point = key.map { Array($0.publicKey.x963Representation) } ?? []
    let bytes: [UInt8] =
      [0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20] + scalar
      + [0xA0, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
      + [0xA1, 0x44, 0x03, 0x42, 0x00] + point
    var lines: [String] = []
    var rest = Base64.text(bytes)[...]
    while !rest.isEmpty {
      lines.append(String(rest.prefix(64)))
      rest = rest.dropFirst(64)
    }
    return (["-----BEGIN EC PRIVATE KEY-----"] + lines + ["-----END EC PRIVATE KEY-----", ""])
      .joined(separator: "\n")
  }

  static func text(
    until end: String = "2026-11-22T14:36:00Z", pem: String = pkcs8, region: String? = nil,
    secret: String = "hidden-secret"
  ) -> String {
    let value = JSONValue.members([
      ("theirs", .array([.int(1), .null])),
      (
        "accessToken",
        .members([
          ("accessKeyId", .text("ASIAOLD")), ("secretAccessKey", .text(secret)),
          ("sessionToken", .text("hidden-session")), ("accountId", .text("111122223333")),
          ("more", .bool(true)), ("expiresAt", .text(end)),
        ])
      ),
      ("tokenType", .text("aws_sigv4")), ("clientId", .text("arn:aws:signin:::devtools/same")),
      ("refreshToken", .text("hidden-refresh")), ("idToken", .text("hidden-id")),
      ("signInRegion", region.map { .text($0) }), ("dpopKey", .text(pem)),
    ])
    return String(decoding: value.json(.wire), as: UTF8.self)
  }
}

/// A proof of possession (RFC 9449), parsed independently of the program.
struct Proof {
  let header: JSONValue
  let payload: JSONValue
  /// Whether its signature is that of the key it carries, and that key is the login's.
  let isValid: Bool

  init(_ text: String) throws {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    try #require(parts.count == 3)
    header = try JSONValue.read(try Self.bytes(parts[0]))
    payload = try JSONValue.read(try Self.bytes(parts[1]))
    let x = try Self.bytes(header["jwk"]?["x"]?.string?.plain ?? "")
    let y = try Self.bytes(header["jwk"]?["y"]?.string?.plain ?? "")
    let key = try P256.Signing.PublicKey(rawRepresentation: x + y)
    let signature = try P256.Signing.ECDSASignature(rawRepresentation: try Self.bytes(parts[2]))
    isValid =
      key.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8))
      && key.rawRepresentation == LoginFile.key?.publicKey.rawRepresentation
  }

  private static func bytes(_ text: some StringProtocol) throws -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var bytes: [UInt8] = []
    var held = 0
    var bits = 0
    for character in text.utf8 {
      held = held << 6 | (try #require(alphabet.firstIndex(of: character)))
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(held >> bits & 0xFF))
        held &= (1 << bits) - 1
      }
    }
    return bytes
  }
}
