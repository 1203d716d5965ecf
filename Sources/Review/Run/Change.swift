import Crypto
import Model
import Text

/// One thing about a handshake that is not as it was when it was seen.
public struct Change: Hashable, Sendable {
  public var field: Field
  /// What was seen; nil when it was not there.
  public var before: Untrusted?
  /// What is there now; nil when it is gone.
  public var now: Untrusted?

  public init(_ field: Field, before: Untrusted?, now: Untrusted?) {
    self.field = field
    self.before = before
    self.now = now
  }

  public enum Field: Hashable, Sendable {
    case id
    case arn
    case action
    case state
    case requested
    case expires
    /// A party of this type came or went.
    case party(PartyType)
    /// The resource at this place of the tree: the types from the top down to it.
    case resource([ResourceType])
    /// More or fewer parts of the record could not be read.
    case damage
  }
}

extension Change {
  /// What differs, member by member; empty when the handshakes have the same fingerprint for one
  /// account and place.
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

  /// Pairs the resources up by their place in the tree; the nearest to the top come first.
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
  /// Its value, or the empty text: that it is there at all is told by not being nil.
  fileprivate var shownValue: Untrusted { value ?? Untrusted("") }
}

extension [Party] {
  /// Those that are not in `others`, each counted as often as it stands there.
  fileprivate func without(_ others: [Party]) -> [Party] {
    var left = others.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return filter { party in
      guard let count = left[party], count > 0 else { return true }
      left[party] = count - 1
      return false
    }
  }
}

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
