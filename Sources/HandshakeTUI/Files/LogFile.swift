import Glibc
import Model
import Synchronization
import Text
import Wire

/// What `--log` asks for: JSON lines in ASCII, 0600, at 10 MiB set aside once as `NAME.1`.
///
/// It helps to find a fault; the journal is the record. When it cannot be written any more it says
/// so once, by ending.
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

  init(path: String, clock: any TimeSource) throws(FileError) {
    let name: String
    let directoryPath: String
    (directoryPath, name) = path.splitAtLastSlash
    let directory = try Directory.open(directoryPath, creating: false, privacy: nil)
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

  private func rotate(_ open: inout Open) throws(FileError) {
    open.file = nil
    try directory.rename(name, to: name + ".1")
    open.file = try directory.openOrCreate(name, .append).file
    open.size = 0
  }
}
