import Model
import TestSupport
import Testing
import Text

@testable import ReviewJournal

@Suite("A line of the journal")
struct JournalLineTests {
  private let moment = JournalMoment(
    time: ManualTime.mockup, uptime: .hours(1), boot: Untrusted("boot-1"))
  private let who = Operator(
    login: Untrusted("root"), behindSudo: Untrusted("vera"), loginUID: 1_001, terminal: nil)

  @Test("every kind of event is read back as it was written, in ASCII")
  func everyKindComesBack() throws {
    var head: JournalHead?
    for event in try Events.all() {
      let line = JournalLine(event, after: head, at: moment, by: who)
      #expect(line.bytes.allSatisfy { (0x20...0x7E).contains($0) })
      let read = try JournalLine(reading: line.bytes).record
      #expect(read == line.record)
      #expect(read.event == event)
      head = JournalHead(sequence: read.sequence, hash: read.hash)
    }
  }

  @Test("members are in their order, with the hash last")
  func order() throws {
    let event = JournalEvent.trustRemoved(try Fixture.organization("o-a1b2c3d4e5"))
    let text = String(
      decoding: JournalLine(event, after: nil, at: moment, by: who).bytes, as: UTF8.self)
    let zeros = String(repeating: "0", count: 64)
    #expect(
      text.hasPrefix(
        #"{"seq":1,"prev":"\#(zeros)","time":"2026-11-22T14:32:10.000Z","boot":"boot-1","#
          + #""kind":"TRUST_REMOVED","uptime":3600000,"login":"root","sudo":"vera","#
          + #""loginuid":1001,"organization":"o-a1b2c3d4e5","hash":""#))
    #expect(text.hasSuffix(#""}"#))
  }

  @Test("a change of any byte is detected")
  func everyByteCounts() throws {
    let line = JournalLine(.intent(try Events.answer()), after: nil, at: moment, by: who).bytes
    for index in line.indices {
      do {
        var changed = line
        changed[index] ^= [0x01, 0x04, 0x20][index % 3]
        #expect(throws: BadLine.Fault.self) { try JournalLine(reading: changed) }
      }
    }
  }

  @Test("any bytes are encoded and decoded without loss")
  func anyBytes() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ -> UInt8 in
        // Half of them begin or continue a UTF-8 sequence.
        Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random)
          : [0xED, 0xB2, 0x80, 0xF0, 0x9F, 0xE2, 0x22, 0x5C].randomElement(using: &random) ?? 0
      }
      var text = JournalText()
      text.add("value", Untrusted(bytes: bytes))
      let members = JournalMembers(text.bytes + [UInt8(ascii: "}")])
      #expect(members?.text("value") == Untrusted(bytes: bytes))
    }
  }

  @Test(
    "a line that this program does not write is refused",
    arguments: [
      "", "{", "{}x", "{\"a\":1,}", "{\"a\":1 }", "{\"a\":1,\"a\":2}", "{\"a\":{}}", "[1]",
      "{\"a\":\"\\n\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"é\"}", "{\"a\":01e2}", "{\"a\":--1}",
      "{\"a\":[1]}", "{\"a\":[\"b\"}", "{\"a\":\"\\uD83D\\uDE00\"}",
    ])
  func strictReading(text: String) {
    #expect(JournalMembers(Array(text.utf8)) == nil)
  }
}
