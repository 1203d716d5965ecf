import Model
import Text

/// Why a command ends without having done its work: what happened, why, and what to do about it.
/// The texts are printable: whatever came from outside has been through the sanitiser.
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

  /// The same with the id that it is about in front, unless it names the id already.
  func about(_ id: HandshakeID) -> CommandFailure {
    guard !what.contains(id.text) else { return self }
    var failure = self
    failure.what = "\(id.text): \(what)"
    return failure
  }

  /// As it is shown: `handshake: what: why`, and the remedy on a line of its own.
  var text: String {
    let first = ["handshake: " + what, why].compactMap(\.self)
      .joined(separator: what.utf8.last == UInt8(ascii: ".") ? " " : ": ")
    return [first, remedy.map { "  " + $0 }].compactMap(\.self).joined(separator: "\n")
  }
}

/// What the program ends with. The numbers are a promise to scripts (UX-21.5).
enum Status: Hashable, Sendable {
  case done
  /// Failed; nothing was applied.
  case failed
  /// Called wrongly.
  case usage
  /// Some ids are done and some are not, or a source or record could not be read.
  case partly
  /// Held back by a rule of ours before anything was sent.
  case refused
  /// It is not known whether it was applied: not to be sent again.
  case unknown
  /// `--expiring` found something.
  case expiring
  /// Ended by this signal.
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

  /// Which one counts when several apply: unknown, partly, refused, failed, expiring.
  static func worst(_ statuses: some Sequence<Status>) -> Status {
    let order: [Status] = [.usage, .unknown, .partly, .refused, .failed, .expiring]
    let found = Set(statuses)
    return order.first(where: found.contains) ?? .done
  }
}

/// Makes text of any origin printable for where a command writes.
struct Ink: Hashable, Sendable {
  var charset: Charset

  /// One cell of a table.
  func cell(_ text: Untrusted?) -> String {
    text.map { Sanitiser.render($0, for: .cell, in: charset) } ?? ""
  }

  /// One line that loses nothing.
  func full(_ text: Untrusted) -> String { Sanitiser.render(text, for: .full, in: charset) }

  /// What came on the command line or from the environment: paths, names, values.
  func full(_ text: String) -> String { full(Untrusted(text)) }

  /// A sign of ours where the character set has it.
  func sign(_ utf8: String, or ascii: String) -> String { charset == .utf8 ? utf8 : ascii }
}
