import Model
import TestSupport
import Testing
import Text

@testable import ReviewJournal

@Suite("The journal's chain (SEC-4.5.4, SEC-4.5.7)")
struct JournalChainTests {
  /// Ten lines.
  private func lines() throws -> [[UInt8]] {
    let file = JournalInMemory()
    let journal = Journal.testing(in: file)
    for event in try Events.all().dropFirst(2).prefix(9) { try journal.append(event) }
    return file.bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  private func joined(_ lines: [[UInt8]]) -> [UInt8] {
    lines.flatMap { $0 + [UInt8(ascii: "\n")] }
  }

  @Test("a journal as written is valid, and its head is the last line's")
  func whole() throws {
    let lines = try lines()
    let chain = JournalChain(reading: joined(lines))
    #expect(lines.count == 10)
    #expect(chain.firstBad == nil)
    #expect(chain.records.count == 10)
    #expect(chain.head == JournalHead(sequence: 10, hash: try #require(chain.records.last).hash))
    #expect(JournalChain(reading: []).head == nil)
  }

  @Test("a flipped byte is detected in its line", arguments: 0..<10)
  func flipped(line: Int) throws {
    var random = SeededRandom(seed: UInt64(line))
    let whole = try lines()
    for _ in 0..<10 {
      var lines = whole
      let place = Int.random(in: 0..<lines[line].count, using: &random)
      lines[line][place] ^= 0x01
      #expect(JournalChain(reading: joined(lines)).firstBad?.line == line + 1)
    }
  }

  @Test("a removed line is detected at the line after it", arguments: 0..<9)
  func removed(line: Int) throws {
    var lines = try lines()
    lines.remove(at: line)
    let fault: BadLine.Fault = line == 0 ? .noGenesis : .gap
    #expect(JournalChain(reading: joined(lines)).firstBad == BadLine(line: line + 1, fault: fault))
  }

  @Test("moved and repeated lines are detected", arguments: 1..<9)
  func moved(line: Int) throws {
    var lines = try lines()
    lines.swapAt(line, line + 1)
    #expect(
      JournalChain(reading: joined(lines)).firstBad == BadLine(line: line + 1, fault: .gap))
    lines = try self.lines()
    lines.insert(lines[line], at: line)
    #expect(
      JournalChain(reading: joined(lines)).firstBad == BadLine(line: line + 2, fault: .gap))
  }

  @Test("lines after an invalid one are still shown")
  func goesOn() throws {
    var lines = try lines()
    lines[4] = Array("rubbish".utf8)
    let chain = JournalChain(reading: joined(lines))
    #expect(chain.firstBad == BadLine(line: 5, fault: .unreadable))
    #expect(chain.records.count == 9)
  }

  @Test("a write cut anywhere is kept, and the next line names it", arguments: [1, 2, 9, 10])
  func torn(kept: Int) throws {
    let lines = try lines()
    for cut in stride(from: 1, to: lines[kept - 1].count, by: 151) {
      let file = JournalInMemory(
        joined(Array(lines.prefix(kept - 1))) + lines[kept - 1].prefix(cut))
      #expect(JournalChain(reading: file.bytes).firstBad == nil)
      try Journal.testing(in: file).append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
      let chain = JournalChain(reading: file.bytes)
      #expect(chain.firstBad == nil)
      #expect(chain.torn == 1)
      // After complete lines a line follows that names the remains.
      #expect(chain.records.count == (kept == 1 ? 2 : kept + 1))
    }
  }

  @Test("several cut writes in a row are named together")
  func tornTwice() throws {
    let event = JournalEvent.trustRemoved(try Fixture.organization("o-a1b2c3d4e5"))
    for kept in 0..<4 {
      for cut in [0, 1, 2, 60, 400, 700] {
        let file = JournalInMemory(fate: { number in
          number <= kept || number > kept + 3 ? .written : .torn(cut + number)
        })
        let journal = Journal.testing(in: file)
        for _ in 0..<kept { try journal.append(event) }
        for _ in 0..<3 { #expect(throws: JournalFault.self) { try journal.append(event) } }
        try journal.append(event)
        try journal.append(event)
        let chain = try journal.read()
        #expect(chain.firstBad == nil, "\(kept) lines, cut at \(cut)")
        file.index = nil
        try journal.append(event)
        #expect(try journal.read().firstBad == nil)
      }
    }
  }

  @Test("a cut at the end of a line, just before and just after, is repaired wherever it is")
  func cutAtLineEnds() throws {
    let event = JournalEvent.trustRemoved(try Fixture.organization("o-a1b2c3d4e5"))
    for remains in [[], Array("{\"seq\":".utf8)] {
      // The lines that one append adds to an empty journal, or to one with remains: two or three.
      let whole = JournalInMemory(remains)
      try Journal.testing(in: whole).append(event)
      let ends = whole.bytes.indices.filter { whole.bytes[$0] == UInt8(ascii: "\n") }
      for cut in ends.flatMap({ [$0 - 1, $0, $0 + 1] }) where cut > remains.count {
        let file = JournalInMemory(Array(whole.bytes.prefix(cut)))
        for _ in 0..<2 { try Journal.testing(in: file).append(event) }
        #expect(JournalChain(reading: file.bytes).firstBad == nil, "cut at \(cut)")
      }
    }
  }

  @Test("a line that lost only its newline is kept as it is")
  func lostNewline() throws {
    let lines = try lines()
    let file = JournalInMemory(Array(joined(lines).dropLast()))
    let journal = Journal.testing(in: file)
    #expect(try journal.head()?.sequence == 10)
    try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    let chain = JournalChain(reading: file.bytes)
    #expect(chain.firstBad == nil)
    #expect(chain.torn == 0)
    #expect(chain.records.count == 11)
  }

  @Test("pages that a power cut left empty are a torn write, and the next one continues")
  func zeros() throws {
    let lines = try lines()
    var last = lines[9]
    for index in 0..<60 { last[index] = 0 }
    let file = JournalInMemory(joined(lines.dropLast() + [last]))
    try Journal.testing(in: file).append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    let chain = JournalChain(reading: file.bytes)
    #expect(chain.firstBad == nil)
    #expect(chain.torn == 1)
  }

  @Test("remains that were changed later are detected by the line that names them")
  func changedRemains() throws {
    let lines = try lines()
    let file = JournalInMemory(joined(Array(lines.prefix(3))) + lines[3].prefix(50))
    try Journal.testing(in: file).append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    var bytes = file.bytes
    bytes[joined(Array(lines.prefix(3))).count + 20] ^= 1
    #expect(JournalChain(reading: bytes).firstBad == BadLine(line: 4, fault: .unreadable))
  }

  @Test("nothing is appended to a last line that was changed")
  func damagedEnd() throws {
    var lines = try lines()
    lines[9][30] ^= 1
    let journal = Journal.testing(in: JournalInMemory(joined(lines)))
    #expect(throws: JournalFault.damaged(after: 9)) {
      try journal.append(.trustRemoved(try Fixture.organization("o-a1b2c3d4e5")))
    }
    #expect(try journal.read().firstBad?.line == 10)
  }
}
