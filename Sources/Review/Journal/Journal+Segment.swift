import Crypto
import Text

/// A damaged journal that was kept when a new one was begun in its place.
public struct JournalSegment: Hashable, Sendable {
  /// The name of its file, beside the journal.
  public var keptAs: Untrusted
  public var bytes: Int
  public var sha256: JournalHash
  /// Nil when its chain was whole and a sync had failed.
  public var firstBadLine: Int?

  public init(keptAs: Untrusted, bytes: Int, sha256: JournalHash, firstBadLine: Int?) {
    self.keptAs = keptAs
    self.bytes = bytes
    self.sha256 = sha256
    self.firstBadLine = firstBadLine
  }
}

extension Journal {
  /// Keeps a damaged or broken journal unchanged under another name and begins a new chain that
  /// names its bytes. Attempts without an end that can still be read, in it or in the index, are
  /// carried over: they are found out about as before. Nil when there is nothing wrong with it.
  /// (SEC-4.5.8)
  public func beginSegment() throws(JournalFault) -> (kept: JournalSegment, carried: Int)? {
    let isThere = try file.reading { access in
      access.size > 0 || access.isBroken || JournalIndexFile(access.index()).isDoubtful
    }
    guard isThere else { return nil }
    return try file.exclusively { access throws(JournalFault) in
      let bytes = try access.bytes(from: 0)
      let chain = try JournalChain(reading: access)
      guard chain.firstBad != nil || access.isBroken else { return nil }
      var known = JournalIndex(scanning: bytes)
      // Believed or not: to find out about one attempt too many does no harm.
      if let stored = JournalIndexFile(access.index()).index { known.carry(stored) }
      var kept = JournalSegment(
        keptAs: Untrusted(""), bytes: bytes.count,
        sha256: JournalHash(digest: Array(SHA256.hash(data: bytes))),
        firstBadLine: chain.firstBad?.line)
      try access.setAside { name in
        kept.keptAs = Untrusted(name)
        var addition = JournalAddition(to: JournalIndex())
        begin(&addition, behind: kept, carrying: known.open)
        // Before the new journal is there: if that comes to nothing, the old one is damaged still.
        access.replaceIndex(addition.index.bytes)
        return addition.bytes
      }
      return (kept, known.open.count)
    }
  }
}
