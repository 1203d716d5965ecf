import CLinux
import Dispatch
import Glibc
import Synchronization

/// The arguments that this program was called with.
public enum ProgramArguments {
  /// Returns the arguments as bytes, without the program's name; nil when they are not known.
  ///
  /// `CommandLine` reads them from `/proc/self/cmdline`. It is empty where `/proc` is not mounted,
  /// and replaces what is not UTF-8 with U+FFFD.
  public static func read() -> [[UInt8]]? {
    let count = cl_argument_count()
    // A shell always passes at least the program's name.
    guard count > 0 else { return nil }
    var arguments: [[UInt8]] = []
    for index in 1..<max(count, 1) {
      guard let start = cl_argument(index) else { return nil }
      arguments.append(UnsafeRawBufferPointer(start: start, count: strlen(start)).map { $0 })
    }
    return arguments
  }

  /// The message for arguments that are not known, to be written after the program's name.
  ///
  /// Without them the program would run with its defaults, which are not what the operator asked
  /// for.
  public static let complaint = """
    : the program was started without arguments, not even its name
      Start it from a shell, with its name as the first argument.

    """
}

/// The environment that this program was called with.
public enum ProgramEnvironment {
  /// Returns the variables; of two with one name the first counts, as for getenv.
  ///
  /// What is not UTF-8 is replaced by U+FFFD.
  public static func read() -> [String: String] {
    var variables: [String: String] = [:]
    guard var next = cl_environment() else { return variables }
    while let entry = next.pointee {
      next += 1
      let bytes = UnsafeRawBufferPointer(start: entry, count: strlen(entry))
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: bytes[..<equals], as: UTF8.self)
      guard variables[name] == nil else { continue }
      variables[name] = String(decoding: bytes[(equals + 1)...], as: UTF8.self)
    }
    return variables
  }
}

/// A thread outside every pool, for work that blocks.
public enum SystemThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on a new thread, which nobody waits for; returns 0, or the errno of
  /// pthread_create.
  public static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // The new thread takes the reference over.
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { start in
        if let start { Unmanaged<Work>.fromOpaque(start).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    if failure != 0 { work.release() }
    return failure
  }
}

/// The kernel's files about this program's threads, in `/proc/self/task`.
public enum ThreadFiles {
  /// Whether the files can be read.
  ///
  /// Where they cannot, as where `/proc` is not mounted, libdispatch's thread pool traps at an
  /// arbitrary moment ("registered worker exited prematurely").
  public static var areThere: Bool { access("/proc/self/task", R_OK | X_OK) == 0 }

  /// The message for files that cannot be read, to be written after the program's name.
  public static let complaint = """
    : /proc is not mounted, which this program's threads need; nothing was done
      Run: mount -t proc proc /proc

    """
}

/// Waits on the main thread for asynchronous work.
///
/// The root command is synchronous: with an asynchronous one the main thread, which owns the
/// terminal, is lost on Linux. The main thread is not in the pool that the work runs on, so waiting
/// here blocks nothing else.
public enum Blocking {
  /// Returns the result of `work`, which runs in a detached task while this thread waits.
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

  /// Returns the result of `work`, which runs in a detached task while this thread waits.
  ///
  /// - Parameter work: The asynchronous work.
  /// - Returns: The value that `work` returns.
  /// - Throws: The error that `work` throws.
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
