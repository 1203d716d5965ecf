import Glibc

/// Waiting for a condition by polling for a limited time.
public enum Patience {
  /// The seconds that a test waits for something immediate, on a machine that is busy.
  public static let seconds = 20

  /// Returns whether `condition` became true in time.
  public static func until(
    seconds: Int = seconds, every milliseconds: Int32 = 3, _ condition: () throws -> Bool
  ) rethrows -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let end = now.tv_sec + seconds
    while now.tv_sec < end {
      if try condition() { return true }
      // Lets other threads run between two checks; no test depends on its length.
      poll(nil, 0, milliseconds)
      clock_gettime(CLOCK_MONOTONIC, &now)
    }
    return try condition()
  }
}
