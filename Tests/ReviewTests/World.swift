import Model
import ReviewInbox
import TestSupport
import Text

/// Two accounts and two organizations, which most tests of this module use.
struct World {
  static let acmeDev = "222233334444"
  static let sandbox = "444455556666"
  static let acme = "o-a1b2c3d4e5"
  static let acmeManager = "999900001111"
  static let globex = "o-q7w8e9r0t1"
  static let globexManager = "777700003333"
  static let now = ManualTime.mockup
  static let place = ServicePlace(.local, at: Untrusted("/tmp/store.sqlite"))

  var inbox: Inbox
  var uptime = Span.hours(1)

  /// `members`: accounts that are in an organization, by account.
  init(
    _ accounts: [String] = [acmeDev, sandbox], members: [String: String] = [:],
    managers: [String: String] = [:], trust: TrustList = TrustList()
  ) throws {
    inbox = Inbox(
      profiles: try accounts.map {
        Profile(account: try Fixture.account($0), name: Untrusted("profile-\($0.prefix(4))"))
      }, trust: trust)
    for account in accounts {
      var identity = try Fixture.identity(account)
      if let organization = managers[account] {
        identity = try Fixture.identity(account, in: organization, managedBy: account)
      } else if let organization = members[account] {
        identity = try Fixture.identity(account, in: organization, managedBy: Self.acmeManager)
      }
      inbox.identified(Reply(identity, at: Self.now), uptime: uptime)
    }
  }

  static func source(_ account: String, _ direction: Query.Direction = .received) throws
    -> SourceKey
  {
    SourceKey(try Fixture.account(account), direction)
  }

  /// Reads a whole source, in pages of 20.
  mutating func read(_ source: SourceKey, _ handshakes: [Handshake], at time: Timestamp = now) {
    let pass = inbox.begin(source)
    var rest = handshakes[...]
    repeat {
      let page = Array(rest.prefix(20))
      rest = rest.dropFirst(20)
      let next = rest.isEmpty ? nil : PageToken(Untrusted("\(rest.count)"))
      _ = inbox.apply(
        Reply(Page(handshakes: page, next: next), at: time), of: pass, uptime: uptime)
    } while !rest.isEmpty
  }

  func shown(_ selection: RowSelection = .inbox) -> [String] {
    (0..<inbox.listing(selection).count).compactMap {
      inbox.row($0, in: selection)?.id?.text
    }
  }

  static func id(_ number: Int) -> String { "h-" + number.padded(8) }

  static func invitation(
    _ number: Int, to account: String = acmeDev,
    _ change: (inout InvitationFixture) -> Void = { _ in }
  ) throws -> Handshake {
    var fixture = InvitationFixture()
    fixture.id = id(number)
    fixture.recipient = account
    fixture.expires = now + .hours(Int64(number))
    change(&fixture)
    return try fixture.make()
  }

  static func trusting(_ organization: String = acme, _ manager: String = acmeManager) throws
    -> TrustList
  {
    TrustList([
      TrustedOrganization(
        organization: try Fixture.organization(organization),
        managementAccount: try Fixture.account(manager), name: Untrusted("Acme Holdings"),
        addedAt: now, addedBy: Untrusted("ops"))
    ])
  }
}

extension Handshake {
  /// The same handshake as a consent of a parent.
  func asConsent(of parent: String) -> Handshake {
    var copy = self
    copy.action = .approveAllFeatures
    copy.resources.insert(Resource(type: .parentHandshake, value: Untrusted(parent)), at: 0)
    return copy
  }

  /// The same handshake as a parent: one party.
  func asFinalisation(_ state: HandshakeState) -> Handshake {
    var copy = self
    copy.action = .enableAllFeatures
    copy.state = state
    copy.parties.removeAll { $0.type == .account }
    copy.resources.removeAll { $0.type == .account }
    return copy
  }

  /// The same handshake as a request to transfer the bill.
  func asTransfer() -> Handshake {
    var copy = self
    copy.action = .transferResponsibility
    copy.resources += [
      Resource(type: .transferType, value: Untrusted("BILLING")),
      Resource(type: .transferStartTimestamp, value: Untrusted("1798761600")),
    ]
    return copy
  }

  /// The same handshake, sent to an address.
  func toEmail(_ address: String) -> Handshake {
    var copy = self
    copy.parties = copy.parties.map { party in
      party.type == .account ? Party(id: Untrusted(address), type: .email) : party
    }
    copy.resources = copy.resources.map { resource in
      resource.type == .account ? Resource(type: .email, value: Untrusted(address)) : resource
    }
    return copy
  }
}
