import Model
import TestSupport
import Testing
import Text
import Wire

@Suite("Organizations, accounts and transfers on the wire")
struct OrganizationServiceTests {
  private static let transfer = Untrusted("rt-exampletransfer1")

  private static let requests: [(ServiceRequest, String, String)] = [
    (.createOrganization(nil), "CreateOrganization", "{}"),
    (
      .createOrganization(.unknown(Untrusted("SOME"))), "CreateOrganization",
      #"{"FeatureSet":"SOME"}"#
    ),
    (.listAccounts(PageRequest()), "ListAccounts", "{}"),
    (
      .listAccounts(PageRequest(PageToken(Untrusted("t")), limit: 0)), "ListAccounts",
      #"{"NextToken":"t","MaxResults":0}"#
    ),
    (
      .createAccount(AccountRequest(email: Untrusted("a@b.example"), name: Untrusted("A"))),
      "CreateAccount", #"{"Email":"a@b.example","AccountName":"A"}"#
    ),
    (
      .createAccount(
        AccountRequest(
          email: Untrusted(""), name: Untrusted(""), roleName: Untrusted("Admin"),
          billingAccess: Untrusted("DENY"),
          tags: [Invitation.Tag(key: Untrusted("k"), value: Untrusted(""))])),
      "CreateAccount",
      #"{"Email":"","AccountName":"","RoleName":"Admin","IamUserAccessToBilling":"DENY","Tags":[{"Key":"k","Value":""}]}"#
    ),
    (
      .describeCreateAccountStatus(Untrusted("car-example1")), "DescribeCreateAccountStatus",
      #"{"CreateAccountRequestId":"car-example1"}"#
    ),
    (.leaveOrganization, "LeaveOrganization", "{}"),
    (
      .removeAccount(Untrusted("222222222222")), "RemoveAccountFromOrganization",
      #"{"AccountId":"222222222222"}"#
    ),
    (
      .inviteToTransfer(
        .init(
          TransferRequest(
            to: .account(Untrusted("222222222222")),
            start: Timestamp(milliseconds: 1_798_761_600_000),
            name: Untrusted("bills"), notes: Untrusted("as agreed")))),
      "InviteOrganizationToTransferResponsibility",
      #"{"Type":"BILLING","Target":{"Id":"222222222222","Type":"ACCOUNT"},"Notes":"as agreed","StartTimestamp":1798761600,"SourceName":"bills"}"#
    ),
    (
      .listTransfers(TransferQuery(.inbound, id: transfer), PageRequest(limit: 20)),
      "ListInboundResponsibilityTransfers",
      #"{"Type":"BILLING","Id":"rt-exampletransfer1","MaxResults":20}"#
    ),
    (
      .listTransfers(TransferQuery(.outbound, type: .unknown(Untrusted("X"))), PageRequest()),
      "ListOutboundResponsibilityTransfers", #"{"Type":"X"}"#
    ),
    (
      .describeTransfer(transfer), "DescribeResponsibilityTransfer",
      #"{"Id":"rt-exampletransfer1"}"#
    ),
    (
      .updateTransfer(transfer, name: Untrusted("n")), "UpdateResponsibilityTransfer",
      #"{"Id":"rt-exampletransfer1","Name":"n"}"#
    ),
    (
      .terminateTransfer(transfer, end: nil), "TerminateResponsibilityTransfer",
      #"{"Id":"rt-exampletransfer1"}"#
    ),
    (
      .terminateTransfer(transfer, end: Timestamp(milliseconds: 1_780_271_999_999)),
      "TerminateResponsibilityTransfer",
      #"{"Id":"rt-exampletransfer1","EndTimestamp":1780271999.999}"#
    ),
  ]

  @Test("every request is written as the service expects it and read back the same")
  func requestsBothWays() throws {
    for (request, operation, body) in Self.requests {
      #expect(request.operation.rawValue == operation)
      #expect(text(request.body) == body)
      let target = Untrusted("AWSOrganizationsV20161128." + operation)
      #expect(try ServiceRequest(target: target, body: bytes(body)) == request)
    }
  }

  @Test("a time is accepted in every format of a number, and in no other")
  func times() throws {
    let target = Untrusted("AWSOrganizationsV20161128.TerminateResponsibilityTransfer")
    for text in ["1780271999.999", "1.780271999999E9", "1780271999999e-3"] {
      let body = bytes(#"{"Id":"rt-exampletransfer1","EndTimestamp":\#(text)}"#)
      #expect(
        try ServiceRequest(target: target, body: body)
          == .terminateTransfer(
            Self.transfer, end: Timestamp(milliseconds: 1_780_271_999_999)))
    }
    for text in [#""2026-05-31T23:59:59Z""#, "1e99", "true", "[]"] {
      let body = bytes(#"{"Id":"rt-exampletransfer1","EndTimestamp":\#(text)}"#)
      #expect(throws: RequestFault.unreadable, "\(text)") {
        try ServiceRequest(target: target, body: body)
      }
    }
  }

  @Test("an organization is written with its deprecated member, and is read back")
  func organizations() throws {
    let organization = Organization(
      id: try Fixture.organization("o-exampleorgid"),
      managementAccount: try Fixture.account("111111111111"),
      managementEmail: Untrusted("bill@example.com"), featureSet: .all)
    let body = ServiceResponse.organization(organization, partition: Untrusted("aws")).body
    #expect(
      text(body)
        == #"{"Organization":{"Id":"o-exampleorgid","Arn":"arn:aws:organizations::111111111111:organization/o-exampleorgid","FeatureSet":"ALL","MasterAccountArn":"arn:aws:organizations::111111111111:account/o-exampleorgid/111111111111","MasterAccountId":"111111111111","MasterAccountEmail":"bill@example.com","AvailablePolicyTypes":[{"Type":"SERVICE_CONTROL_POLICY","Status":"ENABLED"}]}}"#
    )
    #expect(try ServiceResponse.organization(body) == organization)
    for (old, new) in [
      ("::111111111111:organization/", "::222222222222:organization/"),
      (":organization/o-exampleorgid", ":organization/o-otherorgid0"),
      ("::111111111111:account/", "::222222222222:account/"),
      (":account/o-exampleorgid", ":account/o-otherorgid0"),
      ("o-exampleorgid/111111111111", "o-exampleorgid/222222222222"),
    ] {
      let other = text(body).replacing(old, with: new)
      #expect(throws: UnreadableReply(JSONFault(.contradiction, at: 0)), "\(new)") {
        try ServiceResponse.organization(bytes(other))
      }
    }
  }

  @Test(
    "a list of members with a gap is refused, never shortened",
    arguments: [
      "", "{}", "[]", #"{"Accounts":{}}"#, #"{"Accounts":[{}]}"#, #"{"Accounts":[null]}"#,
      #"{"Accounts":[{"Id":"222222222222","Status":"ACTIVE"}]}"#,
      #"{"Accounts":[{"Id":"2222","Status":"ACTIVE","JoinedMethod":"INVITED"}]}"#,
      #"{"Accounts":[{"Id":"222222222222","Status":1,"JoinedMethod":"INVITED"}]}"#,
      #"{"Accounts":[],"NextToken":7}"#, #"{"Accounts":[],"Accounts":[]}"#, #"{"Accounts":["#,
    ])
  func gaps(_ body: String) {
    #expect(throws: UnreadableReply.self) { try ServiceResponse.memberPage(Array(body.utf8)) }
  }

  @Test("members have the model's names and order; a missing one is not null")
  func accounts() throws {
    let member = Member(
      account: try Fixture.account("222222222222"), arn: Untrusted("arn:x"),
      email: Untrusted("juan@example.com"), name: Untrusted("Juan \u{1B}"), status: .active,
      state: .active, joinedMethod: .invited, joined: Timestamp(milliseconds: 1_481_835_795_536))
    var older = member
    older.state = nil
    older.status = .unknown(Untrusted("NEW"))
    let page = MemberPage(members: [member, older], next: PageToken(Untrusted("t")))
    #expect(
      text(ServiceResponse.members(page).body)
        == #"{"Accounts":[{"Id":"222222222222","Arn":"arn:x","Email":"juan@example.com","Name":"Juan \u001b","Status":"ACTIVE","State":"ACTIVE","JoinedMethod":"INVITED","JoinedTimestamp":1481835795.536},{"Id":"222222222222","Arn":"arn:x","Email":"juan@example.com","Name":"Juan \u001b","Status":"NEW","JoinedMethod":"INVITED","JoinedTimestamp":1481835795.536}],"NextToken":"t"}"#
    )
    #expect(try ServiceResponse.memberPage(ServiceResponse.members(page).body) == page)
    let made = AccountCreation(
      id: Untrusted("car-example1"), name: Untrusted("A"), state: .succeeded,
      requested: Timestamp(milliseconds: 1_000), completed: Timestamp(milliseconds: 2_500),
      account: member.account)
    #expect(
      text(ServiceResponse.accountCreation(made).body)
        == #"{"CreateAccountStatus":{"Id":"car-example1","AccountName":"A","State":"SUCCEEDED","RequestedTimestamp":1,"CompletedTimestamp":2.5,"AccountId":"222222222222"}}"#
    )
    let failed = AccountCreation(
      id: Untrusted("car-example1"), name: Untrusted("A"), state: .failed,
      requested: Timestamp(milliseconds: 1_000), completed: Timestamp(milliseconds: 2_500),
      failure: .emailAlreadyExists)
    #expect(
      text(ServiceResponse.accountCreation(failed).body)
        == #"{"CreateAccountStatus":{"Id":"car-example1","AccountName":"A","State":"FAILED","RequestedTimestamp":1,"CompletedTimestamp":2.5,"FailureReason":"EMAIL_ALREADY_EXISTS"}}"#
    )
    #expect(text(ServiceResponse.nothing.body) == "{}")
  }

  @Test("a transfer is written with the known facts of its two sides")
  func transfers() throws {
    var transfer = ResponsibilityTransfer(
      arn: Untrusted("arn:x"), name: Untrusted("bills"), id: Self.transfer, type: .billing,
      status: .withdrawn,
      source: .init(managementAccount: nil, managementEmail: Untrusted("new@example.com")),
      target: .init(
        managementAccount: try Fixture.account("111111111111"),
        managementEmail: Untrusted("bill@example.com")),
      start: Timestamp(milliseconds: 1_777_593_600_000),
      end: Timestamp(milliseconds: 1_780_271_999_999),
      handshake: try Fixture.handshake("h-examplehandshakeid111"))
    #expect(
      text(ServiceResponse.transfer(transfer).body)
        == #"{"ResponsibilityTransfer":{"Arn":"arn:x","Name":"bills","Id":"rt-exampletransfer1","Type":"BILLING","Status":"WITHDRAWN","Source":{"ManagementAccountEmail":"new@example.com"},"Target":{"ManagementAccountId":"111111111111","ManagementAccountEmail":"bill@example.com"},"StartTimestamp":1777593600,"EndTimestamp":1780271999.999,"ActiveHandshakeId":"h-examplehandshakeid111"}}"#
    )
    (transfer.end, transfer.handshake) = (nil, nil)
    let body = ServiceResponse.transfers(TransferPage(transfers: [transfer], next: nil)).body
    #expect(text(body).hasPrefix(#"{"ResponsibilityTransfers":[{"Arn":"arn:x","#))
    #expect(text(body).hasSuffix(#""StartTimestamp":1777593600}]}"#))
  }

  @Test("instants before 1970 and fractions keep their value")
  func epochs() {
    for milliseconds: Int64 in [0, 1, -1, 1_500, -1_500, -500, 1_780_271_999_999] {
      let number = JSONNumber(epochSeconds: Timestamp(milliseconds: milliseconds))
      #expect(number.epochSeconds?.milliseconds == milliseconds, "\(number.text)")
    }
  }
}
