import CLinux
import Glibc

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
