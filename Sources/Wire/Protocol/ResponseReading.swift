import Model
import Text

/// A reply with a 2xx status whose body is not the output of its operation.
///
/// Whether the operation was applied is then unknown.
public struct UnreadableReply: Error, Hashable, Sendable {
  /// The first fault of the body, with its byte offset; 0 where a member is missing or contradicts.
  public var fault: JSONFault

  /// Wraps the fault of a body.
  public init(_ fault: JSONFault) {
    self.fault = fault
  }

  /// The failure as backends report it, with the kind and offset of the fault.
  public var failure: BackendError.Failure {
    .unreadable(Untrusted("\(fault.kind.rawValue) at byte \(fault.offset)"))
  }
}

extension ServiceResponse {
  /// Parses `{"Handshake": {…}}`.
  ///
  /// - Parameters:
  ///   - body: The body of the reply.
  ///   - limits: The sizes that are accepted.
  ///   - partition: The partition that was asked; a record of another one is damaged. Nil accepts
  ///     any.
  /// - Returns: The handshake, whose damage names what is wrong with it.
  /// - Throws: `UnreadableReply` when the body is not a JSON object, exceeds the limits, has a
  ///   member twice, or has no object `Handshake`.
  public static func handshake(
    _ body: [UInt8], limits: JSONLimits = .page, partition: String? = nil
  ) throws(UnreadableReply) -> Handshake {
    try reading(body, limits) { cursor throws(JSONFault) in
      var handshake: Handshake?
      try eachMember(of: &cursor) { name, cursor throws(JSONFault) in
        guard name == Untrusted("Handshake"), try cursor.peek() == Byte.openObject else {
          try cursor.skipValue()
          return
        }
        var decoder = HandshakeDecoder(cursor)
        try decoder.readRecord()
        cursor = decoder.cursor
        handshake = decoder.handshake
      }
      guard var handshake else { throw cursor.fault(.missing) }
      if let partition { handshake.check(partition: partition) }
      return handshake
    }
  }

  /// Parses `{"Handshakes": […], "NextToken": "…"}`.
  ///
  /// A record that is damaged or not JSON does not affect the others. A reply that is cut short or
  /// has no such list is refused, because it must not pass for a shorter one.
  ///
  /// - Parameters:
  ///   - body: The body of the reply.
  ///   - limits: The sizes that are accepted.
  ///   - partition: The partition that was asked; a record of another one is damaged. Nil accepts
  ///     any.
  /// - Returns: The page, in which records that share an id are damaged.
  /// - Throws: `UnreadableReply` when the JSON outside the records is invalid, exceeds the limits,
  ///   or has a member twice, when there is no list `Handshakes`, or when `NextToken` is not a
  ///   string.
  public static func page(
    _ body: [UInt8], limits: JSONLimits = .page, partition: String? = nil
  ) throws(UnreadableReply) -> Page {
    try reading(body, limits) { cursor throws(JSONFault) in
      var handshakes: [Handshake]?
      var next: PageToken?
      try eachMember(of: &cursor) { name, cursor throws(JSONFault) in
        if name == Untrusted("Handshakes") {
          handshakes = try records(&cursor)
        } else if name == Untrusted("NextToken"), try !cursor.takeNull() {
          let text = cursor.text(try cursor.string()).text
          // As in botocore, an empty token means no further page, so that no endless listing is
          // begun.
          if !text.isEmpty { next = PageToken(text) }
        } else if name != Untrusted("NextToken") {
          try cursor.skipValue()
        }
      }
      guard var handshakes else { throw cursor.fault(.missing) }
      if let partition {
        for index in handshakes.indices { handshakes[index].check(partition: partition) }
      }
      Handshake.markDuplicates(in: &handshakes, evenEqual: true)
      return Page(handshakes: handshakes, next: next)
    }
  }

  private static func records(_ cursor: inout JSONCursor) throws(JSONFault) -> [Handshake] {
    guard try cursor.take(Byte.openArray) else { throw cursor.fault(.wrongType) }
    var decoder = HandshakeDecoder(cursor)
    var list = RecordList(isEnveloped: true)
    var handshakes: [Handshake] = []
    while let handshake = list.next(&decoder) { handshakes.append(handshake) }
    cursor = decoder.cursor
    if let fault = list.fault { throw fault }
    return handshakes
  }

  /// Parses the reply of DescribeOrganization.
  ///
  /// - Parameter body: The body of the reply.
  /// - Returns: The organization.
  /// - Throws: `UnreadableReply` when the body is not JSON, when id, management account, its e-mail
  ///   address or the feature set is missing or malformed, or when an ARN names another
  ///   organization or management account.
  public static func organization(_ body: [UInt8]) throws(UnreadableReply) -> Organization {
    let value: JSONValue
    do { value = try JSONValue.read(body) } catch { throw UnreadableReply(error) }
    guard let members = value["Organization"],
      let id = members["Id"]?.string.flatMap({ OrganizationID($0) }),
      // One of AWS's own examples names the account only in its ARN.
      let account = members["MasterAccountId"]?.string.flatMap({ AccountID($0) })
        ?? members["MasterAccountArn"]?.string.flatMap(accountAtEnd),
      let email = members["MasterAccountEmail"]?.string,
      let features = members["FeatureSet"]?.string
    else { throw UnreadableReply(JSONFault(.missing, at: 0)) }
    try checkARNs(of: members, id, account)
    return Organization(
      id: id, managementAccount: account, managementEmail: email,
      featureSet: FeatureSet(wireName: features))
  }

  /// Refuses an organization whose ARNs name another organization or management account.
  ///
  /// The forms are `arn:aws:organizations::ACCOUNT:organization/ORGANIZATION` and
  /// `…:account/ORGANIZATION/ACCOUNT`; an ARN without six parts is not checked.
  private static func checkARNs(
    of members: JSONValue, _ id: OrganizationID, _ account: AccountID
  ) throws(UnreadableReply) {
    for name in ["Arn", "MasterAccountArn"] {
      guard let arn = members[name]?.string?.asciiText else { continue }
      let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
      guard parts.count == 6 else { continue }
      let path = parts[5].split(separator: "/", omittingEmptySubsequences: false)
      let named = [AccountID(parts[4])] + path.dropFirst(2).map { AccountID($0) }
      let organization = path.count > 1 ? OrganizationID(path[1]) : nil
      guard named.allSatisfy({ $0 == nil || $0 == account }),
        organization == nil || organization == id
      else { throw UnreadableReply(JSONFault(.contradiction, at: 0)) }
    }
  }

  private static func accountAtEnd(of arn: Untrusted) -> AccountID? {
    arn.bytes.lastIndex(of: UInt8(ascii: "/")).flatMap {
      AccountID(Untrusted(bytes: arn.bytes[($0 + 1)...]))
    }
  }

  /// Parses the reply of GetCallerIdentity in the form that the AWS CLI prints.
  ///
  /// - Parameter body: The JSON of the reply.
  /// - Returns: The caller's identity.
  /// - Throws: `UnreadableReply` when the body is not JSON, or when user id, ARN or account is
  ///   missing or malformed.
  public static func callerIdentity(_ body: [UInt8]) throws(UnreadableReply) -> CallerIdentity {
    let value: JSONValue
    do { value = try JSONValue.read(body) } catch { throw UnreadableReply(error) }
    guard let user = value["UserId"]?.string, let arn = value["Arn"]?.string,
      let account = value["Account"]?.string.flatMap({ AccountID($0) })
    else { throw UnreadableReply(JSONFault(.missing, at: 0)) }
    return CallerIdentity(userID: user, account: account, arn: arn)
  }

  // MARK: Walking the envelope

  private static func reading<Value>(
    _ body: [UInt8], _ limits: JSONLimits,
    _ read: (inout JSONCursor) throws(JSONFault) -> Value
  ) throws(UnreadableReply) -> Value {
    do {
      return try withJSONCursor(body, limits: limits) { cursor throws(JSONFault) in
        let value = try read(&cursor)
        try cursor.checkEnd()
        return value
      }
    } catch {
      throw UnreadableReply(error)
    }
  }

  /// Calls `read` before the value of each member of the next object.
  ///
  /// A name that occurs twice is refused, because readers differ in which value counts.
  private static func eachMember(
    of cursor: inout JSONCursor,
    _ read: (Untrusted, inout JSONCursor) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    try cursor.expect(Byte.openObject)
    guard try !cursor.take(Byte.closeObject) else { return }
    var names: Set<Untrusted> = []
    repeat {
      let key = try cursor.key()
      let name = cursor.text(key).text
      guard names.insert(name).inserted else { throw JSONFault(.duplicateKey, at: key.start) }
      try read(name, &cursor)
    } while try cursor.takeComma(or: Byte.closeObject)
  }
}

extension ServiceResponse {
  /// Parses the reply of ListAccounts (AWS Organizations API reference).
  ///
  /// - Parameter body: The body of the reply.
  /// - Returns: The page of accounts.
  /// - Throws: `UnreadableReply` when the body is not JSON, has no list `Accounts`, when one
  ///   account has no id, status or way of joining (a list with a gap would pass for a shorter
  ///   one), or when `NextToken` is not a string.
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
    // As in botocore, an empty token means no further page.
    return MemberPage(
      members: members, next: next?.string.flatMap { $0.isEmpty ? nil : PageToken($0) })
  }
}

extension Member {
  /// Returns nil without an account id, a status, or the way in which the account joined.
  ///
  /// Absent texts become empty, and an absent or malformed `JoinedTimestamp` becomes 1970-01-01.
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
