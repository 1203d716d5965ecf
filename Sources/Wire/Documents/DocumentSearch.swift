import Model
import Text

/// A search for handshakes within a JSON value that is not one itself.
///
/// Such values are pages in an array, CloudTrail's events, and the rows of a query.
struct DocumentSearch {
  /// A handshake, and the event that contained it.
  struct Found: Hashable, Sendable {
    var handshake: Handshake
    var event: Event?
  }

  /// An event that contained a handshake; its time is nil when it has none.
  struct Event: Hashable, Sendable {
    var time: Timestamp?
  }

  /// The handshakes found so far, in order.
  private(set) var found: [Found] = []
  /// Whether a listing was found, even an empty one.
  private(set) var holdsListing = false
  /// Whether a page was found whose list is null, as Go writes an empty one.
  ///
  /// Such a page alone does not count as a listing.
  private(set) var isNullPage = false
  /// Whether the last page says that another one follows it; nil when there was no page.
  private(set) var hasMore: Bool?
  /// The names of members, from which the kind of the value is recognised.
  private(set) var names: Set<String> = []

  /// Whether the value is one or several of CloudTrail's events.
  var isEvent: Bool { DocumentKind(names: names) == .cloudTrail }

  /// The greatest depth of objects and arrays that are searched.
  private static let depth = 24
  private static let namesKept = 200

  /// The position of the search.
  private struct Way {
    var depth = 0
    /// Whether only arrays enclose the value.
    var isInArrays = true
    var event: Event?
  }

  /// A member of an object, and the offset of its value.
  private struct Member {
    var name: Untrusted
    var value: Int
  }

  /// Searches the next value, and steps over it.
  ///
  /// - Throws: The first fault of the JSON, `.duplicateKey` for an object with two envelopes, or
  ///   `.wrongType` for a `CloudTrailEvent` that is not JSON.
  mutating func search(_ cursor: inout JSONCursor) throws(JSONFault) {
    try search(&cursor, Way())
  }

  private mutating func search(_ cursor: inout JSONCursor, _ way: Way) throws(JSONFault) {
    var inner = way
    inner.depth += 1
    switch try cursor.peek() {
    case Byte.openArray where way.depth < Self.depth:
      cursor.offset += 1
      if try cursor.take(Byte.closeArray) {
        if way.isInArrays { holdsListing = true }
        return
      }
      repeat { try search(&cursor, inner) } while try cursor.takeComma(or: Byte.closeArray)
    case Byte.openObject where way.depth < Self.depth:
      inner.isInArrays = false
      let start = cursor.offset
      let members = try members(&cursor)
      let end = cursor.offset
      try searchObject(at: start, members, &cursor, inner)
      cursor.offset = end
    default: try cursor.skipValue()
    }
  }

  /// Steps over an object, and returns the offsets of its members.
  private mutating func members(_ cursor: inout JSONCursor) throws(JSONFault) -> [Member] {
    var members: [Member] = []
    cursor.offset += 1
    guard try !cursor.take(Byte.closeObject) else { return [] }
    repeat {
      let name = cursor.text(try cursor.key()).text
      cursor.skipSpace()
      members.append(Member(name: name, value: cursor.offset))
      try cursor.skipValue()
      if names.count < Self.namesKept, name.bytes.count <= 40, let text = name.asciiText {
        names.insert(text)
      }
    } while try cursor.takeComma(or: Byte.closeObject)
    return members
  }

  private mutating func searchObject(
    at start: Int, _ members: [Member], _ cursor: inout JSONCursor, _ way: Way
  ) throws(JSONFault) {
    let envelopes = members.filter { DocumentForm.isEnvelope($0.name) }
    if envelopes.count > 1 { throw JSONFault(.duplicateKey, at: envelopes[1].value) }
    var way = way
    way.event = event(members, cursor) ?? way.event
    if let list = value(of: "Handshakes", members, Byte.openArray, cursor) {
      cursor.offset = list
      return try readPage(members, &cursor, way)
    }
    if value(of: "Handshakes", members, UInt8(ascii: "n"), cursor) != nil { isNullPage = true }
    if let place = value(of: "Handshake", members, Byte.openObject, cursor) {
      return append(try record(at: place, cursor), way)
    }
    if members.contains(where: { Structure.handshake.folded($0.name) != nil }) {
      let whole = try record(at: start, cursor)
      if whole.isRecognisable { return append(whole, way) }
    }
    for member in members {
      cursor.offset = member.value
      if member.name == Untrusted("CloudTrailEvent"), cursor.bytes[member.value] == Byte.quote {
        try searchText(&cursor, way)
      } else {
        try search(&cursor, way)
      }
    }
  }

  private mutating func readPage(
    _ members: [Member], _ cursor: inout JSONCursor, _ way: Way
  ) throws(JSONFault) {
    holdsListing = true
    cursor.offset += 1
    var more = try !cursor.take(Byte.closeArray)
    while more {
      cursor.skipSpace()
      let start = cursor.offset
      try cursor.skipValue()
      append(try record(at: start, cursor), way)
      more = try cursor.takeComma(or: Byte.closeArray)
    }
    hasMore = false
    guard let token = value(of: "NextToken", members, Byte.quote, cursor) else { return }
    cursor.offset = token
    hasMore = !cursor.text(try cursor.string()).text.isEmpty
  }

  /// Searches the JSON within a string, as `aws cloudtrail lookup-events` prints its events.
  private mutating func searchText(_ cursor: inout JSONCursor, _ way: Way) throws(JSONFault) {
    let start = cursor.offset
    let bytes = cursor.unescaped(try cursor.string()).bytes
    var inner = self
    let isSound = bytes.withUnsafeBufferPointer { buffer in
      var cursor = JSONCursor(buffer, limits: .document)
      do throws(JSONFault) {
        try inner.search(&cursor, way)
        try cursor.checkEnd()
        return true
      } catch { return false }
    }
    guard isSound else { throw JSONFault(.wrongType, at: start) }
    self = inner
  }

  // MARK: Parts

  private mutating func append(_ record: Handshake, _ way: Way) {
    found.append(Found(handshake: record, event: way.event))
  }

  /// Returns the record that begins at `start`, translated from another program's form.
  private func record(at start: Int, _ cursor: JSONCursor) throws(JSONFault) -> Handshake {
    var decoder = HandshakeDecoder(cursor)
    decoder.cursor.offset = start
    try decoder.readRecord()
    return decoder.translated(decoder.takeRecord())
  }

  /// Returns the offset of the value of a member, if the value begins with `first`.
  private func value(
    of name: String, _ members: [Member], _ first: UInt8, _ cursor: JSONCursor
  ) -> Int? {
    let name = Untrusted(name)
    return members.first { $0.name == name && cursor.bytes[$0.value] == first }?.value
  }

  /// Returns the event with these members; nil for other objects.
  private func event(_ members: [Member], _ cursor: JSONCursor) -> Event? {
    let marks = [
      Untrusted("eventVersion"), Untrusted("eventSource"), Untrusted("responseElements"),
    ]
    guard members.contains(where: { marks.contains($0.name) }) else { return nil }
    guard let place = value(of: "eventTime", members, Byte.quote, cursor) else { return Event() }
    var cursor = cursor
    cursor.offset = place
    // The string was read once, so this cannot fail.
    let text = (try? cursor.string()).map { cursor.text($0).text }
    return Event(time: text.flatMap { Timestamp(reading: $0.bytes) })
  }
}
