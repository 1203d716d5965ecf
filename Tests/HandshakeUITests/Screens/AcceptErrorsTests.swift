import Drawing
import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@testable import HandshakeUI
@testable import LocalBackend

/// Each of AcceptHandshake's 13 errors, from a real situation in the demonstration's data; and the
/// screen that is drawn after that reply.
@Suite("The 13 errors of AcceptHandshake, on the screen")
struct AcceptErrorsTests {
  @Test("says what, why and the remedy", arguments: AcceptSituation.all)
  func screen(_ situation: AcceptSituation) async throws {
    let service = try DemoService(throttle: situation.exception == .tooManyRequests)
    let error = try await situation.meet(service)
    #expect(error.exception == situation.exception)
    #expect(error.reason == situation.reason)

    let stage = try await Stage.open(columns: 120, rows: 40)
    let shown = try outcome(of: error, in: stage.interface)
    let words = Explanation(error, in: .utf8)
    let name = try #require(situation.exception.knownName)
    for part in [name, situation.reason?.knownName, words.remedy].compactMap(\.self) {
      #expect(shown.contains(part.collapsed), "\(part) is not on the screen")
    }
  }

  @Test("are thirteen, all that the operation has")
  func thirteen() {
    #expect(Set(AcceptSituation.all.map(\.exception)).count == 13)
  }

  /// The frame's text with its line breaks undone.
  private func outcome(of error: BackendError, in state: Interface) throws -> String {
    var state = state
    let seen = try InvitationFixture().make()
    let account = try Fixture.account("222233334444")
    let id = try #require(seen.id)
    let item = PlanItem(
      id: id, answer: .accept, account: account, seen: seen,
      fingerprint: Fingerprint(of: seen, for: account, at: Stage.place))
    let entry = AnswerResult(item: item, result: WriteResult(.refused(error)), before: nil)
    state.navigation.dialog = OutcomeScreen(entries: [entry])
    let frame = view(state)
    return (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: " ").collapsed
  }
}

extension String {
  /// Runs of blanks as one.
  fileprivate var collapsed: String {
    split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}

/// The demonstration, and its accounts' backends.
final class DemoService {
  let time = ManualTime()
  let store: Store
  private let directory: TemporaryDirectory

  init(throttle: Bool) throws {
    directory = try TemporaryDirectory()
    store = try Store.create(
      at: directory.path + "/store", options: Store.Options(throttle: throttle), time: time,
      random: SeededBytes())
  }

  func backend(_ account: String) throws -> LocalBackend {
    LocalBackend(store: store, account: try Fixture.account(account), user: "tester")
  }

  /// The pending invitation or transfer that `sender` sent to `account`.
  func sent(to account: String, by sender: String) async throws -> Untrusted {
    let id = try await store.reader.read { db in
      try db.text(
        "SELECT id FROM handshakes WHERE recipient = ? AND organization = ? ORDER BY seq",
        [account, sender])
    }
    return Untrusted(try #require(id))
  }

  func refusal(of id: Untrusted, by account: String) async throws -> BackendError {
    let backend = try backend(account)
    do throws(BackendError) {
      _ = try await backend.accept(id)
    } catch {
      return error
    }
    throw FixtureError(text: "it was accepted")
  }
}

/// The cause of one of the errors.
struct AcceptSituation: Sendable, CustomStringConvertible {
  var exception: ServiceException
  var reason: Reason?
  var words: String
  var meet: @Sendable (DemoService) async throws -> BackendError

  var description: String { "\(exception.knownName ?? "?"): \(words)" }

  private static let acme = "o-a1b2c3d4e5"
  private static let joiner = "222233334444"

  /// An accept that the demonstration refuses without a change.
  private static func standing(
    _ exception: ServiceException, _ reason: Reason? = nil, _ words: String, _ account: String,
    from sender: String = acme
  ) -> AcceptSituation {
    AcceptSituation(exception: exception, reason: reason, words: words) { service in
      let id = try await service.sent(to: account, by: sender)
      return try await service.refusal(of: id, by: account)
    }
  }

  /// A change between reading and sending.
  private static func meanwhile(
    _ exception: ServiceException, _ words: String,
    _ event: @escaping @Sendable (DemoService, Untrusted) async throws -> Void
  ) -> AcceptSituation {
    AcceptSituation(exception: exception, reason: nil, words: words) { service in
      let id = try await service.sent(to: joiner, by: acme)
      try await event(service, id)
      return try await service.refusal(of: id, by: joiner)
    }
  }

  static let all: [AcceptSituation] = standings + events

  private static let standings = [
    standing(.accessDenied, nil, "its own permissions deny it", "141414141414"),
    standing(
      .accessDeniedForDependency, .accessDeniedDuringCreateServiceLinkedRole,
      "the service's role may not be created", "333344445555"),
    standing(
      .awsOrganizationsNotInUse, nil, "a bill is asked of an account in no organization",
      "252525252525", from: "o-q7w8e9r0t1"),
    standing(
      .concurrentModification, nil, "the organization is being changed", "212121212121",
      from: "o-h00l1h00l1"),
    standing(.constraintViolation, .waitPeriodActive, "created two days ago", "161616161616"),
    standing(
      .handshakeConstraintViolation, .paymentInstrumentRequired, "no payment method",
      "181818181818"),
    standing(
      .masterCannotLeaveOrganization, nil, "it manages an organization of its own",
      "242424242424", from: "o-q7w8e9r0t1"),
  ]

  private static let events = [
    meanwhile(.handshakeAlreadyInState, "another session accepted it") { service, id in
      _ = try await service.backend(joiner).accept(id)
    },
    meanwhile(.invalidHandshakeTransition, "the sender canceled it") { service, id in
      _ = try await service.backend("999900001111").cancel(id)
    },
    meanwhile(.handshakeNotFound, "it expired and was forgotten") { service, _ in
      try await service.store.advance(.days(60))
    },
    meanwhile(.service, "the disk fails") { service, _ in
      try await service.store.writer.write { db in
        try db.execute(
          """
          CREATE TRIGGER fails BEFORE INSERT ON memberships
          BEGIN SELECT raise(ABORT, 'disk'); END
          """)
      }
    },
    meanwhile(.tooManyRequests, "two accepts in the same second came before") { service, _ in
      let none = Untrusted("h-00000000000000000000000000000000")
      for _ in 0..<2 { _ = try await service.refusal(of: none, by: joiner) }
    },
    AcceptSituation(
      exception: .invalidInput, reason: .invalidPattern, words: "an id that is none"
    ) { service in
      try await service.refusal(of: Untrusted("h-NOT-AN-ID"), by: joiner)
    },
  ]
}
