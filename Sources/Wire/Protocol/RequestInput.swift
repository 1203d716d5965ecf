import Model
import Text

extension ServiceRequest {
  /// Parses a request as a server receives it; unknown members are ignored.
  ///
  /// - Parameters:
  ///   - target: The value of the header `X-Amz-Target`.
  ///   - body: The JSON of the request; empty for no input.
  /// - Throws: `RequestFault.unknownOperation` when the target names no operation of
  ///   `ServiceRequest`, `unreadable` when the body is not a JSON object or a member has another
  ///   type, and `missing` for an absent member that the operation requires.
  public init(target: Untrusted, body: [UInt8]) throws(RequestFault) {
    guard let operation = ServiceProtocol.operation(target: target) else {
      throw .unknownOperation
    }
    let input = try RequestInput(body: body)
    if let request = try Self.aboutHandshakes(operation, input) {
      self = request
    } else if let request = try Self.aboutOrganizations(operation, input) {
      self = request
    } else if let request = try Self.aboutTransfers(operation, input) {
      self = request
    } else {
      throw .unknownOperation
    }
  }

  private static func aboutHandshakes(
    _ operation: Operation, _ input: RequestInput
  ) throws(RequestFault) -> ServiceRequest? {
    switch operation {
    case .acceptHandshake: .answer(.accept, try input.required("HandshakeId"))
    case .declineHandshake: .answer(.decline, try input.required("HandshakeId"))
    case .cancelHandshake: .answer(.cancel, try input.required("HandshakeId"))
    case .describeHandshake: .describeHandshake(try input.required("HandshakeId"))
    case .listHandshakesForAccount: .list(try input.listing(.received))
    case .listHandshakesForOrganization: .list(try input.listing(.sent))
    case .inviteAccountToOrganization: .invite(try input.inviting())
    case .enableAllFeatures: .enableAllFeatures
    default: nil
    }
  }

  private static func aboutOrganizations(
    _ operation: Operation, _ input: RequestInput
  ) throws(RequestFault) -> ServiceRequest? {
    switch operation {
    case .describeOrganization: .describeOrganization
    case .createOrganization:
      .createOrganization(try input.optional("FeatureSet").map { FeatureSet(wireName: $0) })
    case .listAccounts: .listAccounts(try input.page())
    case .createAccount: .createAccount(try input.accountRequest())
    case .describeCreateAccountStatus:
      .describeCreateAccountStatus(try input.required("CreateAccountRequestId"))
    case .leaveOrganization: .leaveOrganization
    case .removeAccountFromOrganization: .removeAccount(try input.required("AccountId"))
    default: nil
    }
  }

  private static func aboutTransfers(
    _ operation: Operation, _ input: RequestInput
  ) throws(RequestFault) -> ServiceRequest? {
    switch operation {
    case .inviteOrganizationToTransferResponsibility:
      .inviteToTransfer(try input.invitingToTransfer())
    case .listInboundResponsibilityTransfers:
      .listTransfers(
        TransferQuery(.inbound, type: try input.transferType(), id: try input.optional("Id")),
        try input.page())
    case .listOutboundResponsibilityTransfers:
      .listTransfers(TransferQuery(.outbound, type: try input.transferType()), try input.page())
    case .describeResponsibilityTransfer: .describeTransfer(try input.required("Id"))
    case .updateResponsibilityTransfer:
      .updateTransfer(try input.required("Id"), name: try input.required("Name"))
    case .terminateResponsibilityTransfer:
      .terminateTransfer(try input.required("Id"), end: try input.time("EndTimestamp"))
    default: nil
    }
  }
}

// MARK: Inputs of more than one member

extension RequestInput {
  /// Returns the members `NextToken` and `MaxResults`.
  ///
  /// - Throws: `RequestFault.unreadable` when one of them has another type.
  fileprivate func page() throws(RequestFault) -> PageRequest {
    PageRequest(try optional("NextToken").map { PageToken($0) }, limit: try integer("MaxResults"))
  }

  fileprivate func listing(
    _ direction: Query.Direction
  ) throws(RequestFault) -> ServiceRequest.Listing {
    let filter = try structure("Filter")
    let page = try page()
    return ServiceRequest.Listing(
      direction, action: try filter?.optional("ActionType").map { Action(wireName: $0) },
      parent: try filter?.optional("ParentHandshakeId"), token: page.token, limit: page.limit)
  }

  fileprivate func inviting() throws(RequestFault) -> ServiceRequest.Inviting {
    let target = try target()
    return ServiceRequest.Inviting(
      targetID: target.id, targetType: target.type, notes: try optional("Notes"),
      tags: try tags())
  }

  fileprivate func invitingToTransfer()
    throws(RequestFault) -> ServiceRequest.InvitingToTransfer
  {
    let type = try transferType()
    let target = try target()
    guard let start = try time("StartTimestamp") else { throw .missing("StartTimestamp") }
    return ServiceRequest.InvitingToTransfer(
      type: type, targetID: target.id, targetType: target.type, notes: try optional("Notes"),
      start: start, name: try required("SourceName"), tags: try tags())
  }

  fileprivate func transferType() throws(RequestFault) -> ResponsibilityTransfer.Kind {
    ResponsibilityTransfer.Kind(wireName: try required("Type"))
  }

  fileprivate func accountRequest() throws(RequestFault) -> AccountRequest {
    AccountRequest(
      email: try required("Email"), name: try required("AccountName"),
      roleName: try optional("RoleName"), billingAccess: try optional("IamUserAccessToBilling"),
      tags: try tags())
  }

  private func target() throws(RequestFault) -> (id: Untrusted, type: PartyType) {
    guard let target = try structure("Target") else { throw .missing("Target") }
    let type = try target.required("Type")
    return (try target.required("Id"), PartyType(wireName: type))
  }

  private func tags() throws(RequestFault) -> [Invitation.Tag] {
    var tags: [Invitation.Tag] = []
    for tag in try structures("Tags") {
      tags.append(Invitation.Tag(key: try tag.required("Key"), value: try tag.required("Value")))
    }
    return tags
  }
}

/// The members of a request's body, or of a structure in it.
///
/// A member that is null counts as absent; one of another type makes the request unreadable.
struct RequestInput {
  private let value: JSONValue

  private init(value: JSONValue) {
    self.value = value
  }

  /// Parses the body of a request.
  ///
  /// - Parameter body: The JSON of the request; empty for no input.
  /// - Throws: `RequestFault.unreadable` when the body is neither empty nor a JSON object.
  init(body: [UInt8]) throws(RequestFault) {
    do throws(JSONFault) {
      // Some clients send an empty body for operations without input.
      value = body.isEmpty ? .object([]) : try JSONValue.read(body)
    } catch {
      throw .unreadable
    }
    guard value.object != nil else { throw .unreadable }
  }

  /// Returns a text; nil when the member is absent.
  ///
  /// - Throws: `RequestFault.unreadable` when the member is not a string.
  func optional(_ name: String) throws(RequestFault) -> Untrusted? {
    guard let member = value[name] else { return nil }
    guard let text = member.string else { throw .unreadable }
    return text
  }

  /// Returns a text that the operation requires.
  ///
  /// - Throws: `RequestFault.missing` when the member is absent, `unreadable` when it is not a
  ///   string.
  func required(_ name: String) throws(RequestFault) -> Untrusted {
    guard let text = try optional(name) else { throw .missing(name) }
    return text
  }

  /// Returns an integer, clamped to `Int`; nil when the member is absent.
  ///
  /// - Throws: `RequestFault.unreadable` when the member is not a number, is written with a
  ///   fraction or an exponent, or does not fit into 64 bits.
  func integer(_ name: String) throws(RequestFault) -> Int? {
    guard let member = value[name] else { return nil }
    guard let number = member.number?.int else { throw .unreadable }
    return Int(clamping: number)
  }

  /// Returns a time given in seconds since 1970, with or without a fraction; nil when it is absent.
  ///
  /// - Throws: `RequestFault.unreadable` when the member is not a number, or not a time of a
  ///   four-digit year.
  func time(_ name: String) throws(RequestFault) -> Timestamp? {
    guard let member = value[name] else { return nil }
    guard let time = member.number?.epochSeconds else { throw .unreadable }
    return time
  }

  /// Returns a structure; nil when the member is absent.
  ///
  /// - Throws: `RequestFault.unreadable` when the member is not an object.
  func structure(_ name: String) throws(RequestFault) -> RequestInput? {
    guard let member = value[name] else { return nil }
    guard member.object != nil else { throw .unreadable }
    return RequestInput(value: member)
  }

  /// Returns the elements of a list of structures; empty when the member is absent.
  ///
  /// - Throws: `RequestFault.unreadable` when the member is not a list, or an element not an
  ///   object.
  func structures(_ name: String) throws(RequestFault) -> [RequestInput] {
    guard let member = value[name] else { return [] }
    guard let list = member.array, list.allSatisfy({ $0.object != nil }) else {
      throw .unreadable
    }
    return list.map { RequestInput(value: $0) }
  }
}

/// The reasons why a server cannot take a request for any operation.
public enum RequestFault: Error, Hashable, Sendable {
  /// The target names no known operation: `UnknownOperationException`.
  case unknownOperation
  /// The body is not JSON, or a member has another type: `SerializationException`.
  case unreadable
  /// This required member is absent: `InvalidInputException`, `INPUT_REQUIRED`.
  case missing(String)

  /// The error that the service answers the request with.
  public var error: ServiceError {
    switch self {
    case .unknownOperation:
      ServiceError(.unknownOperation, message: Untrusted("The operation is not known."))
    case .unreadable:
      ServiceError(.serialization, message: Untrusted("The request body could not be read."))
    case .missing(let member):
      ServiceError(
        .invalidInput, reason: .inputRequired,
        message: Untrusted("The member \(member) is required."))
    }
  }
}
