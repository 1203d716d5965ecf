/// Lines on their way to the journal's end, and the index as it is once they are there.
struct JournalAddition {
  private(set) var index: JournalIndex
  private(set) var bytes: [UInt8] = []

  init(to index: JournalIndex) { self.index = index }

  /// So that the next line begins.
  mutating func addNewline() {
    bytes.append(UInt8(ascii: "\n"))
    index.skip(1)
  }

  @discardableResult
  mutating func add(
    _ event: JournalEvent, at moment: JournalMoment, by who: Operator
  ) -> JournalRecord {
    let line = JournalLine(
      event, after: index.head, at: moment, by: who,
      openHash: { mark in index.openHash(after: event, marked: mark) })
    bytes += line.bytes + [UInt8(ascii: "\n")]
    index.take(line, length: line.bytes.count + 1)
    return line.record
  }
}
