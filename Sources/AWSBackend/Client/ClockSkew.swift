import Model
import Synchronization
import Text
import Wire

/// The difference between a server's clock and ours, measured from its replies.
struct ClockSkew: Hashable, Sendable {
  /// The time by which the server is ahead; nil until a reply shows it.
  private(set) var span: Span?
  /// The last measurement, if it was too large to be accepted.
  private(set) var refused: Span?

  /// The difference beyond which an error about signatures is attributed to the clock.
  static let suspicious = Span.seconds(240)
  /// The longest round trip that is measured: a longer one says too little about when the reply was
  /// made.
  static let longestTrip = Span.minutes(15)
  /// The largest difference that is accepted.
  static let largest = Span.hours(24)

  init(_ span: Span? = nil) { self.span = span }

  /// The correction of our clock for signing.
  var correction: Span { span ?? .zero }

  /// Learns from a reply, whatever its status, by comparing its `Date` with the middle of the round
  /// trip.
  ///
  /// - Parameters:
  ///   - date: The reply's `Date` header; without it nothing is learned.
  ///   - isCached: Whether the reply has an `Age` header; such a reply is ignored.
  ///   - received: Our clock when the reply was received.
  ///   - trip: The duration of the round trip, on the monotonic clock.
  mutating func learn(date: Timestamp?, isCached: Bool, received: Timestamp, trip: Span) {
    guard let date, !isCached, trip <= Self.longestTrip else { return }
    let middle = received - Span(milliseconds: trip.milliseconds / 2)
    let measured = date - middle
    guard abs(measured) <= Self.largest else {
      refused = measured
      return
    }
    refused = nil
    span = measured
  }

  /// Returns whether an error with this code, for a request signed with a correction of `used`, is
  /// due to the clock, so that signing again with the current correction may help.
  ///
  /// An error for a request whose correction was right is not; otherwise the retries would not end.
  func explains(_ code: Untrusted?, signedWith used: Span) -> Bool {
    guard let span, let code = code?.asciiText, Self.codes.contains(code) else { return false }
    return abs(span - used) > Self.suspicious
  }

  /// Returns what the last measurement says about the clock that a request was signed with; nil
  /// without a measurement.
  func evidence(signedWith used: Span) -> ClockEvidence? {
    guard let measured = refused ?? span else { return nil }
    let off = measured - used
    return abs(off) > Self.suspicious ? .ahead(off) : .right
  }

  private static let codes: Set = [
    "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "RequestTimeTooSkewed",
    "AccessDeniedException",
  ]
}

private func abs(_ span: Span) -> Span {
  Span(milliseconds: Int64(clamping: span.milliseconds.magnitude))
}

/// The clock differences of all servers, for all calls of a process.
///
/// One server's clock says nothing about another's.
public final class SkewMemory: Sendable {
  private struct Known {
    var skew = ClockSkew()
    var isTold = false
  }

  private let hosts = Mutex<[String: Known]>([:])

  /// Creates a memory without any measurement.
  public init() {}

  func skew(of host: String) -> ClockSkew { hosts.withLock { $0[host]?.skew ?? ClockSkew() } }

  /// Learns from a reply, and returns a difference to report to the operator, once for each host.
  func learn(
    from response: HTTPResponse, of host: String, received: Timestamp, trip: Span
  ) -> CallEvent.Clock? {
    hosts.withLock { hosts in
      var known = hosts[host] ?? Known()
      known.skew.learn(
        date: response.date, isCached: response.header("age") != nil, received: received,
        trip: trip)
      defer { hosts[host] = known }
      guard !known.isTold, let clock = known.skew.worthTelling(host) else { return nil }
      known.isTold = true
      return clock
    }
  }
}

extension ClockSkew {
  fileprivate func worthTelling(_ host: String) -> CallEvent.Clock? {
    if let refused { return CallEvent.Clock(host: host, ahead: refused, isFollowed: false) }
    guard let span, span > Self.suspicious || span < .zero - Self.suspicious else { return nil }
    return CallEvent.Clock(host: host, ahead: span, isFollowed: true)
  }
}

extension HTTPResponse {
  /// The time in the reply's `Date` header.
  var date: Timestamp? { header("date").flatMap(HTTPDate.read) }
}

/// The time of a service, learned from its replies.
final class ServiceClock: Sendable {
  private let time: any TimeSource
  private let skew = Mutex(ClockSkew())

  init(_ time: any TimeSource) { self.time = time }

  func now() -> Timestamp { time.now() + correction }
  var correction: Span { skew.withLock { $0.correction } }

  func explains(_ code: Untrusted, signedWith used: Span) -> Bool {
    skew.withLock { $0.explains(code, signedWith: used) }
  }

  fileprivate func uptime() -> Span { time.uptime() }

  fileprivate func learn(_ response: HTTPResponse, trip: Span) {
    let date = response.header("date").flatMap { HTTPDate.read($0) }
    let isCached = response.header("age") != nil
    let now = time.now()
    skew.withLock { $0.learn(date: date, isCached: isCached, received: now, trip: trip) }
  }
}

/// A transport that learns the service's clock from each reply.
struct ClockedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let clock: ServiceClock

  init(_ base: any HTTPTransport, _ clock: ServiceClock) {
    self.base = base
    self.clock = clock
  }

  /// Sends the request and learns from the reply.
  ///
  /// - Throws: `HTTPFailure` as the underlying transport does.
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let start = clock.uptime()
    let response = try await base.send(request)
    clock.learn(response, trip: clock.uptime() - start)
    return response
  }
}
