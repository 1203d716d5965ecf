import CLinux
import Glibc
import Machine
import Model
import Signing
import Synchronization
import Text

/// Really runs programs, each followed by a thread of its own.
public struct SystemProcesses: ProcessRunner {
  /// Of standard output; more is a fault.
  static let outputCap = 64 << 10
  /// Of standard error; more is let go.
  static let errorsCap = 4 << 10

  public init() {}

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

/// Where a program is: by its whole path, or looked up once by its name, so that what was checked is
/// what runs.
enum ProgramPath {
  /// Relative directories of the path are passed over: what lies in the directory that somebody
  /// happens to be in is not run. A program that others may change or replace, by any folder or link on
  /// the way to it, is refused.
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
      // SAFETY: what cannot be reached is passed over, as a shell passes over it.
      guard let file = try? WalkedFile.look(at: candidate), let status = try? file.status(),
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
    // Not its name: who writes `KEY=… program`, as in a shell, has a secret there.
    throw ProcessFault(.notStarted, detail: Untrusted("no such program"))
  }
}

/// One program on its way, carried across `pthread_create`.
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
    // Signals are for the program's own thread.
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

/// The first line that a program wrote to standard error, fit to be told.
enum ProcessComplaint {
  /// Bytes.
  static let limit = 500

  /// Nil when there is none.
  ///
  /// - Parameter arguments: What the program was called with; may be passwords, which a program that
  ///   fails likes to repeat.
  /// - Parameter isCut: Whether the program wrote more than these bytes.
  static func read(
    _ errors: [UInt8], without arguments: [String], isCut: Bool = false
  ) -> Untrusted? {
    let lines = errors.split { $0 == 0x0A || $0 == 0x0D }
    guard let line = lines.lazy.map({ plain($0) }).first(where: { !$0.isEmpty }) else { return nil }
    guard !holdsKeys(line) else { return Untrusted("(its message is not shown: it contains keys)") }
    var text = line
    for secret in parts(of: arguments) { text = text.replacing(secret, with: "…".utf8) }
    // The first line with something in it is the last one too where what follows was let go.
    let isLast = lines.last.map { plain($0) == line } ?? true
    text = SecretLooks.withhold(text, isCut: isCut && isLast)
    return Untrusted(bytes: cut(text))
  }

  /// Without control characters, and without the sequences that colour a terminal.
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

  /// A program that fails after it wrote its answer to the wrong stream.
  private static func holdsKeys(_ line: [UInt8]) -> Bool {
    let lower = String(decoding: line, as: UTF8.self).lowercased()
    return ["secretaccesskey", "secret_access_key", "sessiontoken", "session_token"].contains {
      lower.contains($0)
    }
  }

  /// The arguments and what follows `=` in them, the longest first; not what every word would hold.
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
