/// What the program ends with. The numbers are a promise to scripts.
enum Status: Int32, CaseIterable, Sendable {
  case done = 0
  /// Failed; nothing was applied.
  case failed = 1
  /// Called wrongly.
  case usage = 2
  /// Some ids are done and some are not, or a source or record could not be read.
  case partly = 3
  /// Held back by a rule of ours before anything was sent.
  case refused = 4
  /// It is not known whether it was applied: not to be sent again.
  case unknown = 5
  /// `--expiring` found something.
  case expiring = 10

  /// Which one counts when several apply: unknown, partly, refused, failed, expiring.
  static func worst(_ statuses: some Sequence<Status>) -> Status {
    let order: [Status] = [.usage, .unknown, .partly, .refused, .failed, .expiring]
    let found = Set(statuses)
    return order.first(where: found.contains) ?? .done
  }
}
