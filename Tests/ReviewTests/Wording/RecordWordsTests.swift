import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewInbox
@testable import ReviewWording

@Suite("Words about records")
struct RecordWordsTests {
  private static func damaged(_ damage: Damage...) throws -> Handshake {
    var handshake = try World.invitation(1)
    handshake.damage = damage
    return handshake
  }

  @Test(
    "each kind of damage is described with the invalid value",
    arguments: [
      (
        Damage(.malformed, at: "ExpirationTimestamp", text: Untrusted("\"soon\"")),
        "ExpirationTimestamp is malformed: \"soon\""
      ),
      (Damage(.wrongType, at: "State", text: Untrusted("7")), "State has the wrong JSON type: 7"),
      (Damage(.missing, at: "Arn"), "Arn is missing"),
      (Damage(.contradiction, at: "Action"), "Action contradicts another member: INVITE"),
      (
        Damage(.contradiction, at: "Parties[1].Id"),
        "Parties[1].Id contradicts another member: 222233334444"
      ),
      (Damage(.broken, at: ""), "the record is not valid JSON"),
    ])
  func words(damage: Damage, expected: String) throws {
    #expect(try Self.damaged(damage).damageWords(in: .utf8).map { $0.text() } == [expected])
  }

  @Test("every fault has words, and its quotation cannot leave its line")
  func every() throws {
    for fault in Damage.Fault.allCases {
      let hostile = Damage(fault, at: "Id", text: Untrusted("\"a\u{1B}[2J\u{202E}\n\""))
      let words = try Self.damaged(hostile).damageWords(in: .ascii).map { $0.text() }
      #expect(words.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
      #expect(
        words.first?.contains(fault.rawValue) == false || fault == .missing || fault == .malformed)
    }
  }

  @Test(
    "an invalid id is shown as it was written",
    arguments: [
      (Damage(.malformed, at: "Id", text: Untrusted("\"h-79d8\\u2026EXAMPLE\"")), "h-79d8…EXAMPLE"),
      (Damage(.wrongType, at: "Id", text: Untrusted("7")), "7"),
      (Damage(.misspelt, at: "id", text: Untrusted("\"h-abcdefgh\"")), "h-abcdefgh"),
      (Damage(.missing, at: "Id"), nil),
    ] as [(Damage, String?)])
  func ids(damage: Damage, expected: String?) throws {
    var handshake = try Self.damaged(damage)
    handshake.id = nil
    #expect(handshake.writtenID == expected.map { Untrusted($0) })
  }

  @Test("effects are described only for intact records of a known kind")
  func effects() throws {
    let member = try Fixture.identity(
      World.acmeDev, in: World.globex, managedBy: World.globexManager)
    var unknown = try World.invitation(1)
    unknown.action = .unknown(Untrusted("TRANSFER_MOON"))
    var noSide = try World.invitation(1)
    noSide.parties = [Party(id: Untrusted("222233334444"), type: .account)]
    let damaged = try Self.damaged(Damage(.malformed, at: "ExpirationTimestamp"))
    for handshake in [unknown, noSide, damaged] {
      for answer in Answer.allCases {
        let all = Consequences(answer, to: handshake, as: member, trust: TrustList())
        #expect(all.effects.isEmpty)
        #expect(all.mayBeRefused.isEmpty)
      }
      #expect(handshake.withheldEffects != nil)
    }
    #expect(unknown.shape.kindName == "UNKNOWN")
    #expect(try World.invitation(1).withheldEffects == nil)
  }

  @Test("a request for the service-linked role is a consent, whether or not it names its parent")
  func serviceRole() throws {
    var handshake = try World.invitation(1)
    handshake.action = .addOrganizationsServiceLinkedRole
    #expect(handshake.shape == .consent)
    #expect(handshake.asConsent(of: "abcdefgh12").shape == .consent)
  }
}
