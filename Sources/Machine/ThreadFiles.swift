import Glibc

/// The kernel's files about this program's threads.
public enum ThreadFiles {
  /// Whether they can be read. Where they cannot, as where `/proc` is not mounted, the thread pool of
  /// libdispatch traps in the middle of anything ("registered worker exited prematurely").
  public static var areThere: Bool { access("/proc/self/task", R_OK | X_OK) == 0 }

  public static let complaint = """
    : /proc is not mounted, which this program's threads need; nothing was done
      Run: mount -t proc proc /proc

    """
}
