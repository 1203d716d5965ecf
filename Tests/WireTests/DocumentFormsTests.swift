import Model
import TestSupport
import Testing
import Text

@testable import Wire

/// Documents as other programs save the service's answers.
@Suite struct DocumentFormsTests {
  private func sound() throws -> [Handshake] { try Listings().sound }

  private func lines() throws -> [String] { try Listings().records.map { text($0) } }

  private func read(_ source: String) throws -> SavedDocument {
    try SavedDocument.read(bytes(source))
  }

  @Test("arrays of pages, of descriptions and of arrays are read in their order")
  func arrays() throws {
    let sound = try sound()
    let lines = try lines()
    let forms = [
      "[{\"Handshakes\":[R0]},{\"Handshakes\":[R1,R2]}]",
      "[{\"Handshakes\":[R0],\"NextToken\":\"x\"},{\"Handshakes\":[]},{\"Handshakes\":[R1,R2]}]",
      "[[R0],[],[R1,R2]]", "[[{\"Handshakes\":[R0,R1]}],[{\"Handshakes\":[R2]}]]",
      "[{\"Handshake\":R0},{\"Handshake\":R1},{\"Handshake\":R2}]",
      "\u{FEFF}[R0]\n\u{FEFF}[R1]\r\n\u{FEFF}[R2]", "\u{1E}R0\n\u{1E}R1\n\u{1E}R2\n",
      "[{\"Handshakes\":[R0]},{\"Handshakes\":null},{\"Handshakes\":[R1,R2]}]",
      "[R0,R1]\n{\"Handshakes\":null}\n[R2]", "[R0,{\"Handshakes\":[R1]},{\"Handshake\":R2}]",
      "[{\"Handshakes\":[]},R0,R1,R2]",
      "[{\"Handshakes\":[R0,R1]}]\n[{\"Handshakes\":[R2]}]",
      "{\"pages\":[{\"Handshakes\":[R0]},{\"Handshakes\":[R1]},{\"Handshakes\":[R2]}]}",
      "{\"111122223333\":{\"Handshakes\":[R0,R1]},\"444455556666\":{\"Handshakes\":[R2]}}",
      "{\"Handshakes\":[R0,R1],\"ResponseMetadata\":{\"HTTPStatusCode\":200}}{\"Handshakes\":[R2]}",
      "{\"rows\":[R0,R1,R2],\"metadata\":{\"Duration\":1}}",
    ]
    for form in forms {
      var source = form
      for index in 0..<3 { source = source.replacing("R\(index)", with: lines[index]) }
      let document = try read(source)
      #expect(document.handshakes == sound, "\(form)")
      #expect(document.fault == nil && document.recordFault == nil && !document.hasMore, "\(form)")
      for size in [1, 2] {
        var reader = DocumentReader(bytes(source))
        var found: [Handshake] = []
        while case let batch = try reader.next(size), !batch.isEmpty { found += batch }
        #expect(found == sound, "\(form) by \(size)")
      }
    }
  }

  @Test(
    "an empty listing is one, in every form",
    arguments: [
      "{\"Handshakes\":[]}", "[]", "[[]]", "[{\"Handshakes\":[]}]", "[{\"Handshakes\":[]},[]]",
      "{\"Handshakes\":[]}\n{\"Handshakes\":[]}", "{\"NextToken\":null,\"Handshakes\":[]}",
      "\u{FEFF}[]",
      "{\"a\":{\"Handshakes\":[]}}",
    ])
  func empty(_ source: String) throws {
    let document = try read(source)
    #expect(document == SavedDocument(handshakes: []))
  }

  @Test("the last page of an array says whether more follow")
  func more() throws {
    let page = "{\"Handshakes\":[],\"NextToken\":\"x\"}"
    #expect(try read("[{\"Handshakes\":[]},\(page)]").hasMore)
    #expect(try !read("[\(page),{\"Handshakes\":[]}]").hasMore)
  }

  @Test("pages that overlap count once; records that differ are marked")
  func overlap() throws {
    let lines = try lines()
    let same = try read("[{\"Handshakes\":[\(lines[0])]},{\"Handshakes\":[\(lines[0])]}]")
    #expect(same.handshakes.allSatisfy { $0.damage.isEmpty })
    let other = lines[0].replacing("OPEN", with: "ACCEPTED")
    let rivals = try read("[{\"Handshakes\":[\(lines[0])]},{\"Handshakes\":[\(other)]}]")
    #expect(rivals.handshakes.allSatisfy { $0.damage.map(\.fault) == [.duplicateID] })
  }

  @Test("byte order marks and UTF-16 are accepted; faults have the document's own byte offsets")
  func encodings() throws {
    let sound = try sound()
    let source = text(sound.document(.terminal)).replacing("CHG-4411", with: "Zürich 🚀")
    let plain = try read(source)
    #expect(plain.handshakes.count == 3 && plain.handshakes.allSatisfy { $0.damage.isEmpty })
    let little = source.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = source.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let forms = [
      [0xEF, 0xBB, 0xBF] + bytes(source), [0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big,
      bytes(source) + [0x1A], bytes(source) + [0x0D, 0x0A, 0x1A], bytes(source) + [0, 0, 0],
    ]
    for form in forms { #expect(try SavedDocument.read(form) == plain) }
    let broken = Array(" {🚀 ".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(throws: DocumentFault.notJSON(JSONFault(.unexpectedByte, at: 6))) {
      try SavedDocument.read([0xFF, 0xFE] + broken)
    }
  }

  @Test("the output of PowerShell for the service's objects is read")
  func powerShell() throws {
    let sound = try sound()
    let source = text(sound[0].json(.wire))
      .replacing("\"State\":\"OPEN\"", with: "\"State\":{\"Value\":\"OPEN\"}")
      .replacing("\"Action\":\"INVITE\"", with: "\"Action\":{\"Value\":\"INVITE\"}")
      .replacing("\"Type\":\"ACCOUNT\"", with: "\"Type\":{\"Value\":\"ACCOUNT\"}")
      .replacing("\"Type\":\"ORGANIZATION\"", with: "\"Type\":{\"Value\":\"ORGANIZATION\"}")
    #expect(source.contains("{\"Value\":\"ACCOUNT\"}"))
    #expect(try read(source).handshakes == [sound[0]])
    #expect(try read("[\(source)]").handshakes == [sound[0]])
    let milliseconds = try #require(sound[0].expires).milliseconds
    let expires = JSONNumber(epochSeconds: try #require(sound[0].expires)).text
    for time in [
      "\"\\/Date(\(milliseconds))\\/\"", "\(milliseconds)",
      "{\"value\":\"\\/Date(\(milliseconds))\\/\",\"DisplayHint\":2,\"DateTime\":\"Friday\"}",
    ] {
      let dated = source.replacing(
        "\"ExpirationTimestamp\":\(expires)", with: "\"ExpirationTimestamp\":\(time)")
      #expect(dated != source)
      #expect(try read(dated).handshakes == [sound[0]], "\(time)")
    }
  }

  @Test("lower camel case and underscores are read; a mix of spellings stays damaged")
  func spellings() throws {
    let sound = try sound()
    var camel = try lines()[0]
    for name in [
      "Id", "Arn", "Parties", "State", "RequestedTimestamp", "ExpirationTimestamp", "Action",
      "Resources", "Type", "Value",
    ] {
      camel = camel.replacing(
        "\"\(name)\":", with: "\"\(name.prefix(1).lowercased())\(name.dropFirst())\":")
    }
    #expect(try read(camel).handshakes == [sound[0]])
    #expect(try read("[\(camel)]").handshakes == [sound[0]])
    let snake = camel.replacing("requestedTimestamp", with: "requested_timestamp")
      .replacing("expirationTimestamp", with: "expiration_timestamp")
    #expect(try read("{\"rows\":[\(snake)]}").handshakes == [sound[0]])
    let mixed = try lines()[0].replacing("\"State\":", with: "\"state\":")
    #expect(try read(mixed).handshakes.first?.damage.contains { $0.fault == .misspelt } == true)
    let twice = "{\"ID\":\"h-7d1f0c2a9b44e8ab\"," + camel.dropFirst()
    #expect(try read(twice).handshakes.first?.damage.isEmpty == false)
  }

  @Test("of the events about one handshake the last one counts, in any order")
  func events() throws {
    let lines = try lines()
    func event(_ time: String, _ state: String) -> String {
      "{\"eventVersion\":\"1.08\",\"eventTime\":\"\(time)\",\"eventSource\":\"organizations.amazonaws.com\","
        + "\"requestParameters\":{\"handshakeId\":\"h-7d1f0c2a9b44e8a0\"},\"responseElements\":"
        + "{\"handshake\":\(lines[0].replacing("OPEN", with: state))}}"
    }
    let other =
      "{\"eventVersion\":\"1.08\",\"eventName\":\"ListRoots\",\"eventSource\":"
      + "\"organizations.amazonaws.com\",\"requestParameters\":null,\"responseElements\":null}"
    let open = event("2026-11-20T10:00:00Z", "OPEN")
    let accepted = event("2026-11-21T10:00:00Z", "ACCEPTED")
    for list in [[open, accepted, other], [other, accepted, open], [accepted, other, open]] {
      let array = "[\(list.joined(separator: ","))]"
      for source in [array, "{\"Records\":\(array)}", list.joined(separator: "\n")] {
        let document = try read(source)
        #expect(document.handshakes.map(\.state) == [.accepted])
        #expect(document.handshakes.allSatisfy { $0.damage.isEmpty })
        #expect(document.fault == nil && document.isFromEvents, "\(source)")
      }
    }
    for none in [other, "[\(other)]", "{\"Records\":[\(other)]}"] {
      #expect(throws: DocumentFault.noHandshakes(.cloudTrail, offset: 0)) { try read(none) }
    }
  }

  @Test(
    "JSON without handshakes is described by its content",
    arguments: [
      (
        "{\"version\":4,\"resources\":[{\"type\":\"aws_organizations_account\",\"instances\":[]}]}",
        .terraform
      ),
      (
        "{\"version\":4,\"terraform_version\":\"1.9.0\",\"serial\":1,\"lineage\":\"x\",\"resources\":[]}",
        .terraform
      ),
      (
        "{\"AWSTemplateFormatVersion\":\"2010-09-09\",\"Resources\":{\"A\":{\"Type\":\"T\"}}}",
        .cloudFormation
      ),
      (
        "{\"UserId\":\"A\",\"Account\":\"111122223333\",\"Arn\":\"arn:aws:iam::111122223333:root\"}",
        .callerIdentity
      ),
      ("{\"Accounts\":[{\"Id\":\"111122223333\",\"Arn\":\"a\"}]}", .accounts),
      (
        "[{\"Id\":\"111122223333\",\"Arn\":\"a\",\"JoinedTimestamp\":\"2026-01-01T00:00:00Z\"}]",
        .accounts
      ),
      ("{\"Organization\":{\"Id\":\"o-a1b2c3d4e5\",\"Arn\":\"a\"}}", .organization),
      ("{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}", .errorReply),
      (
        "{\"Events\":[{\"CloudTrailEvent\":\"{\\\"eventVersion\\\":\\\"1\\\",\\\"eventSource\\\":\\\"x\\\"}\"}]}",
        .cloudTrail
      ),
      ("{\"Handshakes\":null}", .listingOfAnotherType), ("{}", .empty), ("null", .empty),
      ("[1,2]", .empty), ("[{\"x\":1}]", .other),
      ("[{\"State\":\"available\",\"Id\":\"vpc-1\",\"Resources\":[]}]", .other),
    ] as [(String, DocumentKind)])
  func kinds(_ source: String, _ kind: DocumentKind) {
    #expect(throws: DocumentFault.noHandshakes(kind, offset: 0)) { try read(source) }
  }

  @Test(
    "a text that is not JSON is described by its beginning",
    arguments: [
      ("", .empty), (" \n", .empty), ("\u{1F}\u{8B}", .other), ("---\nHandshakes:\n", .yaml),
      ("- Id: h-1\n", .yaml),
      ("{'Handshakes': []}", .python), ("<html>", .markup), ("```json\n{}\n```", .markdown),
      ("h-1\tOPEN\n", .columns), ("Fetching\n{\"Id\":1}", .precededByText),
      ("{\u{1B}[1m\"Handshakes\"", .terminalOutput), ("ID\tSTATE\n", .ourList),
      ("nonsense", .other),
    ] as [(String, TextKind)])
  func texts(_ source: String, _ kind: TextKind) {
    #expect(TextKind(of: bytes(source)) == kind)
  }

  @Test("compressed files and UTF-32 are recognized by their first bytes")
  func binaries() {
    #expect(TextKind(of: [0x1F, 0x8B, 8, 0]) == .compressed)
    #expect(TextKind(of: [0xFF, 0xFE, 0, 0]) == .utf32)
  }

  @Test("an element that is nested too deep, or broken, does not affect its neighbours")
  func hostile() throws {
    let lines = try lines()
    let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
    let document = try read(
      "[{\"Handshakes\":[\(lines[0])]},\(deep),{\"Handshakes\":[\(lines[1])]}]")
    #expect(document.handshakes.count { $0.damage.isEmpty } == 2)
    let twice = "{\"Handshakes\":[],\"handshakes\":[\(lines[2])]}"
    let rival = try read("[{\"Handshakes\":[\(lines[0])]},\(twice)]")
    #expect(rival.handshakes.first?.damage.isEmpty == true)
    #expect(rival.fault?.kind == .duplicateKey)
  }
}
