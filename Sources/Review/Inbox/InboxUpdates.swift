import Model
import ReviewJournal
import Text

extension Inbox {
  /// Records the identity of an account and clears an earlier failure to identify it.
  public mutating func identified(_ reply: Reply<Identity>, uptime: Span) {
    store.identities[reply.value.account] = reply.value
    unidentified[reply.value.account] = nil
    noteChange()
    hear(reply.time, uptime)
  }

  /// Records that an account could not be identified, which makes its listings failed.
  ///
  /// What it received and sent is unknown. Its sent listing is affected only if it was added
  /// before.
  public mutating func failedToIdentify(_ account: AccountID, _ error: BackendError, uptime: Span) {
    unidentified[account] = error
    if let time = error.time { hear(time, uptime) }
    for key in [SourceKey(account, .received), SourceKey(account, .sent)] {
      if key.direction == .received || sources[key] != nil {
        addSource(key)
        sources[key]?.status = .failed(error)
      }
    }
    settleIfEnded()
  }

  /// Adds a source before it is read, so that it counts as waiting.
  public mutating func addSource(_ key: SourceKey) {
    guard sources[key] == nil else { return }
    sources[key] = Source(key: key)
    sourceOrder.append(key)
  }

  /// Starts a new pass over a source, from its first page.
  ///
  /// Replies to an earlier pass are dropped from now on.
  public mutating func begin(_ key: SourceKey) -> Pass {
    addSource(key)
    let began = clock?.heard
    let number = (sources[key]?.pass ?? 0) + 1
    sources[key]?.pass = number
    sources[key]?.status = .reading(pages: 0)
    sources[key]?.trail = PageTrail()
    sources[key]?.seen = []
    sources[key]?.described = []
    sources[key]?.listed = [:]
    sources[key]?.shared = []
    sources[key]?.began = began
    sources[key]?.damagedSeen = [:]
    return Pass(source: key, number: number)
  }

  /// Applies a page and returns the token of the next one.
  ///
  /// Nil when there is no next page, when the pages repeat (the source has then failed), or when
  /// the reply belongs to an earlier pass. After the last page, rows that the source no longer
  /// holds are detached from it.
  ///
  /// It is never inlined: `Tests/system/bench/budgets` counts between its calls and their returns.
  @inline(never)
  public mutating func apply(_ reply: Reply<Page>, of pass: Pass, uptime: Span) -> PageToken? {
    guard sources[pass.source]?.pass == pass.number,
      case .reading(let pages) = sources[pass.source]?.status,
      // Removed from the dictionary, so that its arrays grow in place instead of being copied for
      // each page.
      var source = sources.removeValue(forKey: pass.source)
    else { return nil }
    hear(reply.time, uptime)
    let isFirstPass = source.fresh == nil
    var touched: [Int] = []
    for handshake in reply.value.handshakes {
      take(
        handshake, from: &source, read: ServiceTime(reply.time, heard: uptime), into: &touched)
    }
    var next: PageToken?
    do throws(BackendError) {
      next = try source.trail.next(after: reply, of: pass.source.direction.operation)
      if next != nil {
        source.status = .reading(pages: pages + 1)
      } else {
        source.status = .complete(at: reply.time)
        source.fresh = ServiceTime(reply.time, heard: uptime)
        if !isFirstPass { touched += dropVanished(&source) }
      }
    } catch {
      source.status = .failed(error)
    }
    sources[pass.source] = source
    if next == nil { refilterByNames() }
    // A source that is read for the first time, for example after a login, streams in as all did at
    // start.
    tell(touched, queueing: isSettled && !isFirstPass)
    settleIfEnded()
    return next
  }

  /// Records that a pass failed; a reply to an earlier pass is ignored.
  ///
  /// For the sent listing of an account that is not a management account, AccessDeniedException and
  /// AWSOrganizationsNotInUseException are expected: the listing becomes `notOffered`, not failed.
  public mutating func fail(_ pass: Pass, _ error: BackendError, uptime: Span) {
    guard sources[pass.source]?.pass == pass.number else { return }
    if let time = error.time { hear(time, uptime) }
    let isMember = identity(pass.source.account)?.role != .management
    let isRefusal = error.exception == .accessDenied || error.exception == .awsOrganizationsNotInUse
    let isExpected = pass.source.direction == .sent && isMember && isRefusal
    sources[pass.source]?.status = isExpected ? .notOffered : .failed(error)
    settleIfEnded()
  }

  /// Applies one handshake that an account read or answered outside a listing.
  ///
  /// A known row changes in place; a new one arrives like one that a refresh found.
  public mutating func apply(_ reply: Reply<Handshake>, seenBy key: SourceKey, uptime: Span) {
    hear(reply.time, uptime)
    // The source of a listing that was never added is not stored: it would be waited for.
    let isListed = sources[key] != nil
    var source = sources.removeValue(forKey: key) ?? Source(key: key)
    let read = ServiceTime(reply.time, heard: uptime)
    var touched: [Int] = []
    take(reply.value, from: &source, read: read, isListing: false, into: &touched)
    if isListed { sources[key] = source }
    tell(touched, queueing: isSettled)
  }

  // MARK: Parts

  /// Stores the service's time from a reply or an error.
  mutating func hear(_ time: Timestamp, _ uptime: Span) {
    clock = ServiceTime(time, heard: uptime)
  }

  /// Stores one record, as a new row or a change of a known one.
  ///
  /// `touched` collects the slots of rows that are new or whose content changed.
  private mutating func take(
    _ handshake: Handshake, from source: inout Source, read: ServiceTime, isListing: Bool = true,
    into touched: inout [Int]
  ) {
    let key = source.key(for: handshake, isListing: isListing)
    guard let slot = store.slots[key] else {
      let row = Row(
        key: key, handshake: handshake, sources: [source.key], read: read.time, heard: read.heard,
        origin: origin)
      let slot = store.append(row)
      source.slots.append(slot)
      source.note(slot, isListing: isListing, handshake)
      touched.append(slot)
      return
    }
    let known = store.rows[slot].handshake
    if isListing, source.contradicts(handshake, at: slot, known: known) {
      return split(slot, from: handshake, in: &source, read: read, into: &touched)
    }
    source.note(slot, isListing: isListing, isListing ? handshake : known)
    let isLater = read.isLater(
      than: store.rows[slot], inPassFrom: isListing ? source.began : nil)
    var isTouched = update(slot, handshake, from: &source, read: read, isLater: isLater)
    // What is read again in this pass does not lift the bar.
    if source.shared.contains(slot), !store.rows[slot].isShared {
      store.update(slot) { row in row.markShared() }
      isTouched = true
    }
    if isTouched { touched.append(slot) }
  }

  /// Applies a record to a known row and returns whether anything about the row changed.
  private mutating func update(
    _ slot: Int, _ handshake: Handshake, from source: inout Source, read: ServiceTime,
    isLater: Bool
  ) -> Bool {
    let row = store.rows[slot]
    let isKnown = row.isSeen(by: source.key)
    if !isKnown { source.slots.append(slot) }
    let isNews = row.origin == .journal || (isLater && row.handshake != handshake)
    guard isNews || !isKnown else {
      if isLater { store.touch(slot, read: read.time, heard: read.heard) }
      return false
    }
    store.update(slot) { row in
      if !isKnown { row.sources.append(source.key) }
      if isNews { row.replace(handshake, read: read.time, heard: read.heard) }
    }
    return true
  }

  /// Stores a second record with the id of `slot` but other content; neither of the two can be
  /// answered.
  private mutating func split(
    _ slot: Int, from handshake: Handshake, in source: inout Source, read: ServiceTime,
    into touched: inout [Int]
  ) {
    store.update(slot) { row in row.markShared() }
    source.shared.insert(slot)
    var other = handshake
    if !other.damage.contains(where: { $0.fault == .duplicateID }) {
      other.damage.append(Damage(.duplicateID, at: "Id"))
    }
    touched.append(slot)
    take(other, from: &source, read: read, into: &touched)
  }

  /// Detaches the rows that this source held before and does not hold any more, and returns their
  /// slots.
  private mutating func dropVanished(_ source: inout Source) -> [Int] {
    let gone = source.slots.filter { !source.seen.contains($0) }
    source.slots.removeAll { !source.seen.contains($0) }
    for slot in gone {
      store.update(slot) { row in row.sources.removeAll { $0 == source.key } }
    }
    return gone
  }

  /// Passes new and changed rows on to all views; with `queueing`, new ones wait behind the note.
  mutating func tell(_ slots: [Int], queueing: Bool) {
    let now = clock?.time
    if preparesTexts || listings.contains(where: \.filter.needsTexts) { store.completeSearch() }
    for index in listings.indices {
      listings[index].note(slots, in: store, queueing: queueing, now: now)
    }
  }

  /// Filters again the views whose filter has a trust term, because a name that becomes known late
  /// can make look-alikes of earlier rows.
  private mutating func refilterByNames() {
    for index in listings.indices where listings[index].filter.needsNames {
      listings[index].refilter(in: store, now: clock?.time)
    }
  }

  /// Sets `isSettled` once all sources have ended and all unresolved profiles have failed.
  mutating func settleIfEnded() {
    guard !isSettled, !sources.isEmpty || !roster.isEmpty else { return }
    isSettled =
      sources.values.allSatisfy(\.status.hasEnded)
      && unresolved.values.allSatisfy { $0.error != nil }
  }
}

extension ServiceTime {
  /// Longer than any request is waited for.
  private static let inFlight = Span.seconds(60)

  /// Returns whether a record read at this time is newer than the row.
  ///
  /// The service's clock orders only replies that were in flight together, because it may have been
  /// wrong at some time. A record is newer if its service time is not before the row's, if the row
  /// was read before the pass began (`began`), or if the row was read more than `inFlight` earlier.
  fileprivate func isLater(than row: Row, inPassFrom began: Span?) -> Bool {
    if row.read <= time { return true }
    if let began, row.heard <= began { return true }
    return heard.milliseconds - row.heard.milliseconds > Self.inFlight.milliseconds
  }
}

extension Source {
  /// Notes that this pass holds the row: `listed` is the record as it was listed, or for one that is read by
  /// itself, as it was before.
  fileprivate mutating func note(_ slot: Int, isListing: Bool, _ listed: Handshake) {
    if isListing {
      if described.contains(slot), self.listed[slot] == nil { self.listed[slot] = listed }
    } else if described.insert(slot).inserted, seen.contains(slot) {
      self.listed[slot] = listed
    }
    seen.insert(slot)
  }

  /// Returns whether this pass listed a record of the same id with another content.
  ///
  /// A row that was read by itself meanwhile may have changed since, so the first listed record is compared,
  /// not the row.
  fileprivate func contradicts(_ handshake: Handshake, at slot: Int, known: Handshake) -> Bool {
    guard described.contains(slot) else { return seen.contains(slot) && known != handshake }
    var read = known
    read.damage.removeAll { $0.fault == .duplicateID }
    return listed[slot].map { $0 != handshake && read != handshake } ?? false
  }

  /// Returns the key of a record.
  ///
  /// A record whose id is missing or shared gets a key made from its content.
  fileprivate mutating func key(for handshake: Handshake, isListing: Bool) -> RowKey {
    let isShared = handshake.damage.contains { $0.fault == .duplicateID }
    if let id = handshake.id, !isShared { return .handshake(id) }
    let place = ServicePlace(.local, at: Untrusted(""))
    let print = Fingerprint(of: handshake, for: key.account, at: place)
    let ordinal = isListing ? damagedSeen[print, default: 0] : 0
    damagedSeen[print] = ordinal + 1
    return .damaged(print, ordinal)
  }
}

extension Inbox {
  /// Joins the journal's notes about handshakes of the service at `place`.
  ///
  /// Handshakes that have no row and that the journal knows to be answered are added from it.
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

  /// Returns our last attempt on a handshake that was carried out; nil when there is none.
  public func appliedAttempt(_ id: HandshakeID) -> JournalNote? {
    place.flatMap { journal.appliedAttempt(id, at: $0) }
  }

  /// Our attempts at this service whose outcome is not known.
  public var unresolvedAttempts: [JournalNote] {
    journal.all.filter { $0.intent.place == place && !($0.outcome?.isEnd ?? false) }
  }

  /// Returns our attempts on a handshake, the oldest first.
  public func attempts(_ id: HandshakeID) -> [JournalNote] {
    place.map { journal.about(id, at: $0) } ?? []
  }
}

extension Handshake {
  /// The kind of a handshake from the journal, derived from its action and the type of its parties.
  ///
  /// The journal does not keep the resources that determine the kind of a handshake from the
  /// service.
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
  /// The handshake as it is after our answer; nil when no answer was carried out.
  fileprivate var answered: Handshake? {
    guard let outcome, outcome.isApplied, let answer = intent.answer, let id = intent.handshake
    else {
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

// Profiles whose account STS returns while the inbox is in use.

extension Inbox {
  /// The accounts that can be viewed, in the order in which they were named.
  public var profiles: [Profile] {
    roster.compactMap { key in
      if case .account(let account) = key { store.profiles[account] } else { nil }
    }
  }

  /// The profiles whose account is unknown, in the order in which they were named.
  public var unresolvedProfiles: [UnresolvedProfile] {
    roster.compactMap { key in
      if case .unresolved(let name) = key { unresolved[name] } else { nil }
    }
  }

  /// Returns the profile of this name if its account is unknown; nil otherwise.
  public func unresolvedProfile(_ name: Untrusted) -> UnresolvedProfile? { unresolved[name] }

  /// Records that STS is being asked for the account of a profile.
  public mutating func asking(_ name: Untrusted) { unresolved[name]?.status = .asking }

  /// Records that STS is to be asked again for the account of a profile.
  public mutating func awaiting(_ name: Untrusted) { unresolved[name]?.status = .waiting }

  /// Records the account that STS returned for a profile, and returns whether it is a new account,
  /// which has to be identified and read.
  ///
  /// Two profiles of one account become one line with two names.
  public mutating func resolved(_ name: Untrusted, as account: AccountID) -> Bool {
    guard unresolved.removeValue(forKey: name) != nil,
      let index = roster.firstIndex(of: .unresolved(name))
    else { return false }
    guard store.profiles[account] == nil else {
      roster.remove(at: index)
      nameProfile(account, name)
      settleIfEnded()
      return false
    }
    roster[index] = .account(account)
    nameProfile(account, name)
    return true
  }

  /// Adds a name to the profile of an account, and applies the filters again that search names.
  private mutating func nameProfile(_ account: AccountID, _ name: Untrusted) {
    store.nameProfile(account, name)
    for index in listings.indices where listings[index].filter.needsProfiles {
      if listings[index].filter.needsTexts { store.completeSearch() }
      listings[index].refilter(in: store, now: clock?.time)
    }
  }

  /// Removes a profile that belongs to an account that is not viewed.
  public mutating func dismiss(_ name: Untrusted) {
    guard unresolved.removeValue(forKey: name) != nil else { return }
    roster.removeAll { $0 == .unresolved(name) }
    settleIfEnded()
  }

  /// Records that STS could not be asked for the account of a profile.
  public mutating func failedToResolve(_ name: Untrusted, _ error: BackendError, uptime: Span) {
    guard unresolved[name] != nil else { return }
    unresolved[name]?.status = .failed(error)
    if let time = error.time { hear(time, uptime) }
    settleIfEnded()
  }
}
