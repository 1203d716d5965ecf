import Crypto
import Testing
import Wire

/// A proof of possession (RFC 9449), read by rules of its own.
struct Proof {
  let header: JSONValue
  let payload: JSONValue
  /// Whether its signature is that of the key it carries, and that key the login's.
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
