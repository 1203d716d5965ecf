import CLinux
import Foundation
import Glibc
import Synchronization

/// Reads the signals on a small thread of its own, so that none interrupts a call and none is lost;
/// and ends the program when the loop cannot (SEC-6.4).
final class SignalWatch: Sendable {
  /// The signals that end the program: all whose default action does so, but for KILL and crashes.
  static let ending: [Int32] = {
    var numbers = [Int32](repeating: 0, count: 128)
    let count = cl_signals_ending(&numbers, Int32(numbers.count))
    return Array(numbers.prefix(Int(count)))
  }()
  private static let watched = ending + [SIGWINCH, SIGTSTP, SIGCONT]
  /// All but SIGCONT, which the loop reads itself: it has to know of a stop before it hears a key that
  /// was pressed meanwhile.
  private static let readHere = watched.filter { $0 != SIGCONT }
  /// A stalled terminal blocks the loop inside a write. After this long it is not waited for: within two
  /// seconds of the signal the program is gone.
  private static let patience = Int32(1_500)

  private let descriptor: Int32
  /// Raised when the screens are down.
  private let done: Int32

  /// Starts to watch. The signals must be blocked already.
  init(post: @escaping @Sendable (Int32) -> Void) throws(TerminalFault) {
    descriptor = cl_signals_open(Self.readHere, Int32(Self.readHere.count))
    done = cl_event_open()
    guard descriptor >= 0, done >= 0 else { throw .failed(call: "signalfd", errno: errno) }
    // The thread ends with the process, and so do its two descriptors: nobody closes them before.
    Thread.detachNewThread { [descriptor, done] in
      Self.watch(descriptor, done: done, post: post)
    }
  }

  /// The terminal is restored: what is left to do may take its time.
  func standDown() {
    cl_event_raise(done)
  }

  static func block() { change(SIG_BLOCK, watched) }
  static func unblock() { change(SIG_UNBLOCK, watched) }
  /// Unblocks those that a thread made from now on blocks by itself. Dispatch's threads do so with all but
  /// these three, and would be ended in the middle of a request.
  static func unblockForPreparing() {
    change(SIG_UNBLOCK, watched.filter { ![SIGPIPE, SIGPROF, SIGSYS].contains($0) })
  }

  private static func change(_ how: Int32, _ numbers: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(how, &set, nil)
  }

  private static func watch(_ descriptor: Int32, done: Int32, post: (Int32) -> Void) {
    while true {
      let number = cl_signals_next(descriptor, -1)
      guard number != 0 else { continue }
      post(number)
      guard ending.contains(number) else { continue }
      var waiting = pollfd(fd: done, events: Int16(POLLIN), revents: 0)
      while poll(&waiting, 1, patience) < 0, errno == EINTR {}
      if waiting.revents == 0 {
        TerminalGuard.restore()
        cl_echo_restore()
        _exit(128 + number)
      }
      return
    }
  }
}
