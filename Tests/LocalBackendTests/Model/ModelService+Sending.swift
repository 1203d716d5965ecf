import LocalBackend
import Model
import Text

// Inviting, starting to enable all features, offering to pay a bill, creating organizations and
// accounts.

extension ModelService {
  /// The ids that the service has assigned; only it can know them.
  struct NewIDs {
    var handshake = ""
    /// By the account that is asked.
    var children: [String: String] = [:]
    var transfer = ""
    var organization = ""
    var account = ""
  }

  mutating func invite(
    _ invitation: Invitation, by caller: String, _ ids: NewIDs
  ) throws(Refused) -> Int {
    let account = try authorised(caller, .inviteAccountToOrganization)
    let (target, address) = try checked(invitation.target)
    try checkNotes(invitation.notes)
    try checkTags(invitation.tags)
    if !invitation.tags.isEmpty { try require("organizations:TagResource", of: account) }
    let home = try managed(by: caller)
    if let ready = home.ready, now < ready { throw Refused(.finalizingOrganization) }
    guard account.emailVerified else { throw Refused(.accountOwnerNotVerified) }
    if reading == .reference, isMigrating(home.id) {
      throw .joining(.inviteDisabledDuringEnableAllFeatures)
    }
    let recipient = recipient(target, address)
    if let recipient, accounts[recipient]?.membership?.organization == home.id {
      throw .joining(.alreadyInAnOrganization)
    }
    try checkSingle(.invitation, target, address, recipient, from: home.id)
    try checkRoom(home)
    try requireCalm(home.id)
    organizations[home.id]?.attempts[ids.handshake] = now
    offers.append(
      Offer(
        id: ids.handshake, kind: .invitation, sender: home.id, state: .open, requested: now,
        expires: now + .days(15), account: target, address: address, recipient: recipient,
        notes: invitation.notes?.bytes))
    return offers.count - 1
  }

  private func checkRoom(_ home: Organization) throws(Refused) {
    guard taken(home.id) < home.limit else { throw .joining(.accountNumberLimitExceeded) }
    let today = home.attempts.values.count { $0 + .days(1) > now }
    guard today < max(20, home.limit) else { throw .joining(.handshakeRateLimitExceeded) }
  }

  /// Members and invitations count alike.
  private func taken(_ organization: String) -> Int {
    members(of: organization).count
      + offers.count { $0.kind == .invitation && $0.isPending && $0.sender == organization }
  }

  private func recipient(_ account: String?, _ address: String?) -> String? {
    if let account { return accounts[account]?.id }
    return address.flatMap { self.account(withAddress: $0)?.id }
  }

  /// One pending handshake for an action and target, however the target is written.
  private func checkSingle(
    _ kind: Offer.Kind, _ account: String?, _ address: String?, _ recipient: String?,
    from sender: String
  ) throws(Refused) {
    let exists = offers.contains { other in
      guard other.kind == kind, other.isPending, other.sender == sender else { return false }
      if let recipient, other.recipient == recipient { return true }
      if let account { return other.account == account }
      return address?.lowercased() == other.address?.lowercased()
    }
    if exists { throw Refused(.duplicateHandshake) }
  }

  // MARK: All features

  func isMigrating(_ organization: String) -> Bool {
    offers.contains { $0.kind == .finalisation && $0.isPending && $0.sender == organization }
  }

  mutating func enableAllFeatures(by caller: String, _ ids: NewIDs) throws(Refused) -> Int {
    _ = try authorised(caller, .enableAllFeatures)
    let home = try managed(by: caller)
    guard home.features != .all else { throw .joining(.organizationAlreadyHasAllFeatures) }
    guard !isMigrating(home.id) else {
      throw .joining(.organizationIsAlreadyPendingAllFeaturesMigration)
    }
    try requireCalm(home.id)
    cancelInvitations(of: home.id)
    let parent = offers.count
    offers.append(
      Offer(
        id: ids.handshake, kind: .finalisation, sender: home.id, state: .requested,
        requested: now, expires: now + .days(90)))
    for member in members(of: home.id) where member.id != caller {
      let wasInvited = member.membership?.wasInvited == true
      guard wasInvited || !member.hasRole else { continue }
      offers.append(
        Offer(
          id: ids.children[member.id] ?? "", kind: wasInvited ? .consent : .roleConsent,
          sender: home.id, state: .open, requested: now, expires: now + .days(90),
          account: member.id, recipient: member.id, parent: ids.handshake))
    }
    openParents(of: home.id)
    return parent
  }

  // MARK: Billing

  mutating func askToPay(
    _ request: TransferRequest, by caller: String, _ ids: NewIDs
  ) throws(Refused) -> Int {
    _ = try authorised(caller, .inviteOrganizationToTransferResponsibility)
    let (target, address) = try checked(request.target)
    try checkNotes(request.notes)
    let name = try checkedName(request.name)
    try checkStart(request.start)
    let home = try managed(by: caller)
    let recipient = recipient(target, address)
    guard recipient != caller else { throw .joining(.sourceAndTargetCannotMatch) }
    try checkSingle(.transfer, target, address, recipient, from: home.id)
    if let source = recipient.flatMap({ organization(of: $0) }), hasTransfer(source.id) {
      throw .joining(.responsibilityTransferAlreadyExists)
    }
    try requireCalm(home.id)
    transfers.append(
      Transfer(
        id: ids.transfer, name: name, start: request.start, payer: home.id, offer: ids.handshake))
    offers.append(
      Offer(
        id: ids.handshake, kind: .transfer, sender: home.id, state: .requested, requested: now,
        expires: request.start - .hours(24), account: target, address: address,
        recipient: recipient, transfer: ids.transfer, notes: request.notes?.bytes))
    return offers.count - 1
  }

  /// The first of next month or of the month after, and early enough to be answered a day before.
  private func checkStart(_ start: Timestamp) throws(Refused) {
    let date = CivilDate(start)
    guard start == CivilDate(year: date.year, month: date.month, day: date.day).instant else {
      throw .input(.startDateNotBeginningOfDay)
    }
    guard date.day == 1 else { throw .input(.startDateNotBeginningOfMonth) }
    if start < firstOfMonth(1) || start <= now + .hours(24) { throw .input(.startDateTooEarly) }
    if start > firstOfMonth(2) { throw .input(.startDateTooLate) }
  }

  /// Midnight on the first day of the month that is so many after the present one.
  func firstOfMonth(_ later: Int) -> Timestamp {
    var date = CivilDate(now)
    date = CivilDate(year: date.year, month: date.month, day: 1)
    for _ in 0..<later {
      date.month += 1
      if date.month == 13 { (date.year, date.month) = (date.year + 1, 1) }
    }
    return date.instant
  }

  // MARK: Organizations and accounts

  mutating func found(
    _ features: FeatureSet, by caller: String, _ ids: NewIDs
  ) throws(Refused) -> Organization {
    _ = try authorised(caller, .createOrganization)
    guard organization(of: caller) == nil else { throw Refused(.alreadyInOrganization) }
    let made = Organization(
      id: ids.organization, management: caller, features: features, created: now)
    organizations[made.id] = made
    accounts[caller]?.membership = Membership(organization: made.id, wasInvited: true)
    accounts[caller]?.hasRole = true
    return made
  }

  /// The reason of the failure; nil when the account was created.
  mutating func createAccount(
    _ address: String, by caller: String, _ ids: NewIDs
  ) throws(Refused) -> AccountCreation.Failure? {
    _ = try authorised(caller, .createAccount)
    try checkLength(Untrusted(address), 6...64)
    guard Self.isAddress(address) else { throw .input(.invalidPattern) }
    let home = try managed(by: caller)
    if let ready = home.ready, now < ready { throw Refused(.finalizingOrganization) }
    try requireCalm(home.id)
    if address.hasPrefix(".") { return .invalidEmail }
    guard taken(home.id) < home.limit else { return .accountLimitExceeded }
    guard account(withAddress: address) == nil else { return .emailAlreadyExists }
    var account = Account(id: ids.account, name: "new", email: address, created: now)
    account.hasRole = true
    account.membership = Membership(organization: home.id, wasInvited: false)
    accounts[ids.account] = account
    for index in offers.indices
    where offers[index].recipient == nil
      && offers[index].address?.lowercased() == address.lowercased()
    {
      offers[index].recipient = ids.account
    }
    return nil
  }
}

// MARK: Input

extension ModelService {
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard (6...64).contains(text.unicodeScalars.count), parts.count == 2, !parts[0].isEmpty,
      !text.contains(where: \.isWhitespace)
    else { return false }
    return parts[1].dropFirst().dropLast().contains(".")
  }

  private func checked(
    _ target: Invitation.Target
  ) throws(Refused) -> (account: String?, address: String?) {
    switch target {
    case .account(let text):
      try checkLength(text, 1...64)
      guard let id = AccountID(text) else { throw .input(.invalidPatternTargetId) }
      return (id.text, nil)
    case .email(let text):
      try checkLength(text, 1...64)
      let address = String(decoding: text.bytes, as: UTF8.self)
      guard Self.isAddress(address) else { throw .input(.invalidEmailAddressTarget) }
      return (nil, address)
    }
  }

  private func checkNotes(_ notes: Untrusted?) throws(Refused) {
    guard let notes else { return }
    try checkLength(notes, 0...1_024)
    let text = String(decoding: notes.bytes, as: UTF8.self).lowercased()
    if text.contains("<script") || text.contains("javascript:") { throw .input(.invalidPattern) }
  }

  private func checkTags(_ tags: [Invitation.Tag]) throws(Refused) {
    var seen: Set<Untrusted> = []
    var isRepeated = false
    for tag in tags {
      try checkLength(tag.key, 1...128)
      try checkLength(tag.value, 0...256)
      if String(decoding: tag.key.bytes, as: UTF8.self).lowercased().hasPrefix("aws:") {
        throw .input(.invalidSystemTagsParameter)
      }
      isRepeated = isRepeated || !seen.insert(tag.key).inserted
    }
    if isRepeated { throw .input(.duplicateTagKey) }
  }

  func checkedName(_ name: Untrusted) throws(Refused) -> String {
    try checkLength(name, 1...128)
    guard name.bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw .input(.invalidPattern)
    }
    return String(decoding: name.bytes, as: UTF8.self)
  }

  private func checkLength(_ text: Untrusted, _ allowed: ClosedRange<Int>) throws(Refused) {
    let length = String(decoding: text.bytes, as: UTF8.self).unicodeScalars.count
    if length < allowed.lowerBound { throw .input(.minLengthExceeded) }
    if length > allowed.upperBound { throw .input(.maxLengthExceeded) }
  }
}
