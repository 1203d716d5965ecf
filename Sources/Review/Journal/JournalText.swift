import Crypto
import Model
import Text

/// One flat JSON object in ASCII, as in a line of the journal.
///
/// Any bytes can be written and read back. A byte that is not UTF-8 is written as `\udc00` plus the
/// byte (Python's surrogateescape, PEP 383), which no well-formed text contains.
struct JournalText {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

  mutating func add(_ key: StaticString, _ value: Untrusted?) {
    guard let value else { return }
    begin(key)
    string(value.bytes)
  }

  /// Adds a text that this program made.
  mutating func add(_ key: StaticString, _ value: String?) {
    add(key, value.map { Untrusted($0) })
  }

  mutating func add(_ key: StaticString, _ value: Int64?) {
    guard let value else { return }
    begin(key)
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func add(_ key: StaticString, _ values: [String]) {
    begin(key)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      string(Array(value.utf8))
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func begin(_ key: StaticString) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func string(_ value: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    while index < value.count {
      let (scalar, length) = Self.scalar(in: value, at: index)
      switch scalar {
      case 0x22, 0x5C: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(scalar)])
      case 0x20...0x7E: bytes.append(UInt8(scalar))
      case 0x1_0000...:
        escape(0xD800 + (scalar - 0x1_0000) >> 10)
        escape(0xDC00 + (scalar - 0x1_0000) & 0x3FF)
      default: escape(scalar)
      }
      index += length
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ unit: UInt32) {
    bytes.append(contentsOf: Array("\\u".utf8))
    let hex = [UInt8(unit >> 8), UInt8(unit & 0xFF)].hexadecimal
    bytes.append(contentsOf: hex.utf8)
  }

  /// Returns the scalar at `index` and its length; U+DC00 plus the byte if the bytes are not UTF-8.
  private static func scalar(in bytes: [UInt8], at index: Int) -> (UInt32, length: Int) {
    let lead = bytes[index]
    let alone: (UInt32, length: Int) = (lead < 0x80 ? UInt32(lead) : 0xDC00 + UInt32(lead), 1)
    let length: Int
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return alone
    }
    guard index + length <= bytes.count else { return alone }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for byte in bytes[(index + 1)..<(index + length)] {
      guard byte & 0xC0 == 0x80 else { return alone }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let least: [UInt32] = [0, 0, 0x80, 0x800, 0x1_0000]
    guard value >= least[length], Unicode.Scalar(value) != nil else { return alone }
    return (value, length)
  }
}

// The members of each kind of record, in the order in which they are written. They are read in
// `JournalRecord.swift`: change both.

extension JournalText {
  mutating func add(_ who: Operator) {
    add("login", who.login)
    add("sudo", who.behindSudo)
    add("loginuid", who.loginUID.map { Int64($0) })
    add("tty", who.terminal)
  }

  mutating func add(_ event: JournalEvent) {
    switch event {
    case .genesis(let host, let random):
      add("format", 1)
      add("host", host)
      add("random", random)
    case .torn(let count, let digest):
      add("bytes", Int64(count))
      add("sha256", digest.text)
    case .segment(let segment):
      add("file", segment.keptAs)
      add("bytes", Int64(segment.bytes))
      add("sha256", segment.sha256.text)
      add("line", segment.firstBadLine.map { Int64($0) })
    case .intent(let intent):
      add(intent)
    case .outcome(let id, let outcome):
      add("intent", id.text)
      add(outcome)
    case .stopped(let cause, let notTried):
      add("cause", cause.rawValue)
      add("notTried", notTried.map(\.text))
    case .mismatch(let id, let account, let typed):
      add("id", id.text)
      add("account", account.text)
      add("typed", typed)
    case .trustAdded(let organization, let account, let name):
      add("organization", organization.text)
      add("managementAccount", account.text)
      add("name", name)
    case .trustRemoved(let organization):
      add("organization", organization.text)
    case .other:
      break
    }
  }

  private mutating func add(_ intent: JournalIntent) {
    add("intent", intent.id.text)
    switch intent.act {
    case .answer(let answer, let id, let fingerprint):
      add("act", answer.rawValue)
      add("id", id.text)
      add("digest", fingerprint.hex)
    case .invite(.account(let account)):
      add("act", "invite-account")
      add("target", account)
    case .invite(.email(let address)):
      add("act", "invite-email")
      add("target", address)
    case .enableAllFeatures:
      add("act", "enable-all-features")
    }
    add("account", intent.account.text)
    add("caller", intent.caller)
    add("backend", intent.place.backend.rawValue)
    add("address", intent.place.address)
    add("partition", intent.place.partition)
    add("reason", intent.reason)
    add("attempt", Int64(intent.attempt))
    add("asked", intent.asked.journalText)
    add("action", intent.subject.action?.wireName)
    add("organization", intent.subject.organization?.text)
    add("sender", intent.subject.sender?.text)
    add("joins", intent.subject.joins ? 1 : 0)
    add("senderName", intent.subject.senderName)
  }

  private mutating func add(_ outcome: IntentOutcome) {
    switch outcome {
    case .notSent(let why):
      add("message", why)
    case .done(let id):
      add("id", id?.text)
    case .refused(let refusal):
      add("code", refusal.code)
      add("reason", refusal.reason)
      add("message", refusal.message)
      add("requestId", refusal.requestID)
    case .unknown(let doubt, let closed):
      add("doubt", doubt.rawValue)
      add("closed", closed ? 1 : 0)
    case .doneLater(let proof, let id):
      add("proof", proof.rawValue)
      add("id", id?.text)
    case .notApplied(let state):
      add("state", state?.wireName)
    }
  }
}

/// The bytes of one line, without the newline, and its record.
struct JournalLine {
  let bytes: [UInt8]
  let record: JournalRecord

  /// Writes the record that follows `head`.
  ///
  /// `openHash` is called with the line's mark and returns the hash over the attempts that are
  /// unresolved after the line.
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

  /// Reads a line and checks its hash.
  ///
  /// - Throws: `.unreadable` if it is not a record; `.hash` if it was changed after it was written.
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
  /// The length of `,"openHash":"`, 64 digits and `"`.
  private static let openHashMemberLength = 13 + 64 + 1

  /// Returns the hash of a line's bytes in front of its two hashes.
  ///
  /// It represents the line in the hash over the unresolved attempts. The line's own hash cannot,
  /// because it depends on that one.
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

/// The last line of the chain, to which the next one is chained.
public struct JournalHead: Hashable, Sendable {
  /// Its number, from 1.
  public var sequence: Int
  /// Its own hash.
  public var hash: JournalHash
}

/// A line that breaks the chain.
public struct BadLine: Hashable, Sendable {
  /// Its number in the file, from 1 as editors count.
  public var line: Int
  /// The way in which it breaks the chain.
  public var fault: Fault

  /// The way in which a line breaks the chain.
  public enum Fault: Error, Hashable, Sendable {
    /// It is not a record.
    case unreadable
    /// It was changed after it was written.
    case hash
    /// It does not follow the line before: something was removed, added or moved.
    case gap
    /// The journal does not begin with its first line.
    case noGenesis
    /// It is missing or was replaced: the index beside the journal has another line here.
    case cutOff
  }
}

extension JournalEvent {
  /// The name of the kind of record in the file.
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
