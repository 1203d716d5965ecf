import Model
import Text

// New ids, of the service's own form.

extension Call {
  /// `h-` and the 32 hexadecimal digits of a random UUID.
  func newHandshakeID() -> HandshakeID { random.handshakeID() }
}

extension RandomSource {
  /// `h-` and a version 4 UUID without its dashes.
  func handshakeID() -> HandshakeID {
    let digits = uuidBytes().hexadecimal
    guard let id = HandshakeID("h-" + digits) else {
      // SAFETY: 32 lower-case hexadecimal digits are an id.
      preconditionFailure("32 hexadecimal digits are an id")
    }
    return id
  }

  /// `rt-` and a version 4 UUID without its dashes.
  func transferID() -> String { "rt-" + uuidBytes().hexadecimal }

  /// `car-` and a version 4 UUID without its dashes.
  func creationID() -> String { "car-" + uuidBytes().hexadecimal }

  /// `o-` and ten letters or digits.
  func organizationID() -> OrganizationID {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let text = bytes(10).map { alphabet[Int($0) % alphabet.count] }
    guard let id = OrganizationID("o-" + String(text)) else {
      // SAFETY: ten characters of that alphabet are an id.
      preconditionFailure("ten letters or digits are an id")
    }
    return id
  }

  /// A request id: a UUID in its usual form.
  func requestID() -> String {
    let digits = Array(uuidBytes().hexadecimal)
    return [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
      .map { String($0) }.joined(separator: "-")
  }

  private func uuidBytes() -> [UInt8] {
    var bytes = bytes(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    return bytes
  }
}
