import Arguments
import Text

/// The command `handshake unescape`.
struct UnescapeCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "unescape", summary: "Turn escapes such as ‹U+202E› on standard input back into bytes.",
    discussion: """
      With --ascii, escapes such as <U+202E>. It reverses the output of show, journal and the detail; \
      lists are shortened and cannot be reversed. The bytes may be anything: \
      they are written only to a file or a pipe.
      """,
    start: UnescapeCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    guard !run.console.isTerminal(.output) else {
      throw CommandFailure(
        .usage, "the bytes are not written to a terminal", why: "they may be control sequences",
        remedy: "Send them to a file or a program: handshake unescape > FILE.")
    }
    let isASCII = run.settings.ascii == Setting(true, .flag("--ascii"))
    let text = Untrusted(bytes: try run.console.readInput())
    try run.console.write(try unescaped(text, in: isASCII ? .ascii : .utf8), to: .output)
    return .done
  }

  private func unescaped(
    _ text: Untrusted, in charset: Charset
  ) throws(CommandFailure) -> [UInt8] {
    do throws(UnescapeError) {
      return try Sanitiser.unescape(text, in: charset).bytes
    } catch {
      switch error {
      case .notAnEscape(let place):
        throw CommandFailure(
          .failed, "invalid escape sequence at byte \(place)",
          remedy: "Use whole lines as printed; with --ascii if they contain <U+…>.")
      case .abbreviated(let place):
        throw CommandFailure(
          .failed, "text was omitted at byte \(place)",
          remedy: "Use the output of handshake show.")
      }
    }
  }
}
