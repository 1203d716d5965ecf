import Model
import Synchronization
import Text
import Wire

/// By how much a server's clock is ahead of ours, as its replies show it.
struct ClockSkew: Hashable, Sendable {
  /// Nil while no reply showed it.
  private(set) var span: Span?
  /// What was measured last and is too much to be believed.
  private(set) var refused: Span?

  /// Beyond this, an error about signatures is taken for one about the time.
  static let suspicious = Span.seconds(240)
  /// A reply that took longer says too little about when it was made.
  static let longestTrip = Span.minutes(15)
  /// A clock that is further off is not followed.
  static let largest = Span.hours(24)

  init(_ span: Span? = nil) { self.span = span }

  /// What our clock is corrected by before signing.
  var correction: Span { span ?? .zero }

  /// Learns from a reply, whatever its status: its `Date` against the middle of the round trip.
  ///
  /// - Parameters:
  ///   - received: Our clock when it was there.
  ///   - trip: How long it took, on the monotonic clock.
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

  /// Whether an error with this code, to a request signed with a correction of `used`, is about the
  /// time, so that signing with what is known now may help. An error that came although the
  /// correction was right is not, or one would go round in circles.
  func explains(_ code: Untrusted?, signedWith used: Span) -> Bool {
    guard let span, let code = code?.asciiText, Self.codes.contains(code) else { return false }
    return abs(span - used) > Self.suspicious
  }

  /// What the last reply says about the clock that a request was signed with.
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

/// How far each server's clock is off, for all calls of a process: one server's says nothing about
/// another's.
public final class SkewMemory: Sendable {
  private struct Known {
    var skew = ClockSkew()
    var isTold = false
  }

  private let hosts = Mutex<[String: Known]>([:])

  public init() {}

  func skew(of host: String) -> ClockSkew { hosts.withLock { $0[host]?.skew ?? ClockSkew() } }

  /// Learns from a reply. Returns what is worth telling the operator, the first time that it is.
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
  /// When the server says that it answered.
  var date: Timestamp? { header("date").flatMap(HTTPDate.read) }
}

/// The time as a service has it, learned from its replies.
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

/// Notes what each reply says about the service's clock.
struct ClockedTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let clock: ServiceClock

  init(_ base: any HTTPTransport, _ clock: ServiceClock) {
    self.base = base
    self.clock = clock
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let start = clock.uptime()
    let response = try await base.send(request)
    clock.learn(response, trip: clock.uptime() - start)
    return response
  }
}
