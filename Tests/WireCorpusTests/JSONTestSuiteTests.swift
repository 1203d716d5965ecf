import Model
import TestSupport
import Testing
import Text
import Wire

@Suite struct JSONTestSuiteTests {
  private static let folder = "corpora/JSONTestSuite/test_parsing"

  private func files(_ prefix: String) throws -> [(name: String, bytes: [UInt8])] {
    try SharedFolder.names(in: Self.folder).filter { $0.hasPrefix(prefix) }.map {
      ($0, try SharedFolder.bytes(Self.folder + "/" + $0))
    }
  }

  @Test("accepts all 95 texts that must be accepted")
  func accepts() throws {
    let files = try files("y_")
    #expect(files.count == 95)
    for file in files {
      #expect(JSONText.fault(in: file.bytes) == nil, "\(file.name)")
    }
  }

  @Test("refuses all 188 texts that must be refused")
  func refuses() throws {
    let files = try files("n_")
    #expect(files.count == 188)
    for file in files {
      #expect(JSONText.fault(in: file.bytes) != nil, "\(file.name)")
    }
  }

  /// Checks the decisions on what RFC 8259 leaves open.
  ///
  /// Numbers are text until used, so none is too large; nesting is walked without recursion;
  /// strings keep invalid Unicode, so that their record can be marked. A byte order mark or UTF-16
  /// is refused: AWS sends neither, and parsers differ on them.
  @Test("decides the 35 open cases: refuses marks and UTF-16, accepts the rest")
  func open() throws {
    let refused: Set = [
      "i_string_UTF-16LE_with_BOM.json", "i_string_utf16BE_no_BOM.json",
      "i_string_utf16LE_no_BOM.json", "i_structure_UTF-8_BOM_empty_object.json",
    ]
    let files = try files("i_")
    #expect(files.count == 35)
    for file in files {
      let fault = JSONText.fault(in: file.bytes)
      #expect(
        fault?.kind == (refused.contains(file.name) ? .otherEncoding : nil), "\(file.name)")
    }
  }

  @Test("accepts them as values, too, unless a key is repeated")
  func values() throws {
    let twice: Set = [
      "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
    ]
    for file in try files("y_") {
      let value = try? JSONValue.read(file.bytes)
      #expect((value == nil) == twice.contains(file.name), "\(file.name)")
      guard let value else { continue }
      for style in [JSONStyle.wire, .document, .terminal] {
        #expect(try JSONValue.read(value.json(style)) == value, "\(file.name)")
      }
    }
    for file in try files("n_") {
      #expect(throws: JSONFault.self, "\(file.name)") { try JSONValue.read(file.bytes) }
    }
  }

  @Test("any text in one record leaves its neighbours intact")
  func neighbours() throws {
    let sound = try (0..<3).map { index in
      var fixture = InvitationFixture()
      fixture.id = "h-7d1f0c2a9b44e8a\(index)"
      return try fixture.make()
    }
    let records = sound.map { $0.json(.wire) }
    let middle = Array(records[1].dropLast())
    // `[{` makes the third record a well-formed part of the second: the list is then cut instead.
    let swallowing = "n_structure_open_array_open_object.json"
    for file in try files("") where file.name != swallowing {
      // A mark or a zero is as invalid inside a record as any other byte.
      let record = middle + Array(",\"Extra\":".utf8) + file.bytes + Array("}".utf8)
      let text =
        Array("{\"Handshakes\":[".utf8) + records[0] + [0x2C] + record + [0x2C] + records[2]
        + Array("]}".utf8)
      let read = try SavedDocument.read(text).handshakes
      #expect(read.first == sound[0], "\(file.name)")
      #expect(read.last == sound[2], "\(file.name)")
      #expect(read.count == 3, "\(file.name)")
      let isJSON = JSONText.fault(in: record) == nil
      #expect(
        read.contains { $0.damage.contains { $0.fault == .broken } } == !isJSON, "\(file.name)")
    }
  }
}
