import Model
import TestSupport
import Testing
import Text
import Wire

/// The damage of a record, and the values read from it (SEC-3).
@Suite struct DamageTests {
  private func read(_ record: [UInt8]) throws -> Handshake {
    let read = try SavedDocument.read(Listings.listing([record])).handshakes
    return try #require(read.first)
  }

  private func damage(_ old: String, _ new: String) throws -> [String] {
    let record = try Listings().replacing(old, with: bytes(new))
    let handshake = try read(record)
    // A damaged record is written back unchanged, except for members that the model does not have.
    var again = try read(handshake.json(.wire))
    again.damage += handshake.damage.filter { $0.fault == .duplicateKey && $0.text == nil }
    #expect(again == handshake)
    return handshake.damage.map { "\($0.fault) \($0.place)" }
  }

  @Test("a time that is written with escapes is the same time")
  func escapedTime() throws {
    let plain = try read(bytes(#"{"RequestedTimestamp":"2016-12-13T19:14:19.257000+00:00"}"#))
    let escaped = try read(
      bytes(#"{"RequestedTimestamp":"2016\u002d12-13T19:14:19.25700\u0030+00:00"}"#))
    #expect(plain.requested != nil)
    #expect(escaped == plain)
  }

  @Test(
    "a member of another type or format is named, and the record kept",
    arguments: [
      ("\"Id\":\"h-7d1f0c2a9b44e8a1\",\"Arn\"", "\"Id\":5,\"Arn\"", ["wrongType Id"]),
      ("\"State\":\"OPEN\"", "\"State\":[\"OPEN\"]", ["wrongType State"]),
      ("\"State\":\"OPEN\"", "\"State\":null", ["missing State"]),
      ("\"State\":\"OPEN\",", "", ["missing State"]),
      ("\"State\":\"OPEN\"", "\"State\":\"FUTURE\"", []),
      ("\"State\":\"OPEN\"", "\"State\":\"\\u004fPEN\"", []),
      ("\"State\":\"OPEN\"", "\"State\":\"OPEN\",\"State\":\"OPEN\"", ["duplicateKey State"]),
      ("\"State\":\"OPEN\"", "\"State\":\"OPEN\",\"\\u0053tate\":\"OPEN\"", ["duplicateKey State"]),
      ("\"State\":\"OPEN\"", "\"State\":\"OPEN\",\"New\":{\"a\":[1]}", []),
      ("\"State\":\"OPEN\"", "\"New\":1,\"State\":\"OPEN\",\"New\":2", ["duplicateKey "]),
      ("\"State\":\"OPEN\"", "\"State\":\"OPEN\",\"New\":{\"a\":1,\"a\":2}", ["duplicateKey "]),
      ("\"State\":\"OPEN\"", "\"state\":\"OPEN\"", ["missing State", "misspelt state"]),
      ("\"Action\":\"INVITE\"", "\"Action\":{\"a\":1}", ["wrongType Action"]),
      ("\"Id\":\"a1b2c3d4e5\"", "\"Id\":\"not an id\"", ["malformed Parties[0].Id"]),
      ("\"Id\":\"a1b2c3d4e5\"", "\"Id\":\"o-a1b2c3d4e5\"", []),
      ("\"Id\":\"a1b2c3d4e5\"", "\"Id\":\"zzzzzzzzzz\"", ["contradiction Parties[0].Id"]),
      ("\"Id\":\"222233334444\"", "\"Id\":\"222233334445\"", ["contradiction Parties[1].Id"]),
      (
        "\"Id\":\"222233334444\"", "\"Id\":\"２２２２３３３３４４４４\"",
        ["malformed Parties[1].Id", "contradiction Parties[1].Id"]
      ),
      ("\"Parties\":[", "\"Parties\":[7,", ["wrongType Parties[0]"]),
      ("\"Parties\":[", "\"Parties\":[null,[],", ["wrongType Parties[0]", "wrongType Parties[1]"]),
      ("\"Type\":\"ACCOUNT\"}]", "\"Type\":5}]", ["wrongType Parties[1].Type"]),
      (
        "{\"Value\":\"222233334444\",\"Type\":\"ACCOUNT\"}", "{\"Value\":\"222233334444\"}",
        ["missing Resources[1].Type"]
      ),
      ("{\"Value\":\"222233334444\",\"Type\":\"ACCOUNT\"}", "{\"Type\":\"ACCOUNT\"}", []),
      (
        "{\"Value\":\"222233334444\",\"Type\":\"ACCOUNT\"}", "{\"Value\":7,\"Type\":\"ACCOUNT\"}",
        ["wrongType Resources[1].Value"]
      ),
      (
        "{\"Value\":\"222233334444\",\"Type\":\"ACCOUNT\"}",
        "true,{\"Value\":\"222233334444\",\"Type\":\"ACCOUNT\"}",
        ["wrongType Resources[1]"]
      ),
      (
        "\"Value\":\"it@acme-holdings.example\"", "\"Value\":\"x\",\"value\":\"y\"",
        [
          "misspelt Resources[0].Resources[0].value",
          "duplicateKey Resources[0].Resources[0].Value",
        ]
      ),
      ("\"Value\":\"o-a1b2c3d4e5\"", "\"Value\":\"o-zzzzzzzzzz\"", ["contradiction Parties[0].Id"]),
      ("/invite/h-7d1f0c2a9b44e8a1", "/invite/h-ffffffffffffffff", ["contradiction Id"]),
      ("arn:aws:organizations", "arn:aws:iam", ["malformed Arn"]),
      ("/invite/", "/enable_all_features/", ["contradiction Action"]),
      ("/invite/", "/approve_all_features/", ["contradiction Action"]),
      ("/invite/", "/something_new/", ["contradiction Action"]),
      ("\"Action\":\"INVITE\"", "\"Action\":\"ENABLE_ALL_FEATURES\"", ["contradiction Action"]),
      ("\"Action\":\"INVITE\"", "\"Action\":\"SOMETHING_NEW\"", ["contradiction Action"]),
      ("\"Id\":\"222233334444\"", "\"Id\":\"999900001111\"", ["contradiction Parties[1].Id"]),
      (
        "\"Parties\":[", "\"Parties\":[{\"Id\":\"222233334444\",\"Type\":\"ACCOUNT\"},",
        ["contradiction Parties[2].Id"]
      ),
      (
        "\"Resources\":[{\"Value\":\"o-",
        "\"Resources\":[{\"Value\":\"Other\",\"Type\":\"MASTER_NAME\"},{\"Value\":\"o-",
        ["contradiction Resources"]
      ),
      (
        "\"Resources\":[{\"Value\":\"o-", "\"Resources\":{\"a\":[]},\"X\":[{\"Value\":\"o-",
        ["wrongType Resources"]
      ),
    ] as [(String, String, [String])])
  func members(_ old: String, _ new: String, _ expected: [String]) throws {
    #expect(Set(try damage(old, new)) == Set(expected))
  }

  @Test(
    "no value of a repeated member counts, and all are written back",
    arguments: [
      ("\"State\":\"OPEN\"", "\"State\":\"OPEN\",\"State\":\"ACCEPTED\""),
      ("\"State\":\"OPEN\"", "\"State\":\"ACCEPTED\",\"\\u0053tate\":\"OPEN\""),
      ("\"State\":\"OPEN\"", "\"state\":\"ACCEPTED\",\"State\":\"OPEN\""),
      ("\"State\":\"OPEN\"", "\"State\":\"OPEN\",\"STATE\":\"ACCEPTED\""),
      ("\"State\":\"OPEN\"", "\"State\":null,\"State\":\"OPEN\""),
    ])
  func twice(_ old: String, _ new: String) throws {
    let handshake = try read(try Listings().replacing(old, with: bytes(new)))
    #expect(handshake.state == nil)
    #expect(handshake.isAmbiguous)
    let written = text(handshake.json(.wire))
    #expect(written.contains("\"OPEN\""))
    #expect(!new.contains("ACCEPTED") || written.contains("\"ACCEPTED\""))
    #expect(try read(handshake.json(.wire)) == handshake)
  }

  @Test("no repeated member of a structure counts, whichever it is")
  func eachTwice() throws {
    let sound = text(try Listings().sound[1].json(.wire))
    let value = try JSONValue.read(bytes(sound))
    for member in try #require(value.object) {
      let name = text(member.name.bytes)
      let double = "{\"\(name)\":\(text(member.value.json(.wire)))," + sound.dropFirst()
      let handshake = try read(bytes(double))
      #expect(handshake.damage.count { $0.fault == .duplicateKey && $0.place == name } == 2)
      let isGone: Bool =
        switch name {
        case "Id": handshake.id == nil
        case "Arn": handshake.arn == nil
        case "Parties": handshake.parties.isEmpty
        case "State": handshake.state == nil
        case "RequestedTimestamp": handshake.requested == nil
        case "ExpirationTimestamp": handshake.expires == nil
        case "Action": handshake.action == nil
        case "Resources": handshake.resources.isEmpty
        default: false
        }
      #expect(isGone, "\(name)")
      #expect(try read(handshake.json(.wire)) == handshake)
    }
  }

  @Test("a record of another partition than the requested one is damaged")
  func partition() throws {
    let listings = try Listings()
    let here = listings.sound[1].json(.wire)
    for partition in ["aws-cn", "aws-us-gov", "aws-eusc"] {
      let there = listings.replacing("arn:aws:", with: bytes("arn:\(partition):"))
      for (record, asked, isSound) in [
        (here, "aws", true), (here, partition, false), (there, partition, true),
        (there, "aws", false),
      ] {
        let body = bytes("{\"Handshake\":") + record + bytes("}")
        let one = try ServiceResponse.handshake(body, partition: asked)
        #expect(one.damage == (isSound ? [] : [Damage(.contradiction, at: "Arn")]))
        let page = try ServiceResponse.page(
          bytes("{\"Handshakes\":[") + record + bytes("]}"), partition: asked)
        #expect(page.handshakes == [one])
      }
      #expect(try read(there).damage.isEmpty)
    }
  }

  @Test("an unknown name is kept as it was written")
  func unknownNames() throws {
    let handshake = try read(
      try Listings().replacing("\"Action\":\"INVITE\"", with: bytes("\"Action\":\"\\u0049NVITE2\""))
    )
    #expect(handshake.action == .unknown(Untrusted("INVITE2")))
    #expect(text(handshake.json(.wire)).contains("\"Action\":\"INVITE2\""))
  }

  @Test(
    "a record that is not an object is shown as damaged, and written back",
    arguments: [
      "null", "7", "\"x\"", "[1,{\"a\":2}]",
    ])
  func noObject(_ source: String) throws {
    let handshake = try read(bytes(source))
    #expect(handshake.damage.map(\.fault) == [.wrongType])
    #expect(text(handshake.json(.wire)) == source)
  }

  @Test(
    "every time format of both generations of the AWS CLI is read",
    arguments: [
      ("1481656459.257", 1_481_656_459_257),
      ("1.481656459257E9", 1_481_656_459_257),
      ("1481656459", 1_481_656_459_000),
      ("\"2016-12-13T19:14:19.257000+00:00\"", 1_481_656_459_257),
      ("\"2016-12-13T19:14:19.257Z\"", 1_481_656_459_257),
      ("\"2016-12-13T11:14:19.257000-08:00\"", 1_481_656_459_257),
      ("\"2016-12-14T00:44:19+05:30\"", 1_481_656_459_000),
    ] as [(String, Int64)])
  func times(_ source: String, _ milliseconds: Int64) throws {
    let listings = try Listings()
    let old = text(listings.sound[1].json(.wire)).components(after: "\"RequestedTimestamp\":")
    let handshake = try read(
      listings.replacing(
        "\"RequestedTimestamp\":" + old, with: bytes("\"RequestedTimestamp\":" + source)))
    #expect(handshake.requested == Timestamp(milliseconds: milliseconds))
    #expect(handshake.damage.isEmpty)
  }

  @Test(
    "an invalid time keeps its text and marks the record",
    arguments: [
      "\"2017-02-14\"", "\"Jan 18, 2017\"", "\"<TIMESTAMP>\"", "1e300",
      "-99999999999999",
      "\"2016-02-30T00:00:00Z\"", "true", "{\"a\":1}", "\"\"",
    ])
  func noTimes(_ source: String) throws {
    let listings = try Listings()
    let old = text(listings.sound[1].json(.wire)).components(after: "\"RequestedTimestamp\":")
    let handshake = try read(
      listings.replacing(
        "\"RequestedTimestamp\":" + old, with: bytes("\"RequestedTimestamp\":" + source)))
    #expect(handshake.requested == nil)
    #expect(handshake.damage.map(\.place) == ["RequestedTimestamp"])
    #expect(text(handshake.json(.wire)).contains("\"RequestedTimestamp\":\(source),"))
  }

  @Test("both records of a repeated id are marked")
  func duplicates() throws {
    let listings = try Listings()
    let input = Listings.listing([listings.records[0], listings.records[1], listings.records[0]])
    let marked = [true, false, true]
    for read in [
      try SavedDocument.read(input).handshakes, try ServiceResponse.page(input).handshakes,
    ] {
      #expect(read.map { $0.damage.contains { $0.fault == .duplicateID } } == marked)
    }
  }

  @Test("a hostile record names a few hundred of its faults, not all")
  func manyFaults() throws {
    let record = try Listings().replacing(
      "\"Parties\":[", with: bytes("\"Parties\":[" + String(repeating: "1,", count: 100_000)))
    #expect(try read(record).damage.count == 256)
  }
}

extension String {
  /// The text between `start` and the next comma.
  fileprivate func components(after start: String) -> String {
    guard let range = firstRange(of: start) else { return "" }
    return String(self[range.upperBound...].prefix { $0 != "," })
  }
}
