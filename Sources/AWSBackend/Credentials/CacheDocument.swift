import Model
import Text
import Wire

/// One of the JSON files in which the AWS CLI keeps a login. What we do not know of it is kept.
struct CacheDocument {
  let path: String
  /// Holds tokens: lives as long as a change takes.
  private(set) var value: JSONValue

  /// Nil when there is no file.
  static func read(
    _ path: String, _ context: SourceContext, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> CacheDocument? {
    guard let bytes = try context.fileIfAny(path, for: source) else { return nil }
    guard let value = try? JSONValue.read(bytes), value.object != nil else {
      throw context.fault(.unreadable, from: source, "\(path): not a JSON object")
    }
    return CacheDocument(path: path, value: value)
  }

  static func empty(_ path: String) -> CacheDocument {
    CacheDocument(path: path, value: .object([]))
  }

  /// Sets a member where it stands, or behind the others. Nil takes it out.
  mutating func set(_ name: String, _ member: JSONValue?) {
    value = value.setting(name, member)
  }

  /// In one step, readable by the operator alone.
  func write(
    _ context: SourceContext, for source: CredentialsFault.Source
  ) throws(CredentialsFault) {
    do {
      try context.world.files.replace(path, with: value.json(.line))
    } catch {
      throw context.fault(.unreadable, from: source, "\(error.path): \(error.detail)")
    }
  }
}

extension CacheDocument: CustomStringConvertible, CustomReflectable {
  var description: String { "‹login›" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension JSONValue {
  /// The object with one member changed, added or (nil) taken out.
  func setting(_ name: String, _ member: JSONValue?) -> JSONValue {
    var members = object ?? []
    let place = members.firstIndex { $0.name == Untrusted(name) }
    switch (place, member) {
    case (let place?, let member?): members[place].value = member
    case (let place?, nil): members.remove(at: place)
    case (nil, let member?): members.append(Member(Untrusted(name), member))
    case (nil, nil): break
    }
    return .object(members)
  }
}

extension Timestamp {
  /// `2026-11-23T02:15:48Z`, as the AWS CLI writes ends of tokens.
  var cacheText: String { String(journalText.prefix(19)) + "Z" }
}
