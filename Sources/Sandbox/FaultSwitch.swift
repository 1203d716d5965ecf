import Model
import Synchronization
import Text
import Wire

/// The list of the active fault rules, shared by all requests.
final class FaultSwitch: Sendable {
  private struct State {
    var rules: [FaultRule]
    var dice: SplitMix64
  }

  private let state: Mutex<State>

  /// Creates the switch with its first rules.
  ///
  /// `seed` decides when a fault with a probability is injected: the same seed and the same calls
  /// in the same order give the same faults.
  init(_ rules: [FaultRule], seed: UInt64) {
    state = Mutex(State(rules: rules, dice: SplitMix64(seed: seed)))
  }

  var rules: [FaultRule] { state.withLock { $0.rules } }

  func replace(_ rules: [FaultRule]) { state.withLock { $0.rules = rules } }
  func add(_ rules: [FaultRule]) { state.withLock { $0.rules += rules } }

  /// The error of the service's clock: the span of the first `skew` rule, or zero.
  var skew: Span {
    state.withLock { state in
      for rule in state.rules { if case .skew(let span) = rule.fault { return span } }
      return .zero
    }
  }

  /// Returns the faults to inject into this call and decrements their counts.
  ///
  /// At most one fault of each category is chosen; the first matching rule wins.
  func inject(_ operation: Operation) -> InjectedFault {
    state.withLock { state in
      var injected = InjectedFault()
      for index in state.rules.indices {
        let rule = state.rules[index]
        guard rule.operation == nil || rule.operation == operation, rule.count != 0,
          injected.hasRoom(for: rule.fault, operation)
        else { continue }
        // Random numbers are drawn only for uncertain faults, so that adding a certain one changes
        // no other draw.
        if rule.probability < 1, state.dice.nextFraction() >= rule.probability { continue }
        injected.apply(rule.fault)
        state.rules[index].count = rule.count.map { $0 - 1 }
      }
      state.rules.removeAll { $0.count == 0 }
      return injected
    }
  }
}

/// The faults of one call: at most one that replaces the call or its reply, delays, an empty page.
struct InjectedFault: Hashable, Sendable {
  var before: FaultSpec?
  var after: FaultSpec?
  var delayBefore = Span.zero
  var delayAfter = Span.zero
  var isPageEmpty = false

  /// Waits until the call is to be applied.
  func waitBefore() async { await Self.wait(delayBefore) }

  /// Waits until the reply is to be sent.
  func waitAfter() async { await Self.wait(delayAfter) }

  private static func wait(_ span: Span) async {
    guard span > .zero else { return }
    // SAFETY: cancelled only when the server ends.
    try? await Task.sleep(for: .milliseconds(span.milliseconds))
  }

  func hasRoom(for fault: FaultSpec, _ operation: Operation) -> Bool {
    switch fault {
    case .throttle, .conflict, .errorBefore, .lostBefore, .htmlBefore: before == nil && after == nil
    case .errorAfter, .lost, .reset, .truncated, .html, .trickle: before == nil && after == nil
    case .slow: delayAfter == .zero
    case .late: delayBefore == .zero
    case .emptyPages: !isPageEmpty && before == nil && operation.isListing
    case .skew: false
    }
  }

  mutating func apply(_ fault: FaultSpec) {
    switch fault {
    case .throttle, .conflict, .errorBefore, .lostBefore, .htmlBefore: before = fault
    case .errorAfter, .lost, .reset, .truncated, .html, .trickle: after = fault
    case .slow(let span): delayAfter = span
    case .late(let span): delayBefore = span
    case .emptyPages: isPageEmpty = true
    case .skew: break
    }
  }
}

/// The changes that faults make to a reply.
enum ResponseCorruption {
  /// Returns the delivery that replaces the call; nil for a fault that acts after the call.
  static func instead(_ fault: FaultSpec, _ error: (_ status: Int) -> ServerReply) -> Delivery? {
    switch fault {
    case .throttle: .whole(error(429))
    case .conflict: .whole(error(409))
    case .errorBefore(let status): .whole(error(status))
    case .lostBefore: .nothing
    case .htmlBefore(let status): .whole(page(status))
    default: nil
    }
  }

  /// Returns the delivery of the reply to a call that was carried out, changed by `fault`.
  static func corrupt(
    _ reply: ServerReply, _ fault: FaultSpec?, _ error: (_ status: Int) -> ServerReply
  ) -> Delivery {
    switch fault {
    case .errorAfter(let status): .whole(error(status))
    case .lost: .nothing
    case .reset: .reset
    case .truncated(let bytes):
      .cut(reply, bytes: min(bytes ?? reply.body.count / 2, reply.body.count))
    case .html(let status): .whole(page(status))
    case .trickle(let span): .trickled(reply, bytes: 1, every: .milliseconds(span.milliseconds))
    default: .whole(reply)
    }
  }

  /// Returns a page such as a proxy or a login portal sends in place of the service's reply.
  private static func page(_ status: Int) -> ServerReply {
    ServerReply(
      status: status, fields: [("Content-Type", "text/html"), ("Server", "proxy")],
      body: Array(
        "<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>\n".utf8))
  }
}
