/// An error number of Linux, with the words for the operator.
///
/// The numbers are those of `asm-generic/errno.h`, which x86-64 and AArch64 share. Modules without
/// a C library (`Review`) need the words too, so they are not those of `strerror`.
public struct SystemError: Hashable, Sendable {
  /// The value of `errno`.
  public var number: Int32

  /// Creates an error from a value of `errno`.
  public init(_ number: Int32) {
    self.number = number
  }

  /// The error ENOSPC.
  public static let noSpace = SystemError(28)

  /// Whether the error means that file locks are missing: ENOLCK, EOPNOTSUPP or ENOSYS.
  public var isOfLocks: Bool { [37, 95, 38].contains(number) }

  /// The cause as a clause without a full stop.
  public var words: String {
    Self.table[number]?.words
      ?? "the system refused it for a reason without a name here (\(number))"
  }

  /// A sentence with the step that removes the cause; nil where the words make it obvious.
  public var remedy: String? { Self.table[number]?.remedy }

  private struct Entry: Sendable {
    var words: String
    var remedy: String?
  }

  /// The errors of files, folders, locks and processes.
  ///
  /// An error that is not listed is shown by its number.
  private static let table: [Int32: Entry] = [
    1: Entry(
      words: "operation not permitted",
      remedy: "Use an account that may do this, or another place."),
    2: Entry(words: "no such file or directory"),
    4: Entry(words: "interrupted by a signal", remedy: "Try again."),
    5: Entry(
      words: "input/output error",
      remedy: "Check the disk and the system log (dmesg) before you try again."),
    6: Entry(words: "no such device"),
    7: Entry(words: "the argument list is too long"),
    8: Entry(words: "not a program for this machine"),
    9: Entry(words: "the file is not open"),
    11: Entry(words: "temporarily unavailable", remedy: "Try again."),
    12: Entry(words: "out of memory", remedy: "Close other programs, or raise the memory limit."),
    13: Entry(
      words: "permission denied",
      remedy: "Use an account that may do this, or another place."),
    16: Entry(words: "in use by another program", remedy: "Let it finish, then try again."),
    17: Entry(words: "already there"),
    18: Entry(words: "the two names are on different file systems"),
    19: Entry(words: "the device does not support this"),
    20: Entry(words: "a part of the path is not a directory"),
    21: Entry(words: "it is a directory", remedy: "Name a file."),
    22: Entry(words: "invalid argument"),
    23: Entry(
      words: "the system has too many open files",
      remedy: "Close other programs, or raise the limit of the system (sysctl fs.file-max)."),
    24: Entry(
      words: "this process has too many open files",
      remedy: "Raise the limit of open files (ulimit -n) and try again."),
    26: Entry(words: "the program file is being written"),
    27: Entry(
      words: "the file would exceed the file size limit",
      remedy: "Raise the limit of the file size (ulimit -f) and try again."),
    28: Entry(
      words: "no space left on the disk", remedy: "Free space on that disk and try again."),
    30: Entry(
      words: "the file system is read-only",
      remedy: "Mount it writable, or use another place (XDG_STATE_HOME for the journal, --store)."),
    31: Entry(words: "the file has too many names"),
    32: Entry(words: "the reader of the pipe has gone"),
    36: Entry(words: "the file name is too long", remedy: "Use a shorter path."),
    37: Entry(words: "the file system provides no file locks", remedy: noLocks),
    38: Entry(words: "this system does not support it"),
    39: Entry(words: "the directory is not empty"),
    40: Entry(words: "too many symbolic links on the way", remedy: "Name the place itself."),
    61: Entry(words: "no data"),
    71: Entry(words: "the file server made a protocol error"),
    75: Entry(words: "a value is too large"),
    84: Entry(words: "the name is not UTF-8"),
    95: Entry(words: "the file system does not support this", remedy: noLocks),
    98: Entry(words: "the address is already in use", remedy: "Choose another port."),
    99: Entry(words: "the address is not available here"),
    103: Entry(words: "the connection was aborted"),
    104: Entry(words: "the connection was reset"),
    107: Entry(words: "the file server is not connected", remedy: "Mount it again."),
    110: Entry(words: "timed out", remedy: "Try again; check the file server and the network."),
    111: Entry(words: "connection refused"),
    112: Entry(words: "the file server is down", remedy: "Try again when it is back."),
    113: Entry(words: "the file server cannot be reached"),
    116: Entry(
      words: "the file server replaced or removed it (stale handle)",
      remedy: "Change to the directory again, or mount it again."),
    121: Entry(words: "remote input/output error", remedy: "Check the file server."),
    122: Entry(
      words: "your disk quota is used up",
      remedy: "Delete files of yours on that disk, or ask for a larger quota."),
  ]

  private static let noLocks =
    "Use a place on a local disk (XDG_STATE_HOME for the journal, --store), or start the lock service "
    + "of the file server."
}
