import Arguments
import Drawing
import HandshakeUI
import Model
import Platform
import ReviewJournal
import Text

/// The command `handshake render`.
struct RenderCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "render", summary: "Print one screen as text after these keys, for documents and bug reports.",
    discussion: """
      It only reads: nothing is sent, written or journalled. Each key takes 100 ms. A letter is \
      its key; in angle brackets: Enter Esc Tab S-Tab Space Up Down Left Right Home End PgUp \
      PgDn Backspace Delete, C-x with Control, F1, lt for <, and Wait:5s Paste:text Size:80x24.
      """,
    start: RenderCommand()
  ) {
    [
      .option("--size", \.size, "80x24", "Columns and rows.", initial: "80x24"),
      .option("--keys", \.keys, "keys", "The keys to press: jj<Enter>"),
      .positional(
        "id", \.id, "The handshake to open first: h-…", completion: Completions.ids),
    ]
  }

  var size = "80x24"
  var keys: String?
  var id: String?

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let size = try readSize(run.format)
    let script = try readKeys(run.format)
    let opening = try id.map { (id) throws(CommandFailure) in
      try HandshakeID(argument: id, run.format)
    }
    let access = try run.openForScreens().forScreens(write: run.settings.write.value)
    let start = ScreenStart(run: run, access: access, opening: opening)
    let charset = run.settings.charset
    let launch = start.launch(
      size, charset, zone: SystemZone.steps(around: run.dependencies.time.now()), kept: [])
    let interpreter = ReadingInterpreter(
      trust: start.trustReading, journal: journalReading(run), reads: access.service.reads)
    let frame = Blocking.run {
      var interface = HeadlessInterface(launch, interpreter)
      await interface.start()
      await interface.run(script)
      return interface.frame
    }
    let lines = (0..<frame.size.rows).map { frame.text(row: $0) + "\n" }
    try run.put(lines.joined())
    return .done
  }

  private func readSize(_ format: Formatter) throws(CommandFailure) -> Size {
    let numbers = size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let columns = numbers[0], let rows = numbers[1],
      Self.columns.contains(columns), Self.rows.contains(rows)
    else {
      throw CommandFailure(
        .usage, "invalid --size \"\(format.full(size))\"",
        remedy: "Write it as 80x24, from 1x1 to \(Self.columns.upperBound)x\(Self.rows.upperBound)."
      )
    }
    return Size(columns: columns, rows: rows)
  }

  private static let columns = 1...500
  private static let rows = 1...200

  private func readKeys(_ format: Formatter) throws(CommandFailure) -> KeyScript {
    do throws(KeyScript.Problem) {
      return try KeyScript(keys ?? "")
    } catch {
      switch error {
      case .open:
        throw CommandFailure(
          .usage, "--keys has a < without a >", remedy: "Write <lt> for the character <.")
      case .unknown(let name):
        throw CommandFailure(
          .usage, "--keys: unknown key <\(format.full(name))>",
          remedy: "handshake render --help lists the names.")
      }
    }
  }

  private func journalReading(_ run: CommandContext) -> JournalReading {
    do throws(JournalFault) {
      return .chain(try run.journal.read())
    } catch {
      return .failed(error)
    }
  }
}
