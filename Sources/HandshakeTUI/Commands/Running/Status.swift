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
