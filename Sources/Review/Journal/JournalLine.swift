import Crypto
import Model
import Text

/// One record as the bytes of its line, without the newline.
struct JournalLine {
  let bytes: [UInt8]
  let record: JournalRecord

  /// Writes the record that follows `head`.
  ///
  /// - Parameter openHash: Makes, of the line's mark, the hash over the attempts that have no end once
  ///   the line counts.
  init(
    _ event: JournalEvent, after head: JournalHead?, at moment: JournalMoment, by who: Operator,
    openHash: (_ mark: JournalHash) -> JournalHash? = { _ in nil }
  ) {
    let sequence = (head?.sequence ?? 0) + 1
    let previous = head?.hash ?? .none
    var text = JournalText()
    text.add("seq", Int64(sequence))
    text.add("prev", previous.text)
    text.add("time", moment.time.journalText)
    text.add("boot", moment.boot)
    text.add("kind", event.kind)
    text.add("uptime", moment.uptime.milliseconds)
    text.add(who)
    text.add(event)
    let open = openHash(JournalHash(of: text.bytes))
    text.add("openHash", open?.text)
    let hash = JournalHash(of: text.bytes)
    bytes = text.bytes + Array(",\"hash\":\"\(hash.text)\"}".utf8)
    record = JournalRecord(
      sequence: sequence, previous: previous, moment: moment, who: who, event: event,
      openHash: open, hash: hash)
  }

  /// Reads a line whose hash is right; says what is wrong with it otherwise.
  init(reading line: [UInt8]) throws(BadLine.Fault) {
    guard let members = JournalMembers(line), let record = JournalRecord(members) else {
      throw .unreadable
    }
    // The member with the hash has a fixed length: `,"hash":"` + 64 digits + `"}`.
    let covered = line.dropLast(Self.hashMemberLength)
    guard line.dropFirst(covered.count).starts(with: Array(",\"hash\":\"".utf8)),
      JournalHash(of: covered) == record.hash
    else { throw .hash }
    self.bytes = line
    self.record = record
  }

  private static let hashMemberLength = 9 + 64 + 2
  /// `,"openHash":"` + 64 digits + `"`.
  private static let openHashMemberLength = 13 + 64 + 1

  /// What stands for a line in the hash over the attempts without an end: the hash of its bytes in front
  /// of the two hashes. The second of these depends on the first, so it cannot be taken itself.
  static func mark(of line: [UInt8]) -> JournalHash {
    var covered = line.dropLast(hashMemberLength)
    let rest = covered.dropLast(openHashMemberLength)
    if covered[rest.endIndex...].starts(with: Array(",\"openHash\":\"".utf8)) { covered = rest }
    return JournalHash(of: covered)
  }
}

extension JournalHash {
  init(of bytes: some Sequence<UInt8>) {
    self.init(digest: Array(SHA256.hash(data: Array(bytes))))
  }
}

/// The end of the chain that the next line is fastened to.
public struct JournalHead: Hashable, Sendable {
  public var sequence: Int
  public var hash: JournalHash
}

/// A line that breaks the chain.
public struct BadLine: Hashable, Sendable {
  /// From 1, as editors count.
  public var line: Int
  public var fault: Fault

  public enum Fault: Error, Hashable, Sendable {
    /// Not a record.
    case unreadable
    /// It was changed after it was written.
    case hash
    /// It does not follow the line before: something was removed, added or moved.
    case gap
    /// The journal does not begin with its first line.
    case noGenesis
    /// It is gone: the index beside the journal knows of it, or of another in its place.
    case cutOff
  }
}

extension JournalEvent {
  /// Its name in the file.
  var kind: Untrusted {
    switch self {
    case .genesis: Untrusted("GENESIS")
    case .torn: Untrusted("TORN")
    case .segment: Untrusted("SEGMENT")
    case .intent: Untrusted("INTENT")
    case .outcome(_, let outcome): Untrusted(outcome.kind)
    case .stopped: Untrusted("STOPPED")
    case .mismatch: Untrusted("MISMATCH")
    case .trustAdded: Untrusted("TRUST_ADDED")
    case .trustRemoved: Untrusted("TRUST_REMOVED")
    case .other(let kind): kind
    }
  }
}

extension IntentOutcome {
  var kind: String {
    switch self {
    case .notSent: "NOT_SENT"
    case .done: "DONE"
    case .refused: "REFUSED"
    case .unknown: "UNKNOWN"
    case .doneLater: "DONE_LATER"
    case .notApplied: "NOT_APPLIED_SO_FAR"
    }
  }
}
