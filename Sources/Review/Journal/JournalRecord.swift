import Model
import Text

/// One line of the journal.
public struct JournalRecord: Hashable, Sendable {
  /// The number of the line, from 1.
  public var sequence: Int
  /// The hash of the line before; zeros on the first.
  public var previous: JournalHash
  /// The time at which it was written.
  public var moment: JournalMoment
  /// The operator who was at the keyboard.
  public var who: Operator
  /// The event that the line records.
  public var event: JournalEvent
  /// The hash over the attempts that are unresolved after this line; nil on lines of an earlier
  /// version.
  public var openHash: JournalHash?
  /// The hash of the line's bytes in front of its own hash member.
  public var hash: JournalHash

  /// The valid sequence numbers, bounded so that the next number cannot overflow.
  static let sequences: ClosedRange<Int64> = 1...(1 << 60)
}

/// A SHA-256 digest, of a line or of other bytes.
public struct JournalHash: Hashable, Sendable {
  /// 64 lower-case hexadecimal digits.
  public let text: String

  /// The zeros that the first line has in place of the hash of a line before it.
  public static let none = JournalHash(unchecked: String(repeating: "0", count: 64))

  /// Returns nil unless `text` is 64 lower-case hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 64, Hexadecimal.lowerCaseBytes(text) != nil else { return nil }
    self.text = String(text)
  }

  init(digest: [UInt8]) { text = digest.hexadecimal }

  private init(unchecked text: String) { self.text = text }
}

/// The time of a record, by three clocks.
public struct JournalMoment: Hashable, Sendable {
  /// The wall clock, which may be wrong.
  public var time: Timestamp
  /// The time since the boot `boot`.
  public var uptime: Span
  /// The kernel's name for this boot.
  public var boot: Untrusted

  /// Creates a moment from the readings of the clocks.
  public init(time: Timestamp, uptime: Span, boot: Untrusted) {
    self.time = time
    self.uptime = uptime
    self.boot = boot
  }
}

/// The person at the keyboard, as far as the host can say.
public struct Operator: Hashable, Sendable {
  /// The name that the program runs as.
  public var login: Untrusted
  /// The user who called sudo, from SUDO_USER.
  ///
  /// It is an environment variable, which root may have set.
  public var behindSudo: Untrusted?
  /// The audit login uid, which sudo and su do not change.
  public var loginUID: Int?
  /// The path of the terminal.
  public var terminal: Untrusted?

  /// Creates an operator from what the host reports.
  public init(
    login: Untrusted, behindSudo: Untrusted? = nil, loginUID: Int? = nil,
    terminal: Untrusted? = nil
  ) {
    self.login = login
    self.behindSudo = behindSudo
    self.loginUID = loginUID
    self.terminal = terminal
  }

  /// The name that the program runs as, then the user behind sudo and the kernel's login uid, if
  /// known.
  ///
  /// For example `root (sudo alice, login uid 1000)`. Neither addition is proof. The login uid is
  /// added for root only, and not if it is 0.
  public var name: Untrusted {
    var behind: [[UInt8]] = []
    if let behindSudo { behind.append(Array("sudo ".utf8) + behindSudo.bytes) }
    // Only the uid of root is known without asking the host.
    if login == Untrusted("root"), let loginUID, loginUID != 0 {
      behind.append(Array("login uid \(loginUID)".utf8))
    }
    guard !behind.isEmpty else { return login }
    return Untrusted(
      bytes: login.bytes + Array(" (".utf8) + behind.joined(separator: ", ".utf8) + [0x29])
  }
}

extension Operator {
  /// The name for a column of a table: `root(alice)`.
  public var shortName: Untrusted {
    guard let behindSudo else { return login }
    return Untrusted(bytes: login.bytes + [0x28] + behindSudo.bytes + [0x29])
  }
}

/// The event that a line records.
public enum JournalEvent: Hashable, Sendable {
  /// The first line: the host on which the journal was begun, and random digits that make it
  /// unique.
  case genesis(host: Untrusted, random: Untrusted)
  /// The bytes in front of this line are the remains of a write that was cut short.
  case torn(bytes: Int, sha256: JournalHash)
  /// The second line of a journal that was begun because the one before it was damaged or broken.
  case segment(JournalSegment)
  case intent(JournalIntent)
  case outcome(IntentID, IntentOutcome)
  /// A run ended before these were tried.
  case stopped(StopCause, notTried: [HandshakeID])
  /// A typed organization id was not that of the handshake.
  case mismatch(HandshakeID, AccountID, typed: Untrusted)
  case trustAdded(OrganizationID, AccountID, name: Untrusted?)
  case trustRemoved(OrganizationID)
  /// A record of a later version of this program.
  case other(kind: Untrusted)
}

/// The reason why a run ended early.
public enum StopCause: String, Hashable, CaseIterable, Sendable {
  /// The operator or a signal stopped it.
  case asked
  /// The outcome of a request is unknown.
  case unknownOutcome = "unknown-outcome"
  /// The journal cannot be read or written.
  case journal
}

// The reverse of the extension of `JournalText` in `JournalText.swift`: change both.

extension JournalRecord {
  /// Returns nil if a member that its kind always has is missing or malformed.
  init?(_ members: JournalMembers) {
    guard let sequence = members.number("seq"), Self.sequences.contains(sequence),
      let previous = members.ascii("prev").flatMap({ JournalHash($0) }),
      let time = members.ascii("time").flatMap({ Timestamp(iso8601: $0.utf8) }),
      let boot = members.text("boot"), let uptime = members.number("uptime"),
      let login = members.text("login"), let kind = members.text("kind"),
      let hash = members.ascii("hash").flatMap({ JournalHash($0) }),
      let event = JournalEvent(kind: kind, members)
    else { return nil }
    self.init(
      sequence: Int(sequence), previous: previous,
      moment: JournalMoment(time: time, uptime: Span(milliseconds: uptime), boot: boot),
      who: Operator(
        login: login, behindSudo: members.text("sudo"),
        loginUID: members.number("loginuid").map { Int($0) }, terminal: members.text("tty")),
      event: event, openHash: members.ascii("openHash").flatMap { JournalHash($0) }, hash: hash)
  }
}

extension JournalEvent {
  fileprivate init?(kind: Untrusted, _ members: JournalMembers) {
    switch kind.asciiText {
    case "GENESIS":
      guard let host = members.text("host"), let random = members.text("random") else { return nil }
      self = .genesis(host: host, random: random)
    case "TORN":
      guard let count = members.number("bytes"),
        let digest = members.ascii("sha256").flatMap({ JournalHash($0) })
      else { return nil }
      self = .torn(bytes: Int(count), sha256: digest)
    case "SEGMENT":
      guard let name = members.text("file"), let count = members.number("bytes"),
        let digest = members.ascii("sha256").flatMap({ JournalHash($0) })
      else { return nil }
      self = .segment(
        JournalSegment(
          keptAs: name, bytes: Int(count), sha256: digest,
          firstBadLine: members.number("line").map { Int($0) }))
    case "INTENT":
      guard let intent = JournalIntent(members) else { return nil }
      self = .intent(intent)
    case "STOPPED":
      guard let cause = members.ascii("cause").flatMap({ StopCause(rawValue: $0) }),
        let ids = members.texts("notTried")
      else { return nil }
      self = .stopped(cause, notTried: ids.compactMap { $0.asciiText.flatMap { HandshakeID($0) } })
    case "MISMATCH":
      guard let id = members.handshake("id"), let account = members.account("account"),
        let typed = members.text("typed")
      else { return nil }
      self = .mismatch(id, account, typed: typed)
    case "TRUST_ADDED":
      guard let organization = members.organization("organization"),
        let account = members.account("managementAccount")
      else { return nil }
      self = .trustAdded(organization, account, name: members.text("name"))
    case "TRUST_REMOVED":
      guard let organization = members.organization("organization") else { return nil }
      self = .trustRemoved(organization)
    default:
      self.init(outcomeKind: kind, members)
    }
  }

  /// Reads an outcome.
  ///
  /// An unknown kind belongs to a later version: it is kept, not interpreted.
  private init?(outcomeKind kind: Untrusted, _ members: JournalMembers) {
    let ours = ["NOT_SENT", "DONE", "REFUSED", "UNKNOWN", "DONE_LATER", "NOT_APPLIED_SO_FAR"]
    guard let name = kind.asciiText, ours.contains(name) else {
      self = .other(kind: kind)
      return
    }
    guard let intent = members.ascii("intent").flatMap({ IntentID($0) }),
      let outcome = IntentOutcome(kind: name, members)
    else { return nil }
    self = .outcome(intent, outcome)
  }
}

extension IntentOutcome {
  fileprivate init?(kind: String, _ members: JournalMembers) {
    switch kind {
    case "NOT_SENT":
      guard let message = members.text("message") else { return nil }
      self = .notSent(message)
    case "DONE":
      self = .done(members.handshake("id"))
    case "REFUSED":
      guard let code = members.text("code"), let message = members.text("message") else {
        return nil
      }
      self = .refused(
        Refusal(
          code: code, reason: members.text("reason"), message: message,
          requestID: members.text("requestId")))
    case "UNKNOWN":
      guard let doubt = members.ascii("doubt").flatMap({ Doubt(rawValue: $0) }) else { return nil }
      self = .unknown(doubt, closed: members.number("closed") == 1)
    case "DONE_LATER":
      guard let proof = members.ascii("proof").flatMap({ Proof(rawValue: $0) }) else { return nil }
      self = .doneLater(proof, members.handshake("id"))
    case "NOT_APPLIED_SO_FAR":
      self = .notApplied(members.text("state").map { HandshakeState(wireName: $0) })
    default:
      return nil
    }
  }
}

extension JournalIntent {
  fileprivate init?(_ members: JournalMembers) {
    guard let id = members.ascii("intent").flatMap({ IntentID($0) }), let act = Act(members),
      let account = members.account("account"), let caller = members.text("caller"),
      let backend = members.ascii("backend").flatMap({ ServicePlace.Backend(rawValue: $0) }),
      let address = members.text("address"), let partition = members.ascii("partition"),
      let attempt = members.number("attempt"),
      let asked = members.ascii("asked").flatMap({ Timestamp(iso8601: $0.utf8) })
    else { return nil }
    self.init(
      id: id, act: act, account: account, caller: caller,
      place: ServicePlace(backend, at: address, partition: partition),
      reason: members.text("reason"), attempt: Int(attempt), asked: asked,
      subject: Subject(
        action: members.text("action").map { Action(wireName: $0) },
        organization: members.organization("organization"), sender: members.account("sender"),
        joins: members.number("joins") == 1, senderName: members.text("senderName")))
  }
}

extension JournalIntent.Act {
  fileprivate init?(_ members: JournalMembers) {
    guard let name = members.ascii("act") else { return nil }
    switch name {
    case "enable-all-features": self = .enableAllFeatures
    case "invite-account", "invite-email":
      guard let target = members.text("target") else { return nil }
      self = .invite(name == "invite-email" ? .email(target) : .account(target))
    default:
      guard let answer = Answer(rawValue: name), let id = members.handshake("id"),
        let fingerprint = members.ascii("digest").flatMap({ Fingerprint(hex: $0) })
      else { return nil }
      self = .answer(answer, id, fingerprint)
    }
  }
}

extension JournalMembers {
  fileprivate func handshake(_ key: String) -> HandshakeID? {
    ascii(key).flatMap { HandshakeID($0) }
  }

  fileprivate func account(_ key: String) -> AccountID? { ascii(key).flatMap { AccountID($0) } }

  fileprivate func organization(_ key: String) -> OrganizationID? {
    ascii(key).flatMap { OrganizationID($0) }
  }
}
