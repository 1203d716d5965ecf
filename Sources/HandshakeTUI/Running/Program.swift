import ArgumentParser
import Model
import Text

/// One run of the program, from its arguments to its exit status.
struct Program {
  let surroundings: Dependencies

  static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    try HandshakeCommand.parseAsRoot(arguments)
  }

  /// Runs the command line and returns the exit status.
  ///
  /// An argument that is not UTF-8 is refused: with its invalid bytes replaced, a reason or a path
  /// would be another one.
  func run(_ arguments: [[UInt8]]) -> Int32 {
    var texts: [String] = []
    for (index, bytes) in arguments.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        let ink = Ink(charset: surroundings.console.isUTF8 ? .utf8 : .ascii)
        let shown = ink.full(Untrusted(bytes: bytes))
        let failure = CommandFailure(
          .usage, "argument \(index + 1) is not UTF-8: \(shown)",
          remedy: "Write it in UTF-8. Give a file with such a name as standard input.")
        tell(failure.text, isASCII: false)
        return failure.status.number
      }
      texts.append(text)
    }
    return run(texts)
  }

  func run(_ arguments: [String]) -> Int32 {
    // The most frequent call has nothing to parse.
    if arguments.isEmpty { return end(TUICommand.bare) }
    let ink = Ink(charset: surroundings.console.isUTF8 ? .utf8 : .ascii)
    if let failure = ArgumentCheck(arguments: arguments, ink: ink).failure() {
      tell(failure.text)
      return failure.status.number
    }
    let parsed: any ParsableCommand
    do {
      parsed = try Self.parse(arguments)
    } catch {
      return answer(parserError: error)
    }
    guard let command = parsed as? any Subcommand else {
      // A command of the parser's own, such as help.
      ProcessStart.letSignalsThrough(for: .plain)
      var command = parsed
      do {
        try command.run()
        return Status.done.number
      } catch {
        return answer(parserError: error)
      }
    }
    var surroundings = surroundings
    surroundings.arguments = arguments
    return Program(surroundings: surroundings).end(command)
  }

  private func end(_ command: some Subcommand) -> Int32 {
    do throws(CommandFailure) {
      return try perform(command).number
    } catch {
      tell(error.text, isASCII: command.shared.ascii)
      return error.status.number
    }
  }

  private func perform(_ command: some Subcommand) throws(CommandFailure) -> Status {
    if command.root.version || command.root.licenses {
      let text = command.root.licenses ? ThirdPartyNotices.text : Version.text
      try surroundings.console.write(Array((text + "\n").utf8), to: .output)
      return .done
    }
    ProcessStart.letSignalsThrough(for: type(of: command).signals)
    try command.check()
    let settings = try Settings.gather(command.shared, surroundings)
    let invocation = try CommandContext(settings, surroundings)
    if let note = settings.places.note(settings.ink) { invocation.note(note) }
    invocation.log?.record("start", ["command": type(of: command)._commandName])
    if case .hiddenMarker = settings.readOnly.origin {
      invocation.note("read-only: \(settings.readOnly.origin.text(settings.ink))")
    }
    do throws(CommandFailure) {
      let status = try command.perform(invocation)
      invocation.log?.record("end", ["status": String(status.number)])
      return status
    } catch {
      invocation.log?.record(
        "end", ["status": String(error.status.number), "what": error.what])
      throw error
    }
  }

  /// Prints help to standard output; a command line that the parser refuses is a usage error.
  private func answer(parserError error: any Error) -> Int32 {
    let code = HandshakeCommand.exitCode(for: error)
    let message = HandshakeCommand.fullMessage(for: error, columns: surroundings.console.columns)
    guard code.isSuccess else {
      // The parser repeats what was typed, which can be anything.
      let ink = Ink(charset: surroundings.console.isUTF8 ? .utf8 : .ascii)
      let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
      let shown = lines.map { ink.full(String($0)) }.joined(separator: "\n")
      tell(surroundings.console.rows(.errors, in: ink.charset)?.wrap(shown) ?? shown)
      return code == .validationFailure ? Status.usage.number : Status.failed.number
    }
    do throws(CommandFailure) {
      try surroundings.console.write(Array((message + "\n").utf8), to: .output)
      return Status.done.number
    } catch {
      return error.status.number
    }
  }

  /// Writes the message of a failed command to standard error.
  private func tell(_ text: String, isASCII: Bool) {
    let charset: Charset = surroundings.console.isUTF8 && !isASCII ? .utf8 : .ascii
    tell(surroundings.console.rows(.errors, in: charset)?.messages(text) ?? text)
  }

  /// Writes printable text unchanged to standard error.
  private func tell(_ text: String) {
    // SAFETY: when stderr is closed, nobody reads the message.
    try? surroundings.console.write(Array((text + "\n").utf8), to: .errors)
  }
}

/// The handling of the signals that end programs, which are blocked when a command starts.
enum SignalPolicy: Sendable {
  /// The default action: the process ends at once.
  case plain
  /// The default action until something is sent; then the request in flight has 1.5 seconds to be
  /// finished and recorded (SEC-4.4.13).
  case watched
  /// The screens' own loop reads the signals.
  case screens
}
