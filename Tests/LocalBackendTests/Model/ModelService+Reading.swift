import LocalBackend
import Model
import Text

// Visibility, and the words of each reply.

extension ModelService {
  func list(_ query: Query, for caller: String) throws(Refused) -> [Handshake] {
    let operation: Operation =
      query.direction == .received ? .listHandshakesForAccount : .listHandshakesForOrganization
    _ = try authorised(caller, operation)
    let sender = query.direction == .sent ? try readable(by: caller).id : nil
    return offers.filter { offer in
      guard isRemembered(offer), passes(offer, query.filter) else { return false }
      if let sender { return offer.sender == sender }
      return offer.recipient == caller && !(offer.kind == .invitation && isManager(caller))
    }.map(told)
  }

  private func passes(_ offer: Offer, _ filter: Query.Filter?) -> Bool {
    switch filter {
    case nil: true
    case .action(let action): self.action(offer) == action
    case .parent(let parent): offer.parent == parent.text
    }
  }

  func describe(_ id: String, for caller: String) throws(Refused) -> Handshake {
    _ = try authorised(caller, .describeHandshake)
    return told(offers[try visible(id, to: caller)])
  }

  // MARK: A handshake

  private func action(_ offer: Offer) -> Action {
    switch offer.kind {
    case .invitation: .invite
    case .consent: reading == .guide ? .approveAllFeatures : .enableAllFeatures
    case .finalisation: reading == .guide ? .enableAllFeatures : .approveAllFeatures
    case .roleConsent: .addOrganizationsServiceLinkedRole
    case .transfer: .transferResponsibility
    }
  }

  /// The organization first among the parties; the service itself keeps no order.
  func told(_ offer: Offer) -> Handshake {
    let management = organizations[offer.sender]?.management ?? ""
    let action = action(offer)
    // The ARN's pattern has no room for this one's whole name.
    let segment =
      offer.kind == .roleConsent
      ? "add_service_linked_role" : (action.knownName ?? "").lowercased()
    var parties = [Party(id: Untrusted(String(offer.sender.dropFirst(2))), type: .organization)]
    if let account = offer.account { parties.append(Party(id: Untrusted(account), type: .account)) }
    if let address = offer.address { parties.append(Party(id: Untrusted(address), type: .email)) }
    return Handshake(
      id: HandshakeID(offer.id),
      arn: HandshakeARN(
        "arn:aws:organizations::\(management):handshake/\(offer.sender)/\(segment)/\(offer.id)"),
      parties: parties, state: offer.state, requested: offer.requested, expires: offer.expires,
      action: action, resources: resources(offer, management))
  }

  private func resources(_ offer: Offer, _ management: String) -> [Resource] {
    let manager = accounts[management]
    let email = Untrusted(manager?.email ?? "")
    let name = Untrusted(manager?.name ?? "")
    var told: [Resource] = []
    if let parent = offer.parent {
      told.append(Resource(type: .parentHandshake, value: Untrusted(String(parent.dropFirst(2)))))
    }
    var sender = Resource(type: .organization, value: Untrusted(offer.sender))
    switch offer.kind {
    case .invitation:
      sender.resources = [
        Resource(type: .masterEmail, value: email), Resource(type: .masterName, value: name),
        Resource(
          type: .organizationFeatureSet,
          value: organizations[offer.sender]?.features.wireName ?? Untrusted("")),
      ]
    case .transfer:
      sender.resources = [
        Resource(type: .managementAccount, value: Untrusted(management)),
        Resource(type: .managementEmail, value: email),
        Resource(type: .managementName, value: name),
      ]
    case .consent, .roleConsent, .finalisation: break
    }
    told.append(sender)
    told += aboutTransfer(offer)
    // An address is replaced by the account that accepted.
    let joined = offer.state == .accepted ? offer.recipient : nil
    if let account = offer.account ?? joined {
      told.append(Resource(type: .account, value: Untrusted(account)))
    } else if let address = offer.address {
      told.append(Resource(type: .email, value: Untrusted(address)))
    }
    if let notes = offer.notes {
      told.append(Resource(type: .notes, value: Untrusted(bytes: notes)))
    }
    return told
  }

  private func aboutTransfer(_ offer: Offer) -> [Resource] {
    guard let transfer = transfers.first(where: { $0.id == offer.transfer }) else { return [] }
    return [
      Resource(type: .responsibilityTransfer, value: Untrusted(transfer.id)),
      Resource(type: .transferType, value: Untrusted("BILLING")),
      Resource(type: .transferStartTimestamp, value: Untrusted(transfer.start.journalText)),
    ]
  }

  // MARK: Transfers

  /// Returns the transfers that the organization is a side of.
  ///
  /// A transfer whose offer was not accepted is removed together with its handshake.
  private func transfers(
    _ home: Organization, _ direction: ResponsibilityTransfer.Direction
  ) -> [Transfer] {
    transfers.filter { transfer in
      let offer = offers.first { $0.id == transfer.offer }
      guard transfer.source != nil || offer.map(isRemembered) == true else { return false }
      switch direction {
      case .inbound: return transfer.payer == home.id
      case .outbound:
        let source = transfer.source
        return source.map { $0 == home.id } ?? (offer?.recipient == home.management)
      }
    }
  }

  func listTransfers(
    _ direction: ResponsibilityTransfer.Direction, for caller: String
  ) throws(Refused) -> [ResponsibilityTransfer] {
    _ = try authorised(
      caller,
      direction == .inbound
        ? .listInboundResponsibilityTransfers : .listOutboundResponsibilityTransfers)
    let home = try managed(by: caller)
    return transfers(home, direction).map { told($0, home) }
  }

  /// A transfer that the caller's organization is a side of.
  private func transfer(_ id: String, _ home: Organization) throws(Refused) -> Transfer {
    let mine = transfers(home, .inbound) + transfers(home, .outbound)
    guard let transfer = mine.first(where: { $0.id == id }) else {
      throw Refused(.responsibilityTransferNotFound)
    }
    return transfer
  }

  func describeTransfer(_ id: String, for caller: String) throws(Refused) -> ResponsibilityTransfer
  {
    _ = try authorised(caller, .describeResponsibilityTransfer)
    let home = try managed(by: caller)
    return told(try transfer(id, home), home)
  }

  mutating func rename(
    _ id: String, to name: Untrusted, by caller: String
  ) throws(Refused) -> ResponsibilityTransfer {
    _ = try authorised(caller, .updateResponsibilityTransfer)
    let name = try checkedName(name)
    let home = try managed(by: caller)
    var transfer = try transfer(id, home)
    guard transfer.payer == home.id else { throw Refused(.accessDenied) }
    guard [.requested, .accepted].contains(status(transfer)) else {
      throw .limit(.transferResponsibilityUpdateNotAllowed)
    }
    transfer.name = name
    keep(transfer)
    return told(transfer, home)
  }

  mutating func terminate(
    _ id: String, end: Timestamp?, by caller: String
  ) throws(Refused) -> ResponsibilityTransfer {
    _ = try authorised(caller, .terminateResponsibilityTransfer)
    let last = Span(milliseconds: 1)
    if let end {
      let after = end + last
      let date = CivilDate(after)
      guard after == CivilDate(year: date.year, month: date.month, day: 1).instant else {
        throw .input(.endDateNotEndOfMonth)
      }
      if after < firstOfMonth(1) { throw .input(.endDateTooEarly) }
      if after > firstOfMonth(2) { throw .input(.endDateTooLate) }
    }
    let home = try managed(by: caller)
    var transfer = try transfer(id, home)
    switch status(transfer) {
    case .accepted: break
    case .withdrawn: throw Refused(.responsibilityTransferAlreadyInStatus)
    default: throw Refused(.invalidResponsibilityTransferTransition)
    }
    try requireCalm(home.id)
    transfer.withdrawn = true
    transfer.end = end ?? (firstOfMonth(1) - last)
    keep(transfer)
    return told(transfer, home)
  }

  private mutating func keep(_ transfer: Transfer) {
    if let index = transfers.firstIndex(where: { $0.id == transfer.id }) {
      transfers[index] = transfer
    }
  }

  private func status(_ transfer: Transfer) -> ResponsibilityTransfer.Status {
    if transfer.withdrawn { return .withdrawn }
    if transfer.source != nil { return .accepted }
    switch offers.first(where: { $0.id == transfer.offer })?.state {
    case .declined: return .declined
    case .canceled: return .canceled
    case .expired: return .expired
    default: return .requested
    }
  }

  private func told(_ transfer: Transfer, _ home: Organization) -> ResponsibilityTransfer {
    let offer = offers.first { $0.id == transfer.offer }
    let direction = transfer.payer == home.id ? "inbound" : "outbound"
    let source = transfer.source.flatMap { organizations[$0]?.management } ?? offer?.recipient
    let payer = organizations[transfer.payer].flatMap { accounts[$0.management] }
    let email = source.flatMap { accounts[$0]?.email } ?? offer?.address
    return ResponsibilityTransfer(
      arn: Untrusted(
        "arn:aws:organizations::\(home.management):transfer/\(home.id)/billing/\(direction)/"
          + transfer.id),
      name: Untrusted(transfer.name), id: Untrusted(transfer.id), type: .billing,
      status: status(transfer),
      source: .init(
        managementAccount: source.flatMap { AccountID($0) },
        managementEmail: email.map { Untrusted($0) }),
      target: .init(
        managementAccount: payer.flatMap { AccountID($0.id) },
        managementEmail: payer.map { Untrusted($0.email) }),
      start: transfer.start, end: transfer.end,
      handshake: offer.flatMap { isRemembered($0) ? HandshakeID($0.id) : nil })
  }
}
