import Wire

/// Requests that keep every rule of the model, one or two an operation, with every member in them.
enum SoundRequests {
  static let handshake = #"{"HandshakeId":"h-00000000000000000000000000000000"}"#
  static let tags = #""Tags":[{"Key":"team","Value":"pay"}]"#
  static let page = #""NextToken":"t","MaxResults":20"#

  static let bodies: [(operation: String, bodies: [String])] = [
    ("AcceptHandshake", [handshake]),
    ("DeclineHandshake", [handshake]),
    ("CancelHandshake", [handshake]),
    ("DescribeHandshake", [handshake]),
    ("ListHandshakesForAccount", filtered),
    ("ListHandshakesForOrganization", filtered),
    (
      "InviteAccountToOrganization",
      [#"{"Target":{"Id":"100000000002","Type":"ACCOUNT"},"Notes":"n",\#(tags)}"#]
    ),
    ("EnableAllFeatures", ["{}"]),
    ("DescribeOrganization", ["{}"]),
    ("CreateOrganization", [#"{"FeatureSet":"ALL"}"#]),
    ("ListAccounts", ["{\(page)}"]),
    (
      "CreateAccount",
      [
        #"{"Email":"new@example.com","AccountName":"new","RoleName":"Admin","#
          + #""IamUserAccessToBilling":"ALLOW",\#(tags)}"#
      ]
    ),
    ("DescribeCreateAccountStatus", [#"{"CreateAccountRequestId":"car-00000000"}"#]),
    ("LeaveOrganization", ["{}"]),
    ("RemoveAccountFromOrganization", [#"{"AccountId":"100000000002"}"#]),
    (
      "InviteOrganizationToTransferResponsibility",
      [
        #"{"Type":"BILLING","Target":{"Id":"100000000002","Type":"ACCOUNT"},"Notes":"n","#
          + #""StartTimestamp":1798761600,"SourceName":"bills",\#(tags)}"#
      ]
    ),
    ("ListInboundResponsibilityTransfers", [#"{"Type":"BILLING","Id":"rt-00000000",\#(page)}"#]),
    ("ListOutboundResponsibilityTransfers", [#"{"Type":"BILLING",\#(page)}"#]),
    ("DescribeResponsibilityTransfer", [#"{"Id":"rt-00000000"}"#]),
    ("UpdateResponsibilityTransfer", [#"{"Id":"rt-00000000","Name":"bills"}"#]),
    (
      "TerminateResponsibilityTransfer",
      [#"{"Id":"rt-00000000","EndTimestamp":1796083199.999}"#]
    ),
  ]

  private static let filtered = [
    #"{"Filter":{"ActionType":"INVITE"},\#(page)}"#,
    #"{"Filter":{"ParentHandshakeId":"h-00000000"},\#(page)}"#,
  ]
}
