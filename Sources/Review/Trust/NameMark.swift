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
  /// For a sender that is listed there is nothing to warn of.
  public func marks(of handshake: Handshake) -> [NameMark] {
    guard !isSender(of: handshake), let name = handshake.senderName else { return [] }
    var marks: [NameMark] = []
    if let known = lookAlike(of: name) { marks.append(.looksLike(known)) }
    if Skeleton.mixesScripts(name) { marks.append(.mixedScripts) }
    if Skeleton.hasForeignDigits(name) { marks.append(.foreignDigits) }
    return marks
  }

  /// Whether the sender can be mistaken for an organization of the list, and is none of them.
  public func hasLookAlike(_ handshake: Handshake) -> Bool {
    guard !names.isEmpty, !isSender(of: handshake) else { return false }
    return handshake.senderName.flatMap(lookAlike) != nil
  }

  private func isSender(of handshake: Handshake) -> Bool {
    handshake.arn.map { contains($0.organization, managedBy: $0.account) } ?? false
  }

  private func lookAlike(of name: Untrusted) -> Untrusted? {
    names.isEmpty ? nil : names[Skeleton.of(name)]
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
