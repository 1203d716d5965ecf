import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

@Suite("The journal (SEC-4.5)")
struct JournalTests {
  @Test("begins with a line of its own")
  func genesis() throws {
    let journal = Journal.testing()
    try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    let records = try journal.read().records
    #expect(records.count == 2)
    guard case .genesis(let host, let random) = records[0].event else {
      Issue.record("not a first line")
      return
    }
    #expect(host == Untrusted("bastion"))
    #expect(random.bytes.count == 32)
  }

  @Test("finds the attempts without an end, with the index and without it alike")
  func openIntents() throws {
    let file = JournalInMemory()
    let journal = Journal.testing(in: file)
    let intents = try (1...6).map { try Events.answer(seed: $0) }
    for intent in intents { try journal.append(.intent(intent)) }
    try journal.append(.outcome(intents[0].id, .done(nil)))
    try journal.append(.outcome(intents[1].id, .unknown(.replyLost, closed: false)))
    try journal.append(.outcome(intents[2].id, .unknown(.gone, closed: true)))
    try journal.append(.outcome(intents[3].id, .notApplied(.open)))
    try journal.append(.outcome(intents[4].id, .unknown(.replyLost, closed: false)))
    try journal.append(.outcome(intents[4].id, .doneLater(.handshake, nil)))
    let open = try journal.openIntents()
    #expect(open.map(\.intent.id) == [intents[1].id, intents[5].id])
    #expect(open.map(\.doubt) == [.replyLost, nil])
    file.index = nil
    #expect(try journal.openIntents() == open)
  }

  @Test("rewrites the index when it is damaged or stale")
  func badIndex() throws {
    let file = JournalInMemory()
    let journal = Journal.testing(in: file)
    try journal.append(.intent(try Events.answer(seed: 1)))
    let stale = file.index
    try journal.append(.intent(try Events.answer(seed: 2)))
    let open = try journal.openIntents()
    let good = try #require(file.index)

    var flipped = good
    flipped[good.count / 2] ^= 1
    for index in [stale, [], Array("{}".utf8), Array(good.dropLast(40)), flipped] {
      file.index = index
      #expect(try journal.openIntents() == open)
    }
  }

  @Test("writes nothing when the index has lines that are missing, or others")
  func cutOff() throws {
    let file = JournalInMemory()
    let journal = Journal.testing(in: file)
    for seed in 1...3 { try journal.append(.intent(try Events.answer(seed: UInt64(seed)))) }
    let (bytes, index) = (file.bytes, file.index)
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { $0 + [UInt8(ascii: "\n")] }
    let other = JournalInMemory()
    try Journal.testing(in: other, seed: 9).append(.intent(try Events.answer(seed: 3)))

    for (bytes, index, bad) in [
      (Array(lines.dropLast().joined()), index, 4), (bytes.dropLast(30), index, 4),
      (Array(lines.prefix(1).joined()), index, 2), (bytes, other.index, 5),
    ] {
      (file.bytes, file.index) = (bytes, index)
      #expect(try journal.read().firstBad == BadLine(line: bad, fault: .cutOff))
      #expect(throws: JournalFault.self) { try journal.openIntents() }
      #expect(throws: JournalFault.self) { try journal.append(.intent(try Events.answer(seed: 4))) }
      #expect(file.bytes == bytes)
    }
  }

  @Test("continues after a failed write, and leaves none of it open")
  func failedWrite() throws {
    for fate in [JournalInMemory.Append.refused, .torn(100), .torn(0)] {
      let file = JournalInMemory(fate: { $0 == 2 ? fate : .written })
      let journal = Journal.testing(in: file)
      try journal.append(.intent(try Events.answer(seed: 1)))
      #expect(throws: JournalFault.self) { try journal.append(.intent(try Events.answer(seed: 2))) }
      #expect(try journal.openIntents().count == 1)
      try journal.append(.outcome(try Events.answer(seed: 1).id, .done(nil)))
      #expect(try journal.openIntents().isEmpty)
      #expect(try journal.read().firstBad == nil)
    }
  }

  @Test("accepts nothing more after a failed sync, and can still be read")
  func failedSync() throws {
    let file = JournalInMemory(fate: { $0 == 2 ? .unsynced : .written })
    let journal = Journal.testing(in: file)
    try journal.append(.intent(try Events.answer(seed: 1)))
    for _ in 0..<3 {
      #expect(throws: JournalFault.broken) {
        try journal.append(.intent(try Events.answer(seed: 2)))
      }
    }
    #expect(try journal.read().records.count >= 2)
  }

  @Test("has who answered a handshake, when, why, and the result")
  func notes() throws {
    let time = ManualTime()
    let journal = Journal.testing(clock: time)
    let place = Events.place
    let (failed, done) = (try Events.answer(seed: 1), try Events.answer(seed: 2))
    try journal.append(.intent(failed))
    try journal.append(.outcome(failed.id, .notApplied(.open)))
    time.pass(.minutes(5))
    try journal.append(.intent(done))
    time.pass(.seconds(2))
    try journal.append(.outcome(done.id, .done(nil)))
    let notes = JournalNotes(try journal.read().records)
    let id = try Fixture.handshake("h-7d1f0c2a9b44e8aa")
    #expect(notes.about(id, at: place).map(\.outcome) == [.notApplied(.open), .done(nil)])
    let attempt = try #require(notes.appliedAttempt(id, at: place))
    #expect(attempt.who.name == Untrusted("root (sudo vera, login uid 1001)"))
    #expect(attempt.intent.reason == Events.nasty)
    #expect(attempt.moment.time == ManualTime.mockup + .minutes(5))
    #expect(attempt.outcomeMoment?.time == ManualTime.mockup + .minutes(5) + .seconds(2))
    #expect(notes.about(id, at: ServicePlace(.aws, at: place.address)).isEmpty)
  }
}
