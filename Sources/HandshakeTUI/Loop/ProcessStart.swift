import CLinux
import Glibc

/// What is set once for the whole process, before anything else happens in it.
enum ProcessStart {
  /// Call in the first line of `main`: threads inherit the blocked signals, and none may exist yet.
  static func prepare() {
    holdStandardStreams()
    SignalWatch.block()
    umask(0o077)
    cl_forbid_dumps()
    // The TLS libraries would write the keys of every connection into the file that it names.
    unsetenv("SSLKEYLOGFILE")
  }

  /// A standard stream that is closed would be the next file that is opened, and what is said would be
  /// written into it. Held by something that cannot be written to, so that this is noticed.
  private static func holdStandardStreams() {
    while true {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard (0...2).contains(descriptor) else {
        if descriptor > 2 { close(descriptor) }
        return
      }
    }
  }

  /// For the commands without a screen: their signals act as the system has it, on this thread.
  static func letSignalsThrough() {
    SignalWatch.unblock()
  }
}
