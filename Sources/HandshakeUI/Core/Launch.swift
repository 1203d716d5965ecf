import Drawing
import Model
import Review
import Text

/// What the shell tells the interface once, at the start.
public struct Launch: Equatable, Sendable {
  public var size: Size
  public var charset: Charset
  /// Which service is looked at.
  public var place: ServicePlace
  public var backend: BackendLabel
  /// The host that is asked, where it is neither AWS's own nor this machine.
  public var endpoint: String?
  /// The file whose certificates are trusted in place of the system's.
  public var certificates: Untrusted?
  /// A file of the AWS settings that others may change; printable.
  public var doubtfulFile: String?
  public var mode: Mode
  /// The accounts whose eyes can be used, in the order in which they are shown.
  public var profiles: [Profile]
  /// The names of profiles whose account STS is to tell, after the first frame.
  public var unresolved: [Untrusted]
  /// Nil looks through all of them.
  public var account: AccountID?
  /// How far the embedded organization's clock runs ahead.
  public var storeOffset: Span
  /// The wall clock and the monotonic clock at one instant: "now" until the service has told its own.
  public var clock: Timestamp
  public var uptime: Span
  /// How long any key stops what was confirmed, before it is sent.
  public var grace: Span
  /// The operator's time zone, for the detail; UTC alone when nil.
  public var zone: Zone?
  /// The handshake to open first.
  public var opening: HandshakeID?
  /// What was staged when an earlier session on this place was cut off.
  public var kept: [StagedAnswer]

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

/// What begins the second line of every screen.
public enum BackendLabel: String, Hashable, CaseIterable, Sendable {
  case local = "LOCAL"
  case aws = "AWS"
  case sandbox = "SANDBOX"
  /// What `--input` names.
  case document = "DOCUMENT"

  /// Whether profiles can log in.
  var hasLogins: Bool { self == .aws || self == .sandbox }
}

public enum Mode: Hashable, CaseIterable, Sendable {
  case readOnly
  case write
}

/// The operator's time zone: offsets from UTC, each from an instant on.
public struct Zone: Hashable, Sendable {
  public struct Step: Hashable, Sendable {
    public var from: Timestamp
    public var minutesEast: Int
    /// `CET`; ASCII.
    public var name: String

    public init(from: Timestamp, minutesEast: Int, name: String) {
      self.from = from
      self.minutesEast = minutesEast
      self.name = name
    }
  }

  /// In order of `from`. The first one also holds for what lies before it.
  public var steps: [Step]

  public init(_ steps: [Step]) {
    self.steps = steps
  }

  public func step(at instant: Timestamp) -> Step? {
    steps.last { $0.from <= instant } ?? steps.first
  }
}

/// One staged answer as it is kept over an end that nobody asked for. It is staged anew, from what
/// the service says then, and is never sent as it was kept.
public struct StagedAnswer: Hashable, Sendable {
  public var id: HandshakeID
  public var answer: Answer

  public init(id: HandshakeID, answer: Answer) {
    self.id = id
    self.answer = answer
  }
}
