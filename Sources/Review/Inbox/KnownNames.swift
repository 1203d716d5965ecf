import Model
import ReviewJournal
import Text

/// The names of known organizations, with the shapes by which look-alikes are found.
///
/// Only organizations that the operator trusts or has joined add names, each at most `namesKept`.
/// Which names are kept does not depend on the order in which they were seen.
struct KnownNames: Sendable {
  /// An organization with its management account, which a sender cannot forge.
  struct Owner: Hashable, Sendable {
    var organization: OrganizationID
    var account: AccountID
  }

  /// A name with its shape.
  private struct Entry: Sendable {
    var name: Untrusted
    var shape: NameShape
  }

  /// The number of names kept for one organization: the first in the order of their bytes.
  static let namesKept = 16
  /// The number of known organizations above which no further unlisted one is added.
  static let othersKept = 1_000

  /// The names of each organization, in the order of their bytes.
  private var entries: [Owner: [Entry]] = [:]

  /// Whether no name is known.
  var isEmpty: Bool { entries.isEmpty }

  /// The number of organizations with a known name.
  var count: Int { entries.count }

  /// Returns whether a name of this organization is known.
  func contains(_ owner: Owner) -> Bool { entries[owner] != nil }

  /// Adds a name unless it is empty, has an empty shape, is known, or comes after the `namesKept`
  /// names that are known already.
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

  /// Returns a known name of another organization than `owner` that `shape` can be mistaken for;
  /// nil when there is none.
  ///
  /// Of several, the first in the order of organizations and names is returned.
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

  /// Returns the known names of one organization, in the order of their bytes.
  func names(of owner: Owner) -> [Untrusted] { entries[owner]?.map(\.name) ?? [] }
}

extension KnownNames.Owner {
  /// The sender in the ARN of a handshake; nil when the record has no ARN or contradicts itself.
  init?(of handshake: Handshake) {
    guard let arn = handshake.arn, !handshake.isAmbiguous else { return nil }
    self.init(organization: arn.organization, account: arn.account)
  }

  /// Returns whether this owner comes first in the order of organization id and account id.
  fileprivate func precedes(_ other: Self) -> Bool {
    (organization.text, account.text) < (other.organization.text, other.account.text)
  }
}

/// A warning about the name that a sender gives itself.
///
/// The name's text is never changed, only marked.
public enum NameMark: Hashable, Sendable {
  /// The name can be mistaken for this name of another, known organization (DOM-13.4).
  case looksLike(Untrusted)
  /// The name mixes scripts (DOM-13.6).
  case mixedScripts
  /// The name has digits other than 0 to 9 (DOM-13.6).
  case foreignDigits
}

/// The known organization that a name can be mistaken for.
public struct LookAlike: Hashable, Sendable {
  /// The name under which the organization is known.
  public var name: Untrusted
  /// The organization's id.
  public var organization: OrganizationID
  /// The organization's management account.
  public var account: AccountID
}

extension TrustList {
  /// Returns the warnings about a sender's name; none for a sender in the trust list.
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

  /// Returns whether an unlisted sender can be mistaken for a known organization.
  public func hasLookAlike(_ handshake: Handshake) -> Bool { lookAlike(of: handshake) != nil }

  /// Returns the known organization that an unlisted sender can be mistaken for; nil when there is
  /// none.
  public func lookAlike(of handshake: Handshake) -> LookAlike? {
    guard knowsNames, !isSender(of: handshake), let name = handshake.senderName else { return nil }
    return match(of: name, besides: KnownNames.Owner(of: handshake))
  }

  /// Returns the known organization that another one can be mistaken for by any of its names; nil
  /// when there is none.
  public func lookAlike(
    of organization: OrganizationID, managedBy account: AccountID, named names: [Untrusted]
  ) -> LookAlike? {
    let owner = KnownNames.Owner(organization: organization, account: account)
    for name in names {
      if let found = match(of: name, besides: owner) { return found }
    }
    return nil
  }

  /// Returns every known name of an organization: first the operator's own, then those it was seen
  /// under.
  public func names(
    of organization: OrganizationID, managedBy account: AccountID
  ) -> [Untrusted] {
    let owner = KnownNames.Owner(organization: organization, account: account)
    let given = givenNames.names(of: owner)
    return given + seenNames.names(of: owner).filter { !given.contains($0) }
  }

  /// Whether there is any name to compare with.
  private var knowsNames: Bool { !givenNames.isEmpty || !seenNames.isEmpty }

  /// Returns whether a handshake's sender is in the trust list.
  private func isSender(of handshake: Handshake) -> Bool {
    KnownNames.Owner(of: handshake).map { contains($0.organization, managedBy: $0.account) }
      ?? false
  }

  /// Returns the known organization other than `owner` that `name` can be mistaken for; names in
  /// the trust list come before names that were seen.
  private func match(of name: Untrusted, besides owner: KnownNames.Owner?) -> LookAlike? {
    guard knowsNames else { return nil }
    let shape = NameShape(name)
    return givenNames.match(shape, besides: owner) ?? seenNames.match(shape, besides: owner)
  }
}

extension NameMark {
  /// Whether the warning is about the characters of the name, not about the organization it
  /// resembles.
  public var isAboutLetters: Bool { self == .mixedScripts || self == .foreignDigits }

  /// Returns the warning in words for a dialog, with a known name sanitised.
  public func words(in charset: Charset) -> String {
    switch self {
    case .looksLike(let name):
      "LOOK-ALIKE: it is not your \(Sanitiser.render(name, for: .dialog, in: charset))"
    case .mixedScripts: "mixed scripts"
    case .foreignDigits: "digits that are not 0-9"
    }
  }
}
