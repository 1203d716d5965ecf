import Model

/// The service says no, and nothing has changed.
struct Refusal: Error {
  var exception: ServiceException
  var reason: Reason?
  /// In the words of the service's API reference, or as near as they are known.
  var message: String
  var retryAfter: Span?

  init(
    _ exception: ServiceException, _ reason: Reason? = nil, _ message: String,
    retryAfter: Span? = nil
  ) {
    self.exception = exception
    self.reason = reason
    self.message = message
    self.retryAfter = retryAfter
  }
}

extension Refusal {
  static func invalidInput(_ reason: Reason, _ message: String) -> Refusal {
    Refusal(.invalidInput, reason, message)
  }
  static func handshakeConstraint(_ reason: Reason, _ message: String) -> Refusal {
    Refusal(.handshakeConstraintViolation, reason, message)
  }
  static func constraint(_ reason: Reason, _ message: String, retryAfter: Span? = nil) -> Refusal {
    Refusal(.constraintViolation, reason, message, retryAfter: retryAfter)
  }
  static func denied(_ message: String) -> Refusal { Refusal(.accessDenied, nil, message) }

  static let pattern = Refusal(
    .invalidInput, .invalidPattern,
    "You provided a value that does not match the required pattern.")
  static let notInUse = Refusal(
    .awsOrganizationsNotInUse, nil, "Your account isn't a member of an organization.")
  static let handshakeNotFound = Refusal(
    .handshakeNotFound, nil, "We can't find a handshake with the handshake ID that you specified.")
}
