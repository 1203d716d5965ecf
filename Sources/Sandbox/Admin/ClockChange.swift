import LocalBackend
import Model
import Text
import Wire

/// A wish to move the store's clock.
public enum ClockChange: Hashable, Sendable {
  /// By this much.
  case advance(Span)
  /// To this instant, which must lie ahead.
  case set(Timestamp)

  public enum Failure: Error, Hashable, Sendable {
    /// A service's clock does not go back.
    case past(now: Timestamp)
    case store(StoreError)

    public var words: String {
      switch self {
      case .past(let now):
        "the store's clock is at \(now.journalText) and cannot go back; "
          + "handshake local reset recreates the organization"
      case .store: "the store cannot be written"
      }
    }
  }

  init?(_ body: JSONValue) {
    if let text = body["advance"]?.string?.asciiText, let span = Span(text) {
      self = .advance(span)
    } else if let text = body["set"]?.string, let instant = Timestamp(reading: text.bytes) {
      self = .set(instant)
    } else {
      return nil
    }
  }

  /// Moves it for all users of the store; what has expired by then is settled.
  public func apply(to store: Store) async throws(Failure) {
    do {
      switch self {
      case .advance(let span): _ = try await store.advance(span)
      case .set(let instant):
        let now = try await store.clock().now
        guard instant >= now else { throw Failure.past(now: now) }
        _ = try await store.advance(instant - now)
      }
    } catch let failure as Failure {
      throw failure
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .store(.damaged(path: store.path, detail: ""))
    }
  }
}
