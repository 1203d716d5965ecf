import Model
import Synchronization
import Text

/// Whether a commit of this process ended without an answer.
///
/// Its frames may stand in the log whole, where the next process that opens the file finds them, while
/// this one's connections have forgotten them: what it would read is no truth any more.
final class Doubt: Sendable {
  private let isRaised = Atomic(false)

  func raise() { isRaised.store(true, ordering: .releasing) }

  /// - Throws: `BackendError.Failure.store`, for ever after: the file has to be opened anew.
  func check(_ operation: Operation) throws(BackendError) {
    guard isRaised.load(ordering: .acquiring) else { return }
    throw BackendError(
      .store(
        Untrusted(
          "a change could not be written to the disk; restart to see whether it was applied")),
      in: operation, applied: .refused)
  }
}
