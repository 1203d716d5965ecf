import Model
import Platform
import Text

/// The reason that a command failed: what happened, why, and what to do.
///
/// The texts are printable: data from outside has passed the sanitiser.
struct CommandFailure: Error, Hashable, Sendable {
  var status: Status
  var what: String
  var why: String?
  var remedy: String?

  init(_ status: Status, _ what: String, why: String? = nil, remedy: String? = nil) {
    self.status = status
    self.what = what
    self.why = why
    self.remedy = remedy
  }

  /// Returns the failure with the id in front, unless its text names the id already.
  func about(_ id: HandshakeID) -> CommandFailure {
    guard !what.contains(id.text) else { return self }
    var failure = self
    failure.what = "\(id.text): \(what)"
    return failure
  }

  /// The message as shown: `handshake: what: why`, and the remedy on a line of its own.
  var text: String {
    let first = ["handshake: " + what, why].compactMap(\.self)
      .joined(separator: what.utf8.last == UInt8(ascii: ".") ? " " : ": ")
    return [first, remedy.map { "  " + $0 }].compactMap(\.self).joined(separator: "\n")
  }
}

extension FileError {
  /// Returns the failure with its words.
  func failure(_ format: Formatter) -> CommandFailure {
    CommandFailure(
      .failed, what { format.full($0) }, why: why { format.full($0) },
      remedy: remedy { format.full($0) })
  }
}

/// The exit status of the program; the numbers are stable for scripts (UX-21.5).
enum Status: Hashable, Sendable {
  case done
  /// The command failed and nothing was applied.
  case failed
  /// The command line is invalid.
  case usage
  /// Some ids are done and others are not, or a source or record could not be read.
  case partly
  /// Refused by one of our rules before anything was sent.
  case refused
  /// It is not known whether the request was applied; it must not be sent again.
  case unknown
  /// `--expiring` found a handshake.
  case expiring
  /// A signal ended the command.
  case signal(Int32)

  var number: Int32 {
    switch self {
    case .done: 0
    case .failed: 1
    case .usage: 2
    case .partly: 3
    case .refused: 4
    case .unknown: 5
    case .expiring: 10
    case .signal(let number): 128 + number
    }
  }

  /// Returns the status that counts when several apply.
  ///
  /// The order is: usage, unknown, partly, refused, failed, expiring, done. A signal is not
  /// considered.
  static func worst(_ statuses: some Sequence<Status>) -> Status {
    let order: [Status] = [.usage, .unknown, .partly, .refused, .failed, .expiring]
    let found = Set(statuses)
    return order.first(where: found.contains) ?? .done
  }
}
