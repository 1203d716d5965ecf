import Glibc
import LocalBackend
import Model
import Sandbox
import TestSupport
import Testing
import Text
import Wire

@Suite("The 13 errors of AcceptHandshake over the wire")
struct AcceptErrorsTests {
  private static let acme = "999900001111"
  private static let globex = "777700003333"
  private static let dev = "222233334444"
  private static let nothing = Untrusted("h-00000000000000000000000000000000")

  @Test(
    "In the demonstration, for the account and its pending handshake",
    arguments: [
      ("141414141414", acme, Action.invite, "AccessDeniedException"),
      (
        "333344445555", acme, .invite,
        "AccessDeniedForDependencyException ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE"
      ),
      ("252525252525", globex, .transferResponsibility, "AWSOrganizationsNotInUseException"),
      ("212121212121", "444400009999", .invite, "ConcurrentModificationException"),
      ("161616161616", acme, .invite, "ConstraintViolationException WAIT_PERIOD_ACTIVE"),
      (
        "181818181818", acme, .invite,
        "HandshakeConstraintViolationException PAYMENT_INSTRUMENT_REQUIRED"
      ),
      ("242424242424", globex, .invite, "MasterCannotLeaveOrganizationException"),
    ])
  func standing(
    _ account: String, _ sender: String, _ action: Action, _ answer: String
  ) async throws {
    let demo = try DemoService()
    let id = try await demo.pending(account, from: sender, action)
    let said = try await demo.said(.answer(.accept, id), as: account)
    #expect(said == answer)
    #expect(try await demo.pending(account, from: sender, action) == id, "it is still pending")
  }

  @Test("After an answer, and for invalid ids")
  func passing() async throws {
    let demo = try DemoService()
    let accepted = try await demo.pending(Self.dev, from: Self.acme)
    for answer in ["ok", "HandshakeAlreadyInStateException"] {
      #expect(try await demo.said(.answer(.accept, accepted), as: Self.dev) == answer)
    }
    #expect(
      try await demo.said(.answer(.cancel, accepted), as: Self.acme)
        == "InvalidHandshakeTransitionException")
    #expect(
      try await demo.said(.answer(.accept, Self.nothing), as: Self.dev)
        == "HandshakeNotFoundException")
    #expect(
      try await demo.said(.answer(.accept, Untrusted("h-NOT-AN-ID")), as: Self.dev)
        == "InvalidInputException INVALID_PATTERN")
  }

  @Test("Too many at once, by the service's own buckets")
  func throttled() async throws {
    let demo = try DemoService(Store.Options(throttle: true))
    var answers: [String] = []
    for _ in 0..<3 {
      answers.append(try await demo.said(.answer(.accept, Self.nothing), as: Self.dev))
    }
    #expect(answers.last == "TooManyRequestsException")
    #expect(answers.dropLast().allSatisfy { $0 == "HandshakeNotFoundException" })
    demo.time.pass(.seconds(2))
    #expect(
      try await demo.said(.answer(.accept, Self.nothing), as: Self.dev)
        == "HandshakeNotFoundException")
  }

  @Test(
    "A store damaged while it is open is an error of the service, without details")
  func failing() async throws {
    let demo = try DemoService()
    let id = try await demo.pending(Self.dev, from: Self.acme)
    try overwrite(demo.store.path)
    let reply = try await demo.reply(to: .answer(.accept, id), as: Self.dev)
    guard case .failure(let error) = reply.result else {
      Issue.record("carried out")
      return
    }
    #expect(error.exception == .service && error.status == 500)
    #expect(error.message.asciiText?.contains("internal service error") == true)
    #expect(reply.applied == .no)
  }

  private func overwrite(_ path: String) throws {
    let file = open(path, O_WRONLY)
    defer { close(file) }
    var status = stat()
    guard file >= 0, fstat(file, &status) == 0 else { throw FixtureError(text: path) }
    let noise = [UInt8](repeating: 0xA5, count: Int(status.st_size))
    guard pwrite(file, noise, noise.count, 0) == noise.count else {
      throw FixtureError(text: path)
    }
  }
}
