import Model
import Text

@testable import Wire

/// The record decoder: all records of a page are returned, a broken one does not affect its
/// neighbours, and decoded records can be written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecords(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = bytes(start, count)
  checkBatches(input)
  checkAsPage(input)
  checkNeighbours(of: input)
  checkEdited(by: input)
  return 0
}

// MARK: Documents

/// A document gives the same result whether it is read completely or a few records at a time.
private func checkBatches(_ input: [UInt8]) {
  let whole: SavedDocument
  do throws(DocumentFault) {
    whole = try SavedDocument.read(input)
  } catch {
    let (_, fault) = read(input, by: 1)
    promise(fault == error, "refused whole, but not one by one")
    return
  }
  for size in [1, 3] {
    guard ShownText.read(input) == nil else { break }
    let (batches, fault) = read(input, by: size)
    promise(fault == nil, "taken whole, but not by \(size)")
    promise(batches == whole, "by \(size) it is another document")
  }
  checkRecords(whole.handshakes)
}

private func read(_ input: [UInt8], by size: Int) -> (SavedDocument, DocumentFault?) {
  var reader = DocumentReader(input)
  var document = SavedDocument(handshakes: [])
  do throws(DocumentFault) {
    while true {
      let batch = try reader.next(size)
      promise(batch.count <= size, "more than was asked for")
      if batch.isEmpty { break }
      document.handshakes += batch
    }
  } catch {
    return (document, error)
  }
  return (SavedDocument(document.handshakes, read: reader), nil)
}

private func checkRecords(_ records: [Handshake]) {
  for record in records {
    // Every missing member of a record is named.
    let isWhole = record.id != nil && record.arn != nil && record.state != nil
    promise(isWhole || !record.damage.isEmpty, "something is missing and nobody says so")
    let written = record.json(.wire)
    promise(JSONText.fault(in: written) == nil, "a record is not written as JSON")
    guard record.damage.allSatisfy({ $0.fault == .duplicateID }) else { continue }
    var again = Handshake.blank
    promise(readOne(written, into: &again), "a sound record cannot be read again")
    var sound = record
    sound.damage = []
    if record.isUnicode { promise(again == sound, "a sound record is read as another one") }
  }
  let list = records.document(.line)
  let again = try? SavedDocument.read(list)
  promise(again?.handshakes.count == records.count, "written and read, they are not as many")
  promise(again?.fault == nil && again?.recordFault == nil, "what was written is broken")
}

private func readOne(_ json: [UInt8], into record: inout Handshake) -> Bool {
  let found = json.withUnsafeBufferPointer { buffer -> Handshake? in
    var decoder = HandshakeDecoder(JSONCursor(buffer, limits: .document))
    guard (try? decoder.readRecord()) != nil, decoder.cursor.isAtEnd else { return nil }
    return decoder.takeRecord()
  }
  record = found ?? .blank
  return found != nil
}

extension Handshake {
  /// Whether every string in it is valid Unicode: an invalid one is written in another form.
  fileprivate var isUnicode: Bool {
    String(validating: json(.wire), as: UTF8.self) != nil && !json(.wire).holds("\\ud")
  }
}

extension [UInt8] {
  fileprivate func holds(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { needle in
      guard count >= needle.count else { return false }
      return (0...count - needle.count).contains { self[$0...].starts(with: needle) }
    }
  }
}

// MARK: Pages

/// A page that is valid JSON has as many records as its list has elements; invalid JSON is never
/// accepted as a shorter page.
private func checkAsPage(_ input: [UInt8]) {
  let page = try? ServiceResponse.page(input)
  guard let page else { return }
  guard let value = try? JSONValue.read(input, limits: .document) else { return }
  let elements = value["Handshakes"]?.array
  promise(elements?.count == page.handshakes.count, "not as many records as elements")
  for (element, record) in zip(elements ?? [], page.handshakes) {
    promise(element.object != nil || !record.damage.isEmpty, "no object, yet a sound record")
    guard let id = element["Id"]?.string else { continue }
    promise(
      record.id.map { Untrusted($0.text) == id } ?? !record.damage.isEmpty,
      "the id of another record")
  }
}

// MARK: Neighbours

private func sound(_ letter: Character) -> String {
  """
  {"Id":"h-neighbour\(letter)","Arn":"arn:aws:organizations::111122223333:handshake/o-a1b2c3d4e5/\
  invite/h-neighbour\(letter)","Parties":[{"Id":"a1b2c3d4e5","Type":"ORGANIZATION"},\
  {"Id":"444455556666","Type":"ACCOUNT"}],"State":"OPEN","RequestedTimestamp":1700000000,\
  "ExpirationTimestamp":1701296000,"Action":"INVITE","Resources":[{"Value":"o-a1b2c3d4e5",\
  "Type":"ORGANIZATION","Resources":[{"Value":"a,]b}","Type":"MASTER_NAME"}]},\
  {"Value":"x\\"y","Type":"NOTES"}]}
  """
}

private let before = Array(sound("a").utf8)
private let between = Array(sound("m").utf8)
private let behind = Array(sound("z").utf8)

private func page(around middle: [UInt8]) -> [UInt8] {
  Array("{\"Handshakes\":[".utf8) + before + [0x2C] + middle + [0x2C] + behind
    + Array("]}".utf8)
}

/// The record before is read whatever follows it; the one after whenever the middle is one JSON
/// value, of whatever type and depth.
private func checkNeighbours(of middle: [UInt8]) {
  guard let document = try? SavedDocument.read(page(around: middle)) else {
    return promise(false, "a page that begins well is refused")
  }
  let records = document.handshakes
  promise(records.first?.isNeighbour("a") == true, "the record before is lost")
  guard JSONText.fault(in: middle) == nil else { return }
  promise(records.count == 3, "\(records.count) records of 3")
  promise(records.last?.isNeighbour("z") == true, "the record behind is lost")
  promise(document.fault == nil && document.recordFault == nil, "a sound page is called broken")
}

/// One byte of a record replaced, inserted or removed does not affect a neighbour.
private func checkEdited(by input: [UInt8]) {
  guard input.count >= 4 else { return }
  let place = (Int(input[0]) << 8 | Int(input[1])) % between.count
  var middle = between
  switch input[2] % 3 {
  case 0: middle[place] = input[3]
  case 1: middle.insert(input[3], at: place)
  default: middle.remove(at: place)
  }
  guard let document = try? SavedDocument.read(page(around: middle)) else {
    return promise(false, "an edit at \(place) makes the page none")
  }
  let records = document.handshakes
  promise(records.first?.isNeighbour("a") == true, "an edit at \(place) hides the one before")
  promise(records.last?.isNeighbour("z") == true, "an edit at \(place) hides the one behind")
}

extension Handshake {
  fileprivate func isNeighbour(_ letter: Character) -> Bool {
    id?.text == "h-neighbour\(letter)" && damage.allSatisfy { $0.fault == .duplicateID }
  }
}
