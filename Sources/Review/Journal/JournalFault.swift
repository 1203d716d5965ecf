import Text

/// Why the journal cannot be written or read. While it cannot be written nothing is sent.
public enum JournalFault: Error, Hashable, Sendable {
  /// The system refused something: what was done and to which path, with its errno. Nothing was
  /// written; it may work the next time.
  case system(call: String, errno: Int32, path: Untrusted)
  /// A sync failed, now or before. What the disk holds is not known and no second sync can tell, so
  /// nothing is written to this journal again.
  case broken
  /// The file or its directory is not as safe as it must be.
  case unsafe(Unsafe, path: Untrusted)
  /// A folder or link on the way to it belongs to somebody who is neither root nor us, and who could
  /// put another journal in its place.
  case foreignFolder(path: Untrusted, owner: UInt32)
  /// The last line, the one behind this number in the chain, is not as it was written.
  case damaged(after: Int)

  public enum Unsafe: String, Hashable, CaseIterable, Sendable {
    case notOurs
    case openToOthers
    /// A link, a directory, a pipe.
    case notARegularFile
    case hardLinked
    case notADirectory
    /// A directory above it can be changed by others.
    case parentOpenToOthers
    /// It is where a link on the way leads, and it is not there.
    case linkedAndMissing
    case tooLarge
  }
}
