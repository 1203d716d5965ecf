import Model
import Text

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
