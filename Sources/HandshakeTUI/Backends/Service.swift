import HandshakeUI
import Model
import Review
import Text

/// The service in use, as far as it can be read: whose eyes there are, and a reader for each.
struct Service: Sendable {
  var place: ServicePlace
  var label: BackendLabel
  var strangers = Strangers()
  /// The accounts that are looked through, in their order.
  var profiles: [Profile]
  /// Profiles that could not say whose they are: what they would show is unknown, not empty.
  var unknown: [UnknownProfile] = []
  /// Which of a document's handshakes are shown needs no side: everything in it was meant.
  var isDocument: Bool { label == .document }
  /// Where the rows of its lists come from.
  var origin: Row.Origin { isDocument ? .document : .service }
  /// How far the embedded organization's clock runs ahead.
  var clockOffset = Span.zero
  /// How many reads may go on at a time, where they would stand in each other's way; nil for any.
  var readsAtOnce: Int?
  var readers: @Sendable (AccountID) -> (any HandshakeReader)?
  /// Names of profiles whose account is asked of STS only when `resolve` is called.
  var unresolved: [Untrusted] = []
  /// Whose a profile is. From then on `readers` know that account.
  var resolve: @Sendable (Untrusted) async -> Result<AccountID, BackendError> = { _ in
    .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
  }
  /// Logs in as a profile, with the help of the dialogue that was taken last.
  var logIn: @Sendable (Untrusted) async -> LoginResult = { _ in
    .failed(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
  }
  /// Who asks the operator from now on.
  var takeDialogue: @Sendable (any LoginDialogue) -> Void = { _ in }
}

/// What a command or the screens hold. In read-only mode there is no writer, and without one nothing
/// can be sent: readers cannot (SEC-4.2.6).
enum Access: Sendable {
  case reading(Service)
  case writing(Service, Writer)

  var service: Service {
    switch self {
    case .reading(let service), .writing(let service, _): service
    }
  }

  /// What the screens get: over AWS they begin read-only unless it was said that they may send.
  func forScreens(write: Bool) -> Access {
    service.label == .local || write ? self : .reading(service)
  }

  var writer: Writer? {
    if case .writing(_, let writer) = self { writer } else { nil }
  }
}

/// Through which each account acts.
struct Writer: Sendable {
  var backends: @Sendable (AccountID) -> (any HandshakeBackend)?
  /// The service's request rates; none in an organization of our own, which tells its limits itself.
  var pace: Pace
}
