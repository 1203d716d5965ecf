import Model
import Review
import Text

/// What a command that answers was asked for.
struct AnswerRequest: Hashable, Sendable {
  var answer: Answer
  /// In the order given, each once.
  var ids: [HandshakeID]
  var expected: OrganizationID?
  var reason: Untrusted?
  var isConfirmed: Bool
  var isDryRun: Bool

  init(
    _ answer: Answer, _ options: AnswerOptions, _ ink: Ink, expected: OrganizationID? = nil,
    isConfirmed: Bool
  ) throws(CommandFailure) {
    self.answer = answer
    self.expected = expected
    self.isConfirmed = isConfirmed
    reason = options.reason.map { Untrusted($0) }
    isDryRun = options.dryRun
    ids = []
    for text in options.ids {
      let id = try HandshakeID(argument: text, ink)
      if !ids.contains(id) { ids.append(id) }
    }
  }

  /// The same as Review's rules see it. A dry run confirms nothing and sends nothing.
  func command(isReadOnly: Bool) -> CommandRequest {
    CommandRequest(
      answer, expectedOrganization: expected, reason: reason,
      isConfirmed: isConfirmed || isDryRun, isReadOnly: isReadOnly && !isDryRun)
  }
}
