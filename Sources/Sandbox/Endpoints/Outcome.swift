import LocalBackend
import Model
import Text
import Wire

/// How a call ended within the service.
enum Outcome: Sendable {
  /// With the reply's body, and the handshake that was answered or made.
  case done([UInt8], handshake: Untrusted?)
  case refused(ServiceError)
}

extension OrganizationsEndpoint {
  func perform(_ target: Untrusted, _ body: [UInt8], _ principal: Principal) async -> Outcome {
    let request: ServiceRequest
    do throws(RequestFault) {
      request = try ServiceRequest(target: target, body: body)
    } catch { return .refused(error.error) }
    let served = await surroundings.backend(for: principal.account).perform(request)
    switch served.result {
    case .success(let response):
      return .done(response.body, handshake: served.handshakeID ?? request.handshakeID)
    case .failure(let error): return .refused(error)
    }
  }

  /// Notes what became of a call that would change something.
  func record(
    _ operation: Operation, _ principal: Principal, _ outcome: Outcome?, _ envelope: Envelope,
    _ body: [UInt8], _ fault: Fault?
  ) {
    guard operation.isWriting else { return }
    var entry = TruthEntry(
      time: envelope.time, requestID: Untrusted(envelope.requestID), operation: operation,
      account: principal.account, handshake: nil, isApplied: false, fault: fault?.name)
    switch outcome {
    case .done(_, let handshake):
      entry.isApplied = true
      entry.handshake = handshake
    case .refused(let error):
      entry.exception = error.exception.wireName
      entry.handshake = Self.handshakeID(body)
    case nil: entry.handshake = Self.handshakeID(body)
    }
    surroundings.truth.record(entry)
  }

  private static func handshakeID(_ body: [UInt8]) -> Untrusted? {
    ((try? JSONValue.read(body)) ?? .null)["HandshakeId"]?.string
  }
}

extension ServiceRequest {
  fileprivate var handshakeID: Untrusted? {
    if case .answer(_, let id) = self { id } else { nil }
  }
}
