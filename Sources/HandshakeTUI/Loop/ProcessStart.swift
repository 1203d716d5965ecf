import CLinux
import Glibc

/// What is set once for the whole process, before anything else happens in it.
enum ProcessStart {
  /// Call in the first line of `main`: threads inherit the blocked signals, and none may exist yet.
  static func prepare() {
    holdStandardStreams()
    cl_quit_by_default()
    SignalWatch.block()
    umask(0o077)
    cl_forbid_dumps()
    // The TLS libraries would write the keys of every connection into the file that it names.
    unsetenv("SSLKEYLOGFILE")
  }

  /// Sets the size that ncurses begins with. Call after the environment was read, before threads are made.
  ///
  /// Without it newterm fails for entries of terminfo that have no size. It is in our environment alone:
  /// other programs are given one of their own.
  static func assumeScreenSize() {
    setenv("LINES", "24", 1)
    setenv("COLUMNS", "80", 1)
  }

  /// A standard stream that is closed would be the next file that is opened, and what is said would be
  /// written into it. Held by something that cannot be written to, so that this is noticed. Ends the
  /// program where even that cannot be had.
  private static func holdStandardStreams() {
    for stream in Int32(0)...2 where fcntl(stream, F_GETFD) < 0 {
      // The lowest free number is given out; without /dev the root itself does as well.
      var holder = open("/dev/null", O_RDONLY | O_CLOEXEC)
      if holder < 0 { holder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
      guard holder == stream else { _exit(Status.failed.number) }
    }
  }

  /// Lets the signals act on this thread as the system has it.
  static func letSignalsThrough(for manner: SignalManner) {
    switch manner {
    case .plain:
      cl_size_limit_is_error()
      SignalWatch.unblock()
    case .watched:
      cl_size_limit_is_error()
      // Until something is sent: `SendingWatch` blocks them again.
      SignalWatch.unblockForPreparing()
    case .screens: break
    }
  }
}
