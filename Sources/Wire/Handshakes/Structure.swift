import Model
import Text

/// A structure of the service whose members are known.
enum Structure {
  case handshake
  case party
  case resource

  /// The names of its members, in the service model's order.
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

  /// Where in `names` a member's name stands. The lengths tell nearly all of them apart.
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

  /// Where in `names` the one stands that `name` is but for the case of its letters.
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
  /// Where its first member stands.
  let start: Int
  var isFirst = true
  /// The known members that stood there, one bit each; and those of them that were not null.
  var seen: UInt16 = 0
  var present: UInt16 = 0
  /// Names that the model does not have.
  var others: Set<[UInt8]> = []
  /// The known members that came again, and those that came in another case.
  var doubtful: UInt16 = 0
  var misspelt: UInt16 = 0

  init(_ structure: Structure, at start: Int) {
    self.structure = structure
    self.start = start
  }

  func isPresent(_ index: Int) -> Bool { present & (1 << UInt16(index)) != 0 }
}

extension HandshakeDecoder {
  /// The next known member of `object` whose value is not null; nil at the object's end. Other
  /// members are stepped over, repeated and misspelt ones noted.
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

  /// A member that the model does not have. Newer services may send some: stepped over, unless
  /// another reader might take it for one of ours.
  ///
  /// Only handshakes have parties: what stands among parties or resources and has some is the next
  /// record, and the list that it stands in was never closed. Unless it was, for all that.
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

  /// The known members of an object that has ended which stood there more than once, in one spelling
  /// or several: none of their values counts. Each is noted with what stood there.
  mutating func doubtful(in object: OpenObject) -> UInt16 {
    let doubtful = object.doubtful | (object.misspelt & object.seen)
    guard doubtful != 0 else { return 0 }
    let end = cursor.offset
    cursor.offset = object.start
    defer { cursor.offset = end }
    // It was read once: it is sound.
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

  /// Whether the record is sound JSON with neighbours, or the end of what it stands in, behind it. One
  /// that was never closed ends with the text, if at all.
  private mutating func recordIsWhole() -> Bool {
    if let isWhole { return isWhole }
    var probe = cursor
    probe.offset = start
    let follower = (try? probe.skipValue()).flatMap { _ in try? probe.peek() }
    let isSound = follower.map([Byte.comma, Byte.closeArray, Byte.closeObject].contains) ?? false
    isWhole = isSound
    return isSound
  }

  mutating func string(_ member: String) throws(JSONFault) -> Untrusted? {
    guard let token = try stringToken(member) else { return nil }
    let (text, isWellFormed) = cursor.text(token)
    if !isWellFormed { note(.malformed, at: member) }
    return text
  }

  mutating func name<Name: WireName>(_ member: String) throws(JSONFault) -> Name? {
    guard let token = try stringToken(member) else { return nil }
    if !token.hasEscapes, let known = Name(knownName: cursor.raw(token)) { return known }
    let (text, isWellFormed) = cursor.text(token)
    if !isWellFormed { note(.malformed, at: member) }
    return Name(wireName: text)
  }

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

  /// A time in any form that other programs write.
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

  /// Steps into the list that should be next.
  mutating func nextIsArray(_ member: String) throws(JSONFault) -> Bool {
    if try cursor.take(Byte.openArray) { return true }
    try skipWrongType(member)
    return false
  }

  /// Steps into the list element that should be an object.
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
  /// How much of a record's damage is named: enough to write any honest record back, too little for
  /// a hostile one to fill memory with.
  private static var damageNamed: Int { 256 }

  mutating func note(_ fault: Damage.Fault, at member: String?, text: Range<Int>? = nil) {
    guard handshake.damage.count < Self.damageNamed else { return }
    let kept = text.map { range in
      // In one form, whatever the layout it stood in.
      var writer = JSONWriter(.wire)
      writer.value(jsonSource: Untrusted(bytes: Array(cursor.bytes[range])))
      return Untrusted(bytes: writer.bytes)
    }
    handshake.damage.append(Damage(fault, at: place(of: member), text: kept))
  }

  mutating func noteMissing(in object: OpenObject) {
    for index in object.structure.names.indices where !object.isPresent(index) {
      let name = "\(object.structure.names[index])"
      note(.missing, at: name)
    }
  }

  /// `Parties[1].Id`; the empty text for the record itself.
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
