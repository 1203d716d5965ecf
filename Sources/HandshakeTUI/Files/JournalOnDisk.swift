import Glibc
import Platform
import ReviewInbox
import ReviewJournal
import Synchronization
import Text

/// The journal in a directory of its own: `journal.jsonl`, `open.json`, and the lock files.
///
/// Nothing is created before the first write. Every file in it is refused unless it is a regular
/// file of ours that nobody else can access (SEC-4.1.1).
final class JournalOnDisk: JournalFile {
  private let path: String
  private let calls: Calls
  private let isBroken = Mutex(false)

  /// The system calls that a test can make fail.
  struct Calls: Sendable {
    var write: @Sendable (OpenFile, [UInt8]) throws(FileError) -> Void
    var synchronise: @Sendable (OpenFile) throws(FileError) -> Void
    var synchroniseDirectory: @Sendable (Directory) throws(FileError) -> Void

    static let system = Calls(
      write: { (file, bytes) throws(FileError) in try file.append(bytes) },
      synchronise: { (file) throws(FileError) in try file.synchronise() },
      synchroniseDirectory: { (directory) throws(FileError) in
        try directory.synchroniseWithParents()
      })
  }

  enum Name {
    static let journal = "journal.jsonl"
    static let index = "open.json"
    static let lock = "journal.lock"
    /// The marker of a failed sync, after which the contents of the journal on the disk are
    /// unknown.
    static let broken = "journal.broken"
    static let locks = "locks"
  }

  /// The largest journal that is read, in bytes; never reached, as a gigabyte holds a million acts.
  static let limit = 1 << 30

  /// Creates the journal in the directory `path`, which must be absolute.
  init(at path: String, calls: Calls = .system) {
    self.path = path
    self.calls = calls
  }

  /// Runs `body` with the journal locked against every other process, and creates what is missing.
  ///
  /// - Throws: `JournalFault` when the directory or a file in it cannot be created, opened, locked
  ///   or read, or is not ours alone; otherwise what `body` throws.
  func exclusively<Value>(
    _ body: (any JournalAccess) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value {
    let opened: (directory: Directory, lock: OpenFile, access: Access)
    do throws(FileError) {
      let directory = try Directory.open(path, creating: true, privacy: .secret)
      let lock = try directory.openOrCreate(Name.lock, .readWrite).file
      _ = try lock.lock(waiting: true)
      let (journal, isNew) = try directory.openOrCreate(Name.journal, .append)
      if isNew {
        // The broken journal was moved away.
        try directory.remove(Name.broken)
        isBroken.withLock { $0 = false }
      }
      let access = Access(
        disk: self, directory: directory, journal: journal,
        size: Int(try journal.status().st_size), stored: try Self.index(in: directory))
      opened = (directory, lock, access)
    } catch {
      throw JournalFault(error)
    }
    return try hold(opened.lock) { () throws(JournalFault) in try body(opened.access) }
  }

  /// Runs `body` on the journal as it is on the disk, under a shared lock; a missing journal is
  /// empty.
  ///
  /// - Throws: `JournalFault` when the directory or a file in it cannot be opened, locked or read,
  ///   or is not ours alone; otherwise what `body` throws.
  func reading<Value>(
    _ body: (any JournalBytes) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value {
    var opened: (lock: OpenFile?, view: View)
    do throws(FileError) {
      opened = try view()
    } catch {
      guard error.isMissing else { throw JournalFault(error) }
      opened = (nil, View(journal: nil, size: 0, stored: nil, isBroken: false))
    }
    return try hold(opened.lock) { () throws(JournalFault) in try body(opened.view) }
  }

  /// Takes the lock of an account or an attempt without waiting; nil when another process holds it.
  ///
  /// - Throws: `JournalFault` when the lock's directory or file cannot be created, opened or
  ///   locked.
  func hold(_ lock: JournalLock) throws(JournalFault) -> (any JournalHold)? {
    do throws(FileError) {
      // The first call checks the journal's directory, the second creates `locks` in it.
      _ = try Directory.open(path, creating: true, privacy: .secret)
      let locks = try Directory.open(
        path + "/" + Name.locks, creating: true, privacy: .secret)
      return try FileHold.take(lock, in: locks)
    } catch {
      throw JournalFault(error)
    }
  }

  private func view() throws(FileError) -> (lock: OpenFile?, view: View) {
    let directory = try Directory.open(path, creating: false, privacy: .secret)
    let lock = try directory.openFile(Name.lock, .read)
    _ = try lock?.lock(exclusive: false, waiting: true)
    let journal = try directory.openFile(Name.journal, .read)
    let view = View(
      journal: journal, size: Int(try journal?.status().st_size ?? 0),
      stored: try Self.index(in: directory), isBroken: isBroken(in: directory))
    return (lock, view)
  }

  /// Runs `body` with a reference to the lock's file, because the lock ends with the last one.
  private func hold<Value>(
    _ lock: OpenFile?, _ body: () throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value {
    defer { lock?.unlock() }
    return try body()
  }

  private static func index(in directory: Directory) throws(FileError) -> [UInt8]? {
    try directory.contents(of: Name.index, limit: 1 << 24)
  }

  private func isBroken(in directory: Directory) -> Bool {
    isBroken.withLock { $0 }
      || faccessat(directory.descriptor, Name.broken, F_OK, AT_SYMLINK_NOFOLLOW) == 0
  }

  /// Marks the journal as broken, for every process.
  ///
  /// After a failed sync the pages count as clean although they are not on the disk: a second sync
  /// succeeds and proves nothing. So nobody may write to this journal again.
  private func breakForGood(in directory: Directory) -> JournalFault {
    isBroken.withLock { $0 = true }
    _ = try? directory.createFile(Name.broken, .append)
    return .broken
  }
}

// MARK: - Access while the journal is locked

extension JournalOnDisk {
  private struct View: JournalBytes {
    let journal: OpenFile?
    let size: Int
    let stored: [UInt8]?
    let isBroken: Bool

    func bytes(from offset: Int) throws(JournalFault) -> [UInt8] {
      try journal.map { (file) throws(JournalFault) in try file.journalBytes(from: offset) } ?? []
    }

    func index() -> [UInt8]? { stored }
  }

  private struct Access: JournalAccess {
    let disk: JournalOnDisk
    let directory: Directory
    let journal: OpenFile
    let size: Int
    let stored: [UInt8]?

    func bytes(from offset: Int) throws(JournalFault) -> [UInt8] {
      try journal.journalBytes(from: offset)
    }

    func index() -> [UInt8]? { stored }

    /// Writes and syncs the bytes at the end of the journal.
    ///
    /// - Throws: `JournalFault.broken` when a sync fails or has failed before; another fault when the
    ///   bytes cannot be written, after an attempt to cut off the written part.
    func append(_ bytes: [UInt8]) throws(JournalFault) {
      guard !isBroken else { throw .broken }
      // The file's name must be on the disk before its first line is. Whoever created the file may
      // have been killed before syncing the directory, so an empty file counts as new.
      if size == 0 {
        try orBreak { () throws(FileError) in try disk.calls.synchroniseDirectory(directory) }
      }
      do throws(FileError) {
        try disk.calls.write(journal, bytes)
      } catch {
        // Removes the part that was written. If that fails, the next line records the torn one.
        try? journal.truncate(to: size)
        throw JournalFault(error)
      }
      try orBreak { () throws(FileError) in try disk.calls.synchronise(journal) }
    }

    private func orBreak(_ sync: () throws(FileError) -> Void) throws(JournalFault) {
      do throws(FileError) { try sync() } catch { throw disk.breakForGood(in: directory) }
    }

    var isBroken: Bool { disk.isBroken(in: directory) }

    /// Copies the journal to the next free `journal.jsonl.damaged-N`, and replaces it by `content`.
    ///
    /// - Throws: `JournalFault` when the copy, the new journal or the removal of `journal.broken` fails.
    ///   A complete copy is kept.
    func setAside(_ content: (_ keptAs: String) -> [UInt8]) throws(JournalFault) {
      do throws(FileError) {
        let (name, copy) = try nameToKeepItAs()
        do throws(FileError) {
          try copy.append(try journal.read(limit: JournalOnDisk.limit))
          try copy.synchronise()
        } catch {
          try? directory.remove(name)
          throw error
        }
        // The copy is kept from here on, whatever fails: it may be the only one.
        try directory.replace(Name.journal, with: content(name))
        try directory.remove(Name.broken)
        disk.isBroken.withLock { $0 = false }
      } catch {
        throw JournalFault(error)
      }
    }

    private func nameToKeepItAs() throws(FileError) -> (String, OpenFile) {
      var number = 1
      while true {
        let name = "\(Name.journal).damaged-\(number)"
        if let file = try directory.createFile(name, .append) { return (name, file) }
        number += 1
      }
    }

    /// Replaces the index with one that is synced first, so that a power cut leaves no index that
    /// looks edited.
    func replaceIndex(_ bytes: [UInt8]) {
      do throws(FileError) {
        try directory.replace(Name.index, with: bytes)
      } catch {
        // The old index stays, and no longer matches the journal.
      }
    }
  }
}

extension OpenFile {
  fileprivate func journalBytes(from offset: Int) throws(JournalFault) -> [UInt8] {
    do throws(FileError) {
      return try read(from: offset, limit: JournalOnDisk.limit)
    } catch {
      throw JournalFault(error)
    }
  }
}

/// A lock that the kernel releases when the process ends, however it ends.
final class FileHold: JournalHold {
  private let state: Mutex<Held?>

  private struct Held {
    var file: OpenFile
    /// The directory in which the lock's name is removed on release; nil when the name stays.
    var removingFrom: Directory?
    var name: String
  }

  private init(_ held: Held) { state = Mutex(held) }

  deinit { release() }

  /// Releases the lock; a second call does nothing.
  func release() {
    state.withLock { held in
      guard let ended = held else { return }
      // Removed while the lock is held: whoever opens the name from now on opens another file.
      try? ended.removingFrom?.remove(ended.name)
      ended.file.unlock()
      held = nil
    }
  }

  /// Takes the lock without waiting; nil when another process holds it.
  ///
  /// - Throws: `FileError` when the lock's file cannot be created, opened, checked or locked.
  static func take(_ lock: JournalLock, in directory: Directory) throws(FileError) -> FileHold? {
    while true {
      let file = try directory.openOrCreate(lock.fileName, .readWrite).file
      guard try file.lock(waiting: false) else { return nil }
      // The last holder may have removed the name between our open and our lock.
      guard let named = try directory.openFile(lock.fileName, .read)?.status() else { continue }
      let held = try file.status()
      guard named.st_ino == held.st_ino, named.st_dev == held.st_dev else { continue }
      return FileHold(
        Held(file: file, removingFrom: lock.isOnce ? directory : nil, name: lock.fileName))
    }
  }
}

extension JournalLock {
  fileprivate var fileName: String {
    switch self {
    case .account(let id): "account-\(id).lock"
    case .intent(let id): "intent-\(id.text).lock"
    }
  }

  /// Whether the lock's name is removed on release: an attempt's lock is never taken again.
  fileprivate var isOnce: Bool {
    if case .intent = self { true } else { false }
  }
}

extension JournalFault {
  init(_ error: FileError) {
    let path = Untrusted(error.path)
    switch error.cause {
    case .system(let errno): self = .system(call: error.doing.rawValue, errno: errno, path: path)
    // The last two concern logs only.
    case .notRegular, .relative, .besideTheJournal, .notALog:
      self = .unsafe(.notARegularFile, path: path)
    case .notDirectory: self = .unsafe(.notADirectory, path: path)
    case .linkedTwice: self = .unsafe(.hardLinked, path: path)
    case .ofAnother: self = .unsafe(.notOurs, path: path)
    case .openToOthers: self = .unsafe(.openToOthers, path: path)
    case .folderOpenToOthers(let folder, _):
      self = .unsafe(.parentOpenToOthers, path: Untrusted(folder))
    case .folderOfAnother(let folder, let owner), .linkOfAnother(let folder, let owner):
      self = .foreignFolder(path: Untrusted(folder), owner: owner)
    case .linkToNothing(let path): self = .unsafe(.linkedAndMissing, path: Untrusted(path))
    case .tooLarge: self = .unsafe(.tooLarge, path: path)
    }
  }
}

extension Operator {
  /// Returns the operator of this process, as far as the host identifies it.
  ///
  /// The login name is that of the effective uid, `SUDO_USER` is used by root only, and the login
  /// uid is from `/proc/self/loginuid`.
  static func onThisHost(environment: [String: String]) -> Operator {
    let audit = HostFile.read("/proc/self/loginuid").flatMap { UInt32($0) }
    return Operator(
      login: Untrusted(accountName ?? "uid \(geteuid())"),
      // Anybody can set the variable, but sudo itself usually leads to root.
      behindSudo: geteuid() == 0 ? environment["SUDO_USER"].map { Untrusted($0) } : nil,
      // All bits set: nobody has logged in.
      loginUID: audit == .max ? nil : audit.map { Int($0) }, terminal: terminalName)
  }

  private static var accountName: String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 4_096)
    return buffer.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress,
        getpwuid_r(geteuid(), &entry, start, buffer.count, &found) == 0, found != nil,
        let name = entry.pw_name
      else { return nil }
      return String(cString: name)
    }
  }

  private static var terminalName: Untrusted? {
    var buffer = [CChar](repeating: 0, count: 256)
    let failed = buffer.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { ttyname_r(0, $0, buffer.count) } ?? ENOMEM
    }
    guard failed == 0 else { return nil }
    return Untrusted(bytes: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
  }
}

/// The kernel's identification of this host.
enum HostFile {
  /// The kernel's id of this boot, or `-` when it cannot be read.
  static var bootID: Untrusted { Untrusted(read("/proc/sys/kernel/random/boot_id") ?? "-") }

  /// The kernel's name of this host, or `-` when it cannot be read.
  static var hostName: Untrusted { Untrusted(read("/proc/sys/kernel/hostname") ?? "-") }

  /// Returns the first line of a file; nil when it is empty or cannot be read.
  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = OpenFile(descriptor: descriptor, path: path)
    guard let bytes = try? file.read(from: 0, limit: 4_096), !bytes.isEmpty else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
