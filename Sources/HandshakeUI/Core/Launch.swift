import Drawing
import Model
import ReviewInbox
import Text

/// The facts that the shell gives the interface once, at the start.
public struct Launch: Equatable, Sendable {
  /// The terminal's size in cells.
  public var size: Size
  /// The character set that the terminal can show.
  public var charset: Charset
  /// The service that the session talks to.
  public var place: ServicePlace
  /// The kind of service, which the header shows.
  public var backend: BackendLabel
  /// The endpoint's host, if it is neither AWS's own nor this machine.
  public var endpoint: String?
  /// The file with the certificates that replace the system's, if there is one.
  public var certificates: Untrusted?
  /// A file of AWS settings that other users may change, in printable form; nil if there is none.
  public var doubtfulFile: String?
  /// Whether answers may be sent.
  public var mode: Mode
  /// The accounts that can be viewed, in the order in which they are shown.
  public var profiles: [Profile]
  /// The names of profiles whose accounts STS is asked for after the first frame.
  public var unresolved: [Untrusted]
  /// The account viewed; nil means all accounts.
  public var account: AccountID?
  /// The time by which the embedded organization's clock is ahead.
  public var storeOffset: Span
  /// The wall clock at the start.
  ///
  /// It gives the current time until the service has reported its own.
  public var clock: Timestamp
  /// The monotonic clock at the same instant as `clock`.
  public var uptime: Span
  /// The time after a confirmation in which any key stops the sending.
  public var grace: Span
  /// The operator's time zone, for the detail; nil shows UTC only.
  public var zone: Zone?
  /// The handshake to open at the start.
  public var opening: HandshakeID?
  /// The answers that were planned when an earlier session on this service was cut off.
  public var kept: [StagedAnswer]

  /// Creates the facts; the optional ones default to none, and `grace` to five seconds.
  public init(
    size: Size, charset: Charset, place: ServicePlace, backend: BackendLabel,
    endpoint: String? = nil, certificates: Untrusted? = nil, doubtfulFile: String? = nil,
    mode: Mode,
    profiles: [Profile], unresolved: [Untrusted] = [], account: AccountID? = nil,
    storeOffset: Span = .zero, clock: Timestamp, uptime: Span, grace: Span = .seconds(5),
    zone: Zone? = nil, opening: HandshakeID? = nil,
    kept: [StagedAnswer] = []
  ) {
    self.size = size
    self.charset = charset
    self.place = place
    self.backend = backend
    self.endpoint = endpoint
    self.certificates = certificates
    self.doubtfulFile = doubtfulFile
    self.mode = mode
    self.profiles = profiles
    self.unresolved = unresolved
    self.account = account
    self.storeOffset = storeOffset
    self.clock = clock
    self.uptime = uptime
    self.grace = grace
    self.zone = zone
    self.opening = opening
    self.kept = kept
  }
}

/// The label at the beginning of each screen's second line.
public enum BackendLabel: String, Hashable, CaseIterable, Sendable {
  case local = "LOCAL"
  case aws = "AWS"
  case sandbox = "SANDBOX"
  /// A saved listing, which `--input` names.
  case document = "DOCUMENT"

  /// Whether profiles can log in.
  var hasLogins: Bool { self == .aws || self == .sandbox }
}

/// Whether a session may change the service.
public enum Mode: Hashable, CaseIterable, Sendable {
  case readOnly
  case write
}

/// A planned answer that is kept when a session is cut off.
///
/// The next session plans it again from what the service then reports; it is never sent as it was
/// kept.
public struct StagedAnswer: Hashable, Sendable {
  /// The handshake's id.
  public var id: HandshakeID
  /// The answer that was planned.
  public var answer: Answer

  /// Creates a kept answer.
  public init(id: HandshakeID, answer: Answer) {
    self.id = id
    self.answer = answer
  }
}
