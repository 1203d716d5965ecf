import Glibc

/// Waiting for something to become so, by looking again and again for a bounded time.
public enum Patience {
  /// How long a test waits for what should come at once, on a machine that is busy.
  public static let seconds = 20

  /// Whether `condition` held before the time was up.
  public static func until(
    seconds: Int = seconds, every milliseconds: Int32 = 3, _ condition: () throws -> Bool
  ) rethrows -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let end = now.tv_sec + seconds
    while now.tv_sec < end {
      if try condition() { return true }
      // Lets others run between two looks; no test depends on its length.
      poll(nil, 0, milliseconds)
      clock_gettime(CLOCK_MONOTONIC, &now)
    }
    return try condition()
  }
}
