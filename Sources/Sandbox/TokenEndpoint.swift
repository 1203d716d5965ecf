import LocalBackend
import Model
import Signing
import Text
import Wire

/// The endpoint of AWS STS in the Query protocol: GetCallerIdentity and AssumeRole.
struct TokenEndpoint: Sendable {
  let dependencies: SandboxDependencies

  /// Returns the parameters of a Query request; nil for any other request.
  ///
  /// A Query request is a POST of a form, or a GET whose query names an Action.
  static func form(of request: ServerRequest) -> QueryForm? {
    if request.method == "POST" {
      let type = request.value("content-type")?.asciiText?.lowercased() ?? ""
      return type.hasPrefix("application/x-www-form-urlencoded") ? QueryForm(request.body) : nil
    }
    guard request.method == "GET", let query = request.query else { return nil }
    let form = QueryForm(query.utf8)
    return form["Action"] == nil ? nil : form
  }

  func answer(_ request: ServerRequest, _ form: QueryForm) async -> Delivery {
    let requestID = dependencies.random.uuid().text
    guard let clocks = try? await dependencies.clocks() else {
      let envelope = QueryEnvelope(requestID: requestID, time: dependencies.time.now())
      return .whole(envelope.reply(QueryError(status: 500)))
    }
    let envelope = QueryEnvelope(requestID: requestID, time: clocks.service)
    do throws(AccessFault) {
      let signer = Authenticator(dependencies: dependencies, clocks: clocks)
      let principal = try await signer.principal(of: request, for: "sts")
      return await call(form, principal, clocks, envelope)
    } catch { return .whole(envelope.reply(QueryError(error))) }
  }

  private func call(
    _ form: QueryForm, _ principal: Principal, _ clocks: Clocks, _ envelope: QueryEnvelope
  ) async -> Delivery {
    let action = form["Action"] ?? ""
    let version = form["Version"] ?? ""
    guard version == "2011-06-15", let operation = Self.operation(action) else {
      return .whole(
        envelope.reply(
          QueryError(
            400, "InvalidAction", "Could not find operation \(action) for version \(version)")))
    }
    dependencies.truth.count(operation)
    let injected = dependencies.faults.inject(operation)
    await injected.waitBefore()
    let error = { (status: Int) in envelope.reply(QueryError(status: status)) }
    if let fault = injected.before, let delivery = ResponseCorruption.instead(fault, error) {
      return delivery
    }
    let reply: ServerReply
    do throws(QueryError) {
      let result =
        operation == .getCallerIdentity
        ? identity(principal) : try await assumeRole(form, principal, clocks)
      reply = envelope.reply(action, result)
    } catch { reply = envelope.reply(error) }
    await injected.waitAfter()
    return ResponseCorruption.corrupt(reply, injected.after, error)
  }

  private static func operation(_ action: String) -> Operation? {
    switch action {
    case "GetCallerIdentity": .getCallerIdentity
    case "AssumeRole": .assumeRole
    default: nil
    }
  }

  private func identity(_ principal: Principal) -> String {
    XMLText.element("Arn", principal.arn) + XMLText.element("UserId", principal.userID)
      + XMLText.element("Account", principal.account.text)
  }

  /// Carries out AssumeRole and returns the elements of its result as XML.
  ///
  /// - Throws: `QueryError`: `ValidationError` or `MalformedInput` for invalid input,
  ///   `AccessDenied` if the account is not in the store, the role does not trust the caller, or
  ///   the MFA proof is invalid, and a 500 if the token cannot be sealed.
  private func assumeRole(
    _ form: QueryForm, _ principal: Principal, _ clocks: Clocks
  ) async throws(QueryError) -> String {
    let request = try AssumeRoleRequest(form, chained: principal.session != nil)
    guard await dependencies.accounts.contains(request.account),
      request.role.trusts(request)
    else {
      throw QueryError(
        403, "AccessDenied",
        "User: \(principal.arn) is not authorized to perform: sts:AssumeRole on resource: "
          + request.roleARN)
    }
    if let refusal = request.role.refusal(request) { throw refusal }
    let now = clocks.service - dependencies.faults.skew
    let session = SandboxSession(
      account: request.account, role: request.role.name, name: request.sessionName,
      expires: Timestamp(milliseconds: (now + request.duration).milliseconds / 1_000 * 1_000),
      keyID: SessionSeal.newKeyID(dependencies.random))
    guard let keys = try? dependencies.seal.keys(of: session), let token = keys.sessionToken
    else { throw QueryError(status: 500) }
    let roleID = dependencies.keys.roleID(session.role, of: session.account)
    let user =
      XMLText.element("AssumedRoleId", "\(roleID):\(session.name)")
      + XMLText.element("Arn", session.callerARN)
    let credentials =
      XMLText.element("AccessKeyId", keys.id)
      + XMLText.element("SecretAccessKey", keys.secret.revealedText)
      + XMLText.element("SessionToken", token.revealedText)
      + XMLText.element("Expiration", session.expires.secondsText)
    return "<AssumedRoleUser>\(user)</AssumedRoleUser><Credentials>\(credentials)</Credentials>"
      + (request.sourceIdentity.map { XMLText.element("SourceIdentity", $0) } ?? "")
  }
}

extension Timestamp {
  /// The timestamp in whole seconds: `2026-11-23T02:15:48Z`.
  fileprivate var secondsText: String { String(journalText.prefix(19)) + "Z" }
}

/// An error of STS, with its HTTP status and code.
struct QueryError: Error, Hashable, Sendable {
  var status: Int
  var code: String
  var message: String

  init(_ status: Int, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  init(_ fault: AccessFault) {
    self.init(fault.query.status, fault.query.code, fault.message)
  }

  /// Creates the error for a fault that is given by its HTTP status.
  init(status: Int) {
    switch status {
    case 429: self.init(400, "Throttling", "Rate exceeded")
    case 503:
      self.init(
        503, "ServiceUnavailable",
        "The request has failed due to a temporary failure of the server.")
    default:
      self.init(
        status, "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.")
    }
  }

  static func validation(_ message: String) -> QueryError {
    QueryError(400, "ValidationError", message)
  }
}

/// The XML and header fields around every STS reply.
struct QueryEnvelope: Hashable, Sendable {
  var requestID: String
  /// The service's time, which dates the reply.
  var time: Timestamp

  private static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

  /// Returns the reply with `result`, the XML of the elements inside the result.
  func reply(_ action: String, _ result: String) -> ServerReply {
    reply(
      200,
      "<\(action)Response xmlns=\"\(Self.namespace)\">\n"
        + "  <\(action)Result>\(result)</\(action)Result>\n"
        + "  <ResponseMetadata>\(XMLText.element("RequestId", requestID))</ResponseMetadata>\n"
        + "</\(action)Response>\n")
  }

  func reply(_ error: QueryError) -> ServerReply {
    let type = error.status < 500 ? "Sender" : "Receiver"
    return reply(
      error.status,
      "<ErrorResponse xmlns=\"\(Self.namespace)\">\n  <Error>\n"
        + "    \(XMLText.element("Type", type))\n    \(XMLText.element("Code", error.code))\n"
        + "    \(XMLText.element("Message", error.message))\n  </Error>\n"
        + "  \(XMLText.element("RequestId", requestID))\n</ErrorResponse>\n")
  }

  private func reply(_ status: Int, _ text: String) -> ServerReply {
    ServerReply(
      status: status,
      fields: [
        ("x-amzn-RequestId", requestID), ("Content-Type", "text/xml"),
        ("Date", HTTPDate.text(time)),
      ], body: Array(text.utf8))
  }
}
