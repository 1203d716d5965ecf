import Model
import TestSupport
import Testing
import Text
import Wire

/// Compares the names that this program knows with the service's own model and examples.
@Suite("AWS's model and examples of Organizations")
struct ModelTableTests {
  private static let folder = "models/botocore/organizations/2016-11-28/"
  private static let newest = ServiceModel.files[0]

  private func names(_ shape: String, in model: ServiceModel) throws -> Set<String> {
    Set(try model.shape(shape).values)
  }

  @Test("every operation of ours is AWS's, with all errors that it may return")
  func operations() throws {
    let model = try ServiceModel(Self.newest)
    let tokens: Set<Model.Operation> = [
      .getCallerIdentity, .assumeRole, .assumeRoleWithWebIdentity,
    ]
    for operation in Model.Operation.allCases where !tokens.contains(operation) {
      let modelled = try #require(model.operations.first { $0.name == operation.rawValue })
      for error in modelled.errors {
        #expect(
          ServiceException(wireName: Untrusted(error)).unknownText == nil,
          "\(operation.rawValue): \(error)")
      }
    }
  }

  @Test("every state, action, party, resource, feature set and reason of the model has a name here")
  func enumerations() throws {
    let model = try ServiceModel(Self.newest)
    func check(_ shape: String, _ isKnown: (Untrusted) -> Bool) throws {
      let names = try names(shape, in: model)
      #expect(!names.isEmpty, "\(shape)")
      for name in names { #expect(isKnown(Untrusted(name)), "\(shape): \(name)") }
    }
    try check("HandshakeState") { HandshakeState(wireName: $0).unknownText == nil }
    try check("ActionType") { Action(wireName: $0).unknownText == nil }
    try check("HandshakePartyType") { PartyType(wireName: $0).unknownText == nil }
    try check("HandshakeResourceType") { ResourceType(wireName: $0).unknownText == nil }
    try check("OrganizationFeatureSet") { FeatureSet(wireName: $0).unknownText == nil }
    for shape in [
      "HandshakeConstraintViolationExceptionReason", "ConstraintViolationExceptionReason",
      "InvalidInputExceptionReason", "AccessDeniedForDependencyExceptionReason",
    ] {
      try check(shape) { Reason(wireName: $0).unknownText == nil }
    }
  }

  @Test("listings use the tokens of AWS's paginators")
  func paginators() throws {
    let file = Self.folder + "paginators-1.json"
    var count = CaseCount()
    for member in try VectorFile.read(file)["pagination"]?.object ?? [] {
      let name = String(decoding: member.name.bytes, as: UTF8.self)
      guard let operation = Model.Operation(rawValue: name) else {
        count.leaveOut(name, "this program does not ask this operation")
        continue
      }
      count.run(name) {
        let isListing =
          member.value.ascii("input_token") == "NextToken"
          && member.value.ascii("output_token") == "NextToken"
          && member.value.ascii("limit_key") == "MaxResults"
        let sound = try JSONValue.read(Array(#"{"NextToken":"t","MaxResults":20}"#.utf8))
        let request = try ServiceRequest(
          target: Untrusted(ServiceProtocol.target(of: operation)), body: sound.json(.wire))
        return isListing && request.body == sound.json(.wire)
      }
    }
    try count.record(file)
    let extras = Self.folder + "paginators-1.sdk-extras.json"
    var others = CaseCount()
    for member in try VectorFile.read(extras)["merge"]?["pagination"]?.object ?? [] {
      others.leaveOut(
        String(decoding: member.name.bytes, as: UTF8.self),
        "this program does not ask this operation")
    }
    try others.record(extras)
  }

  @Test("the model's endpoint rules are those that the endpoint tests check")
  func endpointRules() throws {
    let file = Self.folder + "endpoint-rule-set-1.json"
    var count = CaseCount()
    count.run(file) {
      try SharedFolder.bytes("vectors/" + file)
        == SharedFolder.bytes("vectors/endpoints/organizations/endpoint-rule-set-1.json")
    }
    try count.record(file)
  }

  @Test("every example of an operation of ours is read, and written again unchanged")
  func examples() throws {
    let file = Self.folder + "examples-1.json"
    var count = CaseCount()
    for member in try VectorFile.read(file)["examples"]?.object ?? [] {
      let name = String(decoding: member.name.bytes, as: UTF8.self)
      for (index, example) in (member.value.array ?? []).enumerated() {
        guard let operation = Model.Operation(rawValue: name) else {
          count.leaveOut("\(name) \(index)", "this program does not ask this operation")
          continue
        }
        count.run("\(name) \(index)") {
          try isWrittenAgain(example["input"] ?? .object([]), operation)
            && isUnderstood(example["output"], operation)
        }
      }
    }
    #expect(count.passed > 15)
    try count.record(file)
  }

  private func isWrittenAgain(_ input: JSONValue, _ operation: Model.Operation) throws -> Bool {
    let request = try ServiceRequest(
      target: Untrusted(ServiceProtocol.target(of: operation)), body: input.json(.wire))
    return sorted(try JSONValue.read(request.body)) == sorted(input)
  }

  /// The members that this program reads; the shapes of replies that only the sandbox writes are
  /// tested elsewhere.
  private func isUnderstood(_ output: JSONValue?, _ operation: Model.Operation) throws -> Bool {
    guard let output else { return true }
    let body = output.json(.wire)
    if let said = output["Handshake"] {
      return agrees(try ServiceResponse.handshake(body), with: said)
    }
    if let said = output["Handshakes"]?.array {
      let page = try ServiceResponse.page(body)
      return page.handshakes.count == said.count
        && zip(page.handshakes, said).allSatisfy { agrees($0, with: $1) }
    }
    if let said = output["Organization"] {
      let organization = try ServiceResponse.organization(body)
      return organization.id.text == said.ascii("Id")
        && organization.featureSet.wireName == said["FeatureSet"]?.string
        && organization.managementEmail == said["MasterAccountEmail"]?.string
        && said.ascii("MasterAccountArn")?.hasSuffix(organization.managementAccount.text) == true
    }
    return true
  }

  private func agrees(_ handshake: Handshake, with said: JSONValue) -> Bool {
    func resources(_ list: [Resource]) -> [JSONValue] {
      list.map { resource in
        .members([
          ("Resources", resource.resources.isEmpty ? nil : .array(resources(resource.resources))),
          ("Type", .string(resource.type.wireName)),
          ("Value", resource.value.map { .string($0) }),
        ])
      }
    }
    let parties = handshake.parties.map { party in
      JSONValue.members([
        ("Id", .string(party.id)), ("Type", .string(party.type.wireName)),
      ])
    }
    func time(_ name: String) -> Timestamp? {
      said[name]?.string.flatMap { Timestamp(reading: $0.bytes) }
    }
    return handshake.id?.text == said.ascii("Id") && handshake.arn?.text == said.ascii("Arn")
      && handshake.state?.wireName == said["State"]?.string
      && handshake.action?.wireName == said["Action"]?.string
      && .array(parties) == said["Parties"]
      && .array(resources(handshake.resources)) == (said["Resources"] ?? .array([]))
      // Also in the examples' own format of a time: 20170228T1215Z.
      && handshake.requested == time("RequestedTimestamp")
      && handshake.expires == time("ExpirationTimestamp")
  }

  /// The JSON with the members of objects in the order of their names.
  private func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(sorted))
    case .object(let members):
      .object(
        members.map { JSONValue.Member($0.name, sorted($0.value)) }
          .sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) })
    default: value
    }
  }
}
