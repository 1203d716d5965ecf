import LocalBackend
import Model
import Text
import Wire

/// The endpoint of AWS Organizations, in AWS JSON 1.1.
struct OrganizationsEndpoint: Sendable {
  let dependencies: SandboxDependencies

  func answer(_ request: ServerRequest, target: Untrusted) async -> Delivery {
    let requestID = dependencies.random.uuid().text
    let clocks: Clocks
    do {
      clocks = try await dependencies.clocks()
    } catch {
      return .whole(storeFailure(requestID))
    }
    let envelope = Envelope(requestID: requestID, time: clocks.service)
    do throws(AccessFault) {
      let signer = Authenticator(dependencies: dependencies, clocks: clocks)
      let principal = try await signer.principal(of: request, for: "organizations")
      return await call(request, target, principal, envelope)
    } catch {
      return .whole(
        envelope.reply(
          400,
          JSONValue.members([
            ("__type", .text(error.jsonCode)), ("message", .text(error.message)),
          ]).json(.wire)))
    }
  }

  private func call(
    _ request: ServerRequest, _ target: Untrusted, _ principal: Principal, _ envelope: Envelope
  ) async -> Delivery {
    guard let operation = ServiceProtocol.operation(target: target) else {
      return .whole(envelope.reply(RequestFault.unknownOperation.error))
    }
    dependencies.truth.count(operation)
    let injected = dependencies.faults.inject(operation)
    await injected.waitBefore()
    if let fault = injected.before,
      let delivery = ResponseCorruption.instead(fault, { Self.error($0, envelope) })
    {
      record(operation, principal, nil, envelope, request.body, fault)
      return delivery
    }
    let served = await handle(
      target, request.body, principal, emptyPages: injected.isPageEmpty)
    record(operation, principal, served, envelope, request.body, injected.after)
    let reply =
      switch served.result {
      case .success(let response): envelope.reply(200, response.body)
      case .failure(let error): envelope.reply(error)
      }
    await injected.waitAfter()
    return ResponseCorruption.corrupt(reply, injected.after) { Self.error($0, envelope) }
  }

  private func storeFailure(_ requestID: String) -> ServerReply {
    Self.error(500, Envelope(requestID: requestID, time: dependencies.time.now()))
  }

  /// Returns the reply for a fault that is given by its HTTP status.
  private static func error(_ status: Int, _ envelope: Envelope) -> ServerReply {
    if status == 429 {
      return envelope.reply(
        ServiceError(
          .tooManyRequests,
          message: Untrusted("You have sent too many requests in too short a period of time.")))
    }
    if status == 409 {
      return envelope.reply(
        ServiceError(
          .concurrentModification,
          message: Untrusted(
            "The target of the operation is currently being modified by a different request.")))
    }
    let fault = ServiceError(
      .service, message: Untrusted("AWS Organizations can't complete your request."))
    return envelope.reply(status, fault.body)
  }
}

extension OrganizationsEndpoint {
  func handle(
    _ target: Untrusted, _ body: [UInt8], _ principal: Principal, emptyPages: Bool
  ) async -> ServedReply {
    let request: ServiceRequest
    do throws(RequestFault) {
      request = try ServiceRequest(target: target, body: body)
    } catch {
      return ServedReply(result: .failure(error.error), applied: .no)
    }
    let backend = dependencies.backend(for: principal.account, emptyPages: emptyPages)
    return await backend.handle(request)
  }

  /// Records the result of a call to a writing operation in the truth log.
  ///
  /// `served` is nil if a fault replaced the call.
  func record(
    _ operation: Operation, _ principal: Principal, _ served: ServedReply?,
    _ envelope: Envelope, _ body: [UInt8], _ fault: FaultSpec?
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
    dependencies.truth.record(entry)
  }

  private static func handshakeID(_ body: [UInt8]) -> Untrusted? {
    ((try? JSONValue.read(body)) ?? .null)["HandshakeId"]?.string
  }
}

/// The parts of every AWS JSON reply outside its body: request id, date, content type.
struct Envelope: Hashable, Sendable {
  var requestID: String
  /// The service's time, which dates the reply.
  var time: Timestamp

  func reply(_ status: Int, _ body: [UInt8]) -> ServerReply {
    ServerReply(
      status: status,
      fields: [
        ("x-amzn-RequestId", requestID), ("Content-Type", ServiceProtocol.contentType),
        ("Date", HTTPDate.text(time)),
      ], body: body)
  }

  func reply(_ error: ServiceError) -> ServerReply {
    var error = error
    // The service says which limit was exceeded; botocore shows it.
    if error.exception == .tooManyRequests, error.throttleType == nil {
      error.throttleType = Untrusted("ACCOUNT")
    }
    return reply(error.status, error.body)
  }
}
