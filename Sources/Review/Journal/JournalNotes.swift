import Model
import Text

/// The operator, time, reason and outcome of one attempt, which the service does not show.
public struct JournalNote: Hashable, Sendable {
  /// The INTENT as it was written.
  public var intent: JournalIntent
  /// The operator who was at the keyboard.
  public var who: Operator
  /// The time at which the INTENT was written.
  public var moment: JournalMoment
  /// The last outcome recorded; nil if nothing was written after the INTENT.
  public var outcome: IntentOutcome?
  /// The time at which that outcome was written.
  public var outcomeMoment: JournalMoment?
}

/// A name of an organization that the journal keeps.
package struct JournalName: Hashable, Sendable {
  package var name: Untrusted
  package var organization: OrganizationID
  /// The management account of the organization.
  package var account: AccountID
  /// Whether a handshake of the organization was accepted, so that its name counts without trust.
  package var isJoined: Bool
}

extension JournalName {
  /// Makes the name of a sender whose handshake was accepted; nil if the journal keeps none.
  fileprivate init?(of subject: JournalIntent.Subject) {
    guard let name = subject.senderName, let organization = subject.organization,
      let account = subject.sender
    else { return nil }
    self.init(name: name, organization: organization, account: account, isJoined: true)
  }
}

/// The attempts in the journal, by attempt and by handshake.
public struct JournalNotes: Hashable, Sendable {
  /// All attempts in the order of their INTENTs.
  public private(set) var all: [JournalNote] = []
  private var places: [IntentID: Int] = [:]
  private var byHandshake: [HandshakeID: [Int]] = [:]
  /// The names that organizations were given when they were trusted.
  private var givenNames: [JournalName] = []

  /// Collects the attempts of `records`, in their order.
  public init(_ records: some Sequence<JournalRecord> = []) {
    for record in records { take(record) }
  }

  /// Adds the record that follows those added before.
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

  /// Returns the names of organizations that the journal keeps.
  ///
  /// These are the senders of handshakes that were accepted at a place for which `counts` returns
  /// true, and the organizations that were trusted under a name.
  package func names(where counts: (ServicePlace) -> Bool) -> [JournalName] {
    let joined = all.compactMap { note -> JournalName? in
      guard note.intent.answer == .accept, note.outcome?.isApplied ?? false,
        counts(note.intent.place)
      else { return nil }
      return JournalName(of: note.intent.subject)
    }
    return joined + givenNames
  }

  /// Returns the attempts on a handshake at `place`, oldest first.
  ///
  /// For a handshake that was made here, these include the attempt that made it.
  public func about(_ id: HandshakeID, at place: ServicePlace) -> [JournalNote] {
    (byHandshake[id] ?? []).map { all[$0] }.filter { $0.intent.place == place }
  }

  /// Returns the last applied attempt on a handshake at `place`; nil if there is none.
  public func appliedAttempt(_ id: HandshakeID, at place: ServicePlace) -> JournalNote? {
    about(id, at: place).last { $0.outcome?.isApplied ?? false }
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

  /// Whether the request was applied.
  public var isApplied: Bool {
    switch self {
    case .done, .doneLater: true
    case .notSent, .refused, .unknown, .notApplied: false
    }
  }
}
