import LocalBackend
import Model
import Text
import Wire

extension OrganizationsEndpoint {
  func perform(
    _ target: Untrusted, _ body: [UInt8], _ principal: Principal, emptyPages: Bool
  ) async -> ServedReply {
    let request: ServiceRequest
    do throws(RequestFault) {
      request = try ServiceRequest(target: target, body: body)
    } catch {
      return ServedReply(result: .failure(error.error), applied: .no)
    }
    let backend = surroundings.backend(for: principal.account, emptyPages: emptyPages)
    return await backend.perform(request)
  }

  /// Notes what became of a call that would change something.
  /// - Parameter served: nil when a fault came first.
  func record(
    _ operation: Operation, _ principal: Principal, _ served: ServedReply?,
    _ envelope: Envelope, _ body: [UInt8], _ fault: Fault?
  ) {
    guard operation.isWriting else { return }
    var entry = TruthEntry(
      time: envelope.time, requestID: Untrusted(envelope.requestID), operation: operation,
      account: principal.account, handshake: Self.handshakeID(body), isApplied: false,
      fault: fault?.name)
    if let served {
      entry.isApplied = served.applied == .unknown ? nil : served.applied == .yes
      if let id = served.handshakeID { entry.handshake = id }
      if case .failure(let error) = served.result { entry.exception = error.exception.wireName }
    }
    surroundings.truth.record(entry)
  }

  private static func handshakeID(_ body: [UInt8]) -> Untrusted? {
    ((try? JSONValue.read(body)) ?? .null)["HandshakeId"]?.string
  }
}
