import Glibc
import Review
import Synchronization

/// A lock that the kernel lets go of when the process ends, however it ends.
final class FileHold: JournalHold {
  private let state: Mutex<Held?>

  private struct Held {
    var file: OpenFile
    /// The directory of the name that goes with the lock; nil for a lock that stays.
    var removingFrom: Directory?
    var name: String
  }

  private init(_ held: Held) { state = Mutex(held) }

  deinit { release() }

  func release() {
    state.withLock { held in
      guard let ended = held else { return }
      // Removed while it is still held: whoever opens the name from now on opens another file.
      try? ended.removingFrom?.remove(ended.name)
      ended.file.unlock()
      held = nil
    }
  }

  /// Nil when somebody holds it.
  static func take(_ lock: JournalLock, in directory: Directory) throws(FileError) -> FileHold? {
    while true {
      let file = try directory.openOrCreate(lock.fileName, .readWrite).file
      guard try file.lock(waiting: false) else { return nil }
      // Its last holder may have removed the name between our opening and our lock.
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

  /// An attempt's lock is never taken again once it has ended.
  fileprivate var isOnce: Bool {
    if case .intent = self { true } else { false }
  }
}
