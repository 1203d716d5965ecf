import CSpawn
import Glibc

/// The result of a program that was run to its end.
public struct Spawned: Sendable {
  /// The program's standard output, decoded as UTF-8 with U+FFFD for what is malformed.
  public var output: String
  /// The program's standard error, decoded likewise.
  public var errors: String
  /// Nil when a signal ended it.
  public var exit: Int32?
  /// The signal that ended it; nil when it exited.
  public var signal: Int32?
  /// Whether it was killed because it took too long.
  public var isTimedOut: Bool

  /// The program could not be started.
  public struct Failure: Error {
    /// The first argument, or the empty string if there is none.
    public var program: String
    /// The errno of the step that failed.
    public var errno: Int32
  }

  /// Runs a program without a terminal and with nothing to read; only this environment reaches it.
  public static func run(
    _ arguments: [String], environment: [String: String] = [:], seconds: Int = 30
  ) throws(Failure) -> Spawned {
    var ending = cs_ending()
    let failure = CStrings.with(arguments, environment) {
      cs_run($0, $1, Int32(seconds * 1_000), &ending)
    }
    guard failure == 0 else {
      throw Failure(program: arguments.first ?? "", errno: failure)
    }
    defer { cs_release(&ending) }
    let status = WaitStatus(ending.status)
    return Spawned(
      output: text(ending.output, ending.output_length),
      errors: text(ending.errors, ending.errors_length), exit: status.exit,
      signal: status.signal, isTimedOut: ending.timed_out)
  }

  private static func text(_ start: UnsafeMutablePointer<CChar>?, _ length: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }
}

/// What `waitpid` says.
public struct WaitStatus: Hashable, Sendable {
  /// The exit status, 0 to 255; nil when a signal ended the program.
  public var exit: Int32?
  /// The signal that ended the program; nil when it exited.
  public var signal: Int32?

  /// Creates a status to compare with.
  public init(exit: Int32? = nil, signal: Int32? = nil) {
    self.exit = exit
    self.signal = signal
  }

  init(_ status: Int32) {
    let number = status & 0x7F
    exit = number == 0 ? (status >> 8) & 0xFF : nil
    signal = number == 0 ? nil : number
  }
}

/// Arguments and environment as C wants them, for the length of one call.
enum CStrings {
  static func with<Value>(
    _ arguments: [String], _ environment: [String: String],
    _ body: (
      UnsafePointer<UnsafeMutablePointer<CChar>?>, UnsafePointer<UnsafeMutablePointer<CChar>?>
    ) -> Value
  ) -> Value {
    let values = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in values + variables { free(pointer) } }
    return values.withUnsafeBufferPointer { values in
      variables.withUnsafeBufferPointer { variables in
        guard let values = values.baseAddress, let variables = variables.baseAddress else {
          preconditionFailure("both end with a null pointer")
        }
        return body(values, variables)
      }
    }
  }
}
