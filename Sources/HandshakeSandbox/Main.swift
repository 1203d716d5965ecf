import Arguments
import CLinux
import Glibc
import Platform

@main enum Main {
  static func main() {
    // Threads inherit the signal mask, so signals are blocked before any thread is created.
    Signals.block()
    umask(0o077)
    cl_forbid_dumps()
    exit(run())
  }

  private static func run() -> Int32 {
    guard ThreadFiles.areThere else {
      Output.error("handshake-sandbox" + ThreadFiles.complaint)
      return 2
    }
    guard let arguments = ProgramArguments.read() else {
      Output.error("handshake-sandbox" + ProgramArguments.complaint)
      return 2
    }
    var texts: [String] = []
    for (index, bytes) in arguments.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        Output.error("handshake-sandbox: argument \(index + 1) is not UTF-8")
        return 2
      }
      texts.append(text)
    }
    return run(texts)
  }

  private static func run(_ arguments: [String]) -> Int32 {
    let line: ParsedLine<any SandboxSubcommand>
    do throws(UsageError) {
      line = try SandboxCommand.grammar.parse(arguments)
    } catch {
      let words = error.words(Output.printable, plain: Output.plain)
      let first = ["handshake-sandbox: " + words.what, words.why].compactMap(\.self)
      Output.error(first.joined(separator: ": ") + "\n  " + words.remedy)
      return 2
    }
    do throws(SandboxFailure) {
      if let command = line.product {
        try command.run()
      } else if let page = HelpPage(SandboxCommand.grammar, line.path, columns: nil) {
        try Output.line(Output.plain(page.text))
      }
      return 0
    } catch {
      Output.error("handshake-sandbox: \(error.words)")
      return 1
    }
  }
}

/// The signals that end the server, received one by one by `wait` instead of asynchronously.
enum Signals {
  private static let ending = [SIGTERM, SIGINT, SIGHUP]
  /// An event that is raised when the server has finished.
  private static let finished = cl_event_open()

  /// Blocks the ending signals in this thread and in all threads created after it.
  ///
  /// Also ignores SIGPIPE and makes exceeding the file size limit an error instead of a signal.
  static func block() {
    change(SIG_BLOCK)
    signal(SIGPIPE, SIG_IGN)
    cl_size_limit_is_error()
  }

  /// Unblocks the ending signals, for commands that only print.
  static func letThrough() { change(SIG_UNBLOCK) }

  private static func change(_ how: Int32) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in ending { sigaddset(&set, number) }
    pthread_sigmask(how, &set, nil)
  }

  /// Raises the event that makes `wait` return.
  static func tellFinished() { cl_event_raise(finished) }

  /// Calls `drain` at the first ending signal and returns when the server has finished.
  ///
  /// A second signal ends the process at once, with status 128 plus the signal's number.
  ///
  /// - Throws: `SandboxFailure` if the descriptors for signals or for the finished event cannot be
  ///   opened.
  static func wait(drain: () -> Void) throws(SandboxFailure) {
    let descriptor = cl_signals_open(ending, Int32(ending.count))
    guard descriptor >= 0, finished >= 0 else {
      throw SandboxFailure("signals cannot be received")
    }
    defer { close(descriptor) }
    var isDraining = false
    while true {
      var sources = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: finished, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&sources, nfds_t(sources.count), -1) > 0 else { continue }
      if sources[1].revents != 0 { return }
      let number = cl_signals_next(descriptor, 0)
      guard ending.contains(number) else { continue }
      if isDraining { _exit(128 + number) }
      isDraining = true
      drain()
    }
  }
}
