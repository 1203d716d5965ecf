import Model
import Text

/// What is odd about the name that a sender gives itself. Its text is never changed: it is marked.
public enum NameMark: Hashable, Sendable {
  /// It can be mistaken for this organization of the trust list, and is another.
  case looksLike(Untrusted)
  case mixedScripts
  case foreignDigits
}

extension TrustList {
  /// What is odd about a sender's name; nothing for a sender that is listed.
  public func marks(of handshake: Handshake) -> [NameMark] {
    guard !isSender(of: handshake), let name = handshake.senderName else { return [] }
    var marks: [NameMark] = []
    if let known = lookAlike(of: name, in: handshake) { marks.append(.looksLike(known)) }
    if Skeleton.mixesScripts(name) { marks.append(.mixedScripts) }
    if Skeleton.hasForeignDigits(name) { marks.append(.foreignDigits) }
    return marks
  }

  /// Whether an unlisted sender can be mistaken for a known organization.
  public func hasLookAlike(_ handshake: Handshake) -> Bool {
    guard knowsNames, !isSender(of: handshake), let name = handshake.senderName else {
      return false
    }
    return lookAlike(of: name, in: handshake) != nil
  }

  private var knowsNames: Bool { !givenNames.isEmpty || !seenNames.isEmpty }

  private func isSender(of handshake: Handshake) -> Bool {
    KnownNames.Owner(of: handshake).map { contains($0.organization, managedBy: $0.account) }
      ?? false
  }

  private func lookAlike(of name: Untrusted, in handshake: Handshake) -> Untrusted? {
    guard knowsNames else { return nil }
    let shape = NameShape(name)
    let owner = KnownNames.Owner(of: handshake)
    return givenNames.name(like: shape, besides: owner)
      ?? seenNames.name(like: shape, besides: owner)
  }
}

extension NameMark {
  public func words(in charset: Charset) -> String {
    switch self {
    case .looksLike(let name):
      "looks like \(Sanitiser.render(name, for: .dialog, in: charset)), and is another"
    case .mixedScripts: "mixed scripts"
    case .foreignDigits: "digits that are not 0-9"
    }
  }
}
