import LocalBackend
import Model
import Text
import Wire

/// Carries a request out on the store.
struct Dispatcher: Sendable {
  let backend: LocalBackend

  func response(to request: ServiceRequest) async throws(ServiceError) -> ServiceResponse {
    do throws(BackendError) {
      switch request {
      case .answer(.accept, let id): return .handshake(try await backend.accept(id).value)
      case .answer(.decline, let id): return .handshake(try await backend.decline(id).value)
      case .answer(.cancel, let id): return .handshake(try await backend.cancel(id).value)
      case .describeHandshake(let id):
        guard let id = HandshakeID(id.asciiText ?? "") else {
          throw BackendError(
            .service(.invalidInput, reason: .invalidPattern, message: Untrusted("")),
            in: .describeHandshake, applied: .refused)
        }
        return .handshake(try await backend.handshake(id).value)
      case .list(let listing):
        return .page(
          try await backend.handshakes(
            Query(listing.direction, filter: listing.action.map { .action($0) }),
            page: listing.token
          ).value)
      case .invite(let inviting):
        guard let invitation = inviting.invitation else {
          throw BackendError(.cancelled, in: .inviteAccountToOrganization, applied: .refused)
        }
        return .handshake(try await backend.invite(invitation).value)
      case .enableAllFeatures: return .handshake(try await backend.enableAllFeatures().value)
      case .describeOrganization:
        return .organization(
          try await backend.describeOrganization().value, partition: Untrusted("aws"))
      default:
        throw BackendError(
          .service(.unknownOperation, reason: nil, message: Untrusted("")), in: request.operation,
          applied: .refused)
      }
    } catch {
      if case .service(let exception, let reason, let message) = error.failure {
        throw ServiceError(exception, reason: reason, message: message)
      }
      throw ServiceError(.service, message: Untrusted("The store failed."))
    }
  }
}
