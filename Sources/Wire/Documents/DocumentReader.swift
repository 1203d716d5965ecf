import Model
import Text

/// A reader of a saved document that returns its handshakes in batches.
///
/// The first handshakes can be shown before the rest is read. Ids that occur twice are not marked,
/// because that needs all of them.
///
///     var reader = DocumentReader(bytes)
///     while case let batch = try reader.next(1_000), !batch.isEmpty { show(batch) }
public struct DocumentReader: Sendable {
  private let text: DocumentText
  private let limits: JSONLimits
  private var offset = 0
  private var place = Place.start
  /// Whether a handshake or a listing was found.
  private var hasFound = false
  /// The error to throw if the document has no handshakes, from its first value.
  private var none: DocumentFault?
  /// Handshakes that were found together and not returned yet.
  private var ready: ArraySlice<DocumentSearch.Found> = []
  /// Damaged elements of a bare list, which count as handshakes only if a handshake follows.
  private var held: [Handshake] = []
  /// The names of the members within `held`.
  private var heldNames: Set<String> = []
  private var handedOut = 0
  /// Whether all handshakes so far are in one list, as in one reply of the service.
  private(set) var isOneList = true
  private var values = 0
  private var outerFault: JSONFault?
  private var innerFault: JSONFault?
  /// Whether the last page so far says that another one follows it (`NextToken`).
  public private(set) var hasMore = false
  /// The events that contained handshakes, by the index of the handshake in the order read.
  private(set) var events: [Int: DocumentSearch.Event] = [:]

  /// The first fault outside the handshakes read so far; data after it may be missing.
  public var fault: JSONFault? { outerFault.map { text.fault($0) } }
  /// The first fault within a handshake that is not JSON.
  public var recordFault: JSONFault? { innerFault.map { text.fault($0) } }

  /// The position of the reader between two batches.
  private enum Place {
    case start
    case inList(RecordList, start: Int)
    case betweenValues
    case end
  }

  /// Begins to read a document in UTF-8 or UTF-16.
  public init(_ bytes: [UInt8], limits: JSONLimits = .document) {
    text = DocumentText(bytes)
    self.limits = limits
  }

  /// Returns at most `count` further handshakes; none at the end.
  ///
  /// - Parameter count: The greatest number of handshakes to return.
  /// - Returns: The handshakes in the document's order, damaged ones among them.
  /// - Throws: `DocumentFault.notJSON` or `.noHandshakes` when the document has neither a handshake
  ///   nor a listing. Later faults are in `fault` and `recordFault`.
  public mutating func next(_ count: Int) throws(DocumentFault) -> [Handshake] {
    let bytes = text.utf8
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<[Handshake], DocumentFault> in
      var cursor = JSONCursor(buffer, limits: limits)
      cursor.offset = offset
      var decoder = HandshakeDecoder(cursor)
      defer { offset = decoder.cursor.offset }
      do throws(DocumentFault) {
        return .success(try batch(count, &decoder))
      } catch {
        place = .end
        none = nil
        return .failure(error)
      }
    }
    return try result.get()
  }

  private mutating func batch(
    _ count: Int, _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) -> [Handshake] {
    var handshakes: [Handshake] = []
    defer { handedOut += handshakes.count }
    while handshakes.count < count {
      if !ready.isEmpty {
        handOut(upTo: count, into: &handshakes)
        continue
      }
      switch place {
      case .end:
        if let none, !hasFound { throw none }
        return handshakes
      case .start:
        do throws(JSONFault) {
          try decoder.cursor.checkStart()
          _ = try decoder.cursor.peek()
        } catch {
          throw notJSON(error)
        }
        place = .betweenValues
      case .betweenValues: try startValue(&decoder)
      case .inList(let list, let start):
        // Moved out of `place` while it changes, so that it is not copied.
        place = .end
        try readList(list, from: start, upTo: count, into: &handshakes, &decoder)
      }
    }
    return handshakes
  }

  private mutating func handOut(upTo count: Int, into handshakes: inout [Handshake]) {
    let part = ready.prefix(count - handshakes.count)
    for one in part {
      if let event = one.event { events[handedOut + handshakes.count] = event }
      handshakes.append(one.handshake)
    }
    ready = ready.dropFirst(part.count)
  }

  private func notJSON(_ fault: JSONFault) -> DocumentFault { none ?? .notJSON(text.fault(fault)) }

  private mutating func note(_ fault: JSONFault?) { outerFault = outerFault ?? fault }
}

// MARK: Lists

extension DocumentReader {
  private mutating func readList(
    _ list: RecordList, from start: Int, upTo count: Int, into handshakes: inout [Handshake],
    _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) {
    var list = list
    while handshakes.count < count, ready.isEmpty, let next = list.next(&decoder) {
      if next.damage.isEmpty, held.isEmpty {
        handshakes.append(next)
        hasFound = true
      } else {
        take(next, isEnveloped: list.isEnveloped, decoder)
      }
    }
    note(list.fault)
    innerFault = innerFault ?? list.recordFault
    guard list.isAtEnd else {
      place = .inList(list, start: start)
      return
    }
    if let fault = list.fault, !hasFound, held.isEmpty, !list.isEnveloped { throw notJSON(fault) }
    if held.isEmpty { hasFound = true } else { giveUpHeld(from: start) }
    if list.isEnveloped, list.fault?.kind != .unexpectedEnd {
      leaveEnvelope(&decoder.cursor)
    } else {
      place = list.fault == nil ? .betweenValues : .end
    }
  }

  /// Takes an element that is damaged, or that follows such elements.
  ///
  /// It is a handshake that another program wrote, or contains handshakes itself.
  private mutating func take(
    _ record: Handshake, isEnveloped: Bool, _ decoder: HandshakeDecoder
  ) {
    let record = decoder.translated(record)
    if isEnveloped || record.isRecognisable {
      return take([DocumentSearch.Found(handshake: record)])
    }
    var search = DocumentSearch()
    var cursor = decoder.cursor
    cursor.offset = decoder.start
    do throws(JSONFault) { try search.search(&cursor) } catch { note(error) }
    if let more = search.hasMore { hasMore = more }
    if !search.found.isEmpty { isOneList = false }
    if !search.found.isEmpty || search.holdsListing || search.isNullPage {
      take(search.found)
    } else if hasFound, !search.isEvent {
      take([DocumentSearch.Found(handshake: record)])
    } else if !hasFound {
      held.append(record)
      heldNames.formUnion(search.names)
    }
  }

  /// Queues handshakes behind those that were held back.
  private mutating func take(_ found: [DocumentSearch.Found]) {
    // Events without a handshake are not damaged handshakes.
    let before = DocumentKind(names: heldNames) == .cloudTrail ? [] : held
    ready += before.map { DocumentSearch.Found(handshake: $0) } + found
    held = []
    heldNames = []
    hasFound = true
  }

  /// Forgets the held elements at the end of a bare list without a handshake.
  private mutating func giveUpHeld(from start: Int) {
    noteNone(DocumentKind(names: heldNames), at: start)
    held = []
    heldNames = []
  }

  private mutating func noteNone(_ kind: DocumentKind, at start: Int) {
    if hasFound {
      // Most events carry no handshake.
      if kind != .cloudTrail { note(JSONFault(.wrongType, at: start)) }
    } else {
      none = none ?? .noHandshakes(kind, offset: text.place(of: start))
    }
  }
}

// MARK: Values of the document

extension DocumentReader {
  /// Steps into the next value, or takes the handshakes within it.
  private mutating func startValue(_ decoder: inout HandshakeDecoder) throws(DocumentFault) {
    skipSeparators(&decoder.cursor)
    guard !decoder.cursor.isAtEnd else {
      place = .end
      return
    }
    let start = decoder.cursor.offset
    values += 1
    if values > 1 { isOneList = false }
    // A page behind another may be the one that the `NextToken` announced.
    hasMore = false
    let form: DocumentForm
    do throws(JSONFault) {
      form = try DocumentForm.enter(&decoder.cursor, &hasMore)
    } catch {
      guard hasFound else { throw notJSON(error) }
      return goToNextLine(after: error, &decoder.cursor)
    }
    switch form {
    case .list(let isEnveloped):
      place = .inList(RecordList(isEnveloped: isEnveloped), start: start)
    case .single(let isEnveloped): try readSingle(isEnveloped: isEnveloped, &decoder)
    case .other: try search(from: start, decoder.cursor)
    }
  }

  /// Skips what separates values.
  ///
  /// These are white space, the byte order marks of concatenated files, and the separator of JSON
  /// text sequences (RFC 7464).
  private func skipSeparators(_ cursor: inout JSONCursor) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    while true {
      cursor.skipSpace()
      let rest = cursor.bytes[min(cursor.offset, cursor.bytes.count)...]
      if rest.starts(with: mark) {
        cursor.offset += mark.count
      } else if rest.first == 0x1E {
        cursor.offset += 1
      } else {
        return
      }
    }
  }

  private mutating func readSingle(
    isEnveloped: Bool, _ decoder: inout HandshakeDecoder
  ) throws(DocumentFault) {
    do throws(JSONFault) {
      try decoder.readRecord()
    } catch {
      decoder.note(.broken, at: nil)
      innerFault = innerFault ?? error
      goToNextLine(after: nil, &decoder.cursor)
      return take([DocumentSearch.Found(handshake: decoder.takeRecord())])
    }
    let record = decoder.translated(decoder.takeRecord())
    guard isEnveloped || record.isRecognisable else {
      return try search(from: decoder.start, decoder.cursor)
    }
    take([DocumentSearch.Found(handshake: record)])
    if isEnveloped { leaveEnvelope(&decoder.cursor) }
  }

  /// Takes the handshakes within a value that is neither a handshake nor a listing.
  private mutating func search(from start: Int, _ cursor: JSONCursor) throws(DocumentFault) {
    var search = DocumentSearch()
    var cursor = cursor
    cursor.offset = start
    do throws(JSONFault) {
      try search.search(&cursor)
    } catch {
      guard hasFound else { throw notJSON(error) }
      return note(error)
    }
    if let more = search.hasMore { hasMore = more }
    if !search.found.isEmpty { isOneList = false }
    if !search.found.isEmpty || search.holdsListing || (hasFound && search.isNullPage) {
      take(search.found)
    } else {
      noteNone(DocumentKind(names: search.names), at: start)
    }
  }

  private mutating func leaveEnvelope(_ cursor: inout JSONCursor) {
    place = .betweenValues
    do throws(JSONFault) {
      try DocumentForm.leaveEnvelope(&cursor, &hasMore)
    } catch {
      goToNextLine(after: error, &cursor)
    }
  }

  /// Continues after a fault at the next line that begins a value.
  ///
  /// Lines within a value are indented, so a party is not mistaken for a handshake.
  private mutating func goToNextLine(after newFault: JSONFault?, _ cursor: inout JSONCursor) {
    note(newFault)
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
