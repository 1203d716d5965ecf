import Model
import Text

/// The handshakes of a saved document.
///
/// The AWS CLI's output is accepted as it is: `{"Handshakes": […]}`, `{"Handshake": {…}}`, an array
/// of handshakes, a single handshake, and several of these one after another, as JSON lines are.
/// Handshakes are also found in arrays of pages, in CloudTrail's events, in PowerShell's objects,
/// in rows of a query, and in the output of `handshake show`. A `NextToken` says that the listing
/// went on.
public struct SavedDocument: Hashable, Sendable {
  /// The handshakes in the document's order, damaged ones among them.
  public var handshakes: [Handshake]
  /// The first fault outside the handshakes, after which data may be missing; nil when there is
  /// none.
  public var fault: JSONFault?
  /// The first fault within a handshake that is not JSON.
  public var recordFault: JSONFault?
  /// Whether the last page says that another one follows it.
  public var hasMore: Bool
  /// Whether handshakes come from events; each is then as in the last event about it.
  public var isFromEvents: Bool

  /// Combines the parts of a document that was read.
  public init(
    handshakes: [Handshake], fault: JSONFault? = nil, recordFault: JSONFault? = nil,
    hasMore: Bool = false, isFromEvents: Bool = false
  ) {
    self.handshakes = handshakes
    self.fault = fault
    self.recordFault = recordFault
    self.hasMore = hasMore
    self.isFromEvents = isFromEvents
  }

  /// Reads a whole document; a handshake that is damaged or not JSON does not affect the others.
  ///
  /// - Parameters:
  ///   - bytes: The document in UTF-8 or UTF-16.
  ///   - limits: The sizes that are accepted.
  /// - Returns: The handshakes and faults of the document.
  /// - Throws: `DocumentFault` when the document has neither a handshake nor a listing.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = .document
  ) throws(DocumentFault) -> SavedDocument {
    if let shown = ShownText.read(bytes) { return SavedDocument(handshakes: shown) }
    var reader = DocumentReader(bytes, limits: limits)
    var handshakes: [Handshake] = []
    while true {
      let batch = try reader.next(.max)
      if batch.isEmpty { break }
      if handshakes.isEmpty { handshakes = batch } else { handshakes.append(contentsOf: batch) }
    }
    return SavedDocument(handshakes, read: reader)
  }

  /// Takes the handshakes of a reader that has read to the end.
  ///
  /// Of several events about one handshake the last one counts. Other records that share an id are
  /// marked; those with equal content only if all are in one list.
  init(_ handshakes: [Handshake], read reader: DocumentReader) {
    self.init(
      handshakes: handshakes, fault: reader.fault, recordFault: reader.recordFault,
      hasMore: reader.hasMore, isFromEvents: !reader.events.isEmpty)
    if isFromEvents { dropEarlierEvents(reader.events) }
    Handshake.markDuplicates(in: &self.handshakes, evenEqual: reader.isOneList)
  }

  private mutating func dropEarlierEvents(_ events: [Int: DocumentSearch.Event]) {
    func isLater(_ place: Int, than other: Int) -> Bool {
      guard let time = events[place]?.time, let otherTime = events[other]?.time else {
        return place > other
      }
      return (time, place) > (otherTime, other)
    }
    var last: [HandshakeID: Int] = [:]
    var dropped: Set<Int> = []
    for place in handshakes.indices where events[place] != nil {
      guard let id = handshakes[place].id else { continue }
      guard let other = last[id] else {
        last[id] = place
        continue
      }
      let isLast = isLater(place, than: other)
      dropped.insert(isLast ? other : place)
      if isLast { last[id] = place }
    }
    guard !dropped.isEmpty else { return }
    handshakes = handshakes.indices.filter { !dropped.contains($0) }.map { handshakes[$0] }
  }
}

/// The reasons why a document has no handshakes to show.
///
/// Offsets count the document's own bytes.
public enum DocumentFault: Error, Hashable, Sendable {
  /// It is not JSON, from its first value on.
  case notJSON(JSONFault)
  /// It is JSON without a listing or a handshake anywhere in it.
  case noHandshakes(DocumentKind, offset: Int)
}

/// The kind of a JSON document without handshakes.
public enum DocumentKind: String, Hashable, CaseIterable, Sendable {
  /// Events, none of which contains a handshake.
  case cloudTrail
  case terraform
  case cloudFormation
  /// A reply of AWS that reports an error.
  case errorReply
  case callerIdentity
  case organization
  case accounts
  case transfers
  case accountCreations
  /// The journal of this program, as stored or as `handshake journal` prints it.
  case journal
  /// A `Handshakes` or `Handshake` that is null or of another type.
  case listingOfAnotherType
  /// An object without members, or a document without any object.
  case empty
  case other

  /// Recognises the kind by the names of the document's members.
  init(names: Set<String>) {
    self =
      Self.marks.first { $0.names.isSubset(of: names) }?.kind ?? (names.isEmpty ? .empty : .other)
  }

  /// The names that occur together only in this kind, the more specific ones first.
  private static let marks: [(kind: DocumentKind, names: Set<String>)] = [
    (.listingOfAnotherType, ["Handshakes"]), (.listingOfAnotherType, ["Handshake"]),
    (.cloudTrail, ["eventVersion", "eventSource"]), (.cloudTrail, ["CloudTrailEvent"]),
    (.cloudTrail, ["eventSource", "eventName"]),
    (.terraform, ["terraform_version"]), (.terraform, ["lineage", "serial"]),
    (.terraform, ["resources", "instances"]), (.terraform, ["planned_values"]),
    (.cloudFormation, ["AWSTemplateFormatVersion"]),
    (.cloudFormation, ["Resources", "Properties"]),
    (.errorReply, ["__type"]), (.errorReply, ["Error", "Code"]),
    (.errorReply, ["Error", "Message"]),
    (.callerIdentity, ["UserId", "Account", "Arn"]),
    (.organization, ["Organization"]), (.accounts, ["Accounts"]),
    (.accounts, ["JoinedTimestamp"]), (.accounts, ["Id", "Arn", "Name", "Status"]),
    (.accounts, ["Account", "Email"]),
    (.transfers, ["ResponsibilityTransfers"]), (.transfers, ["ResponsibilityTransfer"]),
    (.accountCreations, ["CreateAccountStatuses"]), (.accountCreations, ["CreateAccountStatus"]),
    (.journal, ["seq", "prev", "hash"]),
  ]
}

/// The kind of a text that is not JSON from its start on.
public enum TextKind: String, Hashable, CaseIterable, Sendable {
  case empty
  /// A file of gzip, zip, bzip2, xz or Zstandard.
  case compressed
  case utf32
  /// Control sequences of a terminal: colours, or the output of a pager.
  case terminalOutput
  case markup
  case markdown
  case yaml
  case python
  /// The output of `--output text` or `table`.
  case columns
  /// The table that `handshake list` prints.
  case ourList
  /// The output of `handshake show` on a terminal.
  case ourShow
  /// Other words before the JSON.
  case precededByText
  case other

  /// Recognises the kind by the beginning of the document, and by an escape character anywhere in
  /// it.
  public init(of document: [UInt8]) {
    if let binary = Self.binaries.first(where: { document.starts(with: $0.start) }) {
      self = binary.kind
      return
    }
    let bytes = DocumentText(document).utf8.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if bytes.isEmpty {
      self = .empty
    } else if bytes.contains(0x1B) {
      self = .terminalOutput
    } else if let text = Self.texts.first(where: { bytes.starts(with: $0.start.utf8) }) {
      self = text.kind
    } else {
      let isJSON = [Byte.openObject, Byte.openArray].contains(bytes[bytes.startIndex])
      self = !isJSON && bytes.contains("\"Id\"".utf8) ? .precededByText : .other
    }
  }

  private static let binaries: [(start: [UInt8], kind: TextKind)] = [
    ([0x1F, 0x8B], .compressed), ([0x50, 0x4B, 0x03, 0x04], .compressed),
    ([0x42, 0x5A, 0x68], .compressed), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .compressed),
    ([0x28, 0xB5, 0x2F, 0xFD], .compressed), ([0xFF, 0xFE, 0, 0], .utf32),
    ([0, 0, 0xFE, 0xFF], .utf32), ([0, 0, 0], .utf32),
  ]
  private static let texts: [(start: String, kind: TextKind)] = [
    ("<", .markup), ("```", .markdown), ("---\n", .yaml), ("%YAML", .yaml),
    ("Handshakes:", .yaml), ("Handshake:\n", .yaml), ("- Id:", .yaml), ("- Action:", .yaml),
    ("- Arn:", .yaml), ("{'", .python), ("[{'", .python), ("HANDSHAKE", .columns),
    ("h-", .columns), ("+-", .columns), ("---", .columns), ("|", .columns), ("ID\t", .ourList),
    ("ID ", .ourList), ("Handshake ", .ourShow),
  ]
}
