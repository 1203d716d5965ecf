import Model
import Text

// Replies about organizations and accounts, members in the model's order, absent rather than null.

extension JSONWriter {
  mutating func organization(_ organization: Organization, partition: Untrusted) {
    let head = Array("arn:".utf8) + partition.bytes
    let account = organization.managementAccount.text
    func arn(_ kind: String, _ tail: String) -> Untrusted {
      let rest = ":organizations::\(account):\(kind)/\(organization.id.text)\(tail)"
      return Untrusted(bytes: head + Array(rest.utf8))
    }
    beginObject()
    key("Organization")
    beginObject()
    member("Id", text: organization.id.text)
    member("Arn", arn("organization", ""))
    member("FeatureSet", organization.featureSet)
    member("MasterAccountArn", arn("account", "/" + account))
    member("MasterAccountId", text: account)
    member("MasterAccountEmail", organization.managementEmail)
    policyTypes(organization.featureSet)
    endObject()
    endObject()
  }

  /// Deprecated, and still told: service control policies are there with all features.
  private mutating func policyTypes(_ features: FeatureSet) {
    key("AvailablePolicyTypes")
    beginArray()
    if features == .all {
      element()
      beginObject()
      member("Type", text: "SERVICE_CONTROL_POLICY")
      member("Status", text: "ENABLED")
      endObject()
    }
    endArray()
  }

  mutating func members(_ page: MemberPage) {
    beginObject()
    key("Accounts")
    beginArray()
    for member in page.members {
      element()
      account(member)
    }
    endArray()
    nextToken(page.next)
    endObject()
  }

  private mutating func account(_ account: Member) {
    beginObject()
    member("Id", text: account.account.text)
    member("Arn", account.arn)
    member("Email", account.email)
    member("Name", account.name)
    member("Status", account.status)
    if let state = account.state { member("State", state) }
    member("JoinedMethod", account.joinedMethod)
    member("JoinedTimestamp", account.joined)
    endObject()
  }

  mutating func accountCreation(_ creation: AccountCreation) {
    beginObject()
    key("CreateAccountStatus")
    beginObject()
    member("Id", creation.id)
    member("AccountName", creation.name)
    member("State", creation.state)
    member("RequestedTimestamp", creation.requested)
    if let completed = creation.completed { member("CompletedTimestamp", completed) }
    if let account = creation.account { member("AccountId", text: account.text) }
    if let failure = creation.failure { member("FailureReason", failure) }
    endObject()
    endObject()
  }
}

// MARK: Members that are there

extension JSONWriter {
  mutating func member(_ name: StaticString, _ text: Untrusted) {
    key(name)
    string(text)
  }

  /// Text of our own.
  mutating func member(_ name: StaticString, text: String) {
    key(name)
    plain(text)
  }

  mutating func member(_ name: StaticString, _ value: some WireName) {
    key(name)
    self.name(value)
  }

  mutating func member(_ name: StaticString, _ instant: Timestamp) {
    key(name)
    time(instant)
  }
}
