import Model
import Synchronization
import Text
import Wire

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
