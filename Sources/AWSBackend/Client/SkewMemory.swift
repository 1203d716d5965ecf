import Model
import Synchronization
import Text
import Wire

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
