import Dispatch
import Synchronization

/// Waits on the main thread for asynchronous work.
///
/// The root command is synchronous: with an asynchronous one the main thread, which owns the
/// terminal, is lost on Linux. The main thread is not in the pool that the work runs on, so waiting
/// here holds nothing up.
public enum Blocking {
  public static func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
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

  public static func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () async throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let result: Result<Value, Failure> = run {
      do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private final class Box<Value: Sendable>: Sendable {
    let content = Mutex<Value?>(nil)
  }
}
