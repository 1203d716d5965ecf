import Model
import Text

/// The translation of handshakes that other programs wrote into the service's form.
///
/// - CloudTrail and Steampipe spell the members `requestedTimestamp` and `requested_timestamp`, and
///   CloudTrail writes actions in lower case.
/// - PowerShell writes `{"Value": "OPEN"}` for a name and `{"value": …, "DisplayHint": 2}` for a
///   time.
enum ForeignRecord {
  /// Returns the record in the service's form; nil when there is nothing to translate.
  ///
  /// A record with some names in the service's spelling and some in another one keeps its spelling,
  /// because readers differ on it.
  static func translate(_ record: JSONValue) -> JSONValue? {
    guard case .object(let members) = record else { return nil }
    let renames = isForeign(members, .handshake)
    let written = structure(.handshake, members, renames: renames)
    return written == record ? nil : written
  }

  // Recurses as deep as the value is, which its reader limits.
  private static func structure(
    _ structure: Structure, _ members: [JSONValue.Member], renames: Bool
  ) -> JSONValue {
    let isForeign = renames && isForeign(members, structure)
    return .object(
      members.map { member in
        let index = isForeign ? structure.folded(member.name) : structure.exact(member.name)
        guard let index else { return member }
        let name = "\(structure.names[index])"
        return JSONValue.Member(
          Untrusted(name), value(of: name, member.value, in: structure, renames: renames))
      })
  }

  private static func value(
    of name: String, _ value: JSONValue, in structure: Structure, renames: Bool
  ) -> JSONValue {
    switch (structure, name) {
    case (.handshake, "Parties"): list(.party, value, renames: renames)
    case (_, "Resources"): list(.resource, value, renames: renames)
    case (.handshake, "State"): word(value, HandshakeState.self, renames: renames)
    case (.handshake, "Action"): word(value, Action.self, renames: renames)
    case (.party, "Type"): word(value, PartyType.self, renames: renames)
    case (.resource, "Type"): word(value, ResourceType.self, renames: renames)
    case (.resource, _): value
    default: unwrapped(value)
    }
  }

  /// Translates a list of structures; PowerShell may write a single one as an object.
  private static func list(
    _ structure: Structure, _ value: JSONValue, renames: Bool
  ) -> JSONValue {
    func element(_ value: JSONValue) -> JSONValue {
      guard case .object(let members) = value else { return value }
      return Self.structure(structure, members, renames: renames)
    }
    switch value {
    case .array(let elements): return .array(elements.map(element))
    case .object(let members) where members.contains(where: { structure.folded($0.name) != nil }):
      return .array([element(value)])
    default: return value
    }
  }

  /// Translates a name of the service; one in lower case becomes upper case if the members are
  /// foreign.
  private static func word<Name: WireName>(
    _ value: JSONValue, _: Name.Type, renames: Bool
  ) -> JSONValue {
    let value = unwrapped(value)
    guard renames, let text = value.string else { return value }
    let upper = text.bytes.map { $0.isASCIILowercase ? $0 & ~0x20 : $0 }
    let known = upper.withUnsafeBufferPointer { Name(knownName: $0) }
    return known.map { JSONValue.string($0.wireName) } ?? value
  }

  /// Returns the scalar within an object that contains nothing else of meaning.
  private static func unwrapped(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    var scalar: JSONValue?
    for member in members {
      switch member.name.asciiText?.lowercased() ?? "" {
      case "value" where scalar == nil: scalar = member.value
      case "displayhint", "datetime": break
      default: return value
      }
    }
    switch scalar {
    case .string?, .number?: return scalar ?? value
    default: return value
    }
  }

  /// Returns whether no known member is spelt as the service does, but some are in other spellings.
  ///
  /// Each may occur only once.
  private static func isForeign(_ members: [JSONValue.Member], _ structure: Structure) -> Bool {
    guard members.allSatisfy({ structure.exact($0.name) == nil }) else { return false }
    let places = members.compactMap { structure.folded($0.name) }
    return !places.isEmpty && Set(places).count == places.count
  }
}

extension Structure {
  /// Returns the index in `names` of exactly this name.
  fileprivate func exact(_ name: Untrusted) -> Int? {
    name.bytes.withUnsafeBufferPointer { index(of: $0) }
  }

  /// Returns the index in `names` of a name in any case, with or without underscores.
  func folded(_ name: Untrusted) -> Int? {
    misspelt(name.bytes.filter { $0 != UInt8(ascii: "_") })
  }
}

extension HandshakeDecoder {
  /// Returns the record that was just read, translated from another program's form.
  ///
  /// A record is returned unchanged when it is not damaged, when its JSON is broken, or when no
  /// known program writes it so.
  func translated(_ record: Handshake) -> Handshake {
    guard !record.damage.isEmpty, !record.isBroken else { return record }
    let source = Array(cursor.bytes[start..<cursor.offset])
    guard let value = try? JSONValue.read(source, limits: .document),
      let written = ForeignRecord.translate(value)?.json(.wire)
    else { return record }
    return written.withUnsafeBufferPointer { buffer in
      var decoder = HandshakeDecoder(JSONCursor(buffer, limits: .document))
      do throws(JSONFault) { try decoder.readRecord() } catch { return record }
      return decoder.takeRecord()
    }
  }
}

extension Handshake {
  /// Whether the JSON of the record was broken.
  var isBroken: Bool { damage.contains { $0.fault == .broken } }

  /// Whether a JSON object that was read as a handshake is one, however damaged.
  ///
  /// Other objects have an `Id`, an `Arn`, a `State` or `Resources` too.
  var isRecognisable: Bool {
    if id != nil || arn != nil || !parties.isEmpty || requested != nil || expires != nil
      || isBroken || (state != nil && action != nil)
    {
      return true
    }
    return damage.contains { damage in
      guard damage.fault != .missing else { return false }
      let text = damage.text?.bytes ?? []
      switch damage.place.lowercased() {
      case "id": return text.starts(with: "\"h-".utf8)
      case "arn": return String(decoding: text, as: UTF8.self).utf8.contains(":handshake/".utf8)
      case "requestedtimestamp", "expirationtimestamp": return true
      case let place: return place.hasPrefix("parties")
      }
    }
  }
}
