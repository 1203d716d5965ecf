import Model
import Text

/// A saved document of the AWS CLI: what `aws organizations list-handshakes-…` and its kin printed.
///
/// Taken are `{"Handshakes": […]}`, `{"Handshake": {…}}`, an array of handshakes, a bare handshake,
/// and several of these one after another, as JSON lines are. A `NextToken` is of no use in a file, but
/// it tells that the listing went on.
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

  public init(
    handshakes: [Handshake], fault: JSONFault? = nil, recordFault: JSONFault? = nil,
    hasMore: Bool = false
  ) {
    self.handshakes = handshakes
    self.fault = fault
    self.recordFault = recordFault
    self.hasMore = hasMore
  }

  /// Reads all of a document. A handshake that is damaged, or no JSON at all, costs the others
  /// nothing.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = .document
  ) throws(DocumentFault) -> SavedDocument {
    var reader = DocumentReader(bytes, limits: limits)
    var handshakes: [Handshake] = []
    while true {
      let batch = try reader.next(.max)
      if batch.isEmpty { break }
      if handshakes.isEmpty { handshakes = batch } else { handshakes.append(contentsOf: batch) }
    }
    Handshake.markDuplicates(in: &handshakes)
    return SavedDocument(
      handshakes: handshakes, fault: reader.fault, recordFault: reader.recordFault,
      hasMore: reader.hasMore)
  }
}
