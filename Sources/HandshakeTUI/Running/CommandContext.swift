import AWSBackend
import LocalBackend
import Model
import Platform
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text
import Wire

/// The settings, services and output of one command.
struct CommandContext: Sendable {
  let settings: Settings
  var dependencies: Dependencies
  let log: LogFile?

  /// Opens the log, if one is set.
  ///
  /// - Throws: `CommandFailure` when the log cannot be opened or its path is refused.
  init(_ settings: Settings, _ dependencies: Dependencies) throws(CommandFailure) {
    self.settings = settings
    self.dependencies = dependencies
    guard let path = settings.log.value else {
      log = nil
      return
    }
    do throws(FileError) {
      log = try LogFile(
        path: path, clock: dependencies.time,
        besides: [settings.places.state, settings.places.data, settings.places.config])
    } catch { throw error.failure(settings.format) }
  }

  var console: any Console { dependencies.console }
  var format: Formatter { settings.format }

  // MARK: Words

  var layout: Layouting {
    if settings.plain { return .plain }
    return console.isTerminal(.output) ? .people : .pipe
  }

  /// The rows of the terminal that standard output is; nil when it is not one.
  var terminal: TerminalRows? { console.rows(.output, in: format.charset) }

  /// Returns the form of a JSON document on standard output; with `lines` that of one among
  /// several.
  func style(lines: Bool = false) -> JSONStyle {
    switch (console.isTerminal(.output), lines) {
    case (true, false): .terminal
    case (true, true): .terminalLine
    case (false, false): .document
    case (false, true): .line
    }
  }

  /// Whether a table's rows may have any width: it is read by a program, or is in plain layout.
  var isWide: Bool { terminal == nil || layout == .plain }

  /// Writes printable text to standard output, on a terminal wrapped to its width.
  ///
  /// - Throws: `CommandFailure` when it cannot be written.
  func put(_ text: String) throws(CommandFailure) {
    try console.write(Array((terminal?.wrap(text) ?? text).utf8), to: .output)
  }

  /// Writes a document and a line ending to standard output.
  ///
  /// - Throws: `CommandFailure` when it cannot be written.
  func put(_ json: [UInt8]) throws(CommandFailure) {
    try console.write(json, to: .output)
    try console.write([UInt8(ascii: "\n")], to: .output)
  }

  /// Writes a JSON value to standard output, in the form for its reader.
  ///
  /// - Throws: `CommandFailure` when it cannot be written.
  func put(_ value: JSONValue) throws(CommandFailure) {
    try put(value.json(style()))
  }

  /// Reports a completed act on standard output.
  ///
  /// The act is complete even if that cannot be written: then `words` go to standard error, and the
  /// command's status is unchanged.
  func tell(_ output: [UInt8], _ words: String?) {
    do throws(CommandFailure) {
      if let terminal, !settings.json {
        try put(Array(terminal.messages(String(decoding: output, as: UTF8.self)).utf8))
      } else {
        try put(output)
      }
    } catch {
      complain(error)
      if let words { note(words) }
    }
  }

  /// Writes a line of printable text to standard error, apart from the JSON on standard output.
  func note(_ text: String) {
    // SAFETY: when stderr is closed, nobody reads the note.
    try? console.write(Array((rows("handshake: " + text) + "\n").utf8), to: .errors)
    log?.record("note", ["text": text])
  }

  /// Writes a printable question to standard error; the answer is typed on the same line.
  func ask(_ question: String) {
    // SAFETY: as above.
    try? console.write(Array(("handshake: " + question).utf8), to: .errors)
  }

  /// Reports an error without ending the command.
  func complain(_ failure: CommandFailure) {
    // SAFETY: as above.
    try? console.write(Array((rows(failure.text) + "\n").utf8), to: .errors)
    log?.record("complaint", ["text": failure.text])
  }

  /// Lays out lines for standard error.
  private func rows(_ text: String) -> String {
    console.rows(.errors, in: format.charset)?.messages(text) ?? text
  }

  // MARK: Parts

  var choice: BackendChoice {
    BackendChoice(settings: settings, dependencies: dependencies, log: log) { note($0) }
  }

  /// Opens the service for the screens, which resolve the profiles' accounts after they have
  /// started.
  ///
  /// - Throws: `CommandFailure` when the service or its settings cannot be used.
  func openForScreens() throws(CommandFailure) -> Access {
    let choice = choice
    return try Blocking.run { () async throws(CommandFailure) in
      try await choice.openForScreens()
    }
  }

  /// Opens the service, with the means to send unless the session is read-only.
  ///
  /// - Throws: `CommandFailure` when the service, its settings or its document cannot be used, or
  ///   no account is known.
  func open() throws(CommandFailure) -> Access {
    let choice = choice
    let access = try Blocking.run { () async throws(CommandFailure) in try await choice.open() }
    for profile in access.service.unknown { complain(.unknown(profile, format)) }
    return access
  }

  var trustFile: TrustFile { choice.trustFile }

  /// Reads the trust list of the service in use.
  ///
  /// - Throws: `CommandFailure` when its file cannot be read or is invalid.
  func trustList() throws(CommandFailure) -> TrustList { try trustFile.read(format) }

  /// A function that reads the rules checked right before each INTENT, as they are on the disk
  /// then.
  ///
  /// The file's path is fixed now: a change of the AWS settings must not replace the list by
  /// another.
  var rulesReader: @Sendable () -> RulesReading {
    let file = trustFile
    let format = format
    return {
      do throws(CommandFailure) {
        return .rules(SendingRules(trust: try file.read(format)))
      } catch {
        let words = [error.what, error.why].compactMap(\.self).joined(separator: ": ")
        return .failed(Untrusted(words))
      }
    }
  }

  var journal: Journal {
    Journal(
      in: JournalOnDisk(at: settings.places.state), clock: dependencies.time,
      random: dependencies.random, host: HostFile.hostName, boot: HostFile.bootID,
      who: .onThisHost(environment: dependencies.environment))
  }
}

/// The environment of one run of the program, which a test can replace.
struct Dependencies: Sendable {
  /// The command line without the program's name.
  var arguments: [String] = []
  var environment: [String: String]
  var console: any Console
  var time: any TimeSource
  var random: any RandomSource
  /// The settings that exist, which a test can add to.
  var settings = SettingRow.all
  /// The contents of standard input, where they were read before the command began.
  var document: [UInt8]?
  /// The transport to AWS; libcurl is not loaded before the first request.
  var transport: any HTTPTransport = CurlTransport()
  /// The dialogue that asks the operator during a login, on the terminal until the screens take
  /// over.
  var dialogue = DialogueSwitch()
  /// The files of the AWS CLI that others may change.
  var doubtfulFiles = DoubtfulFiles()
}
