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
