import CLinux
import Glibc
import Platform
import Synchronization
import Terminal

/// The thread that reads the signals, so that none interrupts a call and none is lost.
///
/// It ends the program when the loop cannot (SEC-6.4).
final class SignalWatch: Sendable {
  /// The signals whose default action ends the program, except KILL and crashes.
  static let ending: [Int32] = {
    var numbers = [Int32](repeating: 0, count: 128)
    let count = cl_signals_ending(&numbers, Int32(numbers.count))
    return Array(numbers.prefix(Int(count)))
  }()
  private static let watched = ending + [SIGWINCH, SIGTSTP, SIGCONT]
  /// The signals read by the thread: all but SIGCONT.
  ///
  /// The loop reads SIGCONT itself, because it must know of a stop before it handles a key that was
  /// pressed meanwhile.
  private static let readHere = watched.filter { $0 != SIGCONT }
  /// The time, in milliseconds, that the loop has to restore the terminal.
  ///
  /// A stalled terminal blocks the loop inside a write. With this limit the program ends within two
  /// seconds of the signal.
  private static let patience = Int32(1_500)

  private let descriptor: Int32
  /// The event raised when the terminal is restored.
  private let done: Int32

  /// Starts the thread; the signals must be blocked already.
  ///
  /// - Throws: `TerminalFault.failed` when the signal descriptor, the event or the thread cannot be
  ///   created.
  init(post: @escaping @Sendable (Int32) -> Void) throws(TerminalFault) {
    descriptor = cl_signals_open(Self.readHere, Int32(Self.readHere.count))
    done = cl_event_open()
    guard descriptor >= 0, done >= 0 else { throw .failed(call: "signalfd", errno: errno) }
    // The thread and its two descriptors live as long as the process, so they are never closed.
    let failure = SystemThread.start { [descriptor, done] in
      Self.watch(descriptor, done: done, post: post)
    }
    if failure != 0 { throw .failed(call: "pthread_create", errno: failure) }
  }

  /// Reports that the terminal is restored; the rest of the exit has no time limit.
  func standDown() {
    cl_event_raise(done)
  }

  static func block() { change(SIG_BLOCK, watched) }
  static func unblock() { change(SIG_UNBLOCK, watched) }
  /// Unblocks the signals that Dispatch blocks in the threads that it creates from now on.
  ///
  /// Dispatch blocks all but SIGPIPE, SIGPROF and SIGSYS. Those three stay blocked, because they
  /// would end the program in the middle of a request.
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
