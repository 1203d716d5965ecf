import Arguments
import Model
import Text

/// One run of the program, from its arguments to its exit status.
struct Program {
  var dependencies: Dependencies

  private var grammar: Grammar<any Subcommand> { HandshakeCommand.grammar(dependencies.settings) }

  /// Runs the command line and returns the exit status.
  ///
  /// An argument that is not UTF-8 is refused: with its invalid bytes replaced, a reason or a path
  /// would be another one.
  func run(_ arguments: [[UInt8]]) -> Int32 {
    var texts: [String] = []
    for (index, bytes) in arguments.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        let format = Formatter(charset: dependencies.console.isUTF8 ? .utf8 : .ascii)
        let shown = format.full(Untrusted(bytes: bytes))
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
    if arguments.first == ShellCompletion.argument { return complete(arguments.dropFirst()) }
    let line: ParsedLine<any Subcommand>
    do throws(UsageError) {
      line = try grammar.parse(arguments)
    } catch {
      // A line that cannot be parsed may still ask for it.
      let isASCII = arguments.contains("--ascii")
      let format = Formatter(charset: charset(isASCII))
      let words = error.words(format.full, plain: format.charset.plain)
      let failure = CommandFailure(.usage, words.what, why: words.why, remedy: words.remedy)
      tell(failure.text, isASCII: isASCII)
      return failure.status.number
    }
    let options = GlobalOptions(values: line.shared)
    var program = self
    program.dependencies.arguments = arguments
    do throws(CommandFailure) {
      if let text = information(line, options) {
        try dependencies.console.write(Array((text + "\n").utf8), to: .output)
        return Status.done.number
      }
      guard let command = line.product else { return Status.done.number }
      return try program.perform(command, line.path.last ?? "", options).number
    } catch {
      tell(error.text, isASCII: options.has("--ascii"))
      return error.status.number
    }
  }

  /// Returns the text that the command line asks for instead of a command; nil when it asks for
  /// none.
  private func information(
    _ line: ParsedLine<any Subcommand>, _ options: GlobalOptions
  ) -> String? {
    guard line.product != nil else {
      let page = HelpPage(grammar, line.path, columns: dependencies.console.columns)
      return page.map { charset(options.has("--ascii")).plain($0.text) }
    }
    if options.has(HandshakeCommand.licenses.name) { return ThirdPartyNotices.text }
    if options.has(HandshakeCommand.version.name) { return Version.text }
    return options[HandshakeCommand.completionScript.name]?.last.flatMap { Shell(rawValue: $0) }
      .map { ShellCompletion.script(for: $0, program: HandshakeCommand.declaration.name) }
  }

  /// Answers a shell's script: the index of the word to complete, and the words.
  private func complete(_ arguments: ArraySlice<String>) -> Int32 {
    guard let index = arguments.first.flatMap({ Int($0) }),
      let request = CompletionRequest(grammar, Array(arguments.dropFirst()), index: index)
    else { return Status.usage.number }
    ProcessStart.letSignalsThrough(for: .plain)
    let lines = request.lines { kind, request in
      Completions(dependencies, request).values(of: kind)
    }
    do throws(CommandFailure) {
      try dependencies.console.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: .output)
      return Status.done.number
    } catch {
      return error.status.number
    }
  }

  private func perform(
    _ command: any Subcommand, _ name: String, _ options: GlobalOptions
  ) throws(CommandFailure) -> Status {
    ProcessStart.letSignalsThrough(for: command.signals)
    try command.check()
    let settings = try Settings.gather(options, dependencies)
    let invocation = try CommandContext(settings, dependencies)
    if let note = settings.places.note(settings.format) { invocation.note(note) }
    invocation.log?.record("start", ["command": name])
    if case .hiddenMarker = settings.readOnly.origin {
      invocation.note("read-only: \(settings.readOnly.origin.text(settings.format))")
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

  private func charset(_ isASCII: Bool) -> Charset {
    dependencies.console.isUTF8 && !isASCII ? .utf8 : .ascii
  }

  /// Writes the message of a failed command to standard error.
  private func tell(_ text: String, isASCII: Bool) {
    let shown = dependencies.console.rows(.errors, in: charset(isASCII))?.messages(text) ?? text
    // SAFETY: when stderr is closed, nobody reads the message.
    try? dependencies.console.write(Array((shown + "\n").utf8), to: .errors)
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
