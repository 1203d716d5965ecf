import CLinux
import Glibc

/// What is set once for the whole process, before anything else happens in it.
enum ProcessStart {
  /// Call in the first line of `main`: threads inherit the blocked signals, and none may exist yet.
  static func prepare() {
    SignalWatch.block()
    umask(0o077)
    cl_forbid_dumps()
  }

  /// For the commands without a screen: their signals act as the system has it, on this thread.
  static func letSignalsThrough() {
    SignalWatch.unblock()
  }
}
