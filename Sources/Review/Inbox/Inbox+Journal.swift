import Model
import Text

extension Inbox {
  /// Joins what the journal tells about handshakes of this service. Those that the service has
  /// forgotten come back from it, if the journal knows them to be answered.
  public mutating func join(_ journal: JournalNotes, at place: ServicePlace) {
    self.journal = journal
    self.place = place
    noteNames(in: journal) { $0 == place }
    var touched: [Int] = []
    for note in journal.all where note.intent.place == place {
      guard let handshake = note.answered, let id = handshake.id,
        store.slots[.handshake(id)] == nil
      else { continue }
      touched.append(
        store.append(
          Row(
            key: .handshake(id), handshake: handshake, sources: [], read: note.moment.time,
            origin: .journal)))
    }
    tell(touched, queueing: isSettled)
  }

  /// Who answered a handshake and why, if it was us.
  public func deed(_ id: HandshakeID) -> JournalNote? {
    place.flatMap { journal.deed(id, at: $0) }
  }

  /// Our attempts at this service whose outcome is not known.
  public var unresolvedAttempts: [JournalNote] {
    journal.all.filter { $0.intent.place == place && !($0.outcome?.isEnd ?? false) }
  }

  /// Our attempts on a handshake, the first one first.
  public func attempts(_ id: HandshakeID) -> [JournalNote] {
    place.map { journal.about(id, at: $0) } ?? []
  }
}

extension Handshake {
  /// The kind of one that the journal remembers: without the resources that tell it, from the action and
  /// the number of parties.
  var rememberedShape: Shape {
    switch action {
    case .enableAllFeatures, .approveAllFeatures:
      parties.contains { $0.type == .account } ? .consent : .finalisation
    case .transferResponsibility: .transfer
    case .invite, .addOrganizationsServiceLinkedRole, .unknown, nil: shape
    }
  }
}

extension JournalNote {
  /// What is known of the handshake after the answer; nil when it was not given.
  fileprivate var answered: Handshake? {
    guard let outcome, outcome.isDeed, let answer = intent.answer, let id = intent.handshake else {
      return nil
    }
    var parties: [Party] = []
    var resources: [Resource] = []
    if let organization = intent.subject.organization {
      parties.append(Party(id: Untrusted(String(organization.bare)), type: .organization))
      resources.append(Resource(type: .organization, value: Untrusted(organization.text)))
    }
    if intent.account != intent.subject.sender {
      parties.append(Party(id: Untrusted(intent.account.text), type: .account))
    }
    return Handshake(
      id: id, arn: nil, parties: parties, state: answer.target, requested: nil, expires: nil,
      action: intent.subject.action, resources: resources)
  }
}
