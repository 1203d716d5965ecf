import ArgumentParser
import Model
import Review
import Text

/// `handshake journal`
struct JournalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Show what was sent from here, by whom, why, and the outcome.",
    subcommands: [
      JournalShowCommand.self, JournalVerifyCommand.self, JournalNewSegmentCommand.self,
    ],
    defaultSubcommand: JournalShowCommand.self)
}

/// `handshake journal` alone.
struct JournalShowCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the journal's records; with --json as they are stored.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    if run.settings.json {
      // Our lines are ASCII. Others may have got in, and a terminal must not run them.
      let bytes = try run.journalBytes()
      try run.console.write(
        run.console.isTerminal(.output) ? Self.printable(bytes) : bytes, to: .output)
      if try run.chain().firstBad != nil { run.noteBrokenChain() }
      return .done
    }
    let chain = try run.chain()
    guard !chain.records.isEmpty else {
      run.note("the journal is empty")
      return .done
    }
    let rows = JournalRows(chain, run.ink)
    let table = run.isWide ? rows.table : rows.terminalTable
    try run.put(table.text(run.layout, on: run.terminal))
    if chain.firstBad != nil { run.noteBrokenChain() }
    return .done
  }

  private static func printable(_ bytes: [UInt8]) -> [UInt8] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let shown = lines.map {
      Sanitiser.render(Untrusted(bytes: Array($0)), for: .log, in: .ascii)
    }
    return Array(shown.joined(separator: "\n").utf8)
  }
}

/// `handshake journal verify`
struct JournalVerifyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the journal's hash chain: 0 if it is intact, 1 if it is broken.",
    discussion: """
      The chain shows changed, removed and moved lines. A cut-off end shows only by comparison \
      with the head that was printed when it was last written. open.json, the index of unresolved \
      attempts, is compared with the journal: 1 if it was changed.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let chain = try run.chain()
    if let bad = chain.firstBad {
      throw CommandFailure(
        .failed, "the journal is broken at line \(bad.line)", why: bad.fault.words,
        remedy: """
          Keep the file for the investigation. To send again: handshake journal \
          new-segment --yes.
          """)
    }
    if chain.isBroken {
      throw CommandFailure(
        .failed, "the journal could not be written to the disk",
        why: "its last lines may be lost",
        remedy: "Check the disk; then, to send again: handshake journal new-segment --yes.")
    }
    if chain.index == .edited {
      throw CommandFailure(
        .failed, "open.json is not as this program wrote it",
        why: "its hash is wrong, or its attempts differ from the journal's",
        remedy: """
          Nothing is lost: the journal is intact, and only the journal decides what is sent. Find out \
          who changed the file; it is rewritten with the journal's next line.
          """)
    }
    guard let head = chain.head else {
      try run.put("whole: empty\n")
      return .done
    }
    let torn = chain.torn > 0 ? ", \(chain.torn) cut short by a loss of power" : ""
    let tail = chain.tail.isEmpty ? "" : ", \(chain.tail.count) bytes of a line not ended"
    try run.put("whole: \(chain.records.count) lines\(torn)\(tail)\n")
    try run.put("head: \(head.sequence) \(head.hash.text)\n")
    if let words = chain.index.words { run.note(words) }
    return .done
  }
}

extension JournalChain.IndexState {
  /// What verify notes about it; nil when there is nothing to say.
  fileprivate var words: String? {
    let why: String
    switch self {
    case .fits, .edited: return nil
    case .missing: why = "does not exist"
    case .torn: why = "was cut short by a loss of power"
    case .outdated: why = "was written by an earlier version"
    }
    return "open.json \(why): it is ignored, and rewritten with the journal's next line"
  }
}

extension Invocation {
  fileprivate func noteBrokenChain() {
    note("the chain is broken: see handshake journal verify")
  }

  func chain() throws(CommandFailure) -> JournalChain {
    try settings.places.requireComplete()
    do throws(JournalFault) {
      return try journal.read()
    } catch { throw CommandFailure(error, ink) }
  }

  func journalBytes() throws(CommandFailure) -> [UInt8] {
    do throws(JournalFault) {
      return try journal.file.reading { access throws(JournalFault) in try access.bytes(from: 0) }
    } catch { throw CommandFailure(error, ink) }
  }
}
