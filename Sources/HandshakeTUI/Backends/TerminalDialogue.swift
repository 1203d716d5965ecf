import CLinux
import Dispatch
import Glibc
import Model
import Synchronization
import Text

/// A dialogue on the terminal itself, independent of standard input and output.
///
/// A code is not echoed. Without a terminal the operator is not asked.
struct TerminalDialogue: LoginDialogue {
  /// The most bytes of a code that are kept, more than any code has.
  private static let longest = 64

  private let turn = TerminalTurn()

  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? {
    await turn.take()
    defer { turn.leave() }
    let format = Formatter(charset: .ascii)
    let question =
      "One-time code of \(format.full(device)) for profile \(format.full(profile)), not shown: "
    return await Self.onThread { Self.ask(question) }.flatMap { OneTimeCode($0) }
  }

  func visit(_ invitation: BrowserLogin) async {
    let format = Formatter(charset: .ascii)
    let minutes = max(1, invitation.validFor.milliseconds / 60_000)
    let text =
      "To log in as profile \(format.full(invitation.profile)), open\n\n  "
      + "\(format.full(invitation.url))\n\nand check that it shows the code "
      + "\(format.full(invitation.code)) (valid for \(minutes) min)\n"
    _ = await Self.onThread { () -> String? in
      Self.withTerminal { Self.write(text, to: $0) }
      return nil
    }
  }

  /// Lends the terminal if standard input is the terminal and this process is in its foreground.
  ///
  /// A script's standard input is not a terminal.
  func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value {
    // Asked in our turn: while another program has the terminal, that one is in its foreground.
    await turn.take()
    guard cl_in_foreground(STDIN_FILENO) else {
      turn.leave()
      return await body(.none)
    }
    defer { turn.leave() }
    return await body(isatty(STDERR_FILENO) == 1 ? .whole : .withoutErrors)
  }

  /// Runs `work` on a Dispatch thread: waiting for a person must not hold a thread that others
  /// need.
  private static func onThread(_ work: @escaping @Sendable () -> String?) async -> String? {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
  }

  private static func ask(_ question: String) -> String? {
    withTerminal { terminal -> String? in
      guard cl_echo_off(terminal) else { return nil }
      defer {
        cl_echo_on()
        write("\n", to: terminal)
      }
      write(question, to: terminal)
      return line(from: terminal)
    } ?? nil
  }

  private static func line(from terminal: Int32) -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      if bytes.count < longest { bytes.append(byte) }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  @discardableResult
  private static func withTerminal<Value>(_ body: (Int32) -> Value) -> Value? {
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    return body(terminal)
  }

  private static func write(_ text: String, to terminal: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(terminal, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

/// The queue for the terminal: one question at a time, in the order of the requests.
///
/// Several profiles are resolved concurrently, and two programs that read one terminal would each
/// get half of what is typed.
final class TerminalTurn: Sendable {
  private struct Queue {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let queue = Mutex(Queue())

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = queue.withLock { queue in
        if !queue.isTaken {
          queue.isTaken = true
          return true
        }
        queue.waiting.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  func leave() {
    let next = queue.withLock { queue -> CheckedContinuation<Void, Never>? in
      guard !queue.waiting.isEmpty else {
        queue.isTaken = false
        return nil
      }
      return queue.waiting.removeFirst()
    }
    next?.resume()
  }
}

/// The dialogue in use: on the terminal until the screens take it over, then through the screens.
final class DialogueSwitch: LoginDialogue {
  private let current: Mutex<any LoginDialogue>

  init(_ first: any LoginDialogue = TerminalDialogue()) { current = Mutex(first) }

  /// Ends all dialogue: nothing may be written to the terminal from here on.
  func standDown() { take(NoDialogue()) }

  func take(_ dialogue: any LoginDialogue) { current.withLock { $0 = dialogue } }

  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? {
    await current.withLock { $0 }.oneTimeCode(device: device, profile: profile)
  }

  func visit(_ invitation: BrowserLogin) async {
    await current.withLock { $0 }.visit(invitation)
  }

  func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value {
    await current.withLock { $0 }.lendTerminal(for: profile, body)
  }
}
