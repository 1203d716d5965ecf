import ArgumentParser
import Text

/// One run of the program: arguments in, words and a number out.
struct Program {
  let surroundings: Surroundings

  static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    try HandshakeCommand.parseAsRoot(arguments)
  }

  /// - Parameter arguments: Bytes of anybody's choosing. What is no text is refused: a reason or a path
  ///   would be another one with its bytes replaced.
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
    // The commonest call of all has nothing to be parsed.
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
    guard let command = parsed as? any Command else {
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

  private func end(_ command: some Command) -> Int32 {
    do throws(CommandFailure) {
      return try perform(command).number
    } catch {
      tell(error.text, isASCII: command.shared.ascii)
      return error.status.number
    }
  }

  private func perform(_ command: some Command) throws(CommandFailure) -> Status {
    if command.root.version || command.root.licenses {
      let text = command.root.licenses ? Notice.text : Version.text
      try surroundings.console.write(Array((text + "\n").utf8), to: .output)
      return .done
    }
    ProcessStart.letSignalsThrough(for: type(of: command).signals)
    try command.check()
    let settings = try Settings.gather(command.shared, surroundings)
    let invocation = try Invocation(settings, surroundings)
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

  /// Help goes to standard output and is no failure; what the parser refuses is a usage error.
  private func answer(parserError error: any Error) -> Int32 {
    let code = HandshakeCommand.exitCode(for: error)
    let message = HandshakeCommand.fullMessage(for: error, columns: surroundings.console.columns)
    guard code.isSuccess else {
      // The parser repeats what was typed, which may be anything.
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

  /// What ended a command, to standard error.
  private func tell(_ text: String, isASCII: Bool) {
    let charset: Charset = surroundings.console.isUTF8 && !isASCII ? .utf8 : .ascii
    tell(surroundings.console.rows(.errors, in: charset)?.messages(text) ?? text)
  }

  /// Printable text as it is, to standard error.
  private func tell(_ text: String) {
    // SAFETY: a stderr that is gone leaves nobody to tell.
    try? surroundings.console.write(Array((text + "\n").utf8), to: .errors)
  }
}

/// What a command does about the signals that end programs. They are blocked when it starts.
enum SignalManner: Sendable {
  /// As the system has it: the process ends at once.
  case plain
  /// As the system has it until something is sent; then what is in flight is finished and written down
  /// first.
  case watched
  /// The screens' own loop reads them.
  case screens
}
