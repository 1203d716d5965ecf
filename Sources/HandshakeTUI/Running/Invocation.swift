import AWSBackend
import LocalBackend
import Machine
import Model
import Review
import Text
import Wire

/// What one command works with.
struct Invocation: Sendable {
  let settings: Settings
  var surroundings: Surroundings
  let log: LogFile?

  init(_ settings: Settings, _ surroundings: Surroundings) throws(CommandFailure) {
    self.settings = settings
    self.surroundings = surroundings
    guard let path = settings.log.value else {
      log = nil
      return
    }
    do throws(FileError) {
      log = try LogFile(
        path: path, clock: surroundings.time,
        besides: [settings.places.state, settings.places.data, settings.places.config])
    } catch { throw error.failure(settings.ink) }
  }

  var console: any Console { surroundings.console }
  var ink: Ink { settings.ink }

  // MARK: Words

  var layout: Layouting {
    if settings.plain { return .plain }
    return console.isTerminal(.output) ? .people : .pipe
  }

  /// How rows are laid out where standard output is a terminal.
  var terminal: TerminalRows? { console.rows(.output, in: ink.charset) }

  /// How a document is written; `lines` for one after another.
  func style(lines: Bool = false) -> JSONStyle {
    switch (console.isTerminal(.output), lines) {
    case (true, false): .terminal
    case (true, true): .terminalLine
    case (false, false): .document
    case (false, true): .line
    }
  }

  /// Whether a table is for a program or told fact by fact, so that nothing has to fit in a row.
  var isWide: Bool { terminal == nil || layout == .plain }

  /// Printable text to standard output: as it is, and on a terminal in rows of its width.
  func put(_ text: String) throws(CommandFailure) {
    try console.write(Array((terminal?.wrap(text) ?? text).utf8), to: .output)
  }

  func put(_ json: [UInt8]) throws(CommandFailure) {
    try console.write(json, to: .output)
    try console.write([UInt8(ascii: "\n")], to: .output)
  }

  func put(_ value: JSONValue) throws(CommandFailure) {
    try put(value.json(style()))
  }

  /// What was done, to standard output. It is done whether or not that can be written: standard error
  /// is told these words then, and the command ends as it would have.
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

  /// A line to standard error, which JSON on standard output does not mix with. Printable.
  func note(_ text: String) {
    // SAFETY: a stderr that is gone leaves nobody to tell.
    try? console.write(Array((rows("handshake: " + text) + "\n").utf8), to: .errors)
    log?.record("note", ["text": text])
  }

  /// A question to standard error, with the answer to follow on its line. Printable.
  func ask(_ question: String) {
    // SAFETY: as above.
    try? console.write(Array(("handshake: " + question).utf8), to: .errors)
  }

  /// What went wrong on the way, without ending the command.
  func complain(_ failure: CommandFailure) {
    // SAFETY: as above.
    try? console.write(Array((rows(failure.text) + "\n").utf8), to: .errors)
    log?.record("complaint", ["text": failure.text])
  }

  /// Lines as standard error gets them.
  private func rows(_ text: String) -> String {
    console.rows(.errors, in: ink.charset)?.messages(text) ?? text
  }

  // MARK: Parts

  var choice: BackendChoice {
    BackendChoice(settings: settings, surroundings: surroundings, log: log) { note($0) }
  }

  /// The same for the screens, which ask AWS whose the profiles are once they are up.
  func openForScreens() throws(CommandFailure) -> Access {
    let choice = choice
    return try Blocking.run { () async throws(CommandFailure) in
      try await choice.openForScreens()
    }
  }

  /// The service, and the way to send if there is one.
  func open() throws(CommandFailure) -> Access {
    let choice = choice
    let access = try Blocking.run { () async throws(CommandFailure) in try await choice.open() }
    for profile in access.service.unknown { complain(.unknown(profile, ink)) }
    return access
  }

  var trustFile: TrustFile { choice.trustFile }

  func trustList() throws(CommandFailure) -> TrustList { try trustFile.read(ink) }

  /// Makes the reader of what the runner checks right before each INTENT, as it is on the disk at each
  /// call. Which file that is stays as it is now: a change of the AWS settings must not put another
  /// list in its place.
  var rulesReader: @Sendable () -> RulesReading {
    let file = trustFile
    let ink = ink
    return {
      do throws(CommandFailure) {
        return .rules(SendingRules(trust: try file.read(ink)))
      } catch {
        let words = [error.what, error.why].compactMap(\.self).joined(separator: ": ")
        return .failed(Untrusted(words))
      }
    }
  }

  var journal: Journal {
    Journal(
      in: JournalOnDisk(at: settings.places.state), clock: surroundings.time,
      random: surroundings.random, host: HostFile.hostName, boot: HostFile.bootID,
      who: .onThisHost(environment: surroundings.environment))
  }
}

/// The world around one run of the program, so that a test can make another.
struct Surroundings: Sendable {
  /// The command line without the program's name.
  var arguments: [String] = []
  var environment: [String: String]
  var console: any Console
  var time: any TimeSource
  var random: any RandomSource
  /// What standard input held, where it was read before the command began.
  var document: [UInt8]?
  /// To AWS; nothing is loaded before the first request.
  var transport: any HTTPTransport = CurlTransport()
  /// Asks the operator for what a login needs, on the terminal until the screens take it.
  var dialogue = DialogueSwitch()
  /// The AWS CLI's files that others may change.
  var doubtfulFiles = DoubtfulFiles()
}
