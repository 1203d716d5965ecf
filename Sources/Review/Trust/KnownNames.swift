import Model
import Text

/// Names under which known organizations are known, by what they look like.
///
/// Only organizations that the operator trusts or has joined put names in, each at most
/// `namesKept`: which ones does not depend on the order in which they were seen.
struct KnownNames: Sendable {
  /// An organization with its management account: what a sender cannot forge.
  struct Owner: Hashable, Sendable {
    var organization: OrganizationID
    var account: AccountID
  }

  private struct Entry: Sendable {
    var name: Untrusted
    var shape: NameShape
  }

  /// Of one organization.
  static let namesKept = 16
  /// Organizations that are not in the trust list.
  static let othersKept = 1_000

  /// In the order of their bytes.
  private var entries: [Owner: [Entry]] = [:]

  var isEmpty: Bool { entries.isEmpty }

  /// The organizations that names are known of.
  var count: Int { entries.count }

  func contains(_ owner: Owner) -> Bool { entries[owner] != nil }

  mutating func add(_ name: Untrusted, of owner: Owner) {
    guard !name.isEmpty else { return }
    let known = entries[owner, default: []]
    let place = known.firstIndex { !$0.name.bytes.lexicographicallyPrecedes(name.bytes) }
    if let place, known[place].name == name { return }
    if place == nil, known.count >= Self.namesKept { return }
    let shape = NameShape(name)
    guard !shape.isEmpty else { return }
    entries[owner, default: []].insert(Entry(name: name, shape: shape), at: place ?? known.count)
    if known.count >= Self.namesKept { entries[owner]?.removeLast() }
  }

  /// Returns a known name of another organization than `owner` that `shape` can be mistaken for; of
  /// several, the first in the order of the organizations and names.
  func match(_ shape: NameShape, besides owner: Owner?) -> LookAlike? {
    var found: (owner: Owner, name: Untrusted)?
    for (other, names) in entries where other != owner {
      if let found, !other.precedes(found.owner) { continue }
      if let entry = names.first(where: { $0.shape.isLike(shape) }) { found = (other, entry.name) }
    }
    return found.map {
      LookAlike(name: $0.name, organization: $0.owner.organization, account: $0.owner.account)
    }
  }

  /// Returns the names known of one organization, in the order of their bytes.
  func names(of owner: Owner) -> [Untrusted] { entries[owner]?.map(\.name) ?? [] }
}

extension KnownNames.Owner {
  /// The sender of a handshake by its ARN; nil when the record contradicts itself.
  init?(of handshake: Handshake) {
    guard let arn = handshake.arn, !handshake.isAmbiguous else { return nil }
    self.init(organization: arn.organization, account: arn.account)
  }

  fileprivate func precedes(_ other: Self) -> Bool {
    (organization.text, account.text) < (other.organization.text, other.account.text)
  }
}
