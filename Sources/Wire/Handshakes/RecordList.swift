import Model
import Text

/// Reads the elements of a list of handshakes one by one, the cursor standing behind its `[`.
struct RecordList {
  /// The first fault outside the records: the list is not what it should be, whatever was read.
  private(set) var fault: JSONFault?
  /// The first fault within a record; that record is damaged.
  private(set) var recordFault: JSONFault?
  private var isFirst = true
  /// How many bytes the searches for the ends of broken records may still look at.
  private var search: Int?
  private(set) var isAtEnd = false

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
    if let broken = decoder.readRecordOrBroken(search: &left) {
      recordFault = recordFault ?? broken
    }
    search = left
    return decoder.takeRecord()
  }

  private mutating func hasElement(_ cursor: inout JSONCursor) throws(JSONFault) -> Bool {
    let byte = try cursor.peek()
    if isFirst {
      isFirst = false
      guard byte == Byte.closeArray else { return true }
      cursor.offset += 1
      return false
    }
    if byte == Byte.openObject {
      // A comma is missing: the record is there all the same.
      fault = fault ?? cursor.fault(.unexpectedByte)
      return true
    }
    guard try cursor.takeComma(or: Byte.closeArray) else { return false }
    // A comma too many; a bracket that does not end the list is a broken record's.
    if try cursor.peek() == Byte.closeArray,
      RecordEnd.endsList(cursor.offset + 1, in: cursor.bytes)
    {
      fault = fault ?? cursor.fault(.unexpectedByte)
      cursor.offset += 1
      return false
    }
    return true
  }
}

extension Handshake {
  /// Marks every record of a listing whose id another one has too.
  static func markDuplicates(in handshakes: inout [Handshake]) {
    var first: [HandshakeID: Int] = [:]
    first.reserveCapacity(handshakes.count)
    var marked: Set<Int> = []
    for (index, handshake) in handshakes.enumerated() {
      guard let id = handshake.id else { continue }
      guard let earlier = first[id] else {
        first[id] = index
        continue
      }
      marked.insert(earlier)
      marked.insert(index)
    }
    for index in marked { handshakes[index].damage.append(Damage(.duplicateID, at: "Id")) }
  }
}
