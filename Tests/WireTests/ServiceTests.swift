import Model
import TestSupport
import Testing
import Text
import Wire

@testable import Wire

@Suite struct ServiceTests {
  private static let id = Untrusted("h-examplehandshakeid111")

  private func requests() throws -> [(ServiceRequest, String, String)] {
    answers() + (try sendingsAndListings())
  }

  private func answers() -> [(ServiceRequest, String, String)] {
    return [
      (
        .answer(.accept, Self.id), "AcceptHandshake",
        "{\"HandshakeId\":\"h-examplehandshakeid111\"}"
      ),
      (
        .answer(.decline, Self.id), "DeclineHandshake",
        "{\"HandshakeId\":\"h-examplehandshakeid111\"}"
      ),
      (.answer(.cancel, Untrusted("")), "CancelHandshake", "{\"HandshakeId\":\"\"}"),
      (
        .describeHandshake(Self.id), "DescribeHandshake",
        "{\"HandshakeId\":\"h-examplehandshakeid111\"}"
      ),
    ]
  }

  private func sendingsAndListings() throws -> [(ServiceRequest, String, String)] {
    let invitation = Invitation(
      to: .email(Untrusted("juan@example.com")), notes: Untrusted("be\u{1B} welcome"),
      tags: [Invitation.Tag(key: Untrusted("team"), value: Untrusted(""))])
    return [
      (
        .invite(.init(invitation)), "InviteAccountToOrganization",
        "{\"Target\":{\"Id\":\"juan@example.com\",\"Type\":\"EMAIL\"},\"Notes\":\"be\\u001b welcome\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"\"}]}"
      ),
      (
        .invite(.init(Invitation(to: .account(Untrusted("222222222222"))))),
        "InviteAccountToOrganization",
        "{\"Target\":{\"Id\":\"222222222222\",\"Type\":\"ACCOUNT\"}}"
      ),
      (.enableAllFeatures, "EnableAllFeatures", "{}"),
      (.describeOrganization, "DescribeOrganization", "{}"),
    ]
  }

  private func listings() throws -> [(ServiceRequest, String, String)] {
    let parent = try Fixture.handshake("h-examplehandshakeid222")
    return [
      (.list(.init(Query(.received), page: nil)), "ListHandshakesForAccount", "{}"),
      (
        .list(.init(Query(.sent, filter: .action(.invite)), page: PageToken(Untrusted("t")))),
        "ListHandshakesForOrganization",
        "{\"Filter\":{\"ActionType\":\"INVITE\"},\"NextToken\":\"t\"}"
      ),
      (
        .list(.init(Query(.sent, filter: .parent(parent)), page: nil)),
        "ListHandshakesForOrganization",
        "{\"Filter\":{\"ParentHandshakeId\":\"h-examplehandshakeid222\"}}"
      ),
      (
        .list(.init(.received, action: .unknown(Untrusted("X")), parent: Self.id, limit: 21)),
        "ListHandshakesForAccount",
        "{\"Filter\":{\"ActionType\":\"X\",\"ParentHandshakeId\":\"h-examplehandshakeid111\"},\"MaxResults\":21}"
      ),
    ]
  }

  @Test("every request is written as the service expects it and read back the same")
  func requestsBothWays() throws {
    for (request, operation, body) in try requests() + listings() {
      #expect(request.operation.rawValue == operation)
      #expect(text(request.body) == body)
      let target = "AWSOrganizationsV20161128." + operation
      #expect(ServiceProtocol.target(of: request.operation) == target)
      #expect(try ServiceRequest(target: Untrusted(target), body: bytes(body)) == request)
    }
  }

  @Test(
    "a parsed invitation can be processed, unless its target is neither account nor address")
  func invitations() throws {
    let invitation = Invitation(to: .account(Untrusted("1")), notes: Untrusted("n"))
    #expect(ServiceRequest.Inviting(invitation).invitation == invitation)
    var inviting = ServiceRequest.Inviting(invitation)
    inviting.targetType = .organization
    #expect(inviting.invitation == nil)
  }

  @Test(
    "an invalid request is refused with the service's own exception",
    arguments: [
      ("AWSOrganizationsV20161128.Nope", "{}", "UnknownOperationException", nil),
      ("AWSOrganizationsV20161128.GetCallerIdentity", "{}", "UnknownOperationException", nil),
      ("AWSOrganizationsV20161128.CreatePolicy", "{}", "UnknownOperationException", nil),
      ("Other.AcceptHandshake", "{}", "UnknownOperationException", nil),
      ("AWSOrganizationsV20161128.AcceptHandshake", "", "InvalidInputException", "INPUT_REQUIRED"),
      (
        "AWSOrganizationsV20161128.AcceptHandshake", "{}", "InvalidInputException", "INPUT_REQUIRED"
      ),
      (
        "AWSOrganizationsV20161128.AcceptHandshake", "{\"HandshakeId\":null}",
        "InvalidInputException", "INPUT_REQUIRED"
      ),
      (
        "AWSOrganizationsV20161128.AcceptHandshake", "{\"HandshakeId\":5}",
        "SerializationException", nil
      ),
      (
        "AWSOrganizationsV20161128.AcceptHandshake", "{\"HandshakeId\":", "SerializationException",
        nil
      ),
      ("AWSOrganizationsV20161128.AcceptHandshake", "[]", "SerializationException", nil),
      (
        "AWSOrganizationsV20161128.ListHandshakesForAccount", "{\"MaxResults\":\"5\"}",
        "SerializationException", nil
      ),
      (
        "AWSOrganizationsV20161128.ListHandshakesForAccount", "{\"Filter\":[]}",
        "SerializationException", nil
      ),
      (
        "AWSOrganizationsV20161128.InviteAccountToOrganization", "{}", "InvalidInputException",
        "INPUT_REQUIRED"
      ),
      (
        "AWSOrganizationsV20161128.InviteAccountToOrganization",
        "{\"Target\":{\"Id\":\"1\",\"Type\":\"ACCOUNT\"},\"Tags\":[1]}", "SerializationException",
        nil
      ),
    ] as [(String, String, String, String?)])
  func badRequests(_ target: String, _ body: String, _ exception: String, _ reason: String?) {
    do throws(RequestFault) {
      _ = try ServiceRequest(target: Untrusted(target), body: bytes(body))
      Issue.record("taken")
    } catch {
      #expect(error.error.exception.knownName == exception)
      #expect(error.error.reason?.knownName == reason)
    }
  }

  @Test("replies are written and read back the same")
  func replies() throws {
    let listings = try Listings()
    let one = listings.sound[0]
    #expect(try ServiceResponse.handshake(ServiceResponse.handshake(one).body) == one)
    for next in [nil, PageToken(Untrusted("t\u{0}k"))] {
      for handshakes in [[], listings.sound] {
        let page = Page(handshakes: handshakes, next: next)
        #expect(try ServiceResponse.page(ServiceResponse.page(page).body) == page)
      }
    }
    let organization = Organization(
      id: try Fixture.organization("o-exampleorgid"),
      managementAccount: try Fixture.account("111111111111"),
      managementEmail: Untrusted("bill@example.com"), featureSet: .consolidatedBilling)
    let body = ServiceResponse.organization(organization, partition: Untrusted("aws-cn")).body
    #expect(try ServiceResponse.organization(body) == organization)
    #expect(
      text(body).contains(
        "\"MasterAccountArn\":\"arn:aws-cn:organizations::111111111111:account/o-exampleorgid/111111111111\""
      ))
    let caller = CallerIdentity(
      userID: Untrusted("AROA:me"), account: try Fixture.account("111111111111"),
      arn: Untrusted("arn:aws:sts::111111111111:assumed-role/Operator/me"))
    #expect(
      try ServiceResponse.callerIdentity(ServiceResponse.callerIdentity(caller).body) == caller)
  }

  @Test("an empty token ends a listing")
  func emptyToken() throws {
    #expect(try ServiceResponse.page(bytes("{\"Handshakes\":[],\"NextToken\":\"\"}")).next == nil)
    #expect(try ServiceResponse.page(bytes("{\"Handshakes\":[],\"NextToken\":null}")).next == nil)
  }

  @Test(
    "a reply that is not a handshake proves nothing",
    arguments: [
      "{\"Handshake\":{\"Id\":\"h-examplehandshakeid111\"", "{\"Handshake\":null}",
      "{\"Handshake\":{}}x",
      "{\"Handshake\":{},\"Handshake\":{}}",
    ])
  func unreadable(_ body: String) {
    #expect(throws: UnreadableReply.self) { try ServiceResponse.handshake(bytes(body)) }
  }

  @Test("every exception and reason is written and read back the same")
  func errors() throws {
    for exception in ServiceException.allKnown + [.unknown(Untrusted("NewException"))] {
      for reason in [nil, Reason.invalidPattern, .unknown(Untrusted("NEW"))] {
        let error = ServiceError(
          exception, reason: reason, message: Untrusted("why \u{202E}"),
          throttleType: exception == .tooManyRequests ? Untrusted("ALL") : nil)
        #expect(ServiceError(header: nil, body: error.body) == error)
        #expect(text(error.body).hasPrefix("{\"__type\":\""))
      }
    }
  }

  @Test(
    "an error's code is found in all its spellings",
    arguments: [
      (nil, "{\"__type\":\"HandshakeNotFoundException\",\"Message\":\"m\"}"),
      (
        nil,
        "{\"__type\":\"com.amazonaws.organizations#HandshakeNotFoundException\",\"message\":\"m\"}"
      ),
      (
        nil,
        "{\"code\":\"HandshakeNotFoundException:http://x/#y\",\"message\":\"m\",\"Message\":null}"
      ),
      ("HandshakeNotFoundException", "{\"message\":\"m\"}"),
      (
        "a.b#HandshakeNotFoundException:http://internal.amazon.com/coral/",
        "{\"message\":\"m\",\"__type\":\"X\"}"
      ),
    ] as [(String?, String)])
  func spellings(_ header: String?, _ body: String) {
    let error = ServiceError(header: header.map { Untrusted($0) }, body: bytes(body))
    #expect(error?.exception == .handshakeNotFound)
    #expect(error?.message == Untrusted("m"))
  }

  @Test(
    "a reply without a code is not the service's",
    arguments: [
      (502, "<html>Bad gateway</html>", BackendError.Applied.unknown), (400, "", .unknown),
      (500, "{}", .unknown),
      (403, "[]", .unknown), (302, "", .refused), (407, "<html>", .refused),
      (408, "null", .unknown), (200, "{\"__type\":5}", .unknown),
    ])
  func notTheService(_ status: Int, _ body: String, _ applied: BackendError.Applied) {
    let error = BackendError(
      replyTo: .acceptHandshake, status: status, header: nil, body: bytes(body))
    guard case .unreadable = error.failure else {
      Issue.record("\(status)")
      return
    }
    #expect(error.applied == applied)
  }

  @Test("only a refusal proves that nothing was applied")
  func applied() {
    for (exception, status, applied) in [
      (ServiceException.handshakeNotFound, 400, BackendError.Applied.refused),
      (.service, 500, .unknown), (.service, 400, .unknown), (.tooManyRequests, 400, .refused),
      (.accessDenied, 503, .unknown),
    ] {
      let body = ServiceError(exception, message: Untrusted("")).body
      let error = BackendError(replyTo: .acceptHandshake, status: status, header: nil, body: body)
      #expect(error.applied == applied)
      #expect(error.exception == exception)
    }
  }
}

@Suite struct HTTPDateTests {
  @Test("a written date is read back, to the second")
  func roundTrip() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<200 {
      let instant = Timestamp(
        milliseconds: Int64.random(in: -2_000_000_000...4_000_000_000, using: &random) * 1_000)
      #expect(HTTPDate.read(Untrusted(HTTPDate.text(instant))) == instant)
    }
  }

  @Test("the weekday is the calendar's")
  func weekday() {
    #expect(HTTPDate.text(Timestamp(milliseconds: 0)) == "Thu, 01 Jan 1970 00:00:00 GMT")
    #expect(HTTPDate.text(ManualTime.mockup) == "Sun, 22 Nov 2026 14:32:10 GMT")
  }
}
