import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("The result of each answer in each state (DOM-3.5)")
struct TransitionMatrixTests {
  /// The way to the invitation's state.
  enum Past: String, CaseIterable {
    case open
    case accepted
    case declined
    case canceled
    case expired
    case forgotten
  }

  struct Cell: CustomTestStringConvertible {
    var past: Past
    var answer: Answer
    var said: String
    var testDescription: String { "\(past.rawValue), then \(answer.rawValue): \(said)" }
  }

  static let already = "HandshakeAlreadyInStateException"
  static let invalid = "InvalidHandshakeTransitionException"
  static let missing = "HandshakeNotFoundException"

  static let matrix: [Cell] = [
    Cell(past: .open, answer: .accept, said: "ok"),
    Cell(past: .open, answer: .decline, said: "ok"),
    Cell(past: .open, answer: .cancel, said: "ok"),
    Cell(past: .accepted, answer: .accept, said: already),
    Cell(past: .accepted, answer: .decline, said: invalid),
    Cell(past: .accepted, answer: .cancel, said: invalid),
    Cell(past: .declined, answer: .accept, said: invalid),
    Cell(past: .declined, answer: .decline, said: already),
    Cell(past: .declined, answer: .cancel, said: invalid),
    Cell(past: .canceled, answer: .accept, said: invalid),
    Cell(past: .canceled, answer: .decline, said: invalid),
    Cell(past: .canceled, answer: .cancel, said: already),
    Cell(past: .expired, answer: .accept, said: invalid),
    Cell(past: .expired, answer: .decline, said: invalid),
    Cell(past: .expired, answer: .cancel, said: invalid),
    Cell(past: .forgotten, answer: .accept, said: missing),
    Cell(past: .forgotten, answer: .decline, said: missing),
    Cell(past: .forgotten, answer: .cancel, said: missing),
  ]

  @Test("An invitation, answered by the permitted side", arguments: matrix)
  func invitation(_ cell: Cell) async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    switch cell.past {
    case .open: break
    case .accepted: _ = try await world.backend(Cast.loner).accept(id)
    case .declined: _ = try await world.backend(Cast.loner).decline(id)
    case .canceled: _ = try await world.backend(Cast.acme).cancel(id)
    case .expired: world.time.pass(.days(15))
    case .forgotten: world.time.pass(.days(45))
    }
    let backend = try world.backend(cell.answer == .cancel ? Cast.acme : Cast.loner)
    #expect(await said { try await backend.send(cell.answer, id) } == cell.said)
  }

  @Test("A parent that waits for its members can be cancelled, and neither accepted nor declined")
  func waitingParent() async throws {
    let world = try World()
    let globex = try world.backend(Cast.globex)
    let id = try await globex.enableAllFeatures().value.idText
    #expect(await said { try await globex.accept(id) } == Self.invalid)
    #expect(await said { try await globex.decline(id) } == "AccessDeniedException")
    #expect(await said { try await globex.cancel(id) } == "ok")
  }

  @Test(
    "A malformed id is refused before a lookup",
    arguments: [
      "h-SHORT", "", "h-123", "7d1f0c2a9b44e8aa", "h-7d1f0c2a9b44e8aa\n", "h-é1234567890",
    ]
  )
  func malformed(_ id: String) async throws {
    let world = try World()
    let backend = try world.backend(Cast.loner)
    for answer in Answer.allCases {
      #expect(
        await said { try await backend.send(answer, Untrusted(id)) }
          == "InvalidInputException INVALID_PATTERN")
    }
  }

  @Test("An unknown id is not found")
  func unknown() async throws {
    let world = try World()
    let backend = try world.backend(Cast.loner)
    for answer in Answer.allCases {
      #expect(
        await said { try await backend.send(answer, Untrusted("h-00000000")) } == Self.missing)
    }
  }

  @Test("The wrong side is denied, another account finds nothing")
  func wrongSide() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let denied = "AccessDeniedException"
    #expect(await said { try await world.backend(Cast.acme).accept(id) } == denied)
    #expect(await said { try await world.backend(Cast.acme).decline(id) } == denied)
    #expect(await said { try await world.backend(Cast.loner).cancel(id) } == denied)
    for stranger in [Cast.other, Cast.clerk, Cast.globex] {
      for answer in Answer.allCases {
        #expect(
          await said { try await world.backend(stranger).send(answer, id) } == Self.missing)
      }
    }
    #expect(try await world.describe(id, as: Cast.loner).state == .open)
  }

  @Test("A refused answer changes nothing and says so")
  func refused() async throws {
    let world = try World()
    let id = try await world.invite(Cast.loner, from: Cast.acme)
    let error = try await failure { try await world.backend(Cast.acme).accept(id) }
    #expect(error.applied == .refused)
    #expect(error.operation == .acceptHandshake)
    #expect(error.time == world.time.now())
    #expect(error.requestID?.bytes.count == 36)
  }
}
