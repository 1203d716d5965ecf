import Glibc
import HandshakeUI
import Model

/// The operator's time zone, from the C library (TZ, /etc/localtime).
enum SystemZone {
  private static let reach = Span.days(400)

  /// Returns the offsets from UTC for 400 days before and after `now`, which covers all times
  /// shown.
  static func steps(around now: Timestamp) -> Zone {
    tzset()
    var day = now - reach
    var steps = [step(at: day)]
    while day < now + reach {
      let next = day + .days(1)
      if offset(at: next) != offset(at: day) { steps.append(change(between: day, and: next)) }
      day = next
    }
    return Zone(steps)
  }

  /// Returns the change of offset within a day, found by bisection to the minute.
  private static func change(between early: Timestamp, and late: Timestamp) -> Zone.Step {
    var (low, high) = (early.milliseconds / 60_000, late.milliseconds / 60_000)
    let before = offset(at: early)
    while high - low > 1 {
      let middle = (low + high) / 2
      if offset(at: Timestamp(milliseconds: middle * 60_000)) == before {
        low = middle
      } else {
        high = middle
      }
    }
    return step(at: Timestamp(milliseconds: high * 60_000))
  }

  private static func step(at instant: Timestamp) -> Zone.Step {
    var local = civil(instant)
    let name = withUnsafePointer(to: &local) { $0.pointee.tm_zone.map { String(cString: $0) } }
    let isPlain = name?.utf8.allSatisfy { (0x21...0x7E).contains($0) } ?? false
    return Zone.Step(
      from: instant, minutesEast: local.tm_gmtoff / 60, name: isPlain ? name ?? "" : "local")
  }

  private static func offset(at instant: Timestamp) -> Int { civil(instant).tm_gmtoff }

  private static func civil(_ instant: Timestamp) -> tm {
    var seconds = time_t(instant.milliseconds / 1_000)
    var local = tm()
    localtime_r(&seconds, &local)
    return local
  }
}

/// The limit of the process's address space (`ulimit -v`).
///
/// Threads and the allocator take address space in large pieces. Where it runs out, a library or
/// the runtime crashes or hangs, in the middle of anything; so the limit is checked at the start.
enum AddressSpace {
  /// The bytes required: the measured use and half of it again.
  static let needed = UInt64(384) << 20

  /// Returns the message that refuses to start; nil when the limit is sufficient.
  static func complaint(limit: UInt64 = limit) -> String? {
    guard limit < needed else { return nil }
    return """
      handshake: not enough memory: the address space limit is \(limit >> 20) MiB
        \(needed >> 20) MiB are needed: raise the limit (ulimit -v), or remove it.

      """
  }

  private static var limit: UInt64 {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0 else { return .max }
    return UInt64(limits.rlim_cur)
  }
}

/// The most services asked at once: more would only wait for the request rates they share.
let widthOfAsking = 16

/// Returns the results of `body` for all inputs, in their order; at most `width` run at a time.
func concurrently<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], width: Int = widthOfAsking, _ body: @escaping @Sendable (Input) async -> Output
) async -> [Output] {
  await withTaskGroup(of: (Int, Output).self) { group in
    var outputs: [Int: Output] = [:]
    for (index, input) in inputs.enumerated() {
      if index >= width, let (done, output) = await group.next() { outputs[done] = output }
      group.addTask { (index, await body(input)) }
    }
    for await (done, output) in group { outputs[done] = output }
    return inputs.indices.compactMap { outputs[$0] }
  }
}
