import Model
import Testing
import Text

@Suite struct IdentifierTests {
  @Test(
    "an account id is twelve ASCII digits",
    arguments: [
      ("111122223333", true), ("000000000000", true), ("", false), ("11112222333", false),
      ("1111222233334", false), ("11112222333a", false), (" 11122223333", false),
      ("１１１１２２２２３３３３", false), ("١١١١٢٢٢٢٣٣٣٣", false), ("1111 2222333", false),
    ])
  func accounts(_ text: String, _ isID: Bool) {
    #expect((AccountID(text) != nil) == isID)
    #expect((AccountID(Untrusted(text)) != nil) == isID)
    #expect(AccountID.isWritten(in: Untrusted(text)) == isID)
    #expect(AccountID(text)?.text == (isID ? text : nil))
  }

  @Test(
    "a handshake id is h- and 8 to 32 of 0-9 and a-z",
    arguments: [
      ("h-7d1f0c2a", true), ("h-examplehandshakeid111", true),
      ("h-0123456789abcdef0123456789abcdef", true), ("h-7d1f0c2", false),
      ("h-0123456789abcdef0123456789abcdef0", false), ("h-7D1F0C2A", false), ("7d1f0c2a", false),
      ("h_7d1f0c2a", false), ("h-7d1f0c2a\n", false), ("h-7d1f0c2é", false),
      ("h\u{2010}7d1f0c2a", false), ("h-79d8f6f114ee4304a5e55397eEXAMPLE", false), ("", false),
    ])
  func handshakes(_ text: String, _ isID: Bool) {
    #expect((HandshakeID(text) != nil) == isID)
    #expect((HandshakeID(Untrusted(text)) != nil) == isID)
  }

  @Test("any other byte at any position makes an id invalid")
  func everyByte() {
    let letters = Set("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    for place in 2..<34 {
      for byte in UInt8.min...UInt8.max {
        var bytes = Array("h-0123456789abcdef0123456789abcdef".utf8)
        bytes[place] = byte
        #expect((HandshakeID(Untrusted(bytes: bytes)) != nil) == letters.contains(byte))
      }
    }
  }

  @Test("ids are found with and without their prefix")
  func prefixes() {
    #expect(HandshakeID(withOrWithoutPrefix: "7d1f0c2a")?.text == "h-7d1f0c2a")
    #expect(HandshakeID(withOrWithoutPrefix: "h-7d1f0c2a")?.bare == "7d1f0c2a")
    #expect(HandshakeID(withOrWithoutPrefix: "h-h-7d1f0c2a") == nil)
    #expect(OrganizationID(withOrWithoutPrefix: "a1b2c3d4e5")?.text == "o-a1b2c3d4e5")
    #expect(OrganizationID(withOrWithoutPrefix: "o-a1b2c3d4e5")?.bare == "a1b2c3d4e5")
    #expect(OrganizationID(withOrWithoutPrefix: "a1b2c3d4e") == nil)
    #expect(OrganizationID(withOrWithoutPrefix: "A1b2c3d4e5") == nil)
  }

  @Test("an organization is matched by its id in either form, and by no other text")
  func meaning() throws {
    let id = try #require(OrganizationID("o-a1b2c3d4e5"))
    for (text, isMeant) in [
      ("o-a1b2c3d4e5", true), ("a1b2c3d4e5", true), ("o-a1b2c3d4e6", false), ("1b2c3d4e5", false),
      ("", false), ("o-", false), ("o-o-a1b2c3d4e5", false), ("-a1b2c3d4e5", false),
    ] {
      #expect(id.isMeant(by: Untrusted(text)) == isMeant, "\(text)")
    }
    #expect(OrganizationID.isWritten(in: Untrusted("a1b2c3d4e5")))
    #expect(OrganizationID.isWritten(in: Untrusted("o-a1b2c3d4e5")))
    #expect(!OrganizationID.isWritten(in: Untrusted("juan@example.com")))
  }

  @Test(
    "two texts are different organizations when both are ids and not equal",
    arguments: [
      ("o-a1b2c3d4e5", "a1b2c3d4e5", false), ("o-a1b2c3d4e5", "o-a1b2c3d4e5", false),
      ("a1b2c3d4e5", "a1b2c3d4e6", true), ("o-a1b2c3d4e5", "a1b2c3d4e6", true),
      ("o-a1b2c3d4e5", "o-a1b2c3d4e5f", true), ("o-a1b2c3d4e5", "juan@example.com", false),
      ("", "o-a1b2c3d4e5", false),
    ])
  func differing(_ left: String, _ right: String, _ differ: Bool) {
    #expect(OrganizationID.differ(Untrusted(left), Untrusted(right)) == differ)
    #expect(OrganizationID.differ(Untrusted(right), Untrusted(left)) == differ)
  }

  @Test(
    "an ARN names its sender, in every partition",
    arguments: [
      "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc",
    ])
  func partitions(_ partition: String) throws {
    let text =
      "arn:\(partition):organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111"
    let arn = try #require(HandshakeARN(text))
    #expect(arn.text == text)
    #expect(arn.partition == partition)
    #expect(arn.account.text == "111111111111")
    #expect(arn.organization.text == "o-exampleorgid")
    #expect(arn.names(try #require(HandshakeID("h-examplehandshakeid111"))))
    #expect(!arn.names(try #require(HandshakeID("h-examplehandshakeid112"))))
    #expect(!arn.names(try #require(HandshakeID("h-xamplehandshakeid111"))))
    #expect(HandshakeARN(Untrusted(text)) == arn)
  }

  @Test(
    "an ARN is parsed for every type of handshake",
    arguments: [
      "invite", "enable_all_features", "approve_all_features", "transfer_responsibility",
      "add_organizations_service_linked_role",
    ])
  func types(_ type: String) {
    let arn = HandshakeARN(
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid/\(type)/h-examplehandshakeid111"
    )
    #expect(arn?.contradicts(Action(wireName: Untrusted(type.uppercased()))) == false)
  }

  @Test(
    "an ARN that is not a handshake's is refused",
    arguments: [
      "", "arn", "arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite",
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111/x",
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111:x",
      "arn:aws:organizations:us-east-1:111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:aws:iam::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:gcp:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:AWS:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:aws:organizations::11111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:aws:organizations::111111111111:account/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:aws:organizations::111111111111:handshake/exampleorgid/invite/h-examplehandshakeid111",
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid/Invite/h-examplehandshakeid111",
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid//h-examplehandshakeid111",
      "arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/h-EXAMPLE1",
      " arn:aws:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
      "arn:aws\u{301}:organizations::111111111111:handshake/o-exampleorgid/invite/h-examplehandshakeid111",
    ])
  func noARNs(_ text: String) {
    #expect(HandshakeARN(text) == nil)
    #expect(HandshakeARN(Untrusted(text)) == nil)
  }

  @Test(
    "an address is split at its last @",
    arguments: [
      ("it@example.com", "it", "example.com"), ("\"a@b\"@evil.example", "\"a@b\"", "evil.example"),
      ("a@b@c", "a@b", "c"),
    ])
  func addresses(_ text: String, _ local: String, _ domain: String) {
    let address = EmailAddress(Untrusted(text))
    #expect(address?.local == Untrusted(local))
    #expect(address?.domain == Untrusted(domain))
  }

  @Test("a text without name or domain is not an address", arguments: ["", "@", "a@", "@b", "ab"])
  func noAddresses(_ text: String) {
    #expect(EmailAddress(Untrusted(text)) == nil)
  }
}
