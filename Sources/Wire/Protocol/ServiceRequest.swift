import Model
import Text

/// A request of AWS JSON 1.1, as sent or as it arrived: any member may hold what the service would
/// refuse, because refusing is the service's part.
public enum ServiceRequest: Hashable, Sendable {
  // Handshakes
  case answer(Answer, Untrusted)
  case describeHandshake(Untrusted)
  case list(Listing)
  case invite(Inviting)
  case enableAllFeatures

  // Organizations and accounts
  case describeOrganization
  /// The service's own choice of features when nil.
  case createOrganization(FeatureSet?)
  case listAccounts(PageRequest)
  case createAccount(AccountRequest)
  /// By the id of the request, `car-…`.
  case describeCreateAccountStatus(Untrusted)
  case leaveOrganization
  case removeAccount(Untrusted)

  // Responsibility transfers, by their id, `rt-…`
  case inviteToTransfer(InvitingToTransfer)
  case listTransfers(TransferQuery, PageRequest)
  case describeTransfer(Untrusted)
  case updateTransfer(Untrusted, name: Untrusted)
  /// Ends with the month when nil.
  case terminateTransfer(Untrusted, end: Timestamp?)

  public var operation: Operation {
    switch self {
    case .answer(let answer, _): .sending(answer)
    case .describeHandshake: .describeHandshake
    case .list(let listing): listing.direction.operation
    case .invite: .inviteAccountToOrganization
    case .enableAllFeatures: .enableAllFeatures
    case .describeOrganization: .describeOrganization
    case .createOrganization: .createOrganization
    case .listAccounts: .listAccounts
    case .createAccount: .createAccount
    case .describeCreateAccountStatus: .describeCreateAccountStatus
    case .leaveOrganization: .leaveOrganization
    case .removeAccount: .removeAccountFromOrganization
    case .inviteToTransfer: .inviteOrganizationToTransferResponsibility
    case .listTransfers(let query, _):
      query.direction == .inbound
        ? .listInboundResponsibilityTransfers : .listOutboundResponsibilityTransfers
    case .describeTransfer: .describeResponsibilityTransfer
    case .updateTransfer: .updateResponsibilityTransfer
    case .terminateTransfer: .terminateResponsibilityTransfer
    }
  }
}
