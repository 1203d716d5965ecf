import Glibc

/// How much memory the process may map (`ulimit -v`).
///
/// Threads and the allocator take address space in large pieces. Where it runs out, a library or the
/// runtime crashes or waits for ever, in the middle of anything: so that is found out at the start.
enum AddressSpace {
  /// What the program was seen to need, and half of it again.
  static let needed = UInt64(384) << 20

  /// Why the program does not start; nil when it may.
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
