import ArgumentParser
import Text

/// `handshake unescape`
struct UnescapeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "unescape",
    abstract: "Turn escapes such as ‹U+202E› on standard input back into the bytes they stand for.",
    discussion: """
      With --ascii, escapes such as <U+202E>. It undoes what show, the journal and the detail \
      print; lists and cuts left something out, and cannot be undone. The bytes may be anything: \
      it writes them to a file or a pipe only.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    guard !run.console.isTerminal(.output) else {
      throw CommandFailure(
        .usage, "the bytes are not written to a terminal", why: "they may be orders to it",
        remedy: "Send them to a file or a program: handshake unescape > FILE.")
    }
    let text = Untrusted(bytes: try run.console.readInput())
    try run.console.write(try unescaped(text, in: shared.ascii ? .ascii : .utf8), to: .output)
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
          .failed, "byte \(place) opens an escape that is none",
          remedy: "Give whole lines as they were printed; with --ascii if they have <U+…>.")
      case .abbreviated(let place):
        throw CommandFailure(
          .failed, "byte \(place) stands for something that was left out",
          remedy: "Use what handshake show prints.")
      }
    }
  }
}
