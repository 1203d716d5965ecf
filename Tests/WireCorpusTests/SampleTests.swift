import Model
import TestSupport
import Testing
import Text
import Wire

@Suite struct SampleTests {
  private struct Sample {
    let index: Int
    let kind: String
    let value: JSONValue
    var bytes: [UInt8] { value.json(.wire) }
  }

  private func samples() throws -> [Sample] {
    let file = try JSONValue.read(try SharedFolder.bytes("data/handshake-samples.json"))
    let list = try #require(file.array)
    return try list.enumerated().map { index, sample in
      Sample(
        index: index, kind: try #require(sample["kind"]?.string?.asciiText),
        value: try #require(sample["handshake"]))
    }
  }

  private func handshake(_ sample: Sample) throws -> Handshake {
    let document = try SavedDocument.read(sample.bytes)
    #expect(document.fault == nil)
    return try #require(document.handshakes.count == 1 ? document.handshakes.first : nil)
  }

  @Test("the 24 samples in API form are read and written back as the same values")
  func roundTrip() throws {
    let samples = try samples()
    #expect(samples.count == 26)
    let inForm = samples.filter { $0.kind != "cloudtrail" }
    #expect(inForm.count == 24)
    for sample in inForm {
      let handshake = try handshake(sample)
      for style in [JSONStyle.wire, .document, .terminal, .line] {
        let written = try JSONValue.read(handshake.json(style))
        #expect(written.canonical == sample.value.canonical, "\(sample.index)")
        let again = try SavedDocument.read(handshake.json(style)).handshakes
        #expect(again == [handshake], "\(sample.index)")
      }
    }
  }

  @Test("a sample whose times have the format of the style is written back unchanged")
  func exactTimes() throws {
    for index in [9, 10, 11, 12, 13, 14, 16] {
      let sample = try samples()[index]
      let written = try JSONValue.read(try handshake(sample).json(.wire))
      #expect(written.sorted == sample.value.sorted, "\(index)")
    }
  }

  @Test("the two samples in CloudTrail's form are read as the service would write them")
  func cloudTrail() throws {
    let samples = try samples().filter { $0.kind == "cloudtrail" }
    #expect(samples.count == 2)
    for sample in samples {
      let event = JSONValue.members([
        ("eventVersion", .text("1.08")), ("eventTime", .text("2017-01-18T21:41:17Z")),
        ("responseElements", .members([("handshake", sample.value)])),
      ])
      let lookup = JSONValue.members([
        ("EventName", .text("InviteAccountToOrganization")),
        ("CloudTrailEvent", .string(Untrusted(bytes: event.json(.wire)))),
      ])
      let forms: [JSONValue] = [
        sample.value, .members([("handshake", sample.value)]),
        .members([("Handshake", sample.value)]),
        .members([("Handshakes", .array([sample.value]))]), .array([sample.value]), event,
        .members([("Records", .array([event]))]), .array([event, event]),
        .members([("detail-type", .text("AWS API Call via CloudTrail")), ("detail", event)]),
        .members([("Events", .array([lookup]))]), .array([lookup]),
      ]
      for form in forms {
        let document = try SavedDocument.read(form.json(.document))
        #expect(document.fault == nil && document.recordFault == nil)
        #expect(document.handshakes.count == 1)
        let handshake = try #require(document.handshakes.first)
        #expect(handshake.damage.isEmpty, "\(handshake.damage)")
        #expect(handshake.action == .invite && handshake.state == .open)
        #expect(handshake.shape == .invitation)
        #expect(handshake.recipientAccount?.text == "222222222222")
        #expect(handshake.requested?.awsCLIText == "2017-01-18T21:41:16+00:00")
        #expect(handshake.expires?.awsCLIText == "2017-02-02T21:41:16+00:00")
        #expect(handshake.senderEmail != nil && handshake.notes != nil)
      }
    }
  }

  /// The damage of each sample; the others have none.
  @Test("damage is named where a sample is malformed, and only there")
  func damage() throws {
    let redacted = ["malformed Id", "malformed Arn"]
    let mismatched = redacted + ["contradiction Parties[0].Id"]
    let placeholders =
      redacted + [
        "malformed Parties[0].Id", "malformed Parties[1].Id", "malformed RequestedTimestamp",
        "malformed ExpirationTimestamp",
      ]
    let expected: [Int: [String]] = [
      // The ARN names …111, the id is …222.
      8: ["contradiction Id"], 10: ["contradiction Id"],
      15: [
        "misspelt Parties[0].id", "misspelt Parties[0].type", "missing Parties[0].Id",
        "missing Parties[0].Type", "misspelt requestedTimestamp", "misspelt resources",
        "misspelt state", "missing State", "missing RequestedTimestamp", "missing Resources",
      ],
      17: redacted,
      // Redaction gave the party and the resource different organizations.
      18: mismatched, 19: mismatched, 20: mismatched, 21: mismatched,
      24: placeholders, 25: placeholders,
    ]
    for sample in try samples() where sample.kind != "cloudtrail" {
      let found = try handshake(sample).damage.map { "\($0.fault) \($0.place)" }
      #expect(Set(found) == Set(expected[sample.index] ?? []), "\(sample.index)")
      #expect(found.count == Set(found).count, "\(sample.index)")
    }
  }

  @Test("the kind of a sample follows from its structure")
  func shapes() throws {
    let finalisations: Set = [4, 17, 20, 21]
    for sample in try samples() where sample.kind != "cloudtrail" {
      let expected: Shape =
        finalisations.contains(sample.index)
        ? .finalisation
        : sample.index == 15 ? .unknown : [18, 19].contains(sample.index) ? .consent : .invitation
      #expect(try handshake(sample).shape == expected, "\(sample.index)")
    }
  }

  @Test("the sender and the recipient are found in every sample that has them")
  func facts() throws {
    let samples = try samples()
    let invitation = try handshake(samples[9])
    #expect(invitation.senderAccount?.text == "111111111111")
    #expect(invitation.senderOrganization?.text == "o-exampleorgid")
    #expect(invitation.recipientEmail == Untrusted("juan@example.com"))
    #expect(invitation.recipientAccount == nil)
    #expect(invitation.senderName == Untrusted("Org Master Account"))
    #expect(invitation.requested == Timestamp(milliseconds: 1_481_656_459_257))
    #expect(invitation.featureSet == .unknown(Untrusted("FULL")))
    let consent = try handshake(samples[18])
    #expect(consent.recipientAccount?.text == "111122223333")
    #expect(consent.requested == Timestamp(milliseconds: 1_605_832_524_824))
    // An upper-case letter in a redacted id makes it an invalid id of a parent.
    #expect(consent.parent == nil)
  }

  @Test("a listing of all samples keeps each and marks the repeated ids")
  func listing() throws {
    let values = try samples().filter { $0.kind != "cloudtrail" }.map(\.value)
    let text = JSONValue.members([("Handshakes", .array(values)), ("NextToken", .text("x"))])
    let document = try SavedDocument.read(text.json(.document))
    #expect(document.handshakes.count == 24)
    #expect(document.fault == nil)
    for handshake in document.handshakes {
      let isMarked = handshake.damage.contains { $0.fault == .duplicateID }
      #expect(isMarked == (handshake.id != nil))
    }
  }
}

extension JSONValue {
  /// The value with its members sorted: their order means nothing.
  fileprivate var sorted: JSONValue { mapped { _, value in value } }

  /// Compares times as instants, too: the two generations of the AWS CLI print one time in
  /// different formats.
  fileprivate var canonical: JSONValue {
    mapped { name, value in
      let isTime = ["RequestedTimestamp", "ExpirationTimestamp"].contains(name)
      let time =
        value.number?.epochSeconds ?? value.string.flatMap { Timestamp(reading: $0.bytes) }
      guard isTime, let time else { return value }
      return .int(time.milliseconds)
    }
  }

  private func mapped(_ change: (String, JSONValue) -> JSONValue) -> JSONValue {
    switch self {
    case .array(let elements): return .array(elements.map { $0.mapped(change) })
    case .object(let members):
      let changed = members.map { member in
        let name = member.name.asciiText ?? ""
        return Member(member.name, change(name, member.value).mapped(change))
      }
      return .object(changed.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) })
    default: return self
    }
  }
}
