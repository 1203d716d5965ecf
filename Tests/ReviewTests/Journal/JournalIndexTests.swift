import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

@Suite("open.json beside the journal (SEC-4.5.5)")
struct JournalIndexTests {
  private let file = JournalInMemory()
  private var journal: Journal { .testing(in: file, seed: 11) }

  /// Three attempts: one finished, one unfinished, one with unknown result.
  private func begin() throws -> [OpenIntent] {
    let intents = try (1...3).map { try Events.answer(seed: UInt64($0)) }
    for intent in intents { try journal.append(.intent(intent)) }
    try journal.append(.outcome(intents[0].id, .done(nil)))
    try journal.append(.outcome(intents[2].id, .unknown(.replyLost, closed: false)))
    try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    return try journal.openIntents()
  }

  /// The index with a member changed and its own hash recomputed, as an attacker would.
  private func forged(_ change: (inout String) -> Void) throws -> [UInt8] {
    var text = String(decoding: try #require(file.index), as: UTF8.self)
    let own = try #require(text.firstRange(of: ",\"self\":\"")?.lowerBound)
    text = String(text[..<own])
    change(&text)
    return Array("\(text),\"self\":\"\(JournalHash(of: text.utf8).text)\"}\n".utf8)
  }

  private func emptied(_ text: inout String) {
    guard let list = text.firstRange(of: ",\"open\":[") else { return }
    text = text[..<list.upperBound] + "]"
  }

  @Test("each line has a hash of the attempts that are open after it, and the index agrees with it")
  func bound() throws {
    var events = try Events.all()
    let intents = try (1...4).map { try Events.answer(seed: UInt64($0)) }
    events += intents.map { .intent($0) }
    events += [
      .outcome(intents[1].id, .unknown(.replyLost, closed: false)),
      .outcome(intents[0].id, .done(nil)), .intent(intents[1]),
      .outcome(intents[1].id, .unknown(.denied, closed: false)),
      .outcome(intents[1].id, .unknown(.gone, closed: true)), .intent(intents[1]),
      .outcome(intents[0].id, .done(nil)),
    ]
    for event in events {
      try journal.append(event)
      let index = try #require(JournalIndexFile(file.index).index)
      let last = try #require(try journal.read().records.last)
      #expect(last.openHash == index.openHash)
      guard
        case .bound = try file.reading({ access throws(JournalFault) in
          try index.standing(in: access)
        })
      else {
        Issue.record("not bound after \(event)")
        return
      }
      #expect(try journal.read().index == .fits)
      #expect(
        try journal.openIntents().map(\.intent.id)
          == JournalIndex(scanning: file.bytes).open.map(\.intent.id))
    }
  }

  @Test(
    "an index that was emptied, edited, replaced or removed hides no attempt, and verify reports it"
  )
  func notBelieved() throws {
    let open = try begin()
    #expect(open.count == 2)
    let good = try #require(file.index)
    let text = String(decoding: good, as: UTF8.self)
    let bad: [(String, [UInt8]?, JournalChain.IndexState)] = [
      ("emptied, hashed anew", try forged(emptied), .edited),
      (
        "emptied",
        Array(
          {
            var text = text
            emptied(&text)
            return text + "}\n"
          }().utf8), .edited
      ),
      ("with blanks", Array(text.replacing(",", with: ", ").utf8), .edited),
      (
        "without its last attempt",
        try forged { text in
          guard let cut = text.ranges(of: ",\"{").last else { return }
          text = text[..<cut.lowerBound] + "]"
        }, .edited
      ),
      ("another number", try forged { $0 = $0.replacing("\"seq\":7", with: "\"seq\":6") }, .edited),
      ("a letter", Array(text.replacing("reply-lost", with: "reply-lose").utf8), .edited),
      ("without its hash", Array((text.prefix(text.utf8.count - 76) + "}\n").utf8), .edited),
      ("no JSON", Array("none}\n".utf8), .edited),
      ("a letter behind it", good + Array("x".utf8), .edited),
      ("blanks behind it", good + Array(" \n\n".utf8), .edited),
      ("another text", Array("x".utf8), .edited),
      ("empty object", Array("{}\n".utf8), .edited),
      ("cut", Array(good.dropLast(40)), .torn), ("zeros", [UInt8](repeating: 0, count: 400), .torn),
      ("no bytes", [], .torn), ("none", nil, .missing),
    ]
    for (name, index, state) in bad {
      file.index = index
      #expect(try journal.openIntents() == open, "\(name)")
      let chain = try journal.read()
      #expect(chain.firstBad == nil && chain.index == state, "\(name)")
    }
  }

  @Test("an attempt that was cut out of the journal is missed, without an index too")
  func cutOut() throws {
    let id = try #require(try begin().first).intent.id.text
    var lines = file.bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    let intent = lines.firstIndex { line in
      let text = String(decoding: line, as: UTF8.self)
      return text.contains("\"INTENT\"") && text.contains(id)
    }
    lines.remove(at: try #require(intent))
    let cut = JournalInMemory(lines.flatMap { $0 + [UInt8(ascii: "\n")] })
    #expect(throws: JournalFault.self) { try Journal.testing(in: cut).openIntents() }
  }

  @Test("is rewritten with the next line")
  func madeAnew() throws {
    let open = try begin()
    file.index = try forged(emptied)
    try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    #expect(try journal.read().index == .fits)
    #expect(try journal.openIntents() == open)
  }

  @Test("an index older than the journal is continued to its end")
  func older() throws {
    var indices: [[UInt8]] = []
    let intents = try (1...3).map { try Events.answer(seed: UInt64($0)) }
    for intent in intents {
      try journal.append(.intent(intent))
      indices.append(try #require(file.index))
    }
    try journal.append(.outcome(intents[1].id, .done(nil)))
    let open = try journal.openIntents()
    for index in indices {
      file.index = index
      #expect(try journal.openIntents() == open)
      #expect(try journal.read().index == .fits)
    }
  }

  @Test("an index newer than the journal shows that lines are missing")
  func newer() throws {
    _ = try begin()
    let shorter = file.bytes
    try journal.append(.intent(try Events.answer(seed: 9)))
    file.bytes = shorter
    #expect(try journal.read().firstBad?.fault == .cutOff)
    #expect(throws: JournalFault.self) { try journal.openIntents() }
  }

  @Test("beside a journal that was moved away, an invalid one stops everything")
  func movedAway() throws {
    _ = try begin()
    let good = try #require(file.index)
    file.bytes = []
    for index in [Array(good.dropLast(9)), Array(good.dropLast(9)) + Array("}\n".utf8), []] {
      file.index = index
      #expect(throws: JournalFault.damaged(after: 0)) { try journal.openIntents() }
      #expect(throws: JournalFault.self) { try journal.append(.intent(try Events.answer(seed: 9))) }
      #expect(try journal.read().firstBad?.fault == .cutOff)
    }
    // The operator's confirmation ends the stop.
    #expect(try journal.beginSegment() != nil)
    try journal.append(.intent(try Events.answer(seed: 9)))
    #expect(try journal.openIntents().count == 1)
  }

  @Test(
    "a journal of an earlier version, whose lines have no hash of open attempts, is read completely"
  )
  func earlierVersion() throws {
    let intent = try Events.answer(seed: 1)
    var (head, bytes): (JournalHead?, [UInt8]) = (nil, [])
    var length = 0
    for event in [
      JournalEvent.genesis(host: Untrusted("host"), random: Untrusted("00")), .intent(intent),
    ] {
      let line = JournalLine(
        event, after: head, at: journal.moment, by: Operator(login: Untrusted("root")))
      head = JournalHead(sequence: line.record.sequence, hash: line.record.hash)
      bytes += line.bytes + [0x0A]
      length = line.bytes.count + 1
    }
    file.bytes = bytes
    let hash = try #require(head).hash.text
    let old =
      "{\"covered\":\(bytes.count),\"lastLine\":\(bytes.count - length),\"seq\":2,\"hash\":\"\(hash)\",\"open\":[]}\n"
    file.index = Array(old.utf8)
    #expect(try journal.read().index == .outdated)
    #expect(try journal.openIntents().map(\.intent.id) == [intent.id])
    try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    #expect(try journal.read().firstBad == nil)
    #expect(try journal.read().index == .fits)
    #expect(try journal.openIntents().map(\.intent.id) == [intent.id])
  }
}
