import Model
import TestSupport
import Testing
import Text
import Wire

/// Records beside a broken one (SEC-3.2).
@Suite struct RecoveryTests {
  @Test(
    "a record that is not JSON is marked, and its neighbours stay intact",
    arguments: [
      "\"bad \\q escape\"", "\"half \\u12 escape\"", "\"raw \n newline\"", "\"\\", "\"no end",
      "no start\"",
      "\"ends with an escaped quote\\\"", "'single'", "NaN", "[1,2", "]", "}", "{\"a\":1", "[{]}",
      "",
      "\"a\" \"b\"", "\"a\":", "01", "\"x\"}}", "[[[[", "\u{0}",
    ])
  func broken(_ value: String) throws {
    let listings = try Listings()
    let record = listings.second(notes: bytes(value))
    let input = Listings.listing([listings.records[0], record, listings.records[2]])
    #expect(JSONText.fault(in: input) != nil)
    let document = try SavedDocument.read(input)
    #expect(document.handshakes.count == 3)
    #expect(document.handshakes.first == listings.sound[0])
    #expect(document.handshakes.last == listings.sound[2])
    #expect(document.recordFault != nil)
    #expect(document.fault == nil)
    let damaged = try #require(document.handshakes.dropFirst().first)
    #expect(damaged.damage.contains { $0.fault == .broken })
    // The content before the break is shown.
    #expect(damaged.id == listings.sound[1].id)
    #expect(damaged.arn == listings.sound[1].arn)
    #expect(damaged.parties == listings.sound[1].parties)
    // A service's reply is treated the same.
    let page = try ServiceResponse.page(input)
    #expect(page.handshakes == document.handshakes)
  }

  @Test("the same in a document as the AWS CLI formats it")
  func brokenIndented() throws {
    let listings = try Listings()
    var source = text(listings.sound.document(.document))
    let note = "\"CHG-4411 move\""
    let second = try #require(source.range(of: note, occurrence: 2))
    source.replaceSubrange(second, with: "\"CHG-4411 move")
    let read = try SavedDocument.read(bytes(source)).handshakes
    #expect(read.count == 3)
    #expect(read.first == listings.sound[0])
    #expect(read.last == listings.sound[2])
  }

  @Test("a valid record with invalid Unicode is marked as damaged and stays readable")
  func badText() throws {
    let listings = try Listings()
    let values: [([UInt8], [UInt8])] = [
      ([0x22, 0x80, 0x22], [0x80]), ([0x22, 0xC3, 0x22], [0xC3]),
      (bytes("\"\\ud800\""), [0xED, 0xA0, 0x80]),
      (bytes("\"a\\udc00b\""), bytes("a") + [0xED, 0xB0, 0x80] + bytes("b")),
      ([0x22, 0xED, 0xA0, 0x80, 0x22], [0xED, 0xA0, 0x80]),
      ([0x22, 0xC0, 0xAF, 0x22], [0xC0, 0xAF]),
      ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0xF4, 0x90, 0x80, 0x80]),
    ]
    for (source, meaning) in values {
      let input = Listings.listing([
        listings.records[0], listings.second(notes: source), listings.records[2],
      ])
      let read = try SavedDocument.read(input).handshakes
      #expect(read.count == 3)
      #expect(read[0] == listings.sound[0])
      #expect(read[2] == listings.sound[2])
      #expect(read[1].notes?.bytes == meaning)
      #expect(read[1].damage == [Damage(.malformed, at: "Resources[2].Value")])
    }
  }

  @Test(
    "a list in a record that is never closed does not absorb a neighbour",
    arguments: [
      "{\"Id\":\"h-00000000broken\",\"Parties\":[{\"Id\":\"1\"}",
      "{\"Id\":\"h-00000000broken\",\"Parties\":[{\"Id\":\"1\",\"Type\":\"ACCOUNT\"",
      "{\"Id\":\"h-00000000broken\",\"Resources\":[{\"Value\":\"1\"}",
      "{\"Id\":\"h-00000000broken\",\"Resources\":[{\"Resources\":[{\"Value\":\"1\"}",
    ])
  func unclosed(_ broken: String) throws {
    let listings = try Listings()
    for place in 0...3 {
      var records = listings.records
      records.insert(bytes(broken), at: place)
      let document = try SavedDocument.read(Listings.listing(records))
      for sound in listings.sound {
        #expect(document.handshakes.contains(sound), "\(place)")
      }
      #expect(document.recordFault != nil || document.fault != nil)
    }
  }

  @Test("a party that has parties, in a record that is closed, has one member too many")
  func partiesOfParties() throws {
    let listings = try Listings()
    let odd = bytes("{\"Id\":\"h-00000000odd\",\"Parties\":[{\"Id\":\"1\",\"Parties\":[{}]}]}")
    for place in 0...3 {
      var records = listings.records
      records.insert(odd, at: place)
      let document = try SavedDocument.read(Listings.listing(records))
      #expect(document.handshakes.count == 4)
      #expect(document.handshakes.filter { listings.sound.contains($0) } == listings.sound)
      #expect(document.handshakes[place].id?.text == "h-00000000odd")
      #expect(document.fault == nil && document.recordFault == nil)
    }
  }

  @Test("a listing cut at any byte keeps the complete records and says so; a reply is refused")
  func cut() throws {
    let listings = try Listings()
    let whole = Listings.listing(listings.records)
    var ends: [Int] = []
    for count in 1...3 {
      ends.append(Listings.listing(Array(listings.records.prefix(count))).count - 2)
    }
    for length in 0..<whole.count {
      let part = Array(whole.prefix(length))
      #expect(throws: UnreadableReply.self, "\(length)") { try ServiceResponse.page(part) }
      guard let document = try? SavedDocument.read(part) else {
        #expect(length <= "{\"Handshakes\":".utf8.count, "\(length)")
        continue
      }
      #expect(document.fault != nil || document.recordFault != nil, "\(length)")
      let sound = ends.filter { $0 <= length }.count
      #expect(
        Array(document.handshakes.prefix(sound)) == Array(listings.sound.prefix(sound)), "\(length)"
      )
      #expect(document.handshakes.dropFirst(sound).allSatisfy { !$0.damage.isEmpty }, "\(length)")
      #expect(document.handshakes.count <= sound + 1, "\(length)")
    }
  }

  @Test("missing or extra commas cost no record, but a reply with them is refused")
  func commas() throws {
    let listings = try Listings()
    let first = text(listings.records[0])
    let second = text(listings.records[1])
    let third = text(listings.records[2])
    for input in [
      "{\"Handshakes\":[\(first) \(second),\(third)]}",
      "{\"Handshakes\":[\(first),\(second),\(third),]}",
    ] {
      let document = try SavedDocument.read(bytes(input))
      #expect(document.handshakes == listings.sound)
      #expect(document.fault?.kind == .unexpectedByte)
      #expect(throws: UnreadableReply.self) { try ServiceResponse.page(bytes(input)) }
    }
  }

  @Test("any byte of a record changed, dropped or added leaves its neighbours intact")
  func mutations() throws {
    let listings = try Listings()
    let record = listings.records[1]
    var random = SeededRandom(seed: 3)
    let marks = bytes("\"\\{}[],:x \u{0}") + [0xFF]
    for _ in 0..<1_200 {
      let place = Int.random(in: 0..<record.count, using: &random)
      let mark = marks[Int.random(in: 0..<marks.count, using: &random)]
      var changed = record
      switch Int.random(in: 0..<3, using: &random) {
      case 0: changed[place] = mark
      case 1: changed.insert(mark, at: place)
      default: changed.remove(at: place)
      }
      let input = Listings.listing([listings.records[0], changed, listings.records[2]])
      let read = try SavedDocument.read(input)
      #expect(read.handshakes.first == listings.sound[0], "\(place) \(mark)")
      #expect(read.handshakes.last == listings.sound[2], "\(place) \(mark)")
      #expect(read.handshakes.count >= 3, "\(place) \(mark)")
      #expect((read.recordFault == nil) == (JSONText.fault(in: input) == nil), "\(place) \(mark)")
    }
  }

  @Test("an extra bracket between records hides none, but a reply with it is refused")
  func brackets() throws {
    let listings = try Listings()
    let records = listings.records.map { text($0) }
    for list in [
      "[\(records[0])],\(records[1]),\(records[2])]",
      "[\(records[0]),]\(records[1]),\(records[2])]",
      "[\(records[0])]]],\(records[1])],\(records[2])]",
      "[],\(records[0]),\(records[1]),\(records[2])]",
      "[\(records[0]),\(records[1])]},\(records[2])]",
    ] {
      for input in ["{\"Handshakes\":\(list)}", list] {
        let document = try SavedDocument.read(bytes(input))
        #expect(
          document.handshakes.filter { !$0.damage.contains { $0.fault == .broken } }
            == listings.sound, "\(input)")
        #expect(document.fault != nil)
        #expect(throws: UnreadableReply.self) { try ServiceResponse.page(bytes(input)) }
      }
    }
  }

  @Test("any text that may follow a list ends it")
  func endsOfLists() throws {
    let listings = try Listings()
    let list = text(Listings.listing(listings.records)).dropFirst("{\"Handshakes\":".count)
      .dropLast()
    for (input, count) in [
      ("{\"Handshakes\":\(list),\"Id\":1}", 3),
      ("{\"Handshakes\":\(list)}\n{\"Handshakes\":\(list)}", 6),
      ("{\"Handshakes\":\(list)}[]", 3), ("\(list)\n\(list)", 6), ("\(list){\"Handshakes\":[]}", 3),
      ("{\"Handshakes\":[]}", 0), ("[]", 0),
    ] {
      let document = try SavedDocument.read(bytes(input))
      #expect(document.handshakes.count == count, "\(input)")
      #expect(document.fault == nil && document.recordFault == nil, "\(input)")
    }
  }

  @Test("hostile notes that imitate a record do not make one")
  func imitation() throws {
    let listings = try Listings()
    let fake = Untrusted(
      "x\"},{\"Id\":\"h-00000000000000ff\",\"Arn\":\"a\",\"State\":\"OPEN\"},{\"")
    var first = listings.sound[0]
    first.resources.append(Resource(type: .notes, value: fake))
    let record = Array(first.json(.wire).dropLast()) + bytes(",\"Extra\":tru}")
    let input = Listings.listing([record, listings.records[1]])
    let read = try SavedDocument.read(input).handshakes
    #expect(read.count == 2)
    #expect(read.last == listings.sound[1])
  }

  @Test(
    "recovery from hostile brackets ends, however many there are",
    arguments: [
      "[,{\"a\":[1", ",{\"a\":", "[", "{\"a\":[", "]", "}{", ",{\"", "\"",
    ])
  func hostile(_ piece: String) throws {
    let listings = try Listings()
    let noise = Array(repeatElement(bytes(piece), count: 20_000).joined())
    let input = Listings.listing([
      listings.records[0], listings.second(notes: noise), listings.records[2],
    ])
    let document = try SavedDocument.read(input)
    #expect(document.handshakes.first == listings.sound[0])
    #expect(document.handshakes.count >= 2)
  }
}

extension String {
  fileprivate func range(of part: String, occurrence: Int) -> Range<String.Index>? {
    var rest = startIndex..<endIndex
    var found: Range<String.Index>?
    for _ in 0..<occurrence {
      found = self[rest].firstRange(of: part)
      guard let found else { return nil }
      rest = found.upperBound..<endIndex
    }
    return found
  }
}
