import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Invalid input")
struct InputTests {
  @Test(
    "The id of a handshake: its length first, then its pattern",
    arguments: [
      ("", "INVALID_PATTERN"), ("h-1234567", "INVALID_PATTERN"),
      ("h-" + String(repeating: "a", count: 33), "MAX_LENGTH_EXCEEDED"),
      (String(repeating: "é", count: 34), "INVALID_PATTERN"),
      (String(repeating: "é", count: 35), "MAX_LENGTH_EXCEEDED"),
      ("h-12345678\n", "INVALID_PATTERN"), ("h-1234567８", "INVALID_PATTERN"),
    ])
  func handshakeIDs(_ text: String, _ reason: String) async throws {
    let world = try World()
    let loner = try world.backend(Cast.loner)
    let answer = "InvalidInputException \(reason)"
    let id = Untrusted(text)
    #expect(await said { try await loner.handshake(id) } == answer)
    for act in [Answer.accept, .decline, .cancel] {
      #expect(await said { try await loner.send(act, id) } == answer)
    }
  }

  @Test(
    "The id of an account to remove",
    arguments: [
      ("12345678901", "INVALID_PATTERN"), ("1234567890123", "MAX_LENGTH_EXCEEDED"),
      ("12345678901x", "INVALID_PATTERN"),
    ])
  func accountIDs(_ text: String, _ reason: String) async throws {
    let world = try World()
    #expect(
      await said { try await world.backend(Cast.acme).remove(Untrusted(text)) }
        == "InvalidInputException \(reason)")
  }

  @Test(
    "The id of a request to create an account",
    arguments: [
      ("car-1234567", "INVALID_PATTERN"), ("car-ABCDEFGH", "INVALID_PATTERN"),
      ("car-" + String(repeating: "a", count: 33), "MAX_LENGTH_EXCEEDED"),
    ])
  func creationIDs(_ text: String, _ reason: String) async throws {
    let world = try World()
    #expect(
      await said { try await world.backend(Cast.acme).accountCreation(Untrusted(text)) }
        == "InvalidInputException \(reason)")
  }

  @Test("The text of tags: letters, spaces and numbers of any script, and _.:/=+-@")
  func tags() async throws {
    let world = try World()
    let acme = try world.backend(Cast.acme)
    func invite(_ key: String, _ value: String) async -> String {
      let tag = Invitation.Tag(key: Untrusted(key), value: Untrusted(value))
      return await said {
        let sent = try await acme.invite(
          Invitation(to: .account(Untrusted(Cast.loner)), tags: [tag])
        ).value
        _ = try await acme.cancel(sent.idText)
      }
    }
    for text in ["k", "Größe ٣ Ⅷ", "a_b.c:d/e=f+g-h@i", "日本\u{2028}"] {
      #expect(await invite(text, text) == "ok", "\(text)")
    }
    for text in ["#", "a;b", "a\u{1B}b", "👍", "\n"] {
      #expect(await invite(text, "") == "InvalidInputException INVALID_PATTERN")
      #expect(await invite("k", text) == "InvalidInputException INVALID_PATTERN")
    }
    #expect(await invite("", "") == "InvalidInputException MIN_LENGTH_EXCEEDED")
    #expect(
      await invite(String(repeating: "#", count: 129), "")
        == "InvalidInputException MAX_LENGTH_EXCEEDED", "its length comes first")
  }

  @Test("A target: its length first, then its format")
  func targets() async throws {
    let world = try World()
    let acme = try world.backend(Cast.acme)
    for (target, reason) in [
      (Invitation.Target.account(Untrusted("")), "MIN_LENGTH_EXCEEDED"),
      (.email(Untrusted("")), "MIN_LENGTH_EXCEEDED"),
      (.account(Untrusted(String(repeating: "1", count: 65))), "MAX_LENGTH_EXCEEDED"),
      (.account(Untrusted("1234")), "INVALID_PATTERN_TARGET_ID"),
      (.email(Untrusted("nobody")), "INVALID_EMAIL_ADDRESS_TARGET"),
    ] {
      let answer = "InvalidInputException \(reason)"
      #expect(await said { try await acme.invite(Invitation(to: target)) } == answer)
      let request = TransferRequest(
        to: target, start: TransferTests.january, name: Untrusted("n"))
      #expect(await said { try await acme.inviteToTransferBilling(request) } == answer)
    }
  }

  @Test("Permission is checked before input, input before lookups")
  func order() async throws {
    let world = try World()
    let loner = try world.backend(Cast.loner)
    let bad = Untrusted("h-SHORT")
    #expect(await said { try await loner.accept(bad) } == "InvalidInputException INVALID_PATTERN")
    #expect(
      await said {
        try await loner.handshakes(Query(.sent), PageRequest(limit: 21))
      } == "InvalidInputException MAX_VALUE_EXCEEDED")
    #expect(
      await said { try await loner.remove(bad) } == "InvalidInputException INVALID_PATTERN")
    for operation in ["AcceptHandshake", "ListHandshakesForOrganization"] {
      try world.change(
        "INSERT INTO denied_actions VALUES (?, 'organizations:\(operation)')", Cast.loner)
    }
    #expect(await said { try await loner.accept(bad) } == "AccessDeniedException")
    for fault in [InputFault.bothFilters, .target(.organization)] {
      #expect(
        await said { try await loner.refuse(.listHandshakesForOrganization, for: fault) }
          == "AccessDeniedException")
    }
    #expect(
      await said { try await loner.refuse(.listHandshakesForAccount, for: .bothFilters) }
        == "InvalidInputException MAX_LIMIT_EXCEEDED_FILTER")
  }
}
