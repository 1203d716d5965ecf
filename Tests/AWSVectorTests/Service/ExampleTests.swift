import Model
import Sandbox
import TestSupport
import Testing
import Text
import Wire

/// The service's side. (docs/conformance.md counts the client's side.)
@Suite("AWS's own examples and paginators")
struct ExampleTests {
  private static let folder = "models/botocore/organizations/2016-11-28/"
  private static let served = Set(SoundRequests.bodies.map(\.operation))
  private static let contradictory =
    "to-retrieve-a-list-of-the-handshakes-associated-with-an-organization-1472511206653"

  private func read(_ name: String) throws -> JSONValue {
    try JSONValue.read(try SharedFolder.bytes("vectors/" + Self.folder + name), limits: .document)
  }

  @Test("Every example's request is read and written again unchanged; its reply is read completely")
  func examples() throws {
    let file = try read("examples-1.json")
    var checked = 0
    for member in file["examples"]?.object ?? [] {
      let operation = string(.string(member.name)) ?? ""
      guard Self.served.contains(operation) else { continue }
      for example in member.value.array ?? [] {
        let name = string(example["id"]) ?? ""
        let faults = try faults(in: example, of: operation)
        // A record whose ARN names another record's id is reported as damaged.
        #expect(faults == (name == Self.contradictory ? ["Id"] : []), "\(name)")
        checked += 1
      }
    }
    #expect(checked == 16)
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

  /// The content of a handshake is read. (The examples' times have a format that no service sends,
  /// and are reported as damage.)
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

  /// Whether the two are equal apart from the order of members.
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

  @Test("Listings are paged by the names that AWS's paginators use")
  func paginators() async throws {
    var checked = 0
    for member in try read("paginators-1.json")["pagination"]?.object ?? [] {
      let operation = string(.string(member.name)) ?? ""
      guard Self.served.contains(operation) else { continue }
      let names = ["limit_key", "input_token", "output_token", "result_key"].map {
        string(member.value[$0]) ?? ""
      }
      let items = try await items(
        operation, limit: names[0], token: names[1], next: names[2], names[3])
      #expect(items == 3, "\(operation)")
      checked += 1
    }
    #expect(checked == 3)
  }

  /// The number of items in all pages, of three that exist.
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
