import Model
import Text

/// Who answered a handshake, when, why, and what became of it: what the service does not tell.
public struct JournalNote: Hashable, Sendable {
  public var intent: JournalIntent
  public var who: Operator
  public var moment: JournalMoment
  /// The last that is known of it; nil when nothing was written down after the intent.
  public var outcome: IntentOutcome?
  /// When that was written down.
  public var outcomeMoment: JournalMoment?
}

/// A name that the journal keeps of an organization.
struct JournalName: Hashable, Sendable {
  var name: Untrusted
  var organization: OrganizationID
  /// Its management account.
  var account: AccountID
  /// Whether a handshake of the organization was accepted, so that its name counts without trust.
  var isJoined: Bool
}

extension JournalName {
  /// The sender of a handshake that was accepted; nil where the journal keeps no name.
  fileprivate init?(of subject: JournalIntent.Subject) {
    guard let name = subject.senderName, let organization = subject.organization,
      let account = subject.sender
    else { return nil }
    self.init(name: name, organization: organization, account: account, isJoined: true)
  }
}

/// The journal by attempt and by handshake.
public struct JournalNotes: Hashable, Sendable {
  /// In the order in which they were begun.
  public private(set) var all: [JournalNote] = []
  private var places: [IntentID: Int] = [:]
  private var byHandshake: [HandshakeID: [Int]] = [:]
  /// The names that organizations were given when they were trusted.
  private var givenNames: [JournalName] = []

  public init(_ records: some Sequence<JournalRecord> = []) {
    for record in records { take(record) }
  }

  public mutating func take(_ record: JournalRecord) {
    switch record.event {
    case .intent(let intent):
      places[intent.id] = all.count
      if let handshake = intent.handshake { byHandshake[handshake, default: []].append(all.count) }
      all.append(JournalNote(intent: intent, who: record.who, moment: record.moment))
    case .outcome(let id, let outcome):
      guard let place = places[id] else { return }
      all[place].outcome = outcome
      all[place].outcomeMoment = record.moment
      if let made = outcome.made, all[place].intent.handshake == nil {
        byHandshake[made, default: []].append(place)
      }
    case .trustAdded(let organization, let account, let name?):
      let name = JournalName(
        name: name, organization: organization, account: account, isJoined: false)
      if !givenNames.contains(name) { givenNames.append(name) }
    default:
      break
    }
  }

  /// Returns the names of organizations that the journal keeps: of those whose handshakes were accepted
  /// where `counts` says so, and of those that were trusted.
  func names(where counts: (ServicePlace) -> Bool) -> [JournalName] {
    let joined = all.compactMap { note -> JournalName? in
      guard note.intent.answer == .accept, note.outcome?.isDeed ?? false,
        counts(note.intent.place)
      else { return nil }
      return JournalName(of: note.intent.subject)
    }
    return joined + givenNames
  }

  /// The attempts on this handshake, the first one first; for what was sent, the sending.
  public func about(_ id: HandshakeID, at place: ServicePlace) -> [JournalNote] {
    (byHandshake[id] ?? []).map { all[$0] }.filter { $0.intent.place == place }
  }

  /// The attempt that brought the handshake where it is, as far as we did.
  public func deed(_ id: HandshakeID, at place: ServicePlace) -> JournalNote? {
    about(id, at: place).last { $0.outcome?.isDeed ?? false }
  }
}

extension IntentOutcome {
  /// The handshake that an invitation or the enabling of all features made.
  var made: HandshakeID? {
    switch self {
    case .done(let id), .doneLater(_, let id): id
    case .notSent, .refused, .unknown, .notApplied: nil
    }
  }

  /// Whether it came about.
  public var isDeed: Bool {
    switch self {
    case .done, .doneLater: true
    case .notSent, .refused, .unknown, .notApplied: false
    }
  }
}
