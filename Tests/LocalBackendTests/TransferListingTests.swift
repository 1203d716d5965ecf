import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

@Suite("Transfers after they were offered")
struct TransferListingTests {
  /// Acme offers to pay the bill of an account; the tests' clock is fixed in November 2026.
  private func offer(
    to account: String = Cast.globex, in world: World
  ) async throws -> (transfer: Untrusted, handshake: Untrusted) {
    let sent = try await world.backend(Cast.acme).inviteToTransferBilling(
      TransferRequest(
        to: .account(Untrusted(account)), start: TransferTests.january, name: Untrusted("bills"))
    ).value
    return (try #require(sent.resource(.responsibilityTransfer)?.value), sent.idText)
  }

  private func accepted(in world: World) async throws -> Untrusted {
    let (transfer, handshake) = try await offer(in: world)
    _ = try await world.backend(Cast.globex).accept(handshake)
    return transfer
  }

  @Test("The payer sees it inbound, the account outbound, no other account at all")
  func sides() async throws {
    let world = try World()
    let (id, handshake) = try await offer(in: world)
    let acme = try world.backend(Cast.acme)
    let globex = try world.backend(Cast.globex)
    let inbound = try await acme.transfers(TransferQuery(.inbound)).value.transfers
    let outbound = try await globex.transfers(TransferQuery(.outbound)).value.transfers
    #expect(inbound.count == 1 && outbound.count == 1)
    #expect(try await acme.transfers(TransferQuery(.outbound)).value.transfers.isEmpty)
    #expect(try await globex.transfers(TransferQuery(.inbound)).value.transfers.isEmpty)
    let seen = try #require(inbound.first)
    #expect(seen.id == id && seen.name == Untrusted("bills") && seen.type == .billing)
    #expect(seen.status == .requested)
    #expect(seen.target.managementAccount?.text == Cast.acme)
    #expect(seen.target.managementEmail == Untrusted("Acme@example.com"))
    #expect(seen.source.managementAccount?.text == Cast.globex)
    #expect(seen.start == TransferTests.january && seen.end == nil)
    #expect(seen.handshake.map { Untrusted($0.text) } == handshake)
    let rest = "/billing/inbound/\(id.asciiText ?? "")"
    #expect(
      seen.arn
        == Untrusted("arn:aws:organizations::\(Cast.acme):transfer/\(Cast.acmes)\(rest)"))
    #expect(
      outbound.first?.arn.asciiText?.hasPrefix(
        "arn:aws:organizations::\(Cast.globex):transfer/\(Cast.globexes)/billing/outbound/rt-")
        == true)
    #expect(try await acme.transfer(id).value == seen)
    #expect(try await globex.transfer(id).value == outbound.first)
    let stranger = try world.backend(Cast.other)
    _ = try await stranger.createOrganization()
    #expect(
      await said { try await stranger.transfer(id) } == "ResponsibilityTransferNotFoundException")
  }

  @Test("An address that no account has is alone on its side")
  func address() async throws {
    let world = try World()
    let acme = try world.backend(Cast.acme)
    _ = try await acme.inviteToTransferBilling(
      TransferRequest(
        to: .email(Untrusted("new@example.com")), start: TransferTests.january,
        name: Untrusted("bills")))
    let seen = try await acme.transfers(TransferQuery(.inbound)).value.transfers
    #expect(
      seen.map(\.source) == [
        .init(managementAccount: nil, managementEmail: Untrusted("new@example.com"))
      ])
  }

  @Test("Its status follows the handshake until it is accepted; an unsuccessful one is removed")
  func statuses() async throws {
    for (answer, status) in [
      (Answer.accept, ResponsibilityTransfer.Status.accepted), (.decline, .declined),
      (.cancel, .canceled),
    ] {
      let world = try World()
      let (id, handshake) = try await offer(in: world)
      let actor = answer == .cancel ? Cast.acme : Cast.globex
      _ = try await world.backend(actor).send(answer, handshake)
      let acme = try world.backend(Cast.acme)
      #expect(try await acme.transfer(id).value.status == status)
      world.time.pass(.days(30))
      let later = await said { try await acme.transfer(id) }
      #expect(later == (answer == .accept ? "ok" : "ResponsibilityTransferNotFoundException"))
      #expect(
        try await acme.transfers(TransferQuery(.inbound)).value.transfers.count
          == (answer == .accept ? 1 : 0))
      if answer == .accept {
        #expect(try await acme.transfer(id).value.handshake == nil, "it is forgotten")
      }
    }
    let world = try World()
    let id = try await offer(in: world).transfer
    world.time.set(TransferTests.january - .hours(24))
    #expect(try await world.backend(Cast.acme).transfer(id).value.status == .expired)
  }

  @Test("The payer renames it while it is offered or runs; nobody does afterwards")
  func renaming() async throws {
    let world = try World()
    let (id, handshake) = try await offer(in: world)
    let acme = try world.backend(Cast.acme)
    let globex = try world.backend(Cast.globex)
    let name = Untrusted("all of it")
    #expect(try await acme.renameTransfer(id, to: name).value.name == name)
    #expect(try await globex.transfer(id).value.name == name)
    #expect(
      await said { try await globex.renameTransfer(id, to: name) } == "AccessDeniedException")
    _ = try await globex.decline(handshake)
    #expect(
      await said { try await acme.renameTransfer(id, to: name) }
        == "ConstraintViolationException TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED")
    let running = try await accepted(in: world)
    #expect(await said { try await acme.renameTransfer(running, to: name) } == "ok")
    for (bad, reason) in [
      ("", "MIN_LENGTH_EXCEEDED"), (String(repeating: "n", count: 129), "MAX_LENGTH_EXCEEDED"),
      ("é", "INVALID_PATTERN"),
    ] {
      #expect(
        await said { try await acme.renameTransfer(running, to: Untrusted(bad)) }
          == "InvalidInputException \(reason)")
    }
  }

  @Test("Either side withdraws once, and another offer can be accepted then")
  func withdrawing() async throws {
    for side in [Cast.acme, Cast.globex] {
      let world = try World()
      let id = try await accepted(in: world)
      let backend = try world.backend(side)
      let ended = try await backend.terminateTransfer(id).value
      #expect(ended.status == .withdrawn)
      #expect(ended.end == TransferTests.december - Span(milliseconds: 1))
      #expect(
        await said { try await backend.terminateTransfer(id) }
          == "ResponsibilityTransferAlreadyInStatusException")
      #expect(await said { try await accepted(in: world) } == "ok")
    }
  }

  @Test("An offer is not terminated, whatever its result")
  func offers() async throws {
    let world = try World()
    let (id, handshake) = try await offer(in: world)
    let globex = try world.backend(Cast.globex)
    let invalid = "InvalidResponsibilityTransferTransitionException"
    #expect(await said { try await globex.terminateTransfer(id) } == invalid)
    _ = try await globex.decline(handshake)
    #expect(await said { try await globex.terminateTransfer(id) } == invalid)
  }

  @Test(
    "Valid end dates",
    arguments: [
      (TransferTests.december, -1, "ok"), (TransferTests.january, -1, "ok"),
      (TransferTests.january, -2, "InvalidInputException END_DATE_NOT_END_OF_MONTH"),
      (TransferTests.january, 0, "InvalidInputException END_DATE_NOT_END_OF_MONTH"),
      (
        CivilDate(year: 2026, month: 11, day: 1).instant, -1,
        "InvalidInputException END_DATE_TOO_EARLY"
      ),
      (
        CivilDate(year: 2027, month: 2, day: 1).instant, -1,
        "InvalidInputException END_DATE_TOO_LATE"
      ),
      (Timestamp(milliseconds: .max), 0, "InvalidInputException INVALID_END_DATE"),
      (Timestamp.representable.upperBound, 0, "InvalidInputException INVALID_END_DATE"),
    ])
  func end(_ end: Timestamp, _ more: Int64, _ answer: String) async throws {
    let world = try World()
    let id = try await accepted(in: world)
    let end = end + Span(milliseconds: more)
    let globex = try world.backend(Cast.globex)
    #expect(await said { try await globex.terminateTransfer(id, end: end) } == answer)
    if answer == "ok" { #expect(try await globex.transfer(id).value.end == end) }
  }

  @Test("The end of the year, and a leap February")
  func calendar() async throws {
    let world = try World()
    let id = try await accepted(in: world)
    world.time.set(CivilDate(year: 2027, month: 12, day: 31, hour: 12).instant)
    let globex = try world.backend(Cast.globex)
    let ended = try await globex.terminateTransfer(
      id, end: CivilDate(year: 2028, month: 2, day: 1).instant - Span(milliseconds: 1)
    ).value
    #expect(ended.end?.journalText == "2028-01-31T23:59:59.999Z")
    let leap = try World()
    let other = try await accepted(in: leap)
    leap.time.set(CivilDate(year: 2028, month: 2, day: 3).instant)
    #expect(
      try await leap.backend(Cast.acme).terminateTransfer(other).value.end?.journalText
        == "2028-02-29T23:59:59.999Z")
  }

  @Test("Only management accounts make requests; ids and types are checked")
  func callers() async throws {
    let world = try World()
    let id = try await accepted(in: world)
    for (account, answer) in [
      (Cast.clerk, "AccessDeniedException"), (Cast.loner, "AWSOrganizationsNotInUseException"),
    ] {
      let backend = try world.backend(account)
      #expect(await said { try await backend.transfers(TransferQuery(.inbound)) } == answer)
      #expect(await said { try await backend.transfers(TransferQuery(.outbound)) } == answer)
      #expect(await said { try await backend.transfer(id) } == answer)
      #expect(await said { try await backend.renameTransfer(id, to: Untrusted("n")) } == answer)
      #expect(await said { try await backend.terminateTransfer(id) } == answer)
    }
    let acme = try world.backend(Cast.acme)
    for text in ["", "rt-SHORT", "rt-1234567", "rt-" + String(repeating: "a", count: 33), "h-12"] {
      #expect(
        await said { try await acme.transfer(Untrusted(text)) }
          == "InvalidInputException INVALID_PATTERN")
    }
    #expect(
      await said {
        try await acme.transfers(TransferQuery(.inbound, type: .unknown(Untrusted("X"))))
      } == "InvalidInputException INVALID_ENUM")
  }

  @Test("Page by page, and one alone by its id")
  func pages() async throws {
    let world = try World()
    var sent: [Untrusted] = []
    let acme = try world.backend(Cast.acme)
    for number in 0..<23 {
      let handshake = try await acme.inviteToTransferBilling(
        TransferRequest(
          to: .email(Untrusted("n\(number)@example.com")), start: TransferTests.january,
          name: Untrusted("bills"))
      ).value
      sent.append(try #require(handshake.resource(.responsibilityTransfer)?.value))
    }
    for limit in [1, 20, nil] {
      var found: [Untrusted] = []
      var token: PageToken?
      repeat {
        let page = try await acme.transfers(
          TransferQuery(.inbound), PageRequest(token, limit: limit)
        ).value
        #expect(page.transfers.count <= limit ?? 20)
        found += page.transfers.map(\.id)
        token = page.next
      } while token != nil
      #expect(found == sent)
    }
    let one = try await acme.transfers(TransferQuery(.inbound, id: sent[7])).value
    #expect(one.transfers.map(\.id) == [sent[7]] && one.next == nil)
    #expect(
      await said { try await acme.transfers(TransferQuery(.inbound, id: Untrusted("rt-00000000"))) }
        == "ResponsibilityTransferNotFoundException")
  }
}
