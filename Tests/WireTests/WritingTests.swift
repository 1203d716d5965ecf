import Model
import TestSupport
import Testing
import Text
import Wire

@Suite struct WritingTests {
  private func sample(notes: Untrusted, name: Untrusted) throws -> Handshake {
    let id = try Fixture.handshake("h-examplehandshakeid111")
    let arn =
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111"
    return Handshake(
      id: id, arn: HandshakeARN(arn),
      parties: [
        Party(id: Untrusted("exampleorgid"), type: .organization),
        Party(id: Untrusted("222222222222"), type: .account),
      ],
      state: .open, requested: Timestamp(milliseconds: 1_481_656_459_257),
      expires: Timestamp(milliseconds: 1_482_952_459_000), action: .invite,
      resources: [
        Resource(
          type: .organization, value: Untrusted("o-exampleorgid"),
          resources: [Resource(type: .masterName, value: name)]),
        Resource(type: .notes, value: notes),
      ])
  }

  /// The expected text is the output of awscli 1.45's JSONFormatter for the same reply, with
  /// `cli_timestamp_format = iso8601`.
  @Test("a document is written as the AWS CLI writes it")
  func commandLine() throws {
    let handshake = try sample(
      notes: Untrusted("a\nb\tc\r\u{C}\u{8}"), name: Untrusted("Zusätze \u{1} \"q\" \\ / 日本 😀"))
    #expect(
      text(handshake.document(.document)) == #"""
        {
            "Handshake": {
                "Id": "h-examplehandshakeid111",
                "Arn": "arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
                "Parties": [
                    {
                        "Id": "exampleorgid",
                        "Type": "ORGANIZATION"
                    },
                    {
                        "Id": "222222222222",
                        "Type": "ACCOUNT"
                    }
                ],
                "State": "OPEN",
                "RequestedTimestamp": "2016-12-13T19:14:19.257000+00:00",
                "ExpirationTimestamp": "2016-12-28T19:14:19+00:00",
                "Action": "INVITE",
                "Resources": [
                    {
                        "Value": "o-exampleorgid",
                        "Type": "ORGANIZATION",
                        "Resources": [
                            {
                                "Value": "Zusätze \u0001 \"q\" \\ / 日本 😀",
                                "Type": "MASTER_NAME"
                            }
                        ]
                    },
                    {
                        "Value": "a\nb\tc\r\f\b",
                        "Type": "NOTES"
                    }
                ]
            }
        }
        """#)
    #expect(text([Handshake]().document(.document)) == "{\n    \"Handshakes\": []\n}")
  }

  @Test("the wire's format is compact and has seconds since 1970")
  func wire() throws {
    let json = text(try sample(notes: Untrusted("n"), name: Untrusted("m")).json(.wire))
    #expect(json.hasPrefix("{\"Id\":\"h-examplehandshakeid111\",\"Arn\":\"arn:"))
    #expect(
      json.contains(
        "\"RequestedTimestamp\":1481656459.257,\"ExpirationTimestamp\":1482952459,\"Action\""))
    #expect(!json.contains("null"))
  }

  @Test(
    "times are exact in both formats, before 1970 too",
    arguments: [
      (0, "0", "1970-01-01T00:00:00+00:00"), (1, "0.001", "1970-01-01T00:00:00.001000+00:00"),
      (-1, "-0.001", "1969-12-31T23:59:59.999000+00:00"),
      (-1_500, "-1.5", "1969-12-31T23:59:58.500000+00:00"),
      (1_482_952_459_250, "1482952459.25", "2016-12-28T19:14:19.250000+00:00"),
      (253_402_300_799_999, "253402300799.999", "9999-12-31T23:59:59.999000+00:00"),
    ] as [(Int64, String, String)])
  func times(_ milliseconds: Int64, _ epoch: String, _ iso: String) throws {
    let time = Timestamp(milliseconds: milliseconds)
    var wire = JSONWriter(.wire)
    wire.time(time)
    #expect(text(wire.bytes) == epoch)
    #expect(Timestamp(epochSeconds: wire.bytes) == time)
    var document = JSONWriter(.line)
    document.time(time)
    #expect(text(document.bytes) == "\"\(iso)\"")
    #expect(Timestamp(iso8601: iso.utf8) == time)
  }

  /// One row for each class: the text, then its result for each kind of escapes.
  @Test(
    "every class of characters is written by its rule",
    arguments: [
      ([0x41], "A", "A", "A"),
      ([0x22, 0x5C, 0x2F], "\\\"\\\\/", "\\\"\\\\/", "\\\"\\\\/"),
      (
        [0x00, 0x1B, 0x1F], "\\u0000\\u001b\\u001f", "\\u0000\\u001b\\u001f",
        "\\u0000\\u001b\\u001f"
      ),
      ([0x08, 0x09, 0x0A, 0x0C, 0x0D], "\\b\\t\\n\\f\\r", "\\b\\t\\n\\f\\r", "\\b\\t\\n\\f\\r"),
      ([0x7F], "\u{7F}", "\\u007f", "\\u007f"),
      (Array("\u{80}\u{9F}".utf8), "\u{80}\u{9F}", "\\u0080\\u009f", "\\u0080\\u009f"),
      (Array("é日".utf8), "é日", "é日", "\\u00e9\\u65e5"),
      (Array("😀".utf8), "😀", "😀", "\\ud83d\\ude00"),
      (Array("\u{2028}\u{2029}".utf8), "\u{2028}\u{2029}", "\\u2028\\u2029", "\\u2028\\u2029"),
      (
        Array("\u{61C}\u{200E}\u{200F}\u{202E}\u{2066}".utf8),
        "\u{61C}\u{200E}\u{200F}\u{202E}\u{2066}",
        "\\u061c\\u200e\\u200f\\u202e\\u2066", "\\u061c\\u200e\\u200f\\u202e\\u2066"
      ),
      (
        Array("\u{AD}\u{200B}\u{FE0F}\u{A0}\u{E000}\u{378}".utf8),
        "\u{AD}\u{200B}\u{FE0F}\u{A0}\u{E000}\u{378}",
        "\\u00ad\\u200b\\ufe0f\\u00a0\\ue000\\u0378", "\\u00ad\\u200b\\ufe0f\\u00a0\\ue000\\u0378"
      ),
      (Array("\u{E0041}".utf8), "\u{E0041}", "\\udb40\\udc41", "\\udb40\\udc41"),
      ([0xED, 0xA0, 0x80], "\\ud800", "\\ud800", "\\ud800"),
      (
        [0x80, 0xFF, 0xC3], "\\udc80\\udcff\\udcc3", "\\udc80\\udcff\\udcc3",
        "\\udc80\\udcff\\udcc3"
      ),
      ([0xC0, 0xAF], "\\udcc0\\udcaf", "\\udcc0\\udcaf", "\\udcc0\\udcaf"),
      (
        [0xF4, 0x90, 0x80, 0x80], "\\udcf4\\udc90\\udc80\\udc80", "\\udcf4\\udc90\\udc80\\udc80",
        "\\udcf4\\udc90\\udc80\\udc80"
      ),
      // A high surrogate before one that is written as a low one: never a pair that nobody sent.
      (
        [0xED, 0xA0, 0xB4, 0xA1], "\\udced\\udca0\\udcb4\\udca1",
        "\\udced\\udca0\\udcb4\\udca1", "\\udced\\udca0\\udcb4\\udca1"
      ),
      (
        [0xED, 0xA0, 0xB4, 0xED, 0xB4, 0x9E], "\\udced\\udca0\\udcb4\\udd1e",
        "\\udced\\udca0\\udcb4\\udd1e", "\\udced\\udca0\\udcb4\\udd1e"
      ),
      (
        [0xED, 0xA0, 0x80, 0xED, 0xA0, 0x81, 0xFC],
        "\\udced\\udca0\\udc80\\udced\\udca0\\udc81\\udcfc",
        "\\udced\\udca0\\udc80\\udced\\udca0\\udc81\\udcfc",
        "\\udced\\udca0\\udc80\\udced\\udca0\\udc81\\udcfc"
      ),
    ] as [([UInt8], String, String, String)])
  func escapes(_ source: [UInt8], _ needed: String, _ safe: String, _ ascii: String) {
    let value = JSONValue.string(Untrusted(bytes: source))
    #expect(value.json(.wire) == bytes("\"\(needed)\""))
    #expect(value.json(.document) == bytes("\"\(safe)\""))
    #expect(value.json(.terminal) == bytes("\"\(ascii)\""))
  }

  @Test(
    "any bytes are written as valid JSON in UTF-8, and any Unicode is read back the same")
  func anyBytes() throws {
    var random = SeededRandom(seed: 5)
    for round in 0..<2_000 {
      let isUnicode = round.isMultiple(of: 2)
      let source: [UInt8]
      if isUnicode {
        source = Array(
          String(
            String.UnicodeScalarView(
              (0..<12).compactMap { _ in
                Unicode.Scalar(
                  UInt32.random(
                    in: 0...0x10FFFF >> Int.random(in: 0...14, using: &random), using: &random))
              })
          ).utf8)
      } else {
        source = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      for style in [JSONStyle.wire, .document, .terminal] {
        let json = JSONValue.string(Untrusted(bytes: source)).json(style)
        #expect(String(validating: json, as: UTF8.self) != nil)
        if style.escapes == .ascii { #expect(json.allSatisfy { (0x20...0x7E).contains($0) }) }
        let read = try JSONValue.read(json)
        if isUnicode { #expect(read.string?.bytes == source) }
      }
    }
  }

  @Test("members are absent when they have no value, and keep their order")
  func values() {
    let value = JSONValue.members([
      ("Id", .text("1")), ("Gone", nil), ("Organization", .null), ("Count", .int(3)),
      ("List", .array([.bool(true), .object([]), .array([])])),
    ])
    #expect(
      text(value.json(.line))
        == "{\"Id\":\"1\",\"Organization\":null,\"Count\":3,\"List\":[true,{},[]]}")
    #expect(
      text(value.json(.document))
        == """
        {
            "Id": "1",
            "Organization": null,
            "Count": 3,
            "List": [
                true,
                {},
                []
            ]
        }
        """)
    #expect(value["Organization"] == nil)
    #expect(value["Count"]?.number?.int == 3)
    #expect(value["Gone"] == nil)
  }

  @Test("JSON lines: one document a line, none with text of the one before")
  func lines() throws {
    var writer = JSONWriter(.line)
    for name in ["a", "b"] {
      writer.value(.members([("k", .text(name))]))
      writer.newline()
    }
    #expect(text(writer.drain()) == "{\"k\":\"a\"}\n{\"k\":\"b\"}\n")
    #expect(writer.bytes.isEmpty)
  }
}
