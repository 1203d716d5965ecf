import ArgumentParser
import Review

/// `handshake journal new-segment`
struct JournalNewSegmentCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "new-segment",
    abstract: "Keep a damaged journal as it is, and begin a new one that names it.",
    discussion: """
      The damaged file stays beside the new one, unchanged, as journal.jsonl.damaged-1 (-2, and so \
      on); the new chain names its bytes. Attempts whose end is not known are carried over. A line \
      that a loss of power cut short needs none of this: the next line names it.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "Yes, begin a new one. Required.")
  var yes = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try run.refuseReadOnly()
    try run.settings.places.requireComplete()
    guard yes else {
      throw CommandFailure(
        .refused, "a new segment is begun only with --yes",
        remedy: "Look at the damage first: handshake journal verify.")
    }
    guard let (kept, carried) = try begin(run) else {
      throw CommandFailure(
        .refused, "the journal is whole", why: "a new segment is for a damaged one")
    }
    try run.put("\(kept.words(run.ink))\n")
    if carried > 0 { try run.put("carried over: \(carried) of unknown outcome\n") }
    if let head = try run.chain().head {
      try run.put("head: \(head.sequence) \(head.hash.text)\n")
    }
    return .done
  }

  private func begin(
    _ run: Invocation
  ) throws(CommandFailure) -> (kept: JournalSegment, carried: Int)? {
    do throws(JournalFault) {
      return try run.journal.beginSegment()
    } catch { throw CommandFailure(error, run.ink) }
  }
}
