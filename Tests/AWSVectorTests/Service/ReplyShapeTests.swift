import Model
import Sandbox
import TestSupport
import Testing
import Text
import Wire

/// The life of an organization over the wire, in which every operation succeeds.
private struct Life {
  let world: ServedWorld
  private(set) var replies: [(operation: String, body: JSONValue)] = []

  init() throws { world = try ServedWorld() }

  /// The reply's body; fails unless the operation succeeded.
  @discardableResult
  private mutating func ask(
    _ operation: String, _ body: String = "{}", as account: String = ServedWorld.manager
  ) async throws -> JSONValue {
    let reply = try await world.reply(to: operation, Array(body.utf8), as: account)
    guard case .success(let response) = reply.result else {
      throw FixtureError(text: "\(operation): \(reply.result)")
    }
    let value = try JSONValue.read(response.body)
    replies.append((operation, value))
    return value
  }

  mutating func live() async throws {
    try await exchangeHandshakes()
    try await runOrganizations()
    try await transferBills()
  }

  private mutating func invite() async throws -> String {
    let sent = try await ask(
      "InviteAccountToOrganization",
      #"{"Target":{"Id":"100000000002","Type":"ACCOUNT"},"Notes":"n\u001b",\#(SoundRequests.tags)}"#
    )
    return #"{"HandshakeId":"\#(string(sent["Handshake"]?["Id"]) ?? "")"}"#
  }

  private mutating func exchangeHandshakes() async throws {
    try await ask("DescribeOrganization")
    try await ask("DeclineHandshake", try await invite(), as: ServedWorld.loner)
    try await ask("CancelHandshake", try await invite())
    let sent = try await invite()
    try await ask("DescribeHandshake", sent)
    try await ask("ListHandshakesForAccount", #"{"MaxResults":1}"#, as: ServedWorld.loner)
    try await ask("ListHandshakesForOrganization", #"{"Filter":{"ActionType":"INVITE"}}"#)
    try await ask("AcceptHandshake", sent, as: ServedWorld.loner)
    try await ask("ListAccounts", #"{"MaxResults":1}"#)
    try await ask("LeaveOrganization", as: ServedWorld.loner)
  }

  private mutating func runOrganizations() async throws {
    try await ask(
      "CreateOrganization", #"{"FeatureSet":"CONSOLIDATED_BILLING"}"#, as: ServedWorld.loner)
    try await ask("EnableAllFeatures", as: ServedWorld.loner)
    var made = ""
    for _ in 0..<2 {
      let taken = try await ask(
        "CreateAccount", #"{"Email":"new@example.com","AccountName":"new"}"#)
      let id = string(taken["CreateAccountStatus"]?["Id"]) ?? ""
      let told = try await ask(
        "DescribeCreateAccountStatus", #"{"CreateAccountRequestId":"\#(id)"}"#)
      made = string(told["CreateAccountStatus"]?["AccountId"]) ?? made
    }
    world.time.pass(.days(5))
    try await ask("RemoveAccountFromOrganization", #"{"AccountId":"\#(made)"}"#)
  }

  private mutating func transferBills() async throws {
    let sent = try await ask(
      "InviteOrganizationToTransferResponsibility",
      #"{"Type":"BILLING","Target":{"Id":"100000000002","Type":"ACCOUNT"},"Notes":"n","#
        + #""StartTimestamp":1798761600,"SourceName":"bills"}"#)
    let type = #"{"Type":"BILLING"}"#
    let listed = try await ask("ListInboundResponsibilityTransfers", type)
    let handshake = string(sent["Handshake"]?["Id"]) ?? ""
    try await ask("ListOutboundResponsibilityTransfers", type, as: ServedWorld.loner)
    try await ask(
      "AcceptHandshake", #"{"HandshakeId":"\#(handshake)"}"#, as: ServedWorld.loner)
    let id = string(listed["ResponsibilityTransfers"]?.array?.first?["Id"]) ?? ""
    try await ask("DescribeResponsibilityTransfer", #"{"Id":"\#(id)"}"#, as: ServedWorld.loner)
    try await ask("UpdateResponsibilityTransfer", #"{"Id":"\#(id)","Name":"other"}"#)
    try await ask("TerminateResponsibilityTransfer", #"{"Id":"\#(id)"}"#)
  }
}

@Suite("Every reply has the shape of AWS's model")
struct ReplyShapeTests {
  @Test("Names, order, types, values, patterns and lengths", arguments: ServiceModel.files)
  func shapes(_ file: String) async throws {
    let model = try ServiceModel(file)
    var life = try Life()
    try await life.live()
    let told = Set(life.replies.map(\.operation))
    #expect(told == Set(SoundRequests.bodies.map(\.operation)))
    for (name, body) in life.replies {
      let operation = try #require(model.operations.first { $0.name == name })
      guard let output = operation.output else {
        #expect(body == .object([]), "\(name)")
        continue
      }
      #expect(try ReplyShape(model: model).faults(body, output, at: name) == [])
      #expect(body.object?.isEmpty == false, "\(name)")
    }
  }

  @Test("Violations are found")
  func judge() throws {
    let model = try ServiceModel(ServiceModel.files[0])
    let shape = ReplyShape(model: model)
    for (text, fault) in [
      (#"{"Id":"o-SHORT"}"#, "x.Id: breaks the pattern"),
      (#"{"FeatureSet":"SOME"}"#, "x.FeatureSet: is no value"),
      (#"{"Arn":5}"#, "x.Arn: not a string"),
      (#"{"Name":"x"}"#, "x: no member Name"),
      (#"{"FeatureSet":"ALL","Id":"o-a1b2c3d4e5"}"#, "x: Id is out of order"),
      (#"{"MasterAccountId":null}"#, "x.MasterAccountId: not a string"),
    ] {
      let value = try JSONValue.read(Array(text.utf8))
      #expect(try shape.faults(value, "Organization", at: "x") == [fault])
    }
  }
}
