import Model
import Text

/// How long a listing may go on that never comes to an end.
enum EndlessListing {
  /// Pages without a record in a row. AWS sends some (AWS API reference: "might be empty"), but each
  /// has taken a step through what there is.
  static let emptyPages = 1_000

  static func error(_ operation: Operation, at time: Timestamp? = nil) -> BackendError {
    BackendError(
      .unreadable(Untrusted("the listing goes round in a circle")), in: operation,
      applied: .refused, time: time)
  }
}
