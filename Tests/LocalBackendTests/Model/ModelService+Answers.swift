import LocalBackend
import Model

// Accepting, declining, cancelling, and their effects.

extension ModelService {
  /// A handshake that the caller is a party to; any other does not exist.
  func visible(_ id: String, to caller: String) throws(Refused) -> Int {
    guard id.unicodeScalars.count <= 34 else { throw .input(.maxLengthExceeded) }
    guard HandshakeID(id) != nil else { throw .input(.invalidPattern) }
    guard let index = offers.firstIndex(where: { $0.id == id }), isRemembered(offers[index])
    else { throw Refused(.handshakeNotFound) }
    let offer = offers[index]
    let speaks =
      organizations[offer.sender]?.management == caller
      || (accounts[caller]?.isDelegate == true
        && accounts[caller]?.membership?.organization == offer.sender)
    guard offer.recipient == caller || speaks else { throw Refused(.handshakeNotFound) }
    return index
  }

  mutating func answer(_ answer: Answer, _ id: String, by caller: String) throws(Refused) -> Int {
    let account = try authorised(caller, .sending(answer))
    let index = try visible(id, to: caller)
    let offer = offers[index]
    let isSender = organizations[offer.sender]?.management == caller
    let may =
      switch (answer, offer.kind) {
      case (.cancel, _), (.accept, .finalisation): isSender
      case (.decline, .finalisation): false
      default: offer.recipient == caller
      }
    guard may else { throw Refused(.accessDenied) }
    try checkState(answer, offer)
    try requireCalm(offer.sender)
    if answer == .accept { try accept(offer, account) }
    end(index, as: answer.target)
    switch (answer, offer.kind) {
    case (.cancel, .finalisation): giveUp(offer)
    case (.accept, .consent), (.accept, .roleConsent): openParents(of: offer.sender)
    default: break
    }
    return index
  }

  /// The table of states and answers.
  private func checkState(_ answer: Answer, _ offer: Offer) throws(Refused) {
    switch (offer.state, answer) {
    case (.open, _): return
    case (.requested, .accept) where offer.kind == .finalisation:
      throw Refused(.invalidHandshakeTransition)
    case (.requested, _): return
    case (.accepted, .accept), (.declined, .decline), (.canceled, .cancel):
      throw Refused(.handshakeAlreadyInState)
    default: throw Refused(.invalidHandshakeTransition)
    }
  }

  private mutating func end(_ index: Int, as state: HandshakeState) {
    offers[index].state = state
    offers[index].ended = now
  }

  private mutating func accept(_ offer: Offer, _ account: Account) throws(Refused) {
    switch offer.kind {
    case .invitation: try join(account, offer)
    case .consent, .roleConsent:
      guard account.membership?.organization == offer.sender else {
        throw Refused(.awsOrganizationsNotInUse)
      }
      if offer.kind == .roleConsent { try makeRole(in: account) }
    case .finalisation:
      organizations[offer.sender]?.features = .all
      for member in members(of: offer.sender) { accounts[member.id]?.hasRole = true }
    case .transfer: try handOver(offer, account)
    }
  }

  // MARK: Joining

  private mutating func join(_ account: Account, _ offer: Offer) throws(Refused) {
    if let home = organization(of: account.id) {
      try checkMove(account, from: home, to: offer.sender)
    } else if account.payment != .valid {
      throw .joining(.paymentInstrumentRequired)
    }
    let manager = organizations[offer.sender].flatMap { accounts[$0.management] }
    guard manager?.seller == account.seller else {
      throw .joining(.organizationFromDifferentSellerOfRecord)
    }
    try makeRole(in: account)
    depart(account.id)
    accounts[account.id]?.membership = Membership(organization: offer.sender, wasInvited: true)
    organizations[offer.sender]?.attempts[offer.id] = nil
  }

  private func checkMove(
    _ account: Account, from home: Organization, to destination: String
  ) throws(Refused) {
    guard home.management != account.id else { throw Refused(.masterCannotLeaveOrganization) }
    guard home.id != destination else { throw .joining(.alreadyInAnOrganization) }
    if reading == .guide { try require("organizations:LeaveOrganization", of: account) }
    try requireCalm(home.id)
    try checkLetGo(account)
    guard let age = organizations[destination].map({ now - $0.created }), age >= .days(7) else {
      throw .limit(.waitPeriodActive)
    }
  }

  private mutating func makeRole(in account: Account) throws(Refused) {
    if account.hasRole { return }
    guard !isDenied("iam:CreateServiceLinkedRole", to: account) else {
      throw Refused(.accessDeniedForDependency, .accessDeniedDuringCreateServiceLinkedRole)
    }
    accounts[account.id]?.hasRole = true
  }

  // MARK: Leaving

  mutating func leave(_ caller: String) throws(Refused) {
    let account = try authorised(caller, .leaveOrganization)
    let home = try home(of: caller)
    guard home.management != caller else { throw Refused(.masterCannotLeaveOrganization) }
    try putOut(account, of: home)
  }

  mutating func remove(_ id: String, by caller: String) throws(Refused) {
    _ = try authorised(caller, .removeAccountFromOrganization)
    let home = try managed(by: caller)
    guard let account = accounts[id], account.membership?.organization == home.id else {
      throw Refused(.accountNotFound)
    }
    guard home.management != id else { throw Refused(.masterCannotLeaveOrganization) }
    try putOut(account, of: home)
  }

  private mutating func putOut(_ account: Account, of home: Organization) throws(Refused) {
    try requireCalm(home.id)
    try checkLetGo(account)
    switch account.payment {
    case .valid: break
    case .none: throw .limit(.memberAccountPaymentInstrumentRequired)
    case .invalid: throw .limit(.invalidPaymentInstrument)
    }
    guard account.agreementAccepted else { throw .limit(.accountCannotLeaveWithoutEula) }
    guard account.phoneVerified else { throw .limit(.accountCannotLeaveWithoutPhoneVerification) }
    depart(account.id)
  }

  /// Reasons that prevent a member from leaving, in either way.
  private func checkLetGo(_ account: Account) throws(Refused) {
    if account.membership?.wasInvited == false, now - account.created < .days(4) {
      throw .limit(.waitPeriodActive)
    }
    if account.isDelegate { throw .limit(.cannotRemoveDelegatedAdministratorFromOrg) }
  }

  /// A consent is requested from a member: it ends with the membership, and is no longer waited
  /// for.
  private mutating func depart(_ id: String) {
    guard let left = accounts[id]?.membership?.organization else { return }
    accounts[id]?.membership = nil
    for index in offers.indices
    where offers[index].parent != nil && offers[index].sender == left
      && offers[index].recipient == id
    {
      offers[index].isMoot = true
      if offers[index].isPending { end(index, as: .canceled) }
    }
    openParents(of: left)
  }

  // MARK: All features

  /// Once every member that was asked has consented, or left.
  mutating func openParents(of organization: String) {
    for index in offers.indices
    where offers[index].kind == .finalisation && offers[index].state == .requested
      && offers[index].sender == organization
    {
      let isWaiting = offers.contains {
        $0.parent == offers[index].id && $0.state != .accepted && !$0.isMoot
      }
      if !isWaiting { offers[index].state = .open }
    }
  }

  /// The requests are cancelled, and the invitations that promised all features.
  private mutating func giveUp(_ parent: Offer) {
    for index in offers.indices where offers[index].isPending {
      let other = offers[index]
      let isChild = other.parent == parent.id
      let isSince =
        other.kind == .invitation && other.sender == parent.sender
        && other.requested >= parent.requested
      if isChild || isSince { end(index, as: .canceled) }
    }
  }

  mutating func cancelInvitations(of organization: String) {
    for index in offers.indices
    where offers[index].isPending && offers[index].kind == .invitation
      && offers[index].sender == organization
    {
      end(index, as: .canceled)
    }
  }

  // MARK: Billing

  private mutating func handOver(_ offer: Offer, _ account: Account) throws(Refused) {
    let home = try managed(by: account.id)
    guard home.id != offer.sender else { throw .joining(.sourceAndTargetCannotMatch) }
    try requireCalm(home.id)
    guard !hasTransfer(home.id) else { throw .joining(.responsibilityTransferAlreadyExists) }
    if account.pastDue { throw .joining(.pastDueInvoice) }
    if account.prepaidBalance { throw .joining(.unusedPrepaymentBalance) }
    if account.legacyPermissions { throw .joining(.legacyPermissionsStillInUse) }
    if let index = transfers.firstIndex(where: { $0.id == offer.transfer }) {
      transfers[index].source = home.id
    }
  }

  func hasTransfer(_ source: String) -> Bool {
    transfers.contains { $0.source == source && !$0.withdrawn }
  }
}
