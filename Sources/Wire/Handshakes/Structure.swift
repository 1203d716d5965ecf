import Model
import Text

/// A structure of the service whose members are known.
enum Structure {
  case handshake
  case party
  case resource

  /// The names of its members, in the order of the service model.
  var names: [StaticString] {
    switch self {
    case .handshake: Self.handshakeNames
    case .party: Self.partyNames
    case .resource: Self.resourceNames
    }
  }

  private static let handshakeNames: [StaticString] = [
    "Id", "Arn", "Parties", "State", "RequestedTimestamp", "ExpirationTimestamp", "Action",
    "Resources",
  ]
  private static let partyNames: [StaticString] = ["Id", "Type"]
  private static let resourceNames: [StaticString] = ["Value", "Type", "Resources"]

  /// Returns the index in `names` of a member's name; its length distinguishes nearly all of them.
  func index(of name: UnsafeBufferPointer<UInt8>) -> Int? {
    switch (self, name.count) {
    case (.resource, 5): name.equals("Value") ? 0 : nil
    case (.resource, 4), (.party, 4): name.equals("Type") ? 1 : nil
    case (.resource, 9): name.equals("Resources") ? 2 : nil
    case (.party, 2), (.handshake, 2): name.equals("Id") ? 0 : nil
    case (.handshake, 3): name.equals("Arn") ? 1 : nil
    case (.handshake, 7): name.equals("Parties") ? 2 : nil
    case (.handshake, 5): name.equals("State") ? 3 : nil
    case (.handshake, 18): name.equals("RequestedTimestamp") ? 4 : nil
    case (.handshake, 19): name.equals("ExpirationTimestamp") ? 5 : nil
    case (.handshake, 6): name.equals("Action") ? 6 : nil
    case (.handshake, 9): name.equals("Resources") ? 7 : nil
    default: nil
    }
  }

  /// Returns the index in `names` of the name that equals `name` when case is ignored.
  func misspelt(_ name: [UInt8]) -> Int? {
    names.firstIndex { known in
      known.utf8CodeUnitCount == name.count
        && known.withUTF8Buffer { zip($0, name).allSatisfy { ($0 ^ $1) & ~0x20 == 0 } }
    }
  }
}

/// An object of which some members have been read.
struct OpenObject {
  let structure: Structure
  /// The offset of its first member.
  let start: Int
  var isFirst = true
  /// The known members that occurred, one bit each.
  var seen: UInt16 = 0
  /// The known members that occurred and were not null, one bit each.
  var present: UInt16 = 0
  /// The names that the service model does not have.
  var others: Set<[UInt8]> = []
  /// The known members that occurred more than once, one bit each.
  var doubtful: UInt16 = 0
  /// The known members that occurred in another case, one bit each.
  var misspelt: UInt16 = 0

  init(_ structure: Structure, at start: Int) {
    self.structure = structure
    self.start = start
  }

  /// Returns whether the member with this index occurred and was not null.
  func isPresent(_ index: Int) -> Bool { present & (1 << UInt16(index)) != 0 }
}

extension HandshakeDecoder {
  /// Steps to the value of the next known member of `object` that is not null, and returns its
  /// index.
  ///
  /// The result is nil at the end of the object. Other members are skipped, repeated and misspelt
  /// ones noted.
  ///
  /// - Throws: The first fault of the JSON, or `.unexpectedByte` at a member `Parties` of a party
  ///   or resource when the record is not closed.
  mutating func member(of object: inout OpenObject) throws(JSONFault) -> Int? {
    while true {
      if object.isFirst {
        object.isFirst = false
        if try cursor.take(Byte.closeObject) { return nil }
      } else if try !cursor.takeComma(or: Byte.closeObject) {
        return nil
      }
      let key = try cursor.key()
      guard let index = index(of: key, in: object.structure) else {
        try readOther(key, of: &object)
        continue
      }
      let bit: UInt16 = 1 << UInt16(index)
      guard object.seen & bit == 0 else {
        object.doubtful |= bit
        try cursor.skipValue()
        continue
      }
      object.seen |= bit
      if try cursor.takeNull() { continue }
      object.present |= bit
      return index
    }
  }

  @inline(__always)
  private func index(of key: StringToken, in structure: Structure) -> Int? {
    guard key.hasEscapes else { return structure.index(of: cursor.raw(key)) }
    return cursor.unescaped(key).bytes.withUnsafeBufferPointer { structure.index(of: $0) }
  }

  /// Skips a member that the model does not have, and notes it if readers might take it for a known
  /// one.
  ///
  /// Newer services may send such members. Only handshakes have `Parties`: an object among parties
  /// or resources that has them is the next record, and the list around it was never closed. If the
  /// record is valid JSON as a whole, the list was closed, and the member is skipped like others.
  private mutating func readOther(
    _ key: StringToken, of object: inout OpenObject
  ) throws(JSONFault) {
    let name = cursor.unescaped(key).bytes
    if object.structure != .handshake, name.elementsEqual("Parties".utf8), !recordIsWhole() {
      throw JSONFault(.unexpectedByte, at: key.start)
    }
    if !object.others.insert(name).inserted { note(.duplicateKey, at: nil) }
    cursor.skipSpace()
    let start = cursor.offset
    if try cursor.skipValueFindingDuplicates() { note(.duplicateKey, at: nil) }
    if let index = object.structure.misspelt(name) {
      object.misspelt |= 1 << UInt16(index)
      note(.misspelt, at: String(decoding: name, as: UTF8.self), text: start..<cursor.offset)
    }
  }

  /// Returns the known members of a closed object that occurred more than once, and notes their
  /// values.
  ///
  /// The spellings may differ. None of the values is used.
  mutating func doubtful(in object: OpenObject) -> UInt16 {
    let doubtful = object.doubtful | (object.misspelt & object.seen)
    guard doubtful != 0 else { return 0 }
    let end = cursor.offset
    cursor.offset = object.start
    defer { cursor.offset = end }
    // The object was read once, so this cannot fail.
    try? noteValues(of: doubtful, in: object.structure)
    return doubtful
  }

  private mutating func noteValues(
    of doubtful: UInt16, in structure: Structure
  ) throws(JSONFault) {
    guard try !cursor.take(Byte.closeObject) else { return }
    repeat {
      let index = index(of: try cursor.key(), in: structure)
      cursor.skipSpace()
      let start = cursor.offset
      try cursor.skipValue()
      guard let index, doubtful & (1 << UInt16(index)) != 0 else { continue }
      note(
        .duplicateKey, at: "\(structure.names[index])", text: start..<cursor.offset)
    } while try cursor.takeComma(or: Byte.closeObject)
  }

  /// Returns whether the record is valid JSON followed by a neighbour or the end of its container.
  ///
  /// A record that was never closed ends at the end of the text, if at all.
  private mutating func recordIsWhole() -> Bool {
    if let isWhole { return isWhole }
    var probe = cursor
    probe.offset = start
    let follower = (try? probe.skipValue()).flatMap { _ in try? probe.peek() }
    let isSound = follower.map([Byte.comma, Byte.closeArray, Byte.closeObject].contains) ?? false
    isWhole = isSound
    return isSound
  }

  /// Reads a text; nil for another type, which is noted.
  ///
  /// Malformed Unicode is noted and kept.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func string(_ member: String) throws(JSONFault) -> Untrusted? {
    guard let token = try stringToken(member) else { return nil }
    let (text, isWellFormed) = cursor.text(token)
    if !isWellFormed { note(.malformed, at: member) }
    return text
  }

  /// Reads a name of the service, known or not; nil for another type, which is noted.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func name<Name: WireName>(_ member: String) throws(JSONFault) -> Name? {
    guard let token = try stringToken(member) else { return nil }
    if !token.hasEscapes, let known = Name(knownName: cursor.raw(token)) { return known }
    let (text, isWellFormed) = cursor.text(token)
    if !isWellFormed { note(.malformed, at: member) }
    return Name(wireName: text)
  }

  /// Reads an identifier with `make`; nil for another type or a malformed one, which is noted.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func identifier<ID>(
    _ member: String, _ make: (UnsafeBufferPointer<UInt8>) -> ID?
  ) throws(JSONFault) -> ID? {
    guard let token = try stringToken(member) else { return nil }
    let id =
      token.hasEscapes
      ? cursor.unescaped(token).bytes.withUnsafeBufferPointer(make) : make(cursor.raw(token))
    if let id { return id }
    note(.malformed, at: member, text: token.start - 1..<token.end + 1)
    return nil
  }

  /// Reads a time in any form of `Timestamp(reading:)` or since 1970; nil when it is not one.
  ///
  /// A malformed time or another type is noted.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func time(_ member: String) throws(JSONFault) -> Timestamp? {
    let first = try cursor.peek()
    if first == Byte.quote {
      let token = try cursor.string()
      let time =
        token.hasEscapes
        ? Timestamp(reading: cursor.unescaped(token).bytes) : Timestamp(reading: cursor.raw(token))
      if let time { return time }
      note(.malformed, at: member, text: token.start - 1..<token.end + 1)
    } else if first == UInt8(ascii: "-") || Byte.isDigit(first) {
      let number = try cursor.number()
      let text = UnsafeBufferPointer(rebasing: cursor.bytes[number])
      if let time = Timestamp(plainEpochSeconds: text) ?? Timestamp(epochNumber: text) {
        return time
      }
      note(.malformed, at: member, text: number)
    } else {
      try skipWrongType(member)
    }
    return nil
  }

  @inline(__always)
  private mutating func stringToken(_ member: String) throws(JSONFault) -> StringToken? {
    if try cursor.peek() == Byte.quote { return try cursor.string() }
    try skipWrongType(member)
    return nil
  }

  /// Steps into the list that should be next; skips and notes another type, and returns false.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func nextIsArray(_ member: String) throws(JSONFault) -> Bool {
    if try cursor.take(Byte.openArray) { return true }
    try skipWrongType(member)
    return false
  }

  /// Steps into the list element that should be an object; skips and notes another type.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func nextIsObject() throws(JSONFault) -> Bool {
    if try cursor.take(Byte.openObject) { return true }
    try skipWrongType(nil)
    return false
  }

  private mutating func skipWrongType(_ member: String?) throws(JSONFault) {
    cursor.skipSpace()
    let start = cursor.offset
    try cursor.skipValue()
    note(.wrongType, at: member, text: start..<cursor.offset)
  }
}

// MARK: Damage

extension HandshakeDecoder {
  /// The greatest number of faults noted for one record.
  ///
  /// It is enough to write any honest record back, and too few for a hostile one to fill memory.
  private static var damageNamed: Int { 256 }

  /// Notes a fault of `member`, or of the structure being read when nil, with the JSON in `text`.
  mutating func note(_ fault: Damage.Fault, at member: String?, text: Range<Int>? = nil) {
    guard handshake.damage.count < Self.damageNamed else { return }
    let kept = text.map { range in
      // Compact, whatever the layout of the text.
      var writer = JSONWriter(.wire)
      writer.value(jsonSource: Untrusted(bytes: Array(cursor.bytes[range])))
      return Untrusted(bytes: writer.bytes)
    }
    handshake.damage.append(Damage(fault, at: place(of: member), text: kept))
  }

  /// Notes every known member of a closed object that was absent or null.
  mutating func noteMissing(in object: OpenObject) {
    for index in object.structure.names.indices where !object.isPresent(index) {
      let name = "\(object.structure.names[index])"
      note(.missing, at: name)
    }
  }

  /// Returns the place of a member, `Parties[1].Id`; the empty text for the record itself.
  private func place(of member: String?) -> String {
    var place = ""
    for step in path {
      if !place.isEmpty { place += "." }
      place += "\(step.list)[\(step.index)]"
    }
    guard let member else { return place }
    return place.isEmpty ? member : place + "." + member
  }
}
