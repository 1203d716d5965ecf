import LocalBackend
import Model
import Text
import Wire

/// The embedded service's reply to one request.
public struct ServedReply: Sendable {
  /// The response, or the error that the client is sent.
  public var result: Result<ServiceResponse, ServiceError>
  /// The store's time at the request; nil if even that could not be read.
  public var time: Timestamp?
  /// The request's id, a version 4 UUID; nil if the request never reached the store.
  public var requestID: Untrusted?
  /// Whether the request was carried out.
  ///
  /// `.unknown` only if the store failed while it committed.
  public var applied: Applied

  /// The three possible answers to whether a request was carried out.
  public enum Applied: Hashable, Sendable {
    case yes
    case no
    case unknown
  }

  /// The id of the handshake that was answered, created or described.
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
  /// Translates a failure of the backend; a store that cannot be used is an internal service error.
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
  /// Carries out `request` as this backend's account, or refuses it as the service does.
  ///
  /// Always returns a reply; an account that the store does not have is denied.
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

  // MARK: Requests with input that the domain's types cannot hold

  /// Lists handshakes.
  ///
  /// - Throws: `BackendError`: InvalidInputException for two filters or an invalid parent id, and
  ///   whatever `handshakes(_:_:)` throws.
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

  /// Sends an invitation.
  ///
  /// - Throws: `BackendError`: InvalidInputException if the target is neither an account nor an
  ///   address, and whatever `invite(_:)` throws.
  private func handle(
    _ inviting: ServiceRequest.Inviting
  ) async throws(BackendError) -> ServedReply {
    guard let invitation = inviting.invitation else {
      return try await refused(
        .inviteAccountToOrganization, for: .target(inviting.targetType))
    }
    return served(try await invite(invitation)) { .handshake($0) }
  }

  /// Offers to take over another organization's bill.
  ///
  /// - Throws: `BackendError`: InvalidInputException if the target is neither an account nor an
  ///   address, and whatever `inviteToTransferBilling(_:)` throws.
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

  /// Refuses an operation because of its input, after the check of the caller's permissions.
  ///
  /// - Throws: `BackendError`, always.
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
