import Model
import Text
import Wire

/// A JSON file in which the AWS CLI keeps a login.
///
/// Members that we do not know are kept.
struct CacheDocument {
  let path: String
  /// The file's content, with tokens; kept in memory only while the file is changed.
  private(set) var value: JSONValue

  /// Reads a file, or returns nil if there is none.
  ///
  /// - Throws: `CredentialsFault` with `.unreadable` if the file cannot be read or is not a JSON
  ///   object.
  static func read(
    _ path: String, _ context: SourceContext, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> CacheDocument? {
    guard let bytes = try context.fileIfAny(path, for: source) else { return nil }
    guard let value = try? JSONValue.read(bytes), value.object != nil else {
      throw context.fault(.unreadable, from: source, "\(path): not a JSON object")
    }
    return CacheDocument(path: path, value: value)
  }

  /// Returns a document without members, for a file that does not exist yet.
  static func empty(_ path: String) -> CacheDocument {
    CacheDocument(path: path, value: .object([]))
  }

  /// Sets a member in its present position, or appends it; nil removes it.
  mutating func set(_ name: String, _ member: JSONValue?) {
    value = value.setting(name, member)
  }

  /// Replaces the file in one step, readable by the operator alone.
  ///
  /// - Throws: `CredentialsFault` with `.unreadable` if the file cannot be written.
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
  /// Returns the object with one member changed, appended or, if `member` is nil, removed.
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
  /// The time as the AWS CLI writes a token's expiry: `2026-11-23T02:15:48Z`.
  var cacheText: String { String(journalText.prefix(19)) + "Z" }
}
