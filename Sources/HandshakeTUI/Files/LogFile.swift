import Glibc
import Model
import Synchronization
import Text
import Wire

/// What `--log` asks for: JSON lines in ASCII, 0600, at 10 MiB set aside once as `NAME.1`.
///
/// It helps to find a fault; the journal is the record. When it cannot be written any more it says
/// so once, by ending (SEC-2.5).
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

  /// How each line begins.
  private static let head = Array("{\"time\":".utf8)

  /// - Parameter kept: Folders of this program's own files, in which no log may lie.
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

  /// Adds one line. The names are ours, the values anything: they are cut and made printable.
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

  /// Mail addresses belong to people, and a log is sent around.
  private static func withoutAddresses(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.utf8.contains(UInt8(ascii: "@")) ? "(address)" : String($0) }
      .joined(separator: " ")
  }

  /// Whether that folder is one of these, or below one, whatever links lead there.
  private static func lies(_ directory: String, in folder: String) -> Bool {
    func real(_ path: String) -> String {
      guard let resolved = realpath(path, nil) else { return path }
      defer { free(resolved) }
      return String(cString: resolved)
    }
    return (real(directory) + "/").utf8.starts(with: (real(folder) + "/").utf8)
  }

  /// Whether there is nothing, or what an earlier session logged.
  private static func isLog(_ name: String, in directory: Directory) throws(FileError) -> Bool {
    guard let file = try directory.openFile(name, .read) else { return true }
    return try file.begins(with: head)
  }

  private func rotate(_ open: inout Open) throws(FileError) {
    open.file = nil
    // Somebody else's file of that name is not overwritten.
    guard try Self.isLog(name + ".1", in: directory) else {
      throw FileError(path: name + ".1", doing: .replace, cause: .notALog)
    }
    try directory.rename(name, to: name + ".1")
    open.file = try directory.openOrCreate(name, .append).file
    open.size = 0
  }
}
