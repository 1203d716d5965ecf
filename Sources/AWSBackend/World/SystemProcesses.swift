import CLinux
import Glibc
import Model
import Platform
import Signing
import Synchronization
import Text

/// The runner that starts real programs, each with its own thread that waits for it.
public struct SystemProcesses: ProcessRunner {
  /// The largest standard output, 64 KiB; more is an error.
  static let outputCap = 64 << 10
  /// The part of standard error that is kept, 4 KiB; the rest is discarded.
  static let errorsCap = 4 << 10

  /// Creates a runner.
  public init() {}

  /// Runs a program and returns its standard output.
  ///
  /// The program is killed when the task is cancelled.
  ///
  /// - Throws: `ProcessFault` with `.notStarted` if there is no such program, other users can
  ///   change it, or the system cannot start it, `.failed` if its exit status is not 0, a signal
  ///   ended it or the task was cancelled, `.timedOut` after `limit`, or `.tooMuchOutput` beyond 64
  ///   KiB.
  public func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan = .none
  ) async throws(ProcessFault) -> Secret {
    guard let name = arguments.first, !arguments.contains(where: { $0.utf8.contains(0) }) else {
      throw ProcessFault(.notStarted, detail: Untrusted("no program is given"))
    }
    let path = try ProgramPath.find(name, in: environment["PATH"] ?? "")
    let cancel = cl_event_open()
    guard cancel >= 0 else { throw .notStarted(errno) }
    defer { close(cancel) }
    let run = ProgramRun(
      path: path, arguments: arguments, environment: environment, limit: limit, loan: loan,
      cancel: cancel)
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        run.start(continuation)
      }
    } onCancel: {
      cl_event_raise(cancel)
    }
    return try outcome.get()
  }
}

extension ProcessFault {
  static func notStarted(_ number: Int32) -> ProcessFault {
    ProcessFault(.notStarted, detail: Untrusted(String(cString: strerror(number))))
  }
}

/// The lookup of programs: an absolute path, or a name looked up once, so that the program that was
/// checked is the one that runs.
enum ProgramPath {
  /// Returns the absolute path of a program.
  ///
  /// Relative directories of `path` are ignored: a program in the current directory of the moment
  /// is not run.
  ///
  /// - Throws: `ProcessFault` with `.notStarted` if `name` is a relative path, there is no such
  ///   program, or other users can change or replace it, by any folder or link on the way to it.
  static func find(_ name: String, in path: String) throws(ProcessFault) -> String {
    let isPath = name.utf8.contains(UInt8(ascii: "/"))
    if isPath, name.utf8.first != UInt8(ascii: "/") {
      throw ProcessFault(
        .notStarted, detail: Untrusted("the program's path is relative; use an absolute path"))
    }
    let candidates =
      isPath
      ? [name]
      : path.split(separator: ":").filter { $0.utf8.first == UInt8(ascii: "/") }
        .map { "\($0)/\(name)" }
    for candidate in candidates {
      // SAFETY: a program that cannot be reached is skipped, as a shell skips it.
      guard let file = try? OpenFile.look(at: candidate), let status = try? file.status(),
        status.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0
      else { continue }
      if let doubt = file.doubt {
        throw ProcessFault(
          .notStarted,
          detail: Untrusted(
            bytes: Array("other users can change the program's file: ".utf8) + doubt.words.bytes))
      }
      return candidate
    }
    // Without the name: an operator who writes `KEY=… program`, as in a shell, has a secret there.
    throw ProcessFault(.notStarted, detail: Untrusted("no such program"))
  }
}

/// A running program, carried through `pthread_create`.
private final class ProgramRun: Sendable {
  typealias Outcome = Result<Secret, ProcessFault>

  private let path: String
  private let arguments: [String]
  private let environment: [String: String]
  private let limit: Span
  private let loan: TerminalLoan
  private let cancel: Int32
  private let waiting = Mutex<CheckedContinuation<Outcome, Never>?>(nil)

  init(
    path: String, arguments: [String], environment: [String: String], limit: Span,
    loan: TerminalLoan, cancel: Int32
  ) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
    self.limit = limit
    self.loan = loan
    self.cancel = cancel
  }

  func start(_ continuation: CheckedContinuation<Outcome, Never>) {
    waiting.withLock { $0 = continuation }
    let carried = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let run = Unmanaged<ProgramRun>.fromOpaque(context).takeRetainedValue()
        run.resume(run.outcome())
        return nil
      }, carried.toOpaque())
    if failure == 0 {
      pthread_detach(thread)
    } else {
      carried.release()
      resume(.failure(.notStarted(failure)))
    }
  }

  private func resume(_ outcome: Outcome) {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(returning: outcome)
  }

  private func outcome() -> Outcome {
    // Signals are handled by the main program's own thread.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var output = [UInt8](repeating: 0, count: SystemProcesses.outputCap)
    var errors = [UInt8](repeating: 0, count: SystemProcesses.errorsCap)
    var result = cl_output()
    let failure = output.withUnsafeMutableBufferPointer { output in
      errors.withUnsafeMutableBufferPointer { errors in
        result.output = output.baseAddress
        result.output_room = output.count
        result.errors = errors.baseAddress
        result.errors_room = errors.count
        return run(&result)
      }
    }
    guard failure == 0 else { return .failure(.notStarted(failure)) }
    return ended(
      result, output: output.prefix(result.output_length),
      errors: errors.prefix(result.errors_length))
  }

  private func run(_ result: inout cl_output) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = self.arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    let milliseconds = Int32(clamping: limit.milliseconds)
    let lent: cl_loan =
      switch loan {
      case .none: CL_LENT_NOTHING
      case .withoutErrors: CL_LENT_INPUT
      case .whole: CL_LENT_ALL
      }
    return cl_run(path, &arguments, &variables, milliseconds, lent, cancel, &result)
  }

  private func ended(
    _ result: cl_output, output: ArraySlice<UInt8>, errors: ArraySlice<UInt8>
  ) -> Outcome {
    switch result.ending {
    case CL_TIMED_OUT:
      return .failure(ProcessFault(.timedOut, detail: Untrusted("it did not end in time")))
    case CL_TOO_MUCH:
      return .failure(
        ProcessFault(.tooMuchOutput, detail: Untrusted("too much output")))
    case CL_CANCELLED:
      return .failure(ProcessFault(.failed, detail: Untrusted("cancelled")))
    default: break
    }
    if result.status == 0 { return .success(Secret(Array(output))) }
    let said = ProcessComplaint.read(
      Array(errors), without: Array(arguments.dropFirst()),
      isCut: errors.count == SystemProcesses.errorsCap)
    let signal = result.status & 0x7F
    let number = result.status >> 8 & 0xFF
    var ending =
      signal == 0 ? "it exited with status \(number)" : "it was killed by signal \(signal)"
    if loan == .whole { ending += "; what it said was on the terminal" }
    return .failure(
      ProcessFault(.failed, detail: said ?? Untrusted(ending)))
  }
}

/// The first line that a program wrote to standard error, made safe to show.
enum ProcessComplaint {
  /// The largest length of the line, in bytes.
  static let limit = 500

  /// Returns the first line that is not empty, without secrets; nil if there is none.
  ///
  /// `arguments` are those that the program was called with. They may be passwords, which a failing
  /// program may repeat, and are replaced by `…`. `isCut` says that the program wrote more than
  /// `errors`.
  static func read(
    _ errors: [UInt8], without arguments: [String], isCut: Bool = false
  ) -> Untrusted? {
    let lines = errors.split { $0 == 0x0A || $0 == 0x0D }
    guard let line = lines.lazy.map({ plain($0) }).first(where: { !$0.isEmpty }) else { return nil }
    guard !holdsKeys(line) else { return Untrusted("(its message is not shown: it contains keys)") }
    var text = line
    for secret in parts(of: arguments) { text = text.replacing(secret, with: "…".utf8) }
    // If the output was truncated, the first line with text may be the incomplete last one.
    let isLast = lines.last.map { plain($0) == line } ?? true
    text = SecretLooks.withhold(text, isCut: isCut && isLast)
    return Untrusted(bytes: cut(text))
  }

  /// Returns the line without control characters and terminal colour sequences; tabs become blanks.
  private static func plain(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      if byte == 0x1B, rest.first == UInt8(ascii: "[") {
        rest = rest.dropFirst().drop { (0x20...0x3F).contains($0) }.dropFirst()
      } else if byte == 0x09 {
        plain.append(0x20)
      } else if byte >= 0x20, byte != 0x7F {
        plain.append(byte)
      }
    }
    return Array(plain.drop { $0 == 0x20 })
  }

  /// Returns whether the line contains keys: a failing program may write its reply to the wrong
  /// stream.
  private static func holdsKeys(_ line: [UInt8]) -> Bool {
    let lower = String(decoding: line, as: UTF8.self).lowercased()
    return ["secretaccesskey", "secret_access_key", "sessiontoken", "session_token"].contains {
      lower.contains($0)
    }
  }

  /// Returns the arguments and the values after `=` in them, the longest first; parts under 4 bytes
  /// are too common.
  private static func parts(of arguments: [String]) -> [[UInt8]] {
    arguments.flatMap { argument -> [[UInt8]] in
      let bytes = Array(argument.utf8)
      let value = bytes.firstIndex(of: UInt8(ascii: "=")).map { Array(bytes[($0 + 1)...]) }
      return [bytes] + (value.map { [$0] } ?? [])
    }.filter { $0.count >= 4 }.sorted { $0.count > $1.count }
  }

  private static func cut(_ text: [UInt8]) -> [UInt8] {
    guard text.count > limit else { return text }
    var end = limit
    // Not within a character.
    while end > limit - 4, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }
}
