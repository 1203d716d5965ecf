import Model
import Text

extension ServiceRequest {
  /// The request's body. Absent members are left out; an operation without input sends `{}`.
  public var body: [UInt8] { bodyValue.json(.wire) }

  private var bodyValue: JSONValue {
    switch self {
    case .answer(_, let id), .describeHandshake(let id):
      return .members([("HandshakeId", .string(id))])
    case .list(let listing):
      let filter: [(String, JSONValue?)] = [
        ("ActionType", listing.action.map { .string($0.wireName) }),
        ("ParentHandshakeId", listing.parent.map { .string($0) }),
      ]
      let isFiltered = filter.contains { $0.1 != nil }
      return .members([
        ("Filter", isFiltered ? .members(filter) : nil),
        ("NextToken", listing.token.map { .string($0.text) }),
        ("MaxResults", listing.limit.map { .int($0) }),
      ])
    case .invite(let inviting):
      let tags = inviting.tags.map { tag in
        JSONValue.members([("Key", .string(tag.key)), ("Value", .string(tag.value))])
      }
      return .members([
        (
          "Target",
          .members([
            ("Id", .string(inviting.targetID)), ("Type", .string(inviting.targetType.wireName)),
          ])
        ),
        ("Notes", inviting.notes.map { .string($0) }),
        ("Tags", tags.isEmpty ? nil : .array(tags)),
      ])
    case .enableAllFeatures, .describeOrganization, .getCallerIdentity:
      return .object([])
    }
  }
}

/// A request that no operation could be asked with.
public enum RequestFault: Error, Hashable, Sendable {
  /// `UnknownOperationException`: not one of ours.
  case unknownOperation
  /// `SerializationException`: no JSON, or a member of another type.
  case unreadable
  /// `InvalidInputException`, `INPUT_REQUIRED`: this member is not there.
  case missing(String)

  /// What the service answers it with.
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

extension ServiceRequest {
  /// Reads a request as a server gets it. Members it does not know are passed over.
  public init(target: Untrusted, body: [UInt8]) throws(RequestFault) {
    guard let operation = ServiceProtocol.operation(target: target) else {
      throw .unknownOperation
    }
    let input: RequestInput
    do throws(JSONFault) {
      // An empty body is sent by clients for operations without input.
      input = RequestInput(value: body.isEmpty ? .object([]) : try JSONValue.read(body))
    } catch {
      throw .unreadable
    }
    guard input.value.object != nil else { throw .unreadable }
    switch operation {
    case .acceptHandshake: self = .answer(.accept, try input.required("HandshakeId"))
    case .declineHandshake: self = .answer(.decline, try input.required("HandshakeId"))
    case .cancelHandshake: self = .answer(.cancel, try input.required("HandshakeId"))
    case .describeHandshake: self = .describeHandshake(try input.required("HandshakeId"))
    case .listHandshakesForAccount: self = .list(try input.listing(.received))
    case .listHandshakesForOrganization: self = .list(try input.listing(.sent))
    case .inviteAccountToOrganization: self = .invite(try input.inviting())
    case .enableAllFeatures: self = .enableAllFeatures
    case .describeOrganization: self = .describeOrganization
    case .getCallerIdentity: self = .getCallerIdentity
    default: throw .unknownOperation
    }
  }
}

/// The members of a request's body.
private struct RequestInput {
  let value: JSONValue

  func optional(_ name: String) throws(RequestFault) -> Untrusted? {
    guard let member = value[name] else { return nil }
    guard let text = member.string else { throw .unreadable }
    return text
  }

  func required(_ name: String) throws(RequestFault) -> Untrusted {
    guard let text = try optional(name) else { throw .missing(name) }
    return text
  }

  func structure(_ name: String) throws(RequestFault) -> RequestInput? {
    guard let member = value[name] else { return nil }
    guard member.object != nil else { throw .unreadable }
    return RequestInput(value: member)
  }

  func listing(_ direction: Query.Direction) throws(RequestFault) -> ServiceRequest.Listing {
    let filter = try structure("Filter")
    var listing = ServiceRequest.Listing(direction)
    listing.action = try filter?.optional("ActionType").map { Action(wireName: $0) }
    listing.parent = try filter?.optional("ParentHandshakeId")
    listing.token = try optional("NextToken").map { PageToken($0) }
    if let limit = value["MaxResults"] {
      guard let number = limit.number?.int else { throw .unreadable }
      listing.limit = Int(clamping: number)
    }
    return listing
  }

  func inviting() throws(RequestFault) -> ServiceRequest.Inviting {
    guard let target = try structure("Target") else { throw .missing("Target") }
    let type = try target.required("Type")
    var inviting = ServiceRequest.Inviting(
      targetID: try target.required("Id"), targetType: PartyType(wireName: type),
      notes: try optional("Notes"), tags: [])
    guard let tags = value["Tags"] else { return inviting }
    guard let list = tags.array else { throw .unreadable }
    for element in list {
      guard element.object != nil else { throw .unreadable }
      let tag = RequestInput(value: element)
      inviting.tags.append(
        Invitation.Tag(key: try tag.required("Key"), value: try tag.required("Value")))
    }
    return inviting
  }
}
