import Model
import Text

/// Reads a saved document piece by piece, so that its first handshakes can be shown before the rest
/// is read. Ids that occur twice are not marked: only who has seen all of them can.
///
///     var reader = DocumentReader(bytes)
///     while case let batch = try reader.next(1_000), !batch.isEmpty { show(batch) }
public struct DocumentReader: Sendable {
  private let bytes: [UInt8]
  private let limits: JSONLimits
  private var offset = 0
  private var place = Place.start
  private var isFirstRecord = true
  /// The first fault outside the handshakes read so far: what followed it may be missing.
  public private(set) var fault: JSONFault?
  /// The first fault within one of them: a handshake that is no JSON.
  public private(set) var recordFault: JSONFault?
  /// Whether the last page so far said that another follows it (`NextToken`).
  public private(set) var hasMore = false

  /// Where the reader stands between two batches.
  private enum Place {
    case start
    case inList(RecordList)
    case betweenValues
    case end
  }

  public init(_ bytes: [UInt8], limits: JSONLimits = .document) {
    self.bytes = bytes
    self.limits = limits
  }

  /// At most `count` further handshakes; none at the end. Throws only when there is none at all.
  public mutating func next(_ count: Int) throws(DocumentFault) -> [Handshake] {
    let bytes = bytes
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<[Handshake], DocumentFault> in
      var cursor = JSONCursor(buffer, limits: limits)
      cursor.offset = offset
      var decoder = HandshakeDecoder(cursor)
      defer { offset = decoder.cursor.offset }
      do throws(DocumentFault) {
        return .success(try batch(count, &decoder))
      } catch {
        place = .end
        return .failure(error)
      }
    }
    return try result.get()
  }

  private mutating func batch(
    _ count: Int, _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) -> [Handshake] {
    var handshakes: [Handshake] = []
    while handshakes.count < count {
      switch place {
      case .end: return handshakes
      case .start:
        do throws(JSONFault) {
          try decoder.cursor.checkStart()
          _ = try decoder.cursor.peek()
        } catch {
          throw .notJSON(error)
        }
        place = .betweenValues
      case .betweenValues:
        if let one = try startValue(&decoder) { handshakes.append(one) }
      case .inList(let list):
        // Taken out while it changes, so that it is not copied.
        place = .end
        try readList(list, upTo: count, into: &handshakes, &decoder)
      }
    }
    return handshakes
  }

  private mutating func readList(
    _ list: RecordList, upTo count: Int, into handshakes: inout [Handshake],
    _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) {
    var list = list
    while handshakes.count < count, let next = list.next(&decoder) {
      try refuseCloudTrail(decoder.isCloudTrail, at: decoder.cursor.offset)
      handshakes.append(next)
      isFirstRecord = false
    }
    fault = fault ?? list.fault
    recordFault = recordFault ?? list.recordFault
    guard list.isAtEnd else {
      place = .inList(list)
      return
    }
    isFirstRecord = false
    if list.isEnveloped, list.fault?.kind != .unexpectedEnd {
      leaveEnvelope(&decoder.cursor)
    } else {
      place = list.fault == nil ? .betweenValues : .end
    }
  }
}

// MARK: Values of the document

extension DocumentReader {
  /// Goes into the next value.
  /// - Returns: its handshake, when it is a single one.
  private mutating func startValue(
    _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) -> Handshake? {
    decoder.cursor.skipSpace()
    guard !decoder.cursor.isAtEnd else {
      place = .end
      return nil
    }
    let start = decoder.cursor.offset
    // A page that stands behind another may be the one that was told of.
    hasMore = false
    let form: DocumentForm
    do throws(JSONFault) {
      form = try DocumentForm.enter(&decoder.cursor, &hasMore)
    } catch {
      guard !isFirstRecord else { throw .notJSON(error) }
      goToNextLine(after: error, &decoder.cursor)
      return nil
    }
    switch form {
    case .list(let isEnveloped): place = .inList(RecordList(isEnveloped: isEnveloped))
    case .single(let isEnveloped): return try single(isEnveloped: isEnveloped, &decoder)
    case .cloudTrail where isFirstRecord: throw .cloudTrail(offset: start)
    case .other where isFirstRecord: throw .noHandshakes(offset: start)
    case .cloudTrail, .other: fault = fault ?? JSONFault(.wrongType, at: start)
    }
    return nil
  }

  private mutating func single(
    isEnveloped: Bool, _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) -> Handshake {
    do throws(JSONFault) {
      try decoder.readRecord()
    } catch {
      decoder.note(.broken, at: nil)
      recordFault = recordFault ?? error
      goToNextLine(after: nil, &decoder.cursor)
      isFirstRecord = false
      return decoder.takeRecord()
    }
    try refuseCloudTrail(decoder.isCloudTrail, at: decoder.cursor.offset)
    isFirstRecord = false
    if isEnveloped { leaveEnvelope(&decoder.cursor) }
    return decoder.takeRecord()
  }

  /// The first record decides what the document is; a later one is merely damaged.
  private func refuseCloudTrail(_ isCloudTrail: Bool, at offset: Int) throws(DocumentFault) {
    if isFirstRecord, isCloudTrail { throw .cloudTrail(offset: offset) }
  }

  private mutating func leaveEnvelope(_ cursor: inout JSONCursor) {
    place = .betweenValues
    do throws(JSONFault) {
      try DocumentForm.leaveEnvelope(&cursor, &hasMore)
    } catch {
      goToNextLine(after: error, &cursor)
    }
  }

  /// Broken JSON lines are taken up again at the next line that begins a value. Lines within a value
  /// are indented, so a party is not taken for a handshake.
  private mutating func goToNextLine(after newFault: JSONFault?, _ cursor: inout JSONCursor) {
    fault = fault ?? newFault
    place = .betweenValues
    var line = min(cursor.offset, cursor.bytes.count)
    while let end = cursor.bytes[line...].firstIndex(of: 0x0A) {
      line = end + 1
      guard line < cursor.bytes.count else { break }
      if cursor.bytes[line] == Byte.openObject || cursor.bytes[line] == Byte.openArray {
        cursor.offset = line
        return
      }
    }
    cursor.offset = cursor.bytes.count
  }
}
