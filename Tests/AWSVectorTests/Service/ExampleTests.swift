import Model
import Sandbox
import TestSupport
import Testing
import Text
import Wire

@Suite("AWS's own examples and paginators")
struct ExampleTests {
  private static let folder = "models/botocore/organizations/2016-11-28/"
  private static let served = Set(SoundRequests.bodies.map(\.operation))
  private static let notOurs = "no operation of ours"
  private static let contradictory =
    "to-retrieve-a-list-of-the-handshakes-associated-with-an-organization-1472511206653"

  private func read(_ name: String) throws -> JSONValue {
    try JSONValue.read(try SharedFolder.bytes("vectors/" + Self.folder + name), limits: .document)
  }

  @Test("Every example's request is read and written the same; its reply is read whole")
  func examples() throws {
    let file = try read("examples-1.json")
    var (cases, passed) = (0, 0)
    var leftOut: [Tally.LeftOut] = []
    for member in file["examples"]?.object ?? [] {
      let operation = string(.string(member.name)) ?? ""
      for example in member.value.array ?? [] {
        cases += 1
        let name = string(example["id"]) ?? ""
        guard Self.served.contains(operation) else {
          leftOut.append(Tally.LeftOut(name, Self.notOurs))
          continue
        }
        let faults = try faults(in: example, of: operation)
        if name == Self.contradictory {
          #expect(faults == ["Id"], "the contradiction is told")
          leftOut.append(Tally.LeftOut(name, "a record's ARN names another record's id"))
          continue
        }
        #expect(faults == [], "\(name)")
        if faults.isEmpty { passed += 1 }
      }
    }
    #expect(cases > 40 && passed >= 15)
    try Tally.record(
      file: Self.folder + "examples-1.json", cases: cases, passed: passed, leftOut: leftOut)
  }

  private func faults(in example: JSONValue, of operation: String) throws -> [String] {
    let input = example["input"] ?? .object([])
    let target = Untrusted("AWSOrganizationsV20161128." + operation)
    let request = try ServiceRequest(target: target, body: input.json(.wire))
    var faults = Self.same(try JSONValue.read(request.body), input) ? [] : ["another request"]
    guard let output = example["output"] else { return faults }
    let body = output.json(.wire)
    if let told = output["Handshake"] {
      faults += Self.faults(try ServiceResponse.handshake(body), told)
    } else if let told = output["Handshakes"]?.array {
      let read = try ServiceResponse.page(body).handshakes
      if read.count != told.count { faults.append("\(read.count) of \(told.count)") }
      faults += zip(read, told).flatMap { Self.faults($0, $1) }
    } else if output["Organization"]?["MasterAccountId"] != nil {
      let read = try ServiceResponse.organization(body)
      let written = ServiceResponse.organization(read, partition: Untrusted("aws")).body
      if !Self.same(try JSONValue.read(written), output) { faults.append("another organization") }
    }
    return faults
  }

  /// What is told of a handshake is read. (The examples' times are of a form that no service sends,
  /// and say so as damage.)
  private static func faults(_ read: Handshake, _ told: JSONValue) -> [String] {
    var faults = read.damage.map(\.place).filter { !$0.hasSuffix("Timestamp") }
    if read.id.map({ Untrusted($0.text) }) != told["Id"]?.string { faults.append("another id") }
    if read.state?.wireName != told["State"]?.string { faults.append("another state") }
    if read.action?.wireName != told["Action"]?.string { faults.append("another action") }
    if read.parties.count != told["Parties"]?.array?.count { faults.append("other parties") }
    if read.resources.count != told["Resources"]?.array?.count ?? 0 {
      faults.append("other resources")
    }
    return faults
  }

  /// Equal but for the order of members.
  private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)):
      left.count == right.count
        && left.allSatisfy { member in
          right.contains { $0.name == member.name && same($0.value, member.value) }
        }
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
    default: left == right
    }
  }

  @Test("Listings are turned over by the names that AWS's paginators use")
  func paginators() async throws {
    var (cases, passed) = (0, 0)
    var leftOut: [Tally.LeftOut] = []
    for member in try read("paginators-1.json")["pagination"]?.object ?? [] {
      cases += 1
      let operation = string(.string(member.name)) ?? ""
      guard Self.served.contains(operation) else {
        leftOut.append(Tally.LeftOut(operation, Self.notOurs))
        continue
      }
      let names = ["limit_key", "input_token", "output_token", "result_key"].map {
        string(member.value[$0]) ?? ""
      }
      let items = try await items(
        operation, limit: names[0], token: names[1], next: names[2], names[3])
      #expect(items == 3, "\(operation)")
      if items == 3 { passed += 1 }
    }
    try Tally.record(
      file: Self.folder + "paginators-1.json", cases: cases, passed: passed, leftOut: leftOut)
    let extras = try read("paginators-1.sdk-extras.json")["merge"]?["pagination"]?.object ?? []
    let other = extras.compactMap { string(.string($0.name)) }
    #expect(!other.isEmpty && Self.served.isDisjoint(with: other))
    try Tally.record(
      file: Self.folder + "paginators-1.sdk-extras.json", cases: other.count, passed: 0,
      leftOut: other.map { Tally.LeftOut($0, Self.notOurs) })
  }

  /// How many items the pages of one hold together, of three there are.
  private func items(
    _ operation: String, limit: String, token: String, next: String, _ result: String
  ) async throws -> Int {
    let world = try ServedWorld()
    let byLoner = operation == "ListHandshakesForAccount"
    for number in 0..<3 {
      let target =
        byLoner
        ? #"{"Id":"100000000002","Type":"ACCOUNT"}"#
        : #"{"Id":"n\#(number)@example.com","Type":"EMAIL"}"#
      let sent = try await world.reply(
        to: "InviteAccountToOrganization", Array(#"{"Target":\#(target)}"#.utf8))
      let made = try await world.reply(
        to: "CreateAccount",
        Array(#"{"Email":"m\#(number)@example.com","AccountName":"m"}"#.utf8))
      #expect(sent.applied == .yes && made.applied == .yes)
      guard byLoner, let id = sent.handshakeID?.asciiText else { continue }
      _ = try await world.reply(
        to: "DeclineHandshake", Array(#"{"HandshakeId":"\#(id)"}"#.utf8), as: ServedWorld.loner)
    }
    var count = 0
    var place = ""
    for _ in 0..<10 {
      let reply = try await world.reply(
        to: operation, Array(#"{"\#(limit)":1\#(place)}"#.utf8),
        as: byLoner ? ServedWorld.loner : ServedWorld.manager)
      guard case .success(let response) = reply.result else { return -1 }
      let body = try JSONValue.read(response.body)
      count += body[result]?.array?.count ?? -100
      guard let following = string(body[next]) else { break }
      place = #","\#(token)":"\#(following)""#
    }
    return operation == "ListAccounts" ? count - 1 : count
  }
}
