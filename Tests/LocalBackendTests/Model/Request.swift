import LocalBackend
import Model
import Text

/// One step of an organization service: a request, or time.
enum Request: Hashable {
  case identity
  case members
  case list(Query, limit: Int?)
  case describe(String)
  case answer(Answer, String)
  case invite(Invitation)
  case enableAllFeatures
  case leave
  case remove(String)
  case found(FeatureSet)
  case createAccount(address: String)
  case askToPay(TransferRequest)
  case transfers(ResponsibilityTransfer.Direction)
  case transfer(String)
  case rename(String, Untrusted)
  case terminate(String, end: Timestamp?)
  /// The wall clock advances.
  case wait(Span)
  /// The store's own clock is advanced.
  case advance(Span)
}

/// The service's answer.
enum Said: Hashable {
  case organization(Organization?)
  case members([AccountID])
  case handshake(Handshake)
  case handshakes([Handshake])
  case created(AccountID?, AccountCreation.Failure?)
  case transfer(ResponsibilityTransfer)
  case transfers([ResponsibilityTransfer])
  case done
  case refused(ModelService.Refused)
  /// A failure that is not an answer of the service; the model never gives it.
  case broken(String)
}

/// A request with the account that makes it.
///
/// Its number is its place in the script that it was first part of. The ids that the service
/// assigns follow from it, so that a script keeps its meaning when other steps are left out.
struct Step: Hashable {
  var number: UInt64
  var caller: String
  var request: Request
}

extension ModelService {
  /// The required answer of the service.
  mutating func said(to step: Step, _ ids: NewIDs) -> Said {
    let before = self
    do throws(Refused) { return try carryOut(step.request, by: step.caller, ids) } catch {
      self = before
      return .refused(error)
    }
  }

  private mutating func carryOut(
    _ request: Request, by caller: String, _ ids: NewIDs
  ) throws(Refused) -> Said {
    switch request {
    case .list(let query, _): return .handshakes(try list(query, for: caller))
    case .describe(let id): return .handshake(try describe(id, for: caller))
    case .answer(let answer, let id):
      let index = try self.answer(answer, id, by: caller)
      return .handshake(told(offers[index]))
    case .invite(let invitation):
      let index = try invite(invitation, by: caller, ids)
      return .handshake(told(offers[index]))
    case .enableAllFeatures:
      let index = try enableAllFeatures(by: caller, ids)
      return .handshake(told(offers[index]))
    case .leave: try leave(caller)
    case .remove(let account): try remove(account, by: caller)
    case .wait, .advance: break
    default: return try carryOutMore(request, by: caller, ids)
    }
    return .done
  }

  private mutating func carryOutMore(
    _ request: Request, by caller: String, _ ids: NewIDs
  ) throws(Refused) -> Said {
    switch request {
    case .identity:
      _ = try authorised(caller, .describeOrganization)
      return .organization(organization(of: caller).flatMap(told))
    case .members:
      _ = try authorised(caller, .listAccounts)
      let home = try readable(by: caller)
      return .members(members(of: home.id).compactMap { AccountID($0.id) })
    case .found(let features):
      let made = try found(features, by: caller, ids)
      return .organization(told(made))
    case .createAccount(let address):
      let failure = try createAccount(address, by: caller, ids)
      return .created(failure == nil ? AccountID(ids.account) : nil, failure)
    case .askToPay(let wish):
      let index = try askToPay(wish, by: caller, ids)
      return .handshake(told(offers[index]))
    case .transfers(let direction): return .transfers(try listTransfers(direction, for: caller))
    case .transfer(let id): return .transfer(try describeTransfer(id, for: caller))
    case .rename(let id, let name): return .transfer(try rename(id, to: name, by: caller))
    case .terminate(let id, let end): return .transfer(try terminate(id, end: end, by: caller))
    default: return .done
    }
  }

  private func told(_ organization: Organization) -> Model.Organization? {
    guard let id = OrganizationID(organization.id), let manager = accounts[organization.management],
      let account = AccountID(manager.id)
    else { return nil }
    return Model.Organization(
      id: id, managementAccount: account, managementEmail: Untrusted(manager.email),
      featureSet: organization.features)
  }
}
