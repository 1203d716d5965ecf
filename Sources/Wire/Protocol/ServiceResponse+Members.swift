import Model
import Text

extension ServiceResponse {
  /// Parses ListAccounts' reply (AWS Organizations API reference).
  ///
  /// - Throws: When one account of it cannot be read: a list with a gap would pass for a shorter one.
  public static func memberPage(_ body: [UInt8]) throws(UnreadableReply) -> MemberPage {
    let value: JSONValue
    do { value = try JSONValue.read(body) } catch { throw UnreadableReply(error) }
    guard let accounts = value["Accounts"]?.array else {
      throw UnreadableReply(JSONFault(.missing, at: 0))
    }
    var members: [Member] = []
    for account in accounts {
      guard let member = Member(account) else { throw UnreadableReply(JSONFault(.missing, at: 0)) }
      members.append(member)
    }
    let next = value["NextToken"]
    guard next == nil || next?.string != nil else {
      throw UnreadableReply(JSONFault(.wrongType, at: 0))
    }
    // botocore takes an empty token for none.
    return MemberPage(
      members: members, next: next?.string.flatMap { $0.isEmpty ? nil : PageToken($0) })
  }
}

extension Member {
  /// Nil without an account id, a status, or the way the account joined.
  fileprivate init?(_ value: JSONValue) {
    guard let account = value["Id"]?.string.flatMap({ AccountID($0) }),
      let status = value["Status"]?.string, let method = value["JoinedMethod"]?.string
    else { return nil }
    self.init(
      account: account, arn: value["Arn"]?.string ?? Untrusted(""),
      email: value["Email"]?.string ?? Untrusted(""), name: value["Name"]?.string ?? Untrusted(""),
      status: Status(wireName: status),
      state: value["State"]?.string.map { LifecycleState(wireName: $0) },
      joinedMethod: JoinedMethod(wireName: method),
      joined: value["JoinedTimestamp"]?.time ?? Timestamp(milliseconds: 0))
  }
}
