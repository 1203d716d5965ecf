import ArgumentParser
import Review

/// `handshake journal new-segment`
struct JournalNewSegmentCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "new-segment",
    abstract: "Set a damaged journal aside unchanged, and start a new one that refers to it.",
    discussion: """
      The damaged file is kept beside the new one as journal.jsonl.damaged-1 (-2, and so \
      on); the new chain contains its hash. Unresolved attempts are carried over. A line \
      cut short by a loss of power does not need this: the next line records it.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "Confirm. Required.")
  var yes = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try run.refuseReadOnly()
    try run.settings.places.requireComplete()
    guard yes else {
      throw CommandFailure(
        .refused, "a new journal is started only with --yes",
        remedy: "Check the damage first: handshake journal verify.")
    }
    guard let (kept, carried) = try begin(run) else {
      throw CommandFailure(
        .refused, "the journal is intact", why: "new-segment is for a damaged journal")
    }
    try run.put("\(kept.words(run.ink))\n")
    if carried > 0 { try run.put("carried over: \(carried) unresolved\n") }
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
