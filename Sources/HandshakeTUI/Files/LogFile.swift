import Glibc
import Model
import Platform
import Synchronization
import Text
import Wire

/// The log of `--log`: JSON lines in ASCII, mode 0600, rotated at 10 MiB to `NAME.1`.
///
/// It helps to find faults; the journal is the record. After the first failed write nothing more is
/// logged and nothing else fails (SEC-2.5).
final class LogFile: Sendable {
  static let limit = 10 << 20
  private let directory: Directory
  private let name: String
  private let clock: any TimeSource
  private let state: Mutex<Open>

  private struct Open {
    var file: OpenFile?
    var size: Int
  }

  /// The first bytes of every line.
  private static let head = Array("{\"time\":".utf8)

  /// Opens or creates the log at `path`; `kept` are folders of this program in which no log may be.
  ///
  /// - Throws: `FileError` with `besideTheJournal` when `path` is in one of `kept`, with `notALog`
  ///   when the file contains something else, or with another cause when it cannot be opened or
  ///   created or is not ours alone.
  init(path: String, clock: any TimeSource, besides kept: [String] = []) throws(FileError) {
    let name: String
    let directoryPath: String
    (directoryPath, name) = path.splitAtLastSlash
    let directory = try Directory.open(directoryPath, creating: false, privacy: nil)
    if kept.contains(where: { Self.lies(directoryPath, in: $0) }) {
      throw FileError(path: path, doing: .open, cause: .besideTheJournal)
    }
    if try !Self.isLog(name, in: directory) {
      throw FileError(path: path, doing: .open, cause: .notALog)
    }
    let file = try directory.openOrCreate(name, .append).file
    self.directory = directory
    self.name = name
    self.clock = clock
    state = Mutex(Open(file: file, size: Int(try file.status().st_size)))
  }

  /// Appends one line; values are shortened, made printable, and lose e-mail addresses.
  func record(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) {
    var members: [(String, JSONValue?)] = [
      ("time", .text(clock.now().journalText)), ("event", .text(event)),
    ]
    for (key, value) in fields {
      let text = Self.withoutAddresses(Sanitiser.render(Untrusted(value), for: .log, in: .ascii))
      members.append((key, .text(text)))
    }
    let line = JSONValue.members(members).json(.terminalLine) + [UInt8(ascii: "\n")]
    state.withLock { open in
      do throws(FileError) {
        if open.size + line.count > Self.limit { try rotate(&open) }
        try open.file?.append(line)
        open.size += line.count
      } catch {
        open.file = nil
      }
    }
  }

  /// Returns `text` without e-mail addresses: they belong to people, and logs are passed around.
  private static func withoutAddresses(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.utf8.contains(UInt8(ascii: "@")) ? "(address)" : String($0) }
      .joined(separator: " ")
  }

  /// Returns whether `directory` is `folder` or below it, after resolving symbolic links.
  private static func lies(_ directory: String, in folder: String) -> Bool {
    func real(_ path: String) -> String {
      guard let resolved = realpath(path, nil) else { return path }
      defer { free(resolved) }
      return String(cString: resolved)
    }
    return (real(directory) + "/").utf8.starts(with: (real(folder) + "/").utf8)
  }

  /// Returns whether the file is missing, empty, or the log of an earlier session.
  private static func isLog(_ name: String, in directory: Directory) throws(FileError) -> Bool {
    guard let file = try directory.openFile(name, .read) else { return true }
    return try file.begins(with: head)
  }

  private func rotate(_ open: inout Open) throws(FileError) {
    open.file = nil
    // A file of that name that is not a log is not overwritten.
    guard try Self.isLog(name + ".1", in: directory) else {
      throw FileError(path: name + ".1", doing: .replace, cause: .notALog)
    }
    try directory.rename(name, to: name + ".1")
    open.file = try directory.openOrCreate(name, .append).file
    open.size = 0
  }
}
