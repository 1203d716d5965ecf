import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Organizations and their accounts")
struct OrganizationTests {
  @Test("An account creates one organization, with the requested features")
  func founding() async throws {
    let world = try World()
    let loner = try world.backend(Cast.loner)
    let made = try await loner.createOrganization(.consolidatedBilling).value
    #expect(made.managementAccount.text == Cast.loner)
    #expect(made.featureSet == .consolidatedBilling)
    #expect(try await loner.describeOrganization().value == made)
    for account in [Cast.loner, Cast.clerk, Cast.acme] {
      #expect(
        await said { try await world.backend(account).createOrganization() }
          == "AlreadyInOrganizationException")
    }
    #expect(
      await said {
        try await world.backend(Cast.other).createOrganization(.unknown(Untrusted("SOME")))
      } == "InvalidInputException INVALID_ENUM")
  }

  @Test("Creating an account is answered at once, and can be followed by its id")
  func creating() async throws {
    let world = try World()
    let acme = try world.backend(Cast.acme)
    let request = AccountRequest(
      email: Untrusted("new@example.com"), name: Untrusted("New one"),
      tags: [Invitation.Tag(key: Untrusted("team"), value: Untrusted("pay"))])
    let taken = try await acme.createAccount(request).value
    #expect(taken.state == .inProgress)
    #expect(taken.account == nil && taken.completed == nil)
    #expect(taken.id.asciiText?.isIdentifier("car-") == true)
    let done = try await acme.accountCreation(taken.id).value
    #expect(done.state == .succeeded && done.failure == nil)
    #expect(done.requested == taken.requested && done.completed == world.time.now())
    #expect(done.name == Untrusted("New one"))
    let account = try #require(done.account)
    let made = try #require(
      try await acme.accounts().value.members.first { $0.account == account })
    #expect(made.joinedMethod == .created)
    #expect(made.email == Untrusted("new@example.com"))
    #expect(
      try world.count("SELECT count(*) FROM account_tags WHERE account = '\(account.text)'") == 1)
    let other = try world.backend(Cast.globex)
    #expect(
      await said { try await other.accountCreation(taken.id) }
        == "CreateAccountStatusNotFoundException")
    #expect(
      await said { try await world.backend(Cast.clerk).accountCreation(taken.id) }
        == "AccessDeniedException")
    #expect(
      await said { try await world.backend(Cast.loner).accountCreation(taken.id) }
        == "AWSOrganizationsNotInUseException")
  }

  @Test("A creation that fails afterwards leaves only its status")
  func failing() async throws {
    let world = try World()
    let before = try world.count("SELECT count(*) FROM accounts")
    let taken = try await world.createAccount("LONER@example.com", by: Cast.acme)
    #expect(taken.state == .failed && taken.failure == .emailAlreadyExists)
    #expect(taken.account == nil && taken.completed != nil)
    for address in [
      "a%b@example.com", ".a@example.com", "a@-example.com", "a@exämple.com", "a@example.com.",
    ] {
      let taken = try await world.createAccount(address, by: Cast.acme)
      #expect(taken.failure == .invalidEmail, "\(address)")
    }
    try world.change("UPDATE organizations SET account_limit = 3")
    let full = try await world.createAccount("new@example.com", by: Cast.acme)
    #expect(full.failure == .accountLimitExceeded)
    #expect(try world.count("SELECT count(*) FROM accounts") == before)
  }

  @Test(
    "Only a management account creates, and only when its organization is ready",
    arguments: [
      (Cast.clerk, "", "AccessDeniedException"),
      (Cast.loner, "", "AWSOrganizationsNotInUseException"),
      (
        Cast.acme, "UPDATE organizations SET ready = 9000000000000",
        "FinalizingOrganizationException"
      ),
      (
        Cast.acme, "UPDATE organizations SET changing_until = 9000000000000",
        "ConcurrentModificationException"
      ),
      (
        Cast.acme,
        "INSERT INTO denied_actions VALUES ('\(Cast.acme)', 'organizations:CreateAccount')",
        "AccessDeniedException"
      ),
    ])
  func mayCreate(_ account: String, _ change: String, _ answer: String) async throws {
    let world = try World()
    if !change.isEmpty { try world.change(change) }
    let request = AccountRequest(email: Untrusted("new@example.com"), name: Untrusted("new"))
    #expect(await said { try await world.backend(account).createAccount(request) } == answer)
    #expect(try world.count("SELECT count(*) FROM account_creations") == 0)
  }

  @Test("A member has its ARN, its status in both forms, and how it joined")
  func shape() async throws {
    let world = try World()
    try world.change("UPDATE accounts SET status = 'SUSPENDED' WHERE id = ?", Cast.clerk)
    let members = try await world.backend(Cast.acme).accounts().value.members
    #expect(members.map(\.account.text) == [Cast.acme, Cast.clerk, Cast.robot])
    let clerk = members[1]
    #expect(
      clerk.arn
        == Untrusted(
          "arn:aws:organizations::\(Cast.acme):account/\(Cast.acmes)/\(Cast.clerk)"))
    #expect(clerk.status == .suspended && clerk.state == .suspended)
    #expect(clerk.joinedMethod == .invited && members[2].joinedMethod == .created)
    #expect(clerk.joined == world.time.now() - .days(700))
  }

  @Test("Members are listed for permitted accounts, page by page")
  func members() async throws {
    let world = try World()
    try world.change("UPDATE organizations SET account_limit = 1000")
    let acme = try world.backend(Cast.acme)
    for number in 0..<20 {
      #expect(
        try await world.createAccount("n\(number)@example.com", by: Cast.acme).state == .succeeded)
    }
    for limit in [1, 7, 20, nil] {
      var found: [AccountID] = []
      var token: PageToken?
      repeat {
        let page = try await acme.accounts(PageRequest(token, limit: limit)).value
        #expect((1...(limit ?? 20)).contains(page.members.count))
        found += page.members.map(\.account)
        token = page.next
      } while token != nil
      #expect(found.count == 23 && found == found.sorted())
      #expect(Set(found).count == 23)
    }
    #expect(
      await said { try await world.backend(Cast.clerk).accounts() } == "AccessDeniedException")
    try world.change(
      "INSERT INTO delegated_administrators VALUES (?, ?, 'x')", Cast.clerk, Cast.acmes)
    #expect(await said { try await world.backend(Cast.clerk).accounts() } == "ok")
  }

  @Test(
    "Valid input of a request to create an account",
    arguments: [
      ("a@b.c", "n", nil, nil, "MIN_LENGTH_EXCEEDED"),
      (String(repeating: "a", count: 60) + "@b.cd", "n", nil, nil, "MAX_LENGTH_EXCEEDED"),
      ("no-address", "n", nil, nil, "INVALID_PATTERN"),
      ("new@example.com", "", nil, nil, "MIN_LENGTH_EXCEEDED"),
      ("new@example.com", String(repeating: "é", count: 51), nil, nil, "MAX_LENGTH_EXCEEDED"),
      ("new@example.com", "é", nil, nil, "INVALID_PATTERN"),
      (
        "new@example.com", "n", String(repeating: "r", count: 65), nil, "MAX_LENGTH_EXCEEDED"
      ),
      ("new@example.com", "n", "a role", nil, "INVALID_PATTERN"),
      ("new@example.com", "n", "AWSServiceRoleForX", nil, "INVALID_ROLE_NAME"),
      ("new@example.com", "n", "Admin+=,.@-_9", "allow", "INVALID_ENUM"),
    ] as [(String, String, String?, String?, String)])
  func input(
    _ email: String, _ name: String, _ role: String?, _ billing: String?, _ reason: String
  ) async throws {
    let world = try World()
    let request = AccountRequest(
      email: Untrusted(email), name: Untrusted(name), roleName: role.map { Untrusted($0) },
      billingAccess: billing.map { Untrusted($0) })
    #expect(
      await said { try await world.backend(Cast.acme).createAccount(request) }
        == "InvalidInputException \(reason)")
  }
}
