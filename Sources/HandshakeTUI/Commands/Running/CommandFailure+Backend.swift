import Model
import Text

extension CommandFailure {
  /// A call that did not succeed, in words, with AWS's own name and reason in them.
  init(_ error: BackendError, _ ink: Ink) {
    self.init(error.applied == .unknown ? .unknown : .failed, error.operation.rawValue)
    switch error.failure {
    case .service(let exception, let reason, let message):
      let names = [ink.full(exception.wireName), reason.map { ink.full($0.wireName) }]
        .compactMap(\.self).joined(separator: " ")
      what += ": \(names)"
      why = ink.full(message)
    case .unreadable(let text), .transport(let text), .store(let text): why = ink.full(text)
    case .cancelled: why = "given up"
    }
  }
}
