import Model
import Text

/// A reader of a list of handshakes, one element at a time, that starts behind the list's `[`.
struct RecordList {
  /// Whether the list is a member of an object.
  let isEnveloped: Bool
  /// The first fault outside the records; whatever was read, the list is then not valid.
  private(set) var fault: JSONFault?
  /// The first fault within a record, which is then damaged.
  private(set) var recordFault: JSONFault?
  private var isFirst = true
  /// The number of bytes that the searches for the ends of broken records may still read.
  private var search: Int?
  private(set) var isAtEnd = false

  init(isEnveloped: Bool) {
    self.isEnveloped = isEnveloped
  }

  /// Returns the next record; nil at the end of the list, whose `]` is then before the cursor.
  mutating func next(_ decoder: inout HandshakeDecoder) -> Handshake? {
    guard !isAtEnd else { return nil }
    do throws(JSONFault) {
      guard try hasElement(&decoder.cursor) else {
        isAtEnd = true
        return nil
      }
    } catch {
      fault = fault ?? error
      isAtEnd = true
      return nil
    }
    var left = search ?? max(64 << 20, 8 * decoder.cursor.bytes.count)
    if let broken = decoder.readRecordOrBroken(search: &left, isEnveloped: isEnveloped) {
      recordFault = recordFault ?? broken
    }
    search = left
    return decoder.takeRecord()
  }

  private mutating func hasElement(_ cursor: inout JSONCursor) throws(JSONFault) -> Bool {
    defer { isFirst = false }
    let byte = try cursor.peek()
    if byte == Byte.closeArray { return try goesOn(&cursor) }
    if isFirst { return true }
    if byte == Byte.openObject {
      // A comma is missing, but a record follows.
      fault = fault ?? cursor.fault(.unexpectedByte)
      return true
    }
    try cursor.expect(Byte.comma)
    guard try cursor.peek() == Byte.closeArray else { return true }
    let bracket = cursor.offset
    var behind = cursor
    behind.offset += 1
    // A superfluous bracket or comma; any other bracket belongs to a broken record.
    let isStray = (try? behind.peek()) == Byte.openObject
    let isEnd =
      !isStray
      && RecordEnd.endsList(behind.offset, in: cursor.bytes, isEnveloped: isEnveloped)
    if isStray || isEnd {
      fault = fault ?? JSONFault(.unexpectedByte, at: bracket)
      cursor = behind
    }
    return !isEnd
  }

  /// Returns whether an element follows the next bracket, which is then superfluous and not the
  /// list's.
  private mutating func goesOn(_ cursor: inout JSONCursor) throws(JSONFault) -> Bool {
    while try cursor.peek() == Byte.closeArray {
      let bracket = cursor.offset
      cursor.offset += 1
      if RecordEnd.canFollowList(cursor.offset, in: cursor.bytes, isEnveloped: isEnveloped) {
        return false
      }
      fault = fault ?? JSONFault(.unexpectedByte, at: bracket)
    }
    _ = try cursor.take(Byte.comma)
    return true
  }
}

extension Handshake {
  /// Marks every record of a listing that shares its id with another one.
  ///
  /// - Parameters:
  ///   - handshakes: The records, in which the damage is noted.
  ///   - evenEqual: Whether records with equal content are marked. In one reply of the service they
  ///     are a fault; in a document two listings may overlap.
  static func markDuplicates(in handshakes: inout [Handshake], evenEqual: Bool) {
    var first: [HandshakeID: Int] = [:]
    first.reserveCapacity(handshakes.count)
    var repeated: [HandshakeID: [Int]] = [:]
    for (index, handshake) in handshakes.enumerated() {
      guard let id = handshake.id else { continue }
      if let earlier = first[id] {
        repeated[id, default: [earlier]].append(index)
      } else {
        first[id] = index
      }
    }
    for places in repeated.values {
      let isOne = places.allSatisfy { handshakes[$0] == handshakes[places[0]] }
      guard evenEqual || !isOne else { continue }
      for index in places { handshakes[index].damage.append(Damage(.duplicateID, at: "Id")) }
    }
  }
}

// A record that is not JSON does not affect its neighbours: the decoder finds its end and continues
// behind it.

extension HandshakeDecoder {
  /// Reads the next record, valid or not, and leaves the cursor at the byte that follows it.
  ///
  /// That is the end of the text when the end of the record cannot be found.
  ///
  /// - Parameters:
  ///   - search: The number of bytes that searches in this list may still read.
  ///   - isEnveloped: Whether the list is a member of an object.
  /// - Returns: The fault of a record that is not JSON; nil for others.
  mutating func readRecordOrBroken(search: inout Int, isEnveloped: Bool) -> JSONFault? {
    cursor.skipSpace()
    let start = cursor.offset
    do throws(JSONFault) {
      try readRecord()
      cursor.skipSpace()
      let followers = [Byte.comma, Byte.closeArray, Byte.openObject]
      guard cursor.isAtEnd || followers.contains(cursor.bytes[cursor.offset]) else {
        throw cursor.fault(.unexpectedByte)
      }
      return nil
    } catch {
      note(.broken, at: nil)
      cursor.offset = RecordEnd.after(start, in: cursor, isEnveloped: isEnveloped, search: &search)
      return error
    }
  }
}

/// The search for the end of a record whose JSON is broken (SEC-3.10).
enum RecordEnd {
  /// Returns the place of the comma or bracket behind the record that begins at `start`.
  ///
  /// The result is the end of the text when there is none. Every search is charged to `search`, so
  /// that a text of many broken records, each of which can only be delimited by reading the whole
  /// rest, takes linear time. When `search` is used up, the rest of the text is skipped.
  static func after(
    _ start: Int, in cursor: JSONCursor, isEnveloped: Bool, search: inout Int
  ) -> Int {
    balanced(from: start, in: cursor.bytes, isEnveloped, search: &search)
      ?? nextRecord(after: start, in: cursor, search: &search)
      ?? cursor.bytes.count
  }

  /// Finds the end of a record by counting brackets.
  ///
  /// The result is nil when counting cannot be relied on: when a missing or superfluous quote has
  /// swapped the inside and outside of strings, or when a bracket closes one that is not open.
  private static func balanced(
    from start: Int, in bytes: UnsafeBufferPointer<UInt8>, _ isEnveloped: Bool,
    search: inout Int
  ) -> Int? {
    var open: [UInt8] = []
    /// The number of braces in `open`, which shows whether a closing one belongs to any of them.
    var braces = 0
    var place = start
    defer { search -= place - start }
    while place < bytes.count, place - start < search {
      let byte = bytes[place]
      switch byte {
      case Byte.quote:
        guard let end = stringEnd(from: place, in: bytes) else { return nil }
        place = end
        continue
      case Byte.openObject, Byte.openArray:
        open.append(byte)
        if byte == Byte.openObject { braces += 1 }
      case Byte.closeObject:
        guard braces > 0 else { return nil }
        // A list within it that was never closed ends here too.
        while let last = open.popLast(), last != Byte.openObject {}
        braces -= 1
        if open.isEmpty { return separator(at: place + 1, in: bytes, isEnveloped, search: &search) }
      case Byte.closeArray:
        if open.isEmpty { return separator(at: place, in: bytes, isEnveloped, search: &search) }
        guard open.popLast() == Byte.openArray else { return nil }
      case Byte.comma where open.isEmpty:
        return separator(at: place, in: bytes, isEnveloped, search: &search)
      default: break
      }
      place += 1
    }
    return nil
  }

  /// Returns the place behind the string whose quote is at `start`.
  ///
  /// The result is nil when the byte after the string cannot follow one.
  private static func stringEnd(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = start + 1
    while place < bytes.count, bytes[place] != Byte.quote {
      place += bytes[place] == Byte.backslash ? 2 : 1
    }
    guard place < bytes.count else { return nil }
    let end = place + 1
    place = afterSpace(end, in: bytes)
    let followers = [Byte.comma, Byte.colon, Byte.closeObject, Byte.closeArray]
    return place < bytes.count && followers.contains(bytes[place]) ? end : nil
  }

  /// Returns the separator at `place`, unless what follows shows that it is not the record's end.
  ///
  /// It may be within the record, or one of the record's own brackets that was taken for the
  /// list's.
  private static func separator(
    at place: Int, in bytes: UnsafeBufferPointer<UInt8>, _ isEnveloped: Bool,
    search: inout Int
  ) -> Int? {
    let place = afterSpace(place, in: bytes)
    guard place < bytes.count else { return nil }
    let next = afterSpace(place + 1, in: bytes)
    switch bytes[place] {
    case Byte.comma:
      guard next < bytes.count else { return place }
      // A string would be the name of a member: the record goes on.
      if bytes[next] == Byte.quote { return nil }
      guard bytes[next] == Byte.openObject else { return place }
      var probe = JSONCursor(bytes, limits: .document)
      probe.offset = next
      // A valid object that is not a handshake is a party or a resource. A broken one may be
      // anything.
      let isHandshake = (try? probe.skipHandshake()) ?? true
      search -= probe.offset - next
      return isHandshake ? place : nil
    case Byte.closeArray: return endsList(next, in: bytes, isEnveloped: isEnveloped) ? place : nil
    default: return nil
    }
  }

  /// Returns whether the bracket before `place`, in or behind a broken record, is the list's.
  ///
  /// It is when the text at `place` can follow the list and is not a member of a record.
  static func endsList(
    _ place: Int, in bytes: UnsafeBufferPointer<UInt8>, isEnveloped: Bool
  ) -> Bool {
    guard canFollowList(place, in: bytes, isEnveloped: isEnveloped) else { return false }
    var probe = JSONCursor(bytes, limits: .document)
    probe.offset = place
    guard (try? probe.take(Byte.comma)) == true, let name = try? probe.key() else { return true }
    let structures = [Structure.handshake, .party, .resource]
    return structures.allSatisfy { $0.index(of: probe.raw(name)) == nil }
  }

  /// Returns whether the text at `place` can follow the list in valid JSON.
  ///
  /// That is the end of the text, another value behind a bare list, another member of the envelope,
  /// or the envelope's end with no comma behind it.
  static func canFollowList(
    _ place: Int, in bytes: UnsafeBufferPointer<UInt8>, isEnveloped: Bool
  ) -> Bool {
    let place = afterSpace(place, in: bytes)
    guard place < bytes.count else { return true }
    switch bytes[place] {
    case Byte.comma where isEnveloped:
      var probe = JSONCursor(bytes, limits: .document)
      probe.offset = place + 1
      return (try? probe.key()) != nil
    case Byte.closeObject where isEnveloped:
      let next = afterSpace(place + 1, in: bytes)
      let within = [Byte.comma, Byte.closeObject, Byte.closeArray]
      return next >= bytes.count || !within.contains(bytes[next])
    // Concatenated files have byte order marks between them, JSON text sequences record separators.
    case Byte.openObject, Byte.openArray, 0xEF, 0x1E: return !isEnveloped
    default: return false
    }
  }

  private static func afterSpace(_ place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var place = place
    while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
    return place
  }

  /// Returns the comma before the next `{` at which a well-formed handshake begins.
  ///
  /// Text within a string cannot be mistaken for one: its quotes are escaped.
  private static func nextRecord(
    after start: Int, in cursor: JSONCursor, search: inout Int
  ) -> Int? {
    var probe = cursor
    var comma: Int?
    var place = start
    while place < cursor.bytes.count, search > 0 {
      let byte = cursor.bytes[place]
      if byte == Byte.comma {
        comma = place
      } else if byte == Byte.openObject, let comma {
        probe.offset = place
        let isRecord = (try? probe.skipHandshake()) ?? false
        search -= probe.offset - place
        if isRecord { return comma }
      }
      if byte > 0x20, byte != Byte.comma { comma = nil }
      place += 1
      search -= 1
    }
    return nil
  }
}

extension JSONCursor {
  /// Steps over an object, and returns whether it is a handshake followed by a comma or the list's
  /// end.
  ///
  /// It counts as one when it has a member that only handshakes have.
  ///
  /// - Throws: The first fault of the JSON.
  fileprivate mutating func skipHandshake() throws(JSONFault) -> Bool {
    var hasMark = false
    try expect(Byte.openObject)
    repeat {
      let token = try key()
      if let index = Structure.handshake.index(of: raw(token)), (1...3).contains(index) {
        hasMark = true
      }
      try skipValue()
    } while try takeComma(or: Byte.closeObject)
    let next = try peek()
    return hasMark && (next == Byte.comma || next == Byte.closeArray)
  }
}
