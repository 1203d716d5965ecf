import Model
import TestSupport
import Testing
import Text
import Wire

@Suite struct DocumentTests {
  @Test("every form of a saved document is read")
  func forms() throws {
    let listings = try Listings()
    let sound = listings.sound
    let lines = sound.map { text($0.json(.wire)) }
    let list = lines.joined(separator: ",")
    let forms: [(String, String, Int)] = [
      ("a listing", "{\"Handshakes\":[\(list)]}", 3),
      ("with a token behind", "{\"Handshakes\":[\(list)],\"NextToken\":\"abc\"}\n", 3),
      ("with a token before", "{\"NextToken\":null,\"Handshakes\":[\(list)]}", 3),
      ("an array", " [\(list)] ", 3),
      ("one handshake", "{\"Handshake\":\(lines[0])}", 1),
      ("one bare", lines[0], 1),
      ("JSON lines of handshakes", lines.joined(separator: "\n"), 3),
      ("JSON lines of documents", lines.map { "{\"Handshake\":\($0)}\r\n" }.joined(), 3),
      (
        "pages one after another",
        "{\"Handshakes\":[\(lines[0])]}\n{\"Handshakes\":[\(lines[1]),\(lines[2])]}", 3
      ),
      ("mixed", "[\(lines[0])]\n{\"Handshakes\":[]}\n\(lines[1]){\"Handshake\":\(lines[2])}", 3),
      ("indented", text(sound.document(.document)), 3),
      ("for a terminal", text(sound.document(.terminal)), 3),
      ("an empty listing", "{\"Handshakes\":[]}", 0),
    ]
    for (name, source, count) in forms {
      let document = try SavedDocument.read(bytes(source))
      #expect(document.handshakes == Array(sound.prefix(count)), "\(name)")
      #expect(document.fault == nil && document.recordFault == nil, "\(name)")
    }
  }

  @Test(
    "a document without handshakes is an error, never an empty listing",
    arguments: [
      "{}", "{\"handshakes\":[]}", "{\"Handshakes\":null}", "{\"Handshakes\":{}}",
      "{\"Handshake\":[]}", "7", "null", "\"Handshakes\"", "", "   ", "<html></html>", "{",
      "{\"NextToken\":\"x\"}", "{\"Accounts\":[]}",
    ])
  func none(_ source: String) {
    #expect(throws: DocumentFault.self) { try SavedDocument.read(bytes(source)) }
    #expect(throws: UnreadableReply.self) { try ServiceResponse.page(bytes(source)) }
    #expect(throws: UnreadableReply.self) { try ServiceResponse.handshake(bytes(source)) }
  }

  @Test("UTF-32 is refused; a reply of the service in UTF-16 or with a byte order mark is, too")
  func otherEncodings() {
    let text = "{\"Handshakes\":[]}"
    let wide: [UInt8] = text.unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] }
    for source in [wide, [0xFF, 0xFE, 0, 0] + wide] {
      #expect(throws: DocumentFault.notJSON(JSONFault(.otherEncoding, at: 0))) {
        try SavedDocument.read(source)
      }
    }
    let little: [UInt8] = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    for reply in [little, [0xFF, 0xFE] + little, [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
      #expect(throws: UnreadableReply(JSONFault(.otherEncoding, at: 0))) {
        try ServiceResponse.page(reply)
      }
    }
  }

  @Test("a second list of handshakes in one envelope is a fault")
  func twice() throws {
    let record = text(try Listings().records[0])
    let source = bytes("{\"Handshakes\":[\(record)],\"Handshakes\":[]}")
    let document = try SavedDocument.read(source)
    #expect(document.handshakes.count == 1)
    #expect(document.fault?.kind == .duplicateKey)
    #expect(throws: UnreadableReply.self) { try ServiceResponse.page(source) }
  }

  @Test(
    "so it is when the second name is escaped or of another case, before or after",
    arguments: [
      #"{"Handshakes":[R],"\u0048andshakes":[]}"#, #"{"\u0048andshakes":[R],"Handshakes":[]}"#,
      #"{"Handshakes":[R],"handshakes":[]}"#, #"{"Handshake":R,"HANDSHAKE":R}"#,
    ])
  func twiceInDisguise(_ form: String) throws {
    let record = text(try Listings().records[0])
    let document = try SavedDocument.read(bytes(form.replacing("R", with: record)))
    #expect(document.handshakes.count == 1)
    #expect(document.fault?.kind == .duplicateKey)
  }

  @Test("another spelling before the handshakes is refused completely")
  func twiceFromTheStart() throws {
    let record = text(try Listings().records[0])
    #expect(throws: DocumentFault.self) {
      try SavedDocument.read(bytes("{\"handshakes\":[\(record)],\"Handshakes\":[]}"))
    }
  }

  @Test(
    "a page that says that more follow is distinguished from one that does not",
    arguments: [
      (#"{"Handshakes":[],"NextToken":"abc"}"#, true),
      (#"{"\u004eextToken":"abc","Handshakes":[]}"#, true),
      (#"{"Handshakes":[],"NextToken":null}"#, false),
      (#"{"Handshakes":[],"NextToken":""}"#, false),
      (#"{"Handshakes":[]}"#, false),
      (#"{"Handshakes":[],"NextToken":"abc"} {"Handshakes":[]}"#, false),
      (#"{"Handshakes":[]} {"Handshakes":[],"NextToken":"abc"}"#, true),
    ])
  func more(_ source: String, hasMore: Bool) throws {
    #expect(try SavedDocument.read(bytes(source)).hasMore == hasMore)
  }

  @Test("a broken line affects that line only")
  func brokenLine() throws {
    let listings = try Listings()
    let lines = listings.records.map { text($0) }
    for broken in [
      "{\"Id\":\"h-7d1f0c2a9b44e8af\",tru", "{\"Handshake\":{\"Id\":}}", "nonsense", "{\"x\":1}",
    ] {
      let document = try SavedDocument.read(
        bytes([lines[0], broken, lines[2]].joined(separator: "\n")))
      #expect(document.handshakes.first == listings.sound[0], "\(broken)")
      #expect(document.handshakes.last == listings.sound[2], "\(broken)")
      #expect(document.fault != nil || document.recordFault != nil, "\(broken)")
    }
  }

  @Test("a broken handshake over several lines does not make handshakes of its parts")
  func brokenLayout() throws {
    let listings = try Listings()
    let source = text(listings.sound[0].json(.document))
    let cut = String(source.prefix(source.utf8.count * 2 / 3)) + ",,\n" + source.suffix(60)
    let document = try SavedDocument.read(bytes(cut))
    #expect(document.handshakes.count == 1)
    #expect(document.handshakes.first?.damage.contains { $0.fault == .broken } == true)
  }

  @Test("read in batches, a document gives the same handshakes", arguments: [1, 2, 3, 4, 1_000])
  func batches(_ size: Int) throws {
    let listings = try Listings()
    let list = listings.records.map { text($0) }.joined(separator: ",")
    var reader = DocumentReader(bytes("{\"Handshakes\":[\(list)]}\n[\(list)]\n"))
    var read: [Handshake] = []
    while case let batch = try reader.next(size), !batch.isEmpty {
      #expect(batch.count <= size)
      read += batch
    }
    #expect(read == listings.sound + listings.sound)
    #expect(reader.fault == nil)
    #expect(try reader.next(size).isEmpty)
  }

  @Test("the caller chooses the size limit")
  func limits() throws {
    let source = Listings.listing(try Listings().records)
    #expect(throws: DocumentFault.notJSON(JSONFault(.tooLarge, at: 100))) {
      try SavedDocument.read(source, limits: JSONLimits(bytes: 100))
    }
    #expect(throws: UnreadableReply(JSONFault(.tooLarge, at: 100))) {
      try ServiceResponse.page(source, limits: JSONLimits(bytes: 100))
    }
  }
}
