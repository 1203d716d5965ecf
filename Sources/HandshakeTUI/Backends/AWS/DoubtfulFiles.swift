import AWSBackend
import Synchronization

/// The files of this run that others may change, each told once.
final class DoubtfulFiles: Sendable {
  private let found = Mutex<[DoubtfulFile]>([])

  var all: [DoubtfulFile] { found.withLock { $0 } }

  /// Keeps a file; false when it was there already.
  func insert(_ file: DoubtfulFile) -> Bool {
    found.withLock { found in
      guard !found.contains(file) else { return false }
      found.append(file)
      return true
    }
  }
}

extension DoubtfulFile {
  /// `/home/x/.aws/config: others may write to /home/x/.aws (mode 777): chmod go-w /home/x/.aws`
  func words(_ ink: Ink) -> String {
    "\(ink.full(path)): \(ink.full(doubt.words)): \(ink.full(doubt.remedy))"
  }
}
