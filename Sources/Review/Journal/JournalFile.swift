/// Where the journal's bytes are: the shell's part. What the bytes mean is decided above it.
///
/// The contract: one holder at a time, among all processes and tasks; bytes are appended whole and
/// are on the disk when `append` returns; after a failed sync every `append` throws `.broken`, while
/// reading goes on (SEC-4.5.2, SEC-4.5.3).
public protocol JournalFile: Sendable {
  /// Runs `body` while nobody else writes. Waits for its turn. Makes the file when there is none.
  func exclusively<Value>(
    _ body: (any JournalAccess) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value

  /// Runs `body` over the journal as it stands, which is empty when there is none. Makes nothing.
  func reading<Value>(
    _ body: (any JournalBytes) throws(JournalFault) -> Value
  ) throws(JournalFault) -> Value

  /// Takes a lock that ends with the process at the latest; nil when somebody has it.
  func hold(_ lock: JournalLock) throws(JournalFault) -> (any JournalHold)?
}

/// The journal's bytes, to look at.
public protocol JournalBytes {
  var size: Int { get }
  /// The bytes from `offset` up to the end.
  func bytes(from offset: Int) throws(JournalFault) -> [UInt8]
  /// The index beside the journal; nil when there is none. It can be made again from the journal.
  func index() -> [UInt8]?
  /// Whether a sync failed since this journal was begun.
  var isBroken: Bool { get }
}

/// The journal's bytes, for as long as they are ours alone.
public protocol JournalAccess: JournalBytes {
  /// In one write, then synced. On `.system` nothing of it is left behind, as far as that can be
  /// done.
  func append(_ bytes: [UInt8]) throws(JournalFault)
  /// Need not reach the disk, nor succeed.
  func replaceIndex(_ bytes: [UInt8])
  /// Keeps the journal's bytes, unchanged, as a file with a name of its own, and puts what `content`
  /// makes of that name in their place, in one step. All of it is on the disk when this returns, and
  /// the journal is not broken any more.
  func setAside(_ content: (_ keptAs: String) -> [UInt8]) throws(JournalFault)
}

/// What a process can hold while it sends.
public enum JournalLock: Hashable, Sendable {
  /// Something is being sent as this account.
  case account(String)
  /// This attempt is under way.
  case intent(IntentID)
}

/// A lock that is held until `release`, or until the last reference is gone.
public protocol JournalHold: Sendable {
  func release()
}
