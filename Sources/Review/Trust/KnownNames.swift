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

/// What is odd about the name that a sender gives itself. Its text is never changed: it is marked.
public enum NameMark: Hashable, Sendable {
  /// It can be mistaken for this organization of the trust list, and is another.
  case looksLike(Untrusted)
  case mixedScripts
  case foreignDigits
}

/// The known organization that a name can be mistaken for.
public struct LookAlike: Hashable, Sendable {
  /// The name under which it is known.
  public var name: Untrusted
  public var organization: OrganizationID
  /// Its management account.
  public var account: AccountID
}

extension TrustList {
  /// Returns what is odd about a sender's name; nothing for a sender that is listed.
  public func marks(of handshake: Handshake) -> [NameMark] {
    guard !isSender(of: handshake), let name = handshake.senderName else { return [] }
    var marks: [NameMark] = []
    if let known = match(of: name, besides: KnownNames.Owner(of: handshake)) {
      marks.append(.looksLike(known.name))
    }
    if Skeleton.mixesScripts(name) { marks.append(.mixedScripts) }
    if Skeleton.hasForeignDigits(name) { marks.append(.foreignDigits) }
    return marks
  }

  /// Whether an unlisted sender can be mistaken for a known organization.
  public func hasLookAlike(_ handshake: Handshake) -> Bool { lookAlike(of: handshake) != nil }

  /// Returns the known organization that an unlisted sender can be mistaken for.
  public func lookAlike(of handshake: Handshake) -> LookAlike? {
    guard knowsNames, !isSender(of: handshake), let name = handshake.senderName else { return nil }
    return match(of: name, besides: KnownNames.Owner(of: handshake))
  }

  /// Returns the known organization that another one can be mistaken for by any of its names.
  public func lookAlike(
    of organization: OrganizationID, managedBy account: AccountID, named names: [Untrusted]
  ) -> LookAlike? {
    let owner = KnownNames.Owner(organization: organization, account: account)
    for name in names {
      if let found = match(of: name, besides: owner) { return found }
    }
    return nil
  }

  /// Returns every name known of an organization: the operator's own first, then those that it was seen
  /// under.
  public func names(
    of organization: OrganizationID, managedBy account: AccountID
  ) -> [Untrusted] {
    let owner = KnownNames.Owner(organization: organization, account: account)
    let given = givenNames.names(of: owner)
    return given + seenNames.names(of: owner).filter { !given.contains($0) }
  }

  private var knowsNames: Bool { !givenNames.isEmpty || !seenNames.isEmpty }

  private func isSender(of handshake: Handshake) -> Bool {
    KnownNames.Owner(of: handshake).map { contains($0.organization, managedBy: $0.account) }
      ?? false
  }

  private func match(of name: Untrusted, besides owner: KnownNames.Owner?) -> LookAlike? {
    guard knowsNames else { return nil }
    let shape = NameShape(name)
    return givenNames.match(shape, besides: owner) ?? seenNames.match(shape, besides: owner)
  }
}

extension NameMark {
  /// Whether it is about what the name is written with, not about whose name it looks like.
  public var isAboutLetters: Bool { self == .mixedScripts || self == .foreignDigits }

  public func words(in charset: Charset) -> String {
    switch self {
    case .looksLike(let name):
      "LOOK-ALIKE: it is not your \(Sanitiser.render(name, for: .dialog, in: charset))"
    case .mixedScripts: "mixed scripts"
    case .foreignDigits: "digits that are not 0-9"
    }
  }
}
