import CLinux
import Glibc

/// The signals that end the server, taken one by one instead of at any time.
enum Signals {
  private static let ending = [SIGTERM, SIGINT, SIGHUP]
  /// How the server says that it is through.
  private static let finished = SIGUSR1

  /// For this thread and all that are made after it.
  static func block() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in ending + [finished] { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// As the system has them, for commands that only print.
  static func letThrough() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in ending { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  static func tellFinished() { kill(getpid(), finished) }

  /// Calls `drain` at the first signal that ends the server, and returns when it is through; a second
  /// signal ends the process at once.
  static func wait(drain: () -> Void) throws(CommandFailure) {
    let descriptor = cl_signals_open(ending + [finished], Int32(ending.count + 1))
    guard descriptor >= 0 else { throw CommandFailure("signals cannot be waited for") }
    defer { close(descriptor) }
    var isDraining = false
    while true {
      let number = cl_signals_next(descriptor, -1)
      if number == finished { return }
      guard ending.contains(number) else { continue }
      if isDraining { _exit(128 + number) }
      isDraining = true
      drain()
    }
  }
}
