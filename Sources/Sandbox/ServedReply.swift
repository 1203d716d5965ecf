import LocalBackend
import Model
import Text
import Wire

/// What the embedded service answers to one request.
public struct ServedReply: Sendable {
  public var result: Result<ServiceResponse, ServiceError>
  /// The store's; nil where even that could not be read.
  public var time: Timestamp?
  public var requestID: Untrusted?
  /// Whether it was carried out. Certain for an answer; for a store that failed while it committed,
  /// nobody knows.
  public var applied: Applied

  public enum Applied: Hashable, Sendable {
    case yes
    case no
    case unknown
  }

  /// The id of the handshake that was answered, made or described.
  public var handshakeID: Untrusted? {
    guard case .success(.handshake(let handshake)) = result else { return nil }
    return handshake.id.map { Untrusted($0.text) }
  }
}

extension ServedReply {
  init(_ response: ServiceResponse, time: Timestamp, requestID: Untrusted?) {
    self.init(result: .success(response), time: time, requestID: requestID, applied: .yes)
  }

  init(_ error: BackendError) {
    let applied: Applied =
      switch error.applied {
      case .notSent, .refused: .no
      case .unknown: .unknown
      }
    self.init(
      result: .failure(ServiceError(error.failure)), time: error.time, requestID: error.requestID,
      applied: applied)
  }
}

extension ServiceError {
  /// A store that cannot be used is the service's own fault to a client.
  fileprivate init(_ failure: BackendError.Failure) {
    switch failure {
    case .service(let exception, let reason, let message):
      self.init(exception, reason: reason, message: message)
    case .unreadable, .transport, .certificates, .store, .credentials, .settings, .cancelled:
      self.init(
        .service,
        message: Untrusted(
          "AWS Organizations can't complete your request because of an internal service error. "
            + "Try again later."))
    }
  }
}

extension LocalBackend {
  /// Carries out `request` as this backend's account, or refuses it, as the service does. Always
  /// answers; an account that the store does not have is denied.
  public func handle(_ request: ServiceRequest) async -> ServedReply {
    do throws(BackendError) {
      return switch request {
      case .answer(let answer, let id): served(try await send(answer, id)) { .handshake($0) }
      case .describeHandshake(let id): served(try await handshake(id)) { .handshake($0) }
      case .list(let listing): try await handle(listing)
      case .invite(let inviting): try await handle(inviting)
      case .enableAllFeatures: served(try await enableAllFeatures()) { .handshake($0) }
      case .describeOrganization: served(try await describeOrganization()) { .described($0) }
      case .createOrganization(let features):
        served(try await createOrganization(features ?? .all)) { .described($0) }
      case .listAccounts(let page): served(try await accounts(page)) { .members($0) }
      case .createAccount(let account):
        served(try await createAccount(account)) { .accountCreation($0) }
      case .describeCreateAccountStatus(let id):
        served(try await accountCreation(id)) { .accountCreation($0) }
      case .leaveOrganization: served(try await leaveOrganization()) { .nothing }
      case .removeAccount(let account): served(try await remove(account)) { .nothing }
      case .inviteToTransfer(let inviting): try await handle(inviting)
      case .listTransfers(let query, let page):
        served(try await transfers(query, page)) { .transfers($0) }
      case .describeTransfer(let id): served(try await transfer(id)) { .transfer($0) }
      case .updateTransfer(let id, let name):
        served(try await renameTransfer(id, to: name)) { .transfer($0) }
      case .terminateTransfer(let id, let end):
        served(try await terminateTransfer(id, end: end)) { .transfer($0) }
      }
    } catch {
      return ServedReply(error)
    }
  }

  // MARK: Requests that may name the impossible

  private func handle(
    _ listing: ServiceRequest.Listing
  ) async throws(BackendError) -> ServedReply {
    let operation = ServiceRequest.list(listing).operation
    var query = Query(listing.direction)
    if let parent = listing.parent {
      if listing.action != nil { return try await refused(operation, for: .bothFilters) }
      if let fault = InputFault.parent(parent) { return try await refused(operation, for: fault) }
      query.filter = HandshakeID(parent).map { .parent($0) }
    } else {
      query.filter = listing.action.map { .action($0) }
    }
    let page = PageRequest(listing.token, limit: listing.limit)
    return served(try await handshakes(query, page)) { .page($0) }
  }

  private func handle(
    _ inviting: ServiceRequest.Inviting
  ) async throws(BackendError) -> ServedReply {
    guard let invitation = inviting.invitation else {
      return try await refused(
        .inviteAccountToOrganization, for: .target(inviting.targetType))
    }
    return served(try await invite(invitation)) { .handshake($0) }
  }

  private func handle(
    _ inviting: ServiceRequest.InvitingToTransfer
  ) async throws(BackendError) -> ServedReply {
    guard let request = inviting.request else {
      return try await refused(
        .inviteOrganizationToTransferResponsibility, for: .target(inviting.targetType))
    }
    return served(try await inviteToTransferBilling(request)) { .handshake($0) }
  }

  // MARK: Replies

  private func refused(
    _ operation: Operation, for fault: InputFault
  ) async throws(BackendError) -> ServedReply {
    served(try await refuse(operation, for: fault)) { .nothing }
  }

  private func served<Value>(
    _ reply: Reply<Value>, _ response: (Value) -> ServiceResponse
  ) -> ServedReply {
    ServedReply(response(reply.value), time: reply.time, requestID: reply.requestID)
  }
}

extension ServiceResponse {
  fileprivate static func described(_ organization: Organization) -> ServiceResponse {
    .organization(organization, partition: Untrusted("aws"))
  }
}
