import Model

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
