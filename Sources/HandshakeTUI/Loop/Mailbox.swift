import CLinux
import Glibc
import Synchronization

/// Where every thread leaves what the loop should know. Any thread posts; the loop alone takes.
final class Mailbox<Item: Sendable>: Sendable {
  /// Readable while something waits.
  let descriptor: Int32
  private let items = Mutex<[Item]>([])

  init() throws(TerminalFault) {
    descriptor = cl_event_open()
    guard descriptor >= 0 else { throw .failed(call: "eventfd", errno: errno) }
  }

  deinit { close(descriptor) }

  /// Wakes the loop when nothing waited before.
  func post(_ item: Item) {
    let isFirst = items.withLock { items in
      items.append(item)
      return items.count == 1
    }
    if isFirst { cl_event_raise(descriptor) }
  }

  /// Everything that waits, in the order of posting.
  func take() -> [Item] {
    // The event before the items: a post in between wakes once too often rather than never.
    cl_event_clear(descriptor)
    return items.withLock { items in
      defer { items = [] }
      return items
    }
  }
}
