import Text

/// Why the journal cannot be written or read. While it cannot be written nothing is sent.
public enum JournalFault: Error, Hashable, Sendable {
  /// A system call failed: its name and errno. Nothing was written; it may work the next time.
  case system(call: String, errno: Int32)
  /// A sync failed, now or before. What the disk holds is not known and no second sync can tell, so
  /// nothing is written to this journal again.
  case broken
  /// The file or its directory is not as safe as it must be.
  case unsafe(Unsafe, path: Untrusted)
  /// The last line, the one behind this number in the chain, is not as it was written.
  case damaged(after: Int)

  public enum Unsafe: String, Hashable, CaseIterable, Sendable {
    case notOurs
    case openToOthers
    case notARegularFile
    case symbolicLink
    case hardLinked
    case notADirectory
    /// A directory above it can be changed by others.
    case parentOpenToOthers
  }
}
