import AWSBackend
import Model
import Text

extension BackendChoice {
  /// One line a request: what was asked and how it went, and nothing of whom it is about.
  var callLog: CallLog {
    guard let log else { return .none }
    return CallLog { event in
      switch event {
      case .attempt(let attempt):
        log.record(
          "request",
          [
            "operation": attempt.operation.rawValue, "attempt": String(attempt.number),
            "host": attempt.host, "status": attempt.status.map(String.init) ?? "-",
            "code": Self.text(attempt.code), "failure": attempt.failure?.rawValue ?? "-",
            "request_id": Self.text(attempt.requestID),
            "milliseconds": String(attempt.duration.milliseconds),
          ])
      case .clock(let clock):
        log.record(
          "clock",
          [
            "host": clock.host, "ahead_seconds": String(clock.ahead.milliseconds / 1_000),
            "followed": String(clock.isFollowed),
          ])
      }
    }
  }

  /// The log makes it printable.
  private static func text(_ untrusted: Untrusted?) -> String {
    untrusted.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-"
  }
}
