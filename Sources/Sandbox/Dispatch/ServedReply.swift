import Model
import Text
import Wire

/// What the embedded service answers to one request.
public struct ServedReply: Sendable {
  public var result: Result<ServiceResponse, ServiceError>
  /// The store's; nil where even that could not be read.
  public var time: Timestamp?
  public var requestID: Untrusted?
  /// Whether it was carried out. Certain for an answer; for a store that failed while it committed,
  /// nobody knows.
  public var applied: Applied

  public enum Applied: Hashable, Sendable {
    case yes
    case no
    case unknown
  }

  /// The id of the handshake that was answered, made or described.
  public var handshakeID: Untrusted? {
    guard case .success(.handshake(let handshake)) = result else { return nil }
    return handshake.id.map { Untrusted($0.text) }
  }
}

extension ServedReply {
  init(_ response: ServiceResponse, time: Timestamp, requestID: Untrusted?) {
    self.init(result: .success(response), time: time, requestID: requestID, applied: .yes)
  }

  init(_ error: BackendError) {
    let applied: Applied =
      switch error.applied {
      case .notSent, .refused: .no
      case .unknown: .unknown
      }
    self.init(
      result: .failure(ServiceError(error.failure)), time: error.time, requestID: error.requestID,
      applied: applied)
  }
}

extension ServiceError {
  /// A store that cannot be used is the service's own fault to a client.
  fileprivate init(_ failure: BackendError.Failure) {
    switch failure {
    case .service(let exception, let reason, let message):
      self.init(exception, reason: reason, message: message)
    case .unreadable, .transport, .certificates, .store, .credentials, .settings, .cancelled:
      self.init(
        .service,
        message: Untrusted(
          "AWS Organizations can't complete your request because of an internal service error. "
            + "Try again later."))
    }
  }
}
