import Model
import Signing
import Text

/// Runs a `credential_process`: no shell, its group killed at the limit. Without a loan of the terminal,
/// standard input is empty.
public protocol ProcessRunner: Sendable {
  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret
}

/// A program that did not end well. Its standard output is never part of it.
public struct ProcessFault: Error, Hashable, Sendable {
  public var kind: Kind
  /// The first line of standard error, or the system's word.
  public var detail: Untrusted

  public init(_ kind: Kind, detail: Untrusted) {
    self.kind = kind
    self.detail = detail
  }

  public enum Kind: String, Hashable, CaseIterable, Sendable {
    case notStarted
    case failed
    case timedOut
    case tooMuchOutput
  }
}
