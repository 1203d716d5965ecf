import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

/// Any numbers in the journal and in its index, and any other change.
@Suite("Hostile journals (SEC-4.5.9)")
struct HostileJournalTests {
  private static let numbers = [
    "-1", "0", "-0", "1", "9007199254740993", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "99999999999999999999", "1152921504606846976", "01", "-", "",
  ]

  /// A journal with two unfinished attempts.
  private func begun() throws -> JournalInMemory {
    let file = JournalInMemory()
    let journal = Journal.testing(in: file)
    let intents = try (21...23).map { try Events.answer(seed: $0) }
    for intent in intents { try journal.append(.intent(intent)) }
    try journal.append(.outcome(intents[0].id, .done(nil)))
    try journal.append(.outcome(intents[1].id, .unknown(.replyLost, closed: false)))
    return file
  }

  /// Runs every function that reads or extends a journal.
  ///
  /// - Returns: The unfinished attempts; nil when the journal is refused.
  @discardableResult
  private func exercise(_ file: JournalInMemory) -> [IntentID]? {
    let journal = Journal.testing(in: file)
    if let chain = try? journal.read() {
      let notes = JournalNotes(chain.records)
      _ = notes.all.count
    }
    let open = try? journal.openIntents().map(\.intent.id)
    _ = try? journal.head()
    let copy = JournalInMemory(file.bytes)
    copy.index = file.index
    let other = Journal.testing(in: copy)
    _ = try? other.append(.outcome(Events.intentID(), .done(nil)))
    _ = try? other.beginSegment()
    return open
  }

  /// A line's bytes with its hash recomputed.
  private func rehashed(_ line: String) -> String {
    guard let end = line.ranges(of: ",\"hash\":\"").last?.lowerBound else {
      return line
    }
    let covered = line[..<end]
    return covered + ",\"hash\":\"\(JournalHash(of: covered.utf8).text)\"}"
  }

  /// The text with its numbers replaced in turn, each key at most twice.
  private func variants(_ text: String, _ seen: inout [Substring: Int]) -> [String] {
    text.matches(of: /([A-Za-z]+)\\?":(-?[0-9]+)[,}]/).flatMap { match -> [String] in
      seen[match.output.1, default: 0] += 1
      guard seen[match.output.1, default: 0] <= 2 else { return [] }
      return Self.numbers.map { number in
        text[..<match.output.2.startIndex] + number + text[match.output.2.endIndex...]
      }
    }
  }

  @Test("no number in a line of the journal ends the program, even with a valid hash")
  func lines() throws {
    let file = JournalInMemory()
    let journal = Journal.testing(in: file)
    for event in try Events.all() { try journal.append(event) }
    let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let copy = JournalInMemory()
    var seen: [Substring: Int] = [:]
    for line in lines {
      for changed in variants(line, &seen).map(rehashed) {
        // As the last line, which the next one refers to; alone and after another.
        for all in [[changed], [lines[0], changed]] {
          copy.bytes = Array((all.joined(separator: "\n") + "\n").utf8)
          copy.index = nil
          exercise(copy)
        }
      }
    }
  }

  @Test("no number in the index ends the program, or hides an attempt")
  func index() throws {
    let file = try begun()
    let open = try Journal.testing(in: file).openIntents().map(\.intent.id)
    let text = String(decoding: try #require(file.index), as: UTF8.self)
    let own = try #require(text.firstRange(of: ",\"self\":\"")?.lowerBound)
    var seen: [Substring: Int] = [:]
    for changed in variants(text[..<own] + "}", &seen) {
      let members = changed.dropLast()
      for hash in [JournalHash(of: members.utf8), .none] {
        file.index = Array("\(members),\"self\":\"\(hash.text)\"}\n".utf8)
        let found = exercise(file)
        #expect(found == nil || found == open, "\(members.prefix(120))")
      }
    }
  }

  @Test("an attempt dated before 1970 is resolved at once")
  func age() async throws {
    let scene = try Scene()
    guard case .answer(let item) = try scene.plan(1) else { throw FixtureError(text: "no plan") }
    let intent = JournalIntent(
      id: Events.intentID(), act: .answer(.accept, item.id, item.fingerprint),
      account: item.account, caller: Untrusted("arn"), place: Events.place, reason: nil, attempt: 1,
      asked: scene.time.now())
    for uptime in [Int64.min, .max] {
      let line = JournalLine(
        .intent(intent), after: nil,
        at: JournalMoment(
          time: scene.time.now(), uptime: Span(milliseconds: uptime),
          boot: scene.journal.moment.boot),
        by: Operator(login: Untrusted("root")))
      scene.file.bytes = line.bytes + [0x0A]
      scene.file.index = nil
      #expect(try scene.journal.openIntents().count == 1)
      #expect(try await scene.reconciler.reconcile().count == 1)
    }
  }

  @Test("any change: no trap, and no attempt is lost unless verify reports it")
  func changed() throws {
    var random = SeededRandom(seed: 53)
    let file = try begun()
    let (bytes, index) = (file.bytes, try #require(file.index))
    let open = try Journal.testing(in: file).openIntents().map(\.intent.id)
    let pieces = [
      "\"open\":[]", "-1", "9223372036854775807", "\n", "}", "{", "\"covered\":", ",\"self\":\"",
      "0", "]",
      "\"seq\":-9223372036854775808", "\\u0000",
    ].map { Array($0.utf8) }
    func spoil(_ bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
        switch Int.random(in: 0...5, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        default:
          bytes.replaceSubrange(place..<end, with: pieces.randomElement(using: &random) ?? [])
        }
      }
      return bytes
    }
    var refused = 0
    for round in 0..<400 {
      file.bytes = round % 3 == 0 ? spoil(bytes) : bytes
      file.index = round % 3 == 1 ? spoil(index) : index
      if round % 3 == 2 { (file.bytes, file.index) = (spoil(bytes), spoil(index)) }
      let found = exercise(file)
      if file.bytes == bytes {
        #expect(found == open, "round \(round): the journal is as it was")
      } else if let chain = try? Journal.testing(in: file).read(), chain.firstBad == nil,
        chain.index == .fits
      {
        #expect(found == nil || found == open, "round \(round): verify finds nothing")
      } else {
        refused += 1
      }
    }
    #expect(refused > 20)
  }
}
