import Model
import Text

/// One line of the journal.
public struct JournalRecord: Hashable, Sendable {
  /// 1 for the first line.
  public var sequence: Int
  /// The hash of the line before; zeros on the first.
  public var previous: JournalHash
  public var moment: JournalMoment
  public var who: Operator
  public var event: JournalEvent
  /// Over the attempts without an end once this line counts; nil on lines of an earlier version.
  public var openHash: JournalHash?
  /// Over the line before its own member.
  public var hash: JournalHash

  /// Of `sequence`: so that the next number is one too, whatever a file says.
  static let sequences: ClosedRange<Int64> = 1...(1 << 60)
}

/// SHA-256 of a line.
public struct JournalHash: Hashable, Sendable {
  /// 64 lower-case hexadecimal digits.
  public let text: String

  public static let none = JournalHash(unchecked: String(repeating: "0", count: 64))

  /// Nil unless `text` is 64 lower-case hexadecimal digits.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 64, Hexadecimal.lowerCaseBytes(text) != nil else { return nil }
    self.text = String(text)
  }

  init(digest: [UInt8]) { text = digest.hexadecimal }

  private init(unchecked text: String) { self.text = text }
}

/// When something was written down, by three clocks.
public struct JournalMoment: Hashable, Sendable {
  /// The wall clock, which may be wrong.
  public var time: Timestamp
  /// Since the boot named beside it.
  public var uptime: Span
  /// The kernel's name for this boot.
  public var boot: Untrusted

  public init(time: Timestamp, uptime: Span, boot: Untrusted) {
    self.time = time
    self.uptime = uptime
    self.boot = boot
  }
}

/// Who sits at the keyboard, as far as the host tells.
public struct Operator: Hashable, Sendable {
  /// The name that the program runs as.
  public var login: Untrusted
  /// SUDO_USER: who called sudo, as the environment says. Root may have set it.
  public var behindSudo: Untrusted?
  /// The audit login uid, which sudo and su do not change.
  public var loginUID: Int?
  public var terminal: Untrusted?

  public init(
    login: Untrusted, behindSudo: Untrusted? = nil, loginUID: Int? = nil,
    terminal: Untrusted? = nil
  ) {
    self.login = login
    self.behindSudo = behindSudo
    self.loginUID = loginUID
    self.terminal = terminal
  }

  /// The account that the program runs as, and behind it, for what they are worth, who called sudo and
  /// the login that the kernel keeps: `root (sudo alice, login uid 1000)`.
  public var name: Untrusted {
    var behind: [[UInt8]] = []
    if let behindSudo { behind.append(Array("sudo ".utf8) + behindSudo.bytes) }
    // Of root alone the number is known without asking the host.
    if login == Untrusted("root"), let loginUID, loginUID != 0 {
      behind.append(Array("login uid \(loginUID)".utf8))
    }
    guard !behind.isEmpty else { return login }
    return Untrusted(
      bytes: login.bytes + Array(" (".utf8) + behind.joined(separator: ", ".utf8) + [0x29])
  }
}

extension Operator {
  /// For a column: `root(alice)`.
  public var shortName: Untrusted {
    guard let behindSudo else { return login }
    return Untrusted(bytes: login.bytes + [0x28] + behindSudo.bytes + [0x29])
  }
}

/// What a line tells.
public enum JournalEvent: Hashable, Sendable {
  /// The first line: where the journal was begun, and random digits that make it this one.
  case genesis(host: Untrusted, random: Untrusted)
  /// The bytes in front of this line are the remains of a write that never ended.
  case torn(bytes: Int, sha256: JournalHash)
  /// The second line of a journal that was begun because the one before it was damaged.
  case segment(JournalSegment)
  case intent(JournalIntent)
  case outcome(IntentID, IntentOutcome)
  /// A run ended before these were tried.
  case stopped(StopCause, notTried: [HandshakeID])
  /// A typed organization id was not the handshake's.
  case mismatch(HandshakeID, AccountID, typed: Untrusted)
  case trustAdded(OrganizationID, AccountID, name: Untrusted?)
  case trustRemoved(OrganizationID)
  /// Of a later version of this program.
  case other(kind: Untrusted)
}

/// Why a run did not come to its end.
public enum StopCause: String, Hashable, CaseIterable, Sendable {
  /// The operator, or a signal.
  case asked
  /// It is not known what became of a request.
  case unknownOutcome = "unknown-outcome"
  /// What is done cannot be written down.
  case journal
}
