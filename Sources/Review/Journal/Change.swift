import Crypto
import Model
import Text

/// One difference between a handshake as it was seen and as it is now.
public struct Change: Hashable, Sendable {
  /// The part of the handshake that differs.
  public var field: Field
  /// The value that was seen; nil if there was none.
  public var before: Untrusted?
  /// The value that is there now; nil if it is gone.
  public var now: Untrusted?

  /// Creates a difference in one field.
  public init(_ field: Field, before: Untrusted?, now: Untrusted?) {
    self.field = field
    self.before = before
    self.now = now
  }

  /// The part of a handshake that differs.
  public enum Field: Hashable, Sendable {
    case id
    case arn
    case action
    case state
    case requested
    case expires
    /// A party of this type was added or removed.
    case party(PartyType)
    /// The resource at this position of the tree: the types from the top down to it.
    case resource([ResourceType])
    /// The number of parts of the record that could not be read.
    case damage
  }
}

extension Change {
  /// Returns the differences, member by member.
  ///
  /// The result is empty if the handshakes have the same fingerprint for one account and place.
  public static func difference(seen: Handshake, now: Handshake) -> [Change] {
    var changes: [Change] = []
    func compare(_ field: Field, _ before: Untrusted?, _ after: Untrusted?) {
      if before != after { changes.append(Change(field, before: before, now: after)) }
    }
    compare(.id, seen.id.map { Untrusted($0.text) }, now.id.map { Untrusted($0.text) })
    compare(.arn, seen.arn.map { Untrusted($0.text) }, now.arn.map { Untrusted($0.text) })
    compare(.action, seen.action?.wireName, now.action?.wireName)
    compare(.state, seen.state?.wireName, now.state?.wireName)
    compare(.requested, seen.requested?.asChange, now.requested?.asChange)
    compare(.expires, seen.expires?.asChange, now.expires?.asChange)
    changes += partyChanges(seen.parties, now.parties)
    changes += resourceChanges(seen.resources, now.resources)
    let damages = [seen, now].map { Untrusted(String($0.damage.count)) }
    compare(.damage, damages[0], damages[1])
    return changes
  }

  private static func partyChanges(_ seen: [Party], _ now: [Party]) -> [Change] {
    let gone = seen.inCanonicalOrder.without(now).map { party in
      Change(.party(party.type), before: party.id, now: nil)
    }
    let came = now.inCanonicalOrder.without(seen).map { party in
      Change(.party(party.type), before: nil, now: party.id)
    }
    return gone + came
  }

  /// Pairs the resources by their position in the tree; those nearest to the top come first.
  private static func resourceChanges(_ seen: [Resource], _ now: [Resource]) -> [Change] {
    var changes: [Change] = []
    var pending: [(path: [ResourceType], seen: [Resource], now: [Resource])] = [([], seen, now)]
    var visited = 0
    while visited < pending.count {
      let level = pending[visited]
      visited += 1
      for index in 0..<max(level.seen.count, level.now.count) {
        let before = level.seen.indices.contains(index) ? level.seen[index] : nil
        let after = level.now.indices.contains(index) ? level.now[index] : nil
        guard before != after else { continue }
        let path = level.path + [(after ?? before)?.type].compactMap(\.self)
        if before?.type != after?.type {
          changes += [before, after].compactMap(\.self).map { resource in
            Change(
              .resource(level.path + [resource.type]),
              before: resource == before ? resource.shownValue : nil,
              now: resource == after ? resource.shownValue : nil)
          }
          continue
        }
        if before?.value != after?.value || before?.deeper != after?.deeper {
          changes.append(
            Change(.resource(path), before: before?.shownValue, now: after?.shownValue))
        }
        pending.append((path, before?.resources ?? [], after?.resources ?? []))
      }
    }
    return changes
  }
}

extension Timestamp {
  fileprivate var asChange: Untrusted { Untrusted(journalText) }
}

extension Resource {
  /// Its value, or the empty text: nil means that the resource is missing.
  fileprivate var shownValue: Untrusted { value ?? Untrusted("") }
}

extension [Party] {
  /// Returns the parties that are not in `others`, each counted as often as it occurs there.
  fileprivate func without(_ others: [Party]) -> [Party] {
    var left = others.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return filter { party in
      guard let count = left[party], count > 0 else { return true }
      left[party] = count - 1
      return false
    }
  }
}

/// The SHA-256 that binds an answer to what was seen.
///
/// It covers every member of the handshake, the account that would act and the service it came
/// from. Each piece is hashed with its length in front, as the bytes it has on the wire, so that no
/// two different handshakes give the same input (SEC-4.2.1).
public struct Fingerprint: Hashable, Sendable {
  /// The 32 bytes of the hash.
  public let digest: [UInt8]

  /// Computes the fingerprint of a handshake for the acting account at one service.
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

  /// Returns nil unless `hex` is 64 lower-case hexadecimal digits.
  public init?(hex: some StringProtocol) {
    guard let digest = Hexadecimal.lowerCaseBytes(hex), digest.count == 32 else { return nil }
    self.digest = digest
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { digest.hexadecimal }
}

/// The input of a fingerprint's hash.
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

  /// Adds the parties as a set: the service changes their order between two replies.
  mutating func parties(_ parties: [Party]) {
    count(parties.count)
    for party in parties.inCanonicalOrder {
      piece(party.type.wireName.bytes)
      piece(party.id.bytes)
    }
  }

  /// Adds the resources depth first, with an explicit stack because a tree may be deep.
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

  /// Adds a number as eight bytes, the highest first.
  mutating func count(_ count: Int) {
    withUnsafeBytes(of: UInt64(count).bigEndian) { bytes.append(contentsOf: $0) }
  }
}

extension [Party] {
  /// The parties sorted by type, then id, byte by byte.
  var inCanonicalOrder: [Party] {
    sorted { left, right in
      let (leftType, rightType) = (left.type.wireName.bytes, right.type.wireName.bytes)
      if leftType != rightType { return leftType.lexicographicallyPrecedes(rightType) }
      return left.id.bytes.lexicographicallyPrecedes(right.id.bytes)
    }
  }
}
