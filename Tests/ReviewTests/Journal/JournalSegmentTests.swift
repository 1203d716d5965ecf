import Crypto
import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

@Suite("A damaged journal (SEC-4.5.8)")
struct JournalSegmentTests {
  private let file = JournalInMemory()
  private var journal: Journal { .testing(in: file, seed: 11) }

  /// Three attempts: one finished, one unfinished, one with unknown result.
  private func begin() throws -> [OpenIntent] {
    let intents = try (1...3).map { try Events.answer(seed: UInt64($0)) }
    for intent in intents { try journal.append(.intent(intent)) }
    try journal.append(.outcome(intents[0].id, .done(nil)))
    try journal.append(.outcome(intents[2].id, .unknown(.replyLost, closed: false)))
    return try journal.openIntents()
  }

  private func spoilTheEnd() {
    file.bytes[file.bytes.count - 40] ^= 1
  }

  @Test("is left unchanged; the new one names its bytes and carries the open attempts")
  func set() throws {
    let open = try begin()
    spoilTheEnd()
    let damaged = file.bytes
    #expect(throws: JournalFault.self) { try journal.append(.intent(try Events.answer(seed: 9))) }

    let (kept, carried) = try #require(try journal.beginSegment())
    #expect(file.aside == [damaged])
    #expect(kept.bytes == damaged.count)
    #expect(kept.sha256.text == SHA256.hash(data: damaged).map { $0 }.hexadecimal)
    #expect(kept.firstBadLine == 6)
    #expect(carried == 2)
    let chain = try journal.read()
    #expect(chain.firstBad == nil)
    #expect(chain.records[1].event == .segment(kept))
    // The unknown result was in the damaged line; the index has it, with who and when.
    #expect(try journal.openIntents() == open)
    file.index = nil
    #expect(try journal.openIntents() == open)
    try journal.append(.intent(try Events.answer(seed: 9)))
    #expect(try journal.openIntents().count == 3)
  }

  @Test("carries attempts that only the index has")
  func cutOff() throws {
    let open = try begin()
    file.bytes = Array(file.bytes.prefix { $0 != UInt8(ascii: "\n") }) + [UInt8(ascii: "\n")]
    #expect(try journal.beginSegment()?.carried == 2)
    #expect(try journal.openIntents() == open)
  }

  @Test("carries no attempt whose end can still be read")
  func ended() throws {
    let first = try Events.answer(seed: 1)
    try journal.append(.intent(first))
    let index = file.index
    try journal.append(.outcome(first.id, .done(nil)))
    try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    spoilTheEnd()
    file.index = index
    #expect(try journal.beginSegment()?.carried == 0)
    #expect(try journal.openIntents().isEmpty)
  }

  @Test("is replaced after a failed sync too, and not when nothing is wrong")
  func broken() throws {
    let file = JournalInMemory(fate: { $0 == 2 ? .unsynced : .written })
    let journal = Journal.testing(in: file)
    #expect(try journal.beginSegment() == nil)
    try journal.append(.intent(try Events.answer(seed: 1)))
    #expect(try journal.beginSegment() == nil)
    #expect(throws: JournalFault.broken) {
      try journal.append(.outcome(try Events.answer(seed: 1).id, .done(nil)))
    }
    let (kept, carried) = try #require(try journal.beginSegment())
    #expect(kept.firstBadLine == nil)
    #expect(carried == 0)
    try journal.append(.intent(try Events.answer(seed: 2)))
    #expect(try journal.read().firstBad == nil)
  }

  @Test(
    "that was moved away leaves its open attempts to the next one, at whatever point that is killed"
  )
  func movedAway() throws {
    let open = try begin()
    let index = file.index
    file.bytes = []
    #expect(try journal.openIntents() == open)
    try journal.append(.intent(try Events.answer(seed: 9)))
    #expect(try journal.openIntents().dropLast() == open[...])
    let lines = file.bytes
    // Killed before the first line.
    file.bytes = []
    #expect(try journal.openIntents().dropLast() == open[...])
    // Killed before the index was updated: the one written beforehand agrees with the lines.
    file.index = nil
    file.bytes = []
    file.index = index
    let killed = JournalInMemory(fate: { _ in .refused })
    killed.index = index
    #expect(throws: JournalFault.self) {
      try Journal.testing(in: killed, seed: 11).append(.intent(try Events.answer(seed: 9)))
    }
    file.index = killed.index
    file.bytes = lines
    #expect(try journal.openIntents().dropLast() == open[...])
  }
}
