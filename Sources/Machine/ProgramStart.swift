import CLinux
import Dispatch
import Glibc
import Synchronization

/// The arguments that this program was called with.
public enum ProgramArguments {
  /// Returns them as bytes, without the program's name; nil when they are not known.
  ///
  /// `CommandLine` reads them from `/proc/self/cmdline` and has none where `/proc` is not mounted, and it
  /// puts U+FFFD in the place of what is not UTF-8.
  public static func read() -> [[UInt8]]? {
    let count = cl_argument_count()
    // A program that was given not even its name was not called by a shell.
    guard count > 0 else { return nil }
    var arguments: [[UInt8]] = []
    for index in 1..<max(count, 1) {
      guard let start = cl_argument(index) else { return nil }
      arguments.append(UnsafeRawBufferPointer(start: start, count: strlen(start)).map { $0 })
    }
    return arguments
  }

  /// What is said when they are not known. Without them the program would begin with its defaults, which
  /// are not what was asked for.
  public static let complaint = """
    : the program was started without arguments, not even its name
      Start it from a shell, with its name as the first argument.

    """
}

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
