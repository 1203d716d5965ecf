import Model
import Text

/// The handshakes of a saved document.
///
/// What the AWS CLI prints is taken as it is: `{"Handshakes": […]}`, `{"Handshake": {…}}`, an array of
/// handshakes, a bare handshake, and several of these one after another, as JSON lines are. Handshakes are
/// also found in arrays of pages, in CloudTrail's events, in PowerShell's objects, in rows of a query, and
/// in what `handshake show` prints. A `NextToken` says that the listing went on.
public struct SavedDocument: Hashable, Sendable {
  /// In the document's order, damaged ones among them.
  public var handshakes: [Handshake]
  /// Where the document stops being one, outside its handshakes: the rest was not read. Nil when it
  /// was read to its end.
  public var fault: JSONFault?
  /// The first place where a handshake in it is no JSON.
  public var recordFault: JSONFault?
  /// Whether the last page says that another follows it.
  public var hasMore: Bool
  /// Whether handshakes come from events: each is as it was at the last of them.
  public var isFromEvents: Bool

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

  /// Reads all of a document. A handshake that is damaged, or no JSON at all, costs the others
  /// nothing.
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

  /// What a reader has read to the end. Of the events about one handshake the last one counts. Other
  /// records that share an id are marked; those that say the same only within one list.
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

/// Why a document holds no handshakes that could be shown. Offsets count the document's own bytes.
public enum DocumentFault: Error, Hashable, Sendable {
  /// It is no JSON from the start on.
  case notJSON(JSONFault)
  /// JSON, but neither a listing, nor a handshake, nor anything that holds one.
  case noHandshakes(DocumentKind, offset: Int)
}

/// The kind of a JSON document in which there are no handshakes.
public enum DocumentKind: String, Hashable, CaseIterable, Sendable {
  /// Events, none of which carries a handshake.
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
  /// What `handshake journal` keeps and prints.
  case journal
  /// A `Handshakes` or `Handshake` that is null or of another type.
  case listingOfAnotherType
  /// An object without any member, or no object at all.
  case empty
  case other

  /// Tells the kind by the names of its members.
  init(names: Set<String>) {
    self =
      Self.marks.first { $0.names.isSubset(of: names) }?.kind ?? (names.isEmpty ? .empty : .other)
  }

  /// Names that only this kind has together, the more telling ones first.
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

/// The kind of a text that is not JSON from the start on, as far as its beginning tells.
public enum TextKind: String, Hashable, CaseIterable, Sendable {
  case empty
  /// gzip, zip, bzip2, xz or Zstandard.
  case compressed
  case utf32
  /// Control sequences of a terminal: colours, or what a pager sends.
  case terminalOutput
  case markup
  case markdown
  case yaml
  case python
  /// `--output text` or `table`.
  case columns
  /// The table that `handshake list` prints.
  case ourList
  /// What `handshake show` prints on a terminal.
  case ourShow
  /// Other words before the JSON.
  case precededByText
  case other

  /// Tells the kind of a document.
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
