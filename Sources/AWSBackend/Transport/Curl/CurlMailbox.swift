import CLinux
import Glibc
import Synchronization

/// The way to the library's thread. The library's own handles never leave that thread: it is woken by
/// a descriptor that it waits for beside its sockets.
final class CurlMailbox: Sendable {
  enum Command: Sendable {
    case start(CurlExchange)
    case cancel(CurlExchange)
    case stop
  }

  let descriptor: Int32
  private let commands = Mutex<[Command]>([])
  /// The transfers that the thread holds.
  private let running = Atomic<Int>(0)

  /// Nil when there is no descriptor left.
  init?() {
    descriptor = cl_event_open()
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  func post(_ command: Command) {
    commands.withLock { $0.append(command) }
    cl_event_raise(descriptor)
  }

  /// Everything posted so far.
  func take() -> [Command] {
    // Before the commands: one that comes in between wakes the thread again.
    cl_event_clear(descriptor)
    return commands.withLock { commands in
      defer { commands = [] }
      return commands
    }
  }

  func report(running count: Int) { running.store(count, ordering: .relaxed) }

  /// What is on its way, for tests: nothing may stay behind.
  var census: (queued: Int, running: Int) {
    (commands.withLock { $0.count }, running.load(ordering: .relaxed))
  }
}
