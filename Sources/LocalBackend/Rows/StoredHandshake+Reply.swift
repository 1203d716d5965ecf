import Model
import Text

extension StoredHandshake {
  /// As the service tells it at `now`, with its quirks: an ORGANIZATION party without `o-`, a
  /// PARENT_HANDSHAKE without `h-`, and the parties in either order.
  func handshake(at now: Timestamp, organizationFirst: Bool) throws -> Handshake {
    let segment = row.action.arnSegment
    let text =
      "arn:aws:organizations::\(managementAccount.text):handshake/\(row.organization.text)"
      + "/\(segment)/\(row.id.text)"
    guard let arn = HandshakeARN(text) else { throw DamagedRow(column: "action") }
    let organization = Party(id: Untrusted(String(row.organization.bare)), type: .organization)
    var parties = [organization]
    if let recipient = recipientParty {
      parties = organizationFirst ? [organization, recipient] : [recipient, organization]
    }
    return Handshake(
      id: row.id, arn: arn, parties: parties, state: row.state(at: now),
      requested: row.requested, expires: row.expires, action: row.action,
      resources: resources(at: now))
  }

  private var recipientParty: Party? {
    switch row.target {
    case .account(let account): Party(id: Untrusted(account.text), type: .account)
    case .email(let address): Party(id: Untrusted(address), type: .email)
    case nil: nil
    }
  }

  private func resources(at now: Timestamp) -> [Resource] {
    switch row.kind {
    case .invitation:
      [organization(with: invitersFacts), recipientResource(at: now)].compactMap(\.self) + remarks
    case .finalisation: [organization(with: [])]
    case .consent, .roleConsent:
      [
        row.parent.map { Resource(type: .parentHandshake, value: Untrusted(String($0.bare))) },
        organization(with: []), recipientResource(at: now),
      ].compactMap(\.self)
    case .transfer:
      [organization(with: payersFacts)] + transferFacts
        + [recipientResource(at: now)].compactMap(\.self) + remarks
    }
  }

  private func organization(with facts: [Resource]) -> Resource {
    Resource(type: .organization, value: Untrusted(row.organization.text), resources: facts)
  }

  private var invitersFacts: [Resource] {
    [
      Resource(type: .masterEmail, value: Untrusted(managementEmail)),
      Resource(type: .masterName, value: managementName),
      Resource(type: .organizationFeatureSet, value: featureSet.wireName),
    ]
  }

  private var payersFacts: [Resource] {
    [
      Resource(type: .managementAccount, value: Untrusted(managementAccount.text)),
      Resource(type: .managementEmail, value: Untrusted(managementEmail)),
      Resource(type: .managementName, value: managementName),
    ]
  }

  private var transferFacts: [Resource] {
    var facts = [Resource(type: .transferType, value: Untrusted("BILLING"))]
    if let transfer = row.transfer {
      facts.insert(Resource(type: .responsibilityTransfer, value: Untrusted(transfer)), at: 0)
    }
    if let transferStart {
      facts.append(
        Resource(type: .transferStartTimestamp, value: Untrusted(transferStart.journalText)))
    }
    return facts
  }

  /// An address comes to stand for the account that accepted.
  private func recipientResource(at now: Timestamp) -> Resource? {
    switch row.target {
    case .account(let account): Resource(type: .account, value: Untrusted(account.text))
    case .email(let address):
      if row.state == .accepted, let recipient = row.recipient {
        Resource(type: .account, value: Untrusted(recipient.text))
      } else {
        Resource(type: .email, value: Untrusted(address))
      }
    case nil: nil
    }
  }

  private var remarks: [Resource] {
    row.notes.map { [Resource(type: .notes, value: $0)] } ?? []
  }
}

extension Action {
  /// The ARN's word for it: the action in lower case. One is too long for the API's own pattern of
  /// an ARN (32 letters); what AWS writes there is not known, so it is cut to what fits.
  fileprivate var arnSegment: String {
    if case .addOrganizationsServiceLinkedRole = self { return "add_service_linked_role" }
    return (knownName ?? "").lowercased()
  }
}
