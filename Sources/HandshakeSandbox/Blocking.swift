import Dispatch
import Synchronization

/// Waits on the main thread, which is not in the pool that asynchronous work runs on.
enum Blocking {
  static func value<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
    let done = DispatchSemaphore(value: 0)
    let box = Box<Value>()
    Task.detached {
      let value = await work()
      box.content.withLock { $0 = value }
      done.signal()
    }
    while true {
      done.wait()
      if let value = box.content.withLock({ $0 }) { return value }
    }
  }

  private final class Box<Content: Sendable>: Sendable {
    let content = Mutex<Content?>(nil)
  }
}
