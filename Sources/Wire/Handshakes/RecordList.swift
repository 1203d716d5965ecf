import Model
import Text

/// Reads the elements of a list of handshakes one by one, the cursor standing behind its `[`.
struct RecordList {
  /// Whether an object stands around the list.
  let isEnveloped: Bool
  /// The first fault outside the records: the list is not what it should be, whatever was read.
  private(set) var fault: JSONFault?
  /// The first fault within a record; that record is damaged.
  private(set) var recordFault: JSONFault?
  private var isFirst = true
  /// How many bytes the searches for the ends of broken records may still look at.
  private var search: Int?
  private(set) var isAtEnd = false

  init(isEnveloped: Bool) {
    self.isEnveloped = isEnveloped
  }

  /// The next record; nil at the list's end, which is then behind the cursor.
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
      // A comma is missing: the record is there all the same.
      fault = fault ?? cursor.fault(.unexpectedByte)
      return true
    }
    try cursor.expect(Byte.comma)
    guard try cursor.peek() == Byte.closeArray else { return true }
    let bracket = cursor.offset
    var behind = cursor
    behind.offset += 1
    // A bracket too many, or a comma; any other bracket is a broken record's.
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

  /// Whether an element follows the bracket that is next: then it is one too many, and not the list's
  /// end.
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
  /// Marks every record of a listing whose id another one has too.
  ///
  /// - Parameter evenEqual: Whether records that say the same are marked. In one reply of the service they
  ///   are a fault; in a document two listings may overlap.
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
