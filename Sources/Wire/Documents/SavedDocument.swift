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
