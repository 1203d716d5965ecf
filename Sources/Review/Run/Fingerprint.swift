import Crypto
import Model
import Text

/// Binds an answer to what was seen: SHA-256 over every member of the handshake, the account that
/// would act and the service it came from.
///
/// Each piece goes in with its length in front, as the bytes it has on the wire, so that no two
/// different handshakes give the same bytes (SEC-4.2.1).
public struct Fingerprint: Hashable, Sendable {
  /// 32 bytes.
  public let digest: [UInt8]

  public init(of handshake: Handshake, for account: AccountID, at place: ServicePlace) {
    var bytes = CanonicalBytes()
    bytes.text("handshake-seen-1")
    bytes.handshake(handshake)
    bytes.text(account.text)
    bytes.text(place.partition)
    bytes.text(place.backend.rawValue)
    bytes.piece(place.address.bytes)
    digest = Array(SHA256.hash(data: bytes.bytes))
  }

  /// Nil unless `hex` is 64 lower-case hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard let digest = Hexadecimal.lowerCaseBytes(hex), digest.count == 32 else { return nil }
    self.digest = digest
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { digest.hexadecimal }
}

/// The bytes that a fingerprint is taken over.
private struct CanonicalBytes {
  var bytes: [UInt8] = []

  mutating func handshake(_ handshake: Handshake) {
    optional(handshake.id?.text)
    optional(handshake.arn?.text)
    optional((handshake.action?.wireName).map(\.bytes))
    optional((handshake.state?.wireName).map(\.bytes))
    parties(handshake.parties)
    resources(handshake.resources)
    optional(handshake.requested.map { String($0.milliseconds) })
    optional(handshake.expires.map { String($0.milliseconds) })
    count(handshake.damage.count)
  }

  /// As a set: the service changes their order between two replies.
  mutating func parties(_ parties: [Party]) {
    count(parties.count)
    for party in parties.inCanonicalOrder {
      piece(party.type.wireName.bytes)
      piece(party.id.bytes)
    }
  }

  /// Depth first, with an explicit stack: a tree may be deep.
  mutating func resources(_ resources: [Resource]) {
    count(resources.count)
    var pending = Array(resources.reversed())
    while let resource = pending.popLast() {
      piece(resource.type.wireName.bytes)
      optional(resource.value?.bytes)
      count(resource.deeper)
      count(resource.resources.count)
      pending.append(contentsOf: resource.resources.reversed())
    }
  }

  mutating func text(_ text: String) { piece(Array(text.utf8)) }

  mutating func piece(_ piece: [UInt8]) {
    count(piece.count)
    bytes.append(contentsOf: piece)
  }

  mutating func optional(_ text: String?) { optional(text.map { Array($0.utf8) }) }

  mutating func optional(_ piece: [UInt8]?) {
    bytes.append(piece == nil ? 0 : 1)
    if let piece { self.piece(piece) }
  }

  /// Eight bytes, the highest first.
  mutating func count(_ count: Int) {
    withUnsafeBytes(of: UInt64(count).bigEndian) { bytes.append(contentsOf: $0) }
  }
}

extension [Party] {
  /// By type, then id, byte by byte.
  var inCanonicalOrder: [Party] {
    sorted { left, right in
      let (leftType, rightType) = (left.type.wireName.bytes, right.type.wireName.bytes)
      if leftType != rightType { return leftType.lexicographicallyPrecedes(rightType) }
      return left.id.bytes.lexicographicallyPrecedes(right.id.bytes)
    }
  }
}
