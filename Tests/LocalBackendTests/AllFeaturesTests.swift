import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Enabling all features")
struct AllFeaturesTests {
  /// Globex's members' requests, by account.
  private func requests(_ world: World) async throws -> [String: Handshake] {
    var found: [String: Handshake] = [:]
    for account in [Cast.anna, Cast.bert] {
      let page = try await world.backend(account).handshakes(Query(.received), page: nil).value
      #expect(page.handshakes.count <= 1)
      found[account] = page.handshakes.first
    }
    return found
  }

  private func parent(_ world: World) async throws -> Handshake? {
    let sent = try await world.backend(Cast.globex).handshakes(Query(.sent), page: nil).value
    return sent.handshakes.first { $0.shape == .finalisation }
  }

  @Test(
    "Parent and children have the actions of the chosen reading",
    arguments: [
      (Store.Reading.guide, Action.enableAllFeatures, Action.approveAllFeatures),
      (.reference, .approveAllFeatures, .enableAllFeatures),
    ])
  func actions(_ reading: Store.Reading, _ parents: Action, _ childs: Action) async throws {
    let world = try World(Store.Options(reading: reading))
    let parent = try await world.backend(Cast.globex).enableAllFeatures().value
    #expect(parent.action == parents)
    #expect(parent.arn?.contradicts(parents) == false)
    #expect(parent.state == .requested)
    #expect(parent.shape == .finalisation)
    let children = try await requests(world)
    #expect(children.count == 2)
    for child in children.values {
      #expect(child.action == childs)
      #expect(child.shape == .consent)
      #expect(child.state == .open)
      #expect(child.parent == parent.id)
      #expect(
        child.resource(.parentHandshake)?.value == parent.id.map { Untrusted(String($0.bare)) })
      #expect(child.expires == parent.expires)
    }
    #expect(parent.expires == parent.requested.map { $0 + .days(90) })
  }

  @Test("It opens with the last consent, and finalising turns the features on")
  func finalising() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let id = try await globex.enableAllFeatures().value.idText
    let children = try await requests(world)
    for account in [Cast.anna, Cast.bert] {
      #expect(try await parent(world)?.state == .requested)
      let child = try #require(children[account])
      #expect(try await world.backend(account).accept(child.idText).value.state == .accepted)
    }
    #expect(try await parent(world)?.state == .open)
    #expect(try await globex.accept(id).value.state == .accepted)
    #expect(try await globex.identity().value.organization?.featureSet == .all)
    #expect(
      await said { try await globex.enableAllFeatures() }
        == "HandshakeConstraintViolationException ORGANIZATION_ALREADY_HAS_ALL_FEATURES")
  }

  @Test("Without invited members it can be finalised at once")
  func alone() async throws {
    let world = try World()
    let other = try world.backend(Cast.other)
    _ = try await other.createOrganization(.consolidatedBilling)
    let parent = try await other.enableAllFeatures().value
    #expect(parent.state == .open)
    #expect(await said { try await other.accept(parent.idText) } == "ok")
  }

  @Test("Starting cancels the open invitations, and is possible only once")
  func starting() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let invitation = try await world.invite(Cast.loner, from: Cast.globex)
    _ = try await globex.enableAllFeatures()
    #expect(try await world.describe(invitation, as: Cast.loner).state == .canceled)
    #expect(
      await said { try await globex.enableAllFeatures() }
        == "HandshakeConstraintViolationException "
        + "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION")
  }

  @Test("Cancelling it cancels the requests and the invitations sent meanwhile; it can start again")
  func cancelling() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let id = try await globex.enableAllFeatures().value.idText
    let child = try #require(try await requests(world)[Cast.anna])
    world.time.pass(.hours(1))
    let invitation = try await world.invite(Cast.loner, from: Cast.globex)
    _ = try await globex.cancel(id)
    #expect(try await world.describe(child.idText, as: Cast.anna).state == .canceled)
    #expect(try await world.describe(invitation, as: Cast.loner).state == .canceled)
    #expect(await said { try await globex.enableAllFeatures() } == "ok")
  }

  @Test("A member that declines blocks it until it is removed")
  func declining() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    _ = try await globex.enableAllFeatures()
    let children = try await requests(world)
    _ = try await world.backend(Cast.anna).accept(try #require(children[Cast.anna]).idText)
    _ = try await world.backend(Cast.bert).decline(try #require(children[Cast.bert]).idText)
    #expect(try await parent(world)?.state == .requested)
    _ = try await globex.remove(Untrusted(Cast.bert))
    #expect(try await parent(world)?.state == .open)
  }

  @Test("A member that leaves closes its request, and no longer blocks the others")
  func leaving() async throws {
    let world = try World()
    _ = try await world.backend(Cast.globex).enableAllFeatures()
    let children = try await requests(world)
    let berts = try #require(children[Cast.bert]).idText
    _ = try await world.backend(Cast.bert).leaveOrganization()
    #expect(try await world.describe(berts, as: Cast.bert).state == .canceled)
    _ = try await world.backend(Cast.anna).accept(try #require(children[Cast.anna]).idText)
    #expect(try await parent(world)?.state == .open)
  }

  @Test("A member that leaves and comes back is not waited for")
  func returning() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    _ = try await globex.enableAllFeatures()
    let children = try await requests(world)
    _ = try await world.backend(Cast.bert).leaveOrganization()
    world.time.pass(.hours(1))
    let invitation = try await world.invite(Cast.bert, from: Cast.globex)
    _ = try await world.backend(Cast.bert).accept(invitation)
    #expect(try await parent(world)?.state == .requested)
    _ = try await world.backend(Cast.anna).accept(try #require(children[Cast.anna]).idText)
    #expect(try await parent(world)?.state == .open)
  }

  @Test("A created member is asked only when it has deleted the service's role")
  func role() async throws {
    let world = try World()
    try world.change(
      "UPDATE memberships SET method = 'CREATED' WHERE account IN (?, ?)", Cast.anna, Cast.bert)
    try world.change("UPDATE accounts SET service_linked_role = 0 WHERE id = ?", Cast.bert)
    _ = try await world.backend(Cast.globex).enableAllFeatures()
    let children = try await requests(world)
    #expect(children[Cast.anna] == nil)
    let child = try #require(children[Cast.bert])
    #expect(child.action == .addOrganizationsServiceLinkedRole)
    #expect(child.shape == .consent)
    _ = try await world.backend(Cast.bert).accept(child.idText)
    #expect(
      try world.count(
        "SELECT service_linked_role FROM accounts WHERE id = '\(Cast.bert)'") == 1)
    #expect(try await parent(world)?.state == .open)
  }

  @Test("A consent counts as long as its parent is open, although it is shown for 30 days only")
  func oldConsent() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let id = try await globex.enableAllFeatures().value.idText
    let children = try await requests(world)
    _ = try await world.backend(Cast.bert).decline(try #require(children[Cast.bert]).idText)
    world.time.pass(.days(40))
    try await world.store.advance(.zero)
    #expect(try await requests(world)[Cast.bert] == nil)
    _ = try await world.backend(Cast.anna).accept(try #require(children[Cast.anna]).idText)
    #expect(await said { try await globex.accept(id) } == "InvalidHandshakeTransitionException")
    try await world.store.advance(.days(90))
    #expect(try world.count("SELECT count(*) FROM handshakes") == 0)
  }

  @Test("Invitations during it: the guide allows them, the reference refuses them")
  func inviting() async throws {
    for (reading, answer) in [
      (Store.Reading.guide, "ok"),
      (
        .reference,
        "HandshakeConstraintViolationException INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"
      ),
    ] {
      let world = try World(Store.Options(reading: reading))
      _ = try await world.backend(Cast.globex).enableAllFeatures()
      #expect(await said { try await world.invite(Cast.loner, from: Cast.globex) } == answer)
    }
  }

  @Test("Children are listed by their parent's id")
  func filter() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let parent = try await globex.enableAllFeatures().value
    let children = try await globex.handshakes(
      Query(.sent, filter: .parent(try #require(parent.id))), page: nil
    ).value
    #expect(children.handshakes.count == 2)
    #expect(children.handshakes.allSatisfy { $0.parent == parent.id })
  }

  @Test("Only the management account can start")
  func begin() async throws {
    let world = try World()
    #expect(
      await said { try await world.backend(Cast.anna).enableAllFeatures() }
        == "AccessDeniedException")
    #expect(
      await said { try await world.backend(Cast.loner).enableAllFeatures() }
        == "AWSOrganizationsNotInUseException")
  }
}
