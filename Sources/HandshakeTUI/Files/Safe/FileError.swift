import Glibc

/// A file or directory that cannot be used: data only. `CommandFailure` has the words.
struct FileError: Error, Hashable {
  /// As it was asked for. Comes from the environment or a flag: made printable before it is shown.
  var path: String
  var doing: Act
  var cause: Cause

  enum Act: String, Hashable {
    case open
    case create
    case read
    case write
    case synchronise
    case lock
    case replace
    case remove
  }

  enum Cause: Hashable {
    /// What the system said: an errno.
    case system(Int32)
    /// A directory, a device, a pipe, a symbolic link.
    case notRegular
    case notDirectory
    /// It has a second name: whoever has that one may change it.
    case linkedTwice
    /// Another user's.
    case ofAnother(UInt32)
    /// Its mode lets others read or write it.
    case openToOthers(UInt32)
    /// A folder on the way to it that others may write to, without the sticky bit.
    case folderOpenToOthers(String, mode: UInt32)
    /// A folder on the way to it whose owner is neither root nor us.
    case folderOfAnother(String, owner: UInt32)
    /// A symbolic link on the way to it whose owner is neither root nor us.
    case linkOfAnother(String, owner: UInt32)
    /// A symbolic link on the way to it leads to this, which is not there.
    case linkToNothing(String)
    case tooLarge(limit: Int)
    /// For a log: it lies among the journal, the trust lists or the organization.
    case besideTheJournal
    /// For a log: something else is in it.
    case notALog
    /// A relative path where only an absolute one is sure.
    case relative
  }

  /// Nothing is there, as against something that cannot be used.
  var isMissing: Bool { cause == .system(ENOENT) }
}
