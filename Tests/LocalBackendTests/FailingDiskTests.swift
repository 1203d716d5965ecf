import Glibc
import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("A disk that fails")
struct FailingDiskTests {
  @Test("Full: ServiceException, refused, and nothing has changed; with free space it succeeds")
  func full() async throws {
    let world = try World()
    let acme = try world.backend(Cast.acme)
    let long = Invitation(
      to: .account(Untrusted(Cast.loner)), notes: Untrusted(String(repeating: "n", count: 1_024)))
    try world.change("UPDATE organizations SET account_limit = 1000")
    let pages = try world.count("PRAGMA page_count")
    try limit(world, to: pages)
    var error: BackendError?
    for number in 0..<40 where error == nil {
      do {
        _ = try await acme.invite(
          Invitation(to: .email(Untrusted("n\(number)@example.com")), notes: long.notes))
      } catch let failed { error = failed }
    }
    #expect(error?.exception == .service)
    #expect(error?.applied == .refused)
    #expect(error?.time == world.time.now())
    let sent = try world.count("SELECT count(*) FROM handshakes")
    #expect(try world.count("SELECT count(*) FROM attempts") == sent)
    try limit(world, to: pages + 1_000)
    #expect(await said { try await acme.invite(long) } == "ok")
  }

  @Test("Full while accepting: the account has not moved, and the invitation is still open")
  func accepting() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    // As a full disk answers: the statement that writes fails, whichever it is.
    for table in ["memberships", "handshakes", "accounts"] {
      try world.change(
        """
        CREATE TRIGGER fail_\(table) BEFORE \(table == "memberships" ? "INSERT" : "UPDATE")
        ON \(table) BEGIN SELECT raise(ABORT, 'disk'); END
        """)
      let error = try await failure { try await world.backend(Cast.loner).accept(id) }
      #expect(error.exception == .service)
      #expect(error.applied == .refused)
      try world.change("DROP TRIGGER fail_\(table)")
      #expect(try world.organization(of: Cast.loner) == nil)
      #expect(try await world.describe(id, as: Cast.loner).state == .open)
    }
    #expect(await said { try await world.backend(Cast.loner).accept(id) } == "ok")
  }

  @Test(
    "The knowledge about a failed write depends on when it failed",
    arguments: [
      (ResultCode.full, false, BackendError.Applied.refused),
      (.full, true, .refused),
      (.inputOutput, false, .refused),
      (.inputOutput, true, .unknown),
      (.readOnly, false, .refused),
    ])
  func applied(_ code: ResultCode, _ committing: Bool, _ applied: BackendError.Applied) async throws
  {
    let world = try World()
    let error = try await world.backend(Cast.loner).failure(
      DatabaseError(code), .acceptHandshake, committing: committing, Untrusted("r"))
    #expect(error.exception == .service)
    #expect(error.applied == applied)
  }

  @Test("After a commit with an unknown result, this process reads and writes no more")
  func doubt() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let backend = try world.backend(Cast.loner)
    backend.store.doubt.raise()
    for error in [
      try await failure { try await world.describe(id, as: Cast.loner) },
      try await failure { try await backend.accept(id) },
    ] {
      guard case .store = error.failure else { throw error }
      #expect(error.applied == .refused)
    }
    // Another process reads the result.
    let other = LocalBackend(
      store: try world.reopened(), account: try Fixture.account(Cast.loner), user: "x")
    #expect(await said { try await other.accept(id) } == "ok")
  }

  @Test("A damaged file is not served: the error says so")
  func damaged() async throws {
    let world = try World()
    try world.change("PRAGMA ignore_check_constraints = ON")
    try world.change("UPDATE accounts SET payment = 'gold' WHERE id = ?", Cast.loner)
    let error = try await failure {
      try await world.backend(Cast.loner).handshakes(Query(.received), page: nil)
    }
    guard case .store = error.failure else {
      Issue.record("\(error)")
      return
    }
  }

  private func limit(_ world: World, to pages: Int) throws {
    try world.store.writer.use { try $0.script("PRAGMA max_page_count = \(pages)") }
  }
}
