import Model
import Text
import Wire

/// AssumeRole's input, checked as STS checks it.
struct AssumeRoleRequest: Hashable, Sendable {
  var roleARN: String
  var account: AccountID
  var role: SandboxRole
  var sessionName: String
  var duration: Span
  var externalID: String?
  /// Of the MFA device.
  var serialNumber: String?
  var tokenCode: String?
  var sourceIdentity: String?

  /// - Parameter chained: the caller acts with temporary keys itself; then an hour is the most.
  init(_ form: QueryForm, chained: Bool) throws(QueryError) {
    roleARN = try Self.required(form, "RoleArn", "roleArn", 20...2_048) { _ in true }
    let parts = roleARN.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[3].isEmpty,
      let account = AccountID(parts[4]), parts[5].hasPrefix("role/"),
      let name = parts[5].split(separator: "/", omittingEmptySubsequences: false).last,
      (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isNameByte)
    else { throw .validation("\(roleARN) is invalid") }
    self.account = account
    role = SandboxRole(name: String(name))
    sessionName = try Self.required(
      form, "RoleSessionName", "roleSessionName", 2...64, Self.isNameByte)
    externalID = try Self.optional(form, "ExternalId", "externalId", 2...1_224) {
      Self.isNameByte($0) || ":/".utf8.contains($0)
    }
    serialNumber = try Self.optional(form, "SerialNumber", "serialNumber", 9...256) {
      Self.isNameByte($0) || ":/".utf8.contains($0)
    }
    tokenCode = try Self.optional(form, "TokenCode", "tokenCode", 6...6) {
      $0.isASCIIDigit
    }
    sourceIdentity = try Self.optional(
      form, "SourceIdentity", "sourceIdentity", 2...64, Self.isNameByte)
    duration = try Self.duration(form["DurationSeconds"], chained: chained)
  }

  private static func duration(_ text: String?, chained: Bool) throws(QueryError) -> Span {
    guard let text else { return .hours(1) }
    guard let seconds = Int64(text) else {
      throw QueryError(400, "MalformedInput", "DurationSeconds is not a number")
    }
    guard seconds >= 900 else {
      throw violation(
        "durationSeconds", text, "Member must have value greater than or equal to 900")
    }
    guard seconds <= 43_200 else {
      throw violation(
        "durationSeconds", text, "Member must have value less than or equal to 43200")
    }
    guard !chained || seconds <= 3_600 else {
      throw .validation(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
          + "chaining")
    }
    return .seconds(seconds)
  }

  private static func required(
    _ form: QueryForm, _ name: String, _ member: String, _ length: ClosedRange<Int>,
    _ isFit: (UInt8) -> Bool
  ) throws(QueryError) -> String {
    guard let text = try optional(form, name, member, length, isFit) else {
      throw .validation(
        "1 validation error detected: Value null at '\(member)' failed to satisfy constraint: "
          + "Member must not be null")
    }
    return text
  }

  private static func optional(
    _ form: QueryForm, _ name: String, _ member: String, _ length: ClosedRange<Int>,
    _ isFit: (UInt8) -> Bool
  ) throws(QueryError) -> String? {
    guard let text = form[name] else { return nil }
    if text.utf8.count < length.lowerBound {
      throw violation(
        member, text, "Member must have length greater than or equal to \(length.lowerBound)")
    }
    if text.utf8.count > length.upperBound {
      throw violation(
        member, text, "Member must have length less than or equal to \(length.upperBound)")
    }
    guard text.utf8.allSatisfy(isFit) else {
      throw violation(member, text, "Member must satisfy regular expression pattern")
    }
    return text
  }

  private static func violation(
    _ member: String, _ value: String, _ constraint: String
  ) -> QueryError {
    // A code is a secret, even a malformed one.
    let shown = member == "tokenCode" ? "" : " '\(value)'"
    return .validation(
      "1 validation error detected: Value\(shown) at '\(member)' failed to satisfy constraint: "
        + constraint)
  }

  /// `[\w+=,.@-]`
  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || "_+=,.@-".utf8.contains(byte)
  }
}

/// A role that can be assumed. Every account of the store has any role one may name; a few names have
/// a trust policy of their own, to try what clients do about it.
public struct SandboxRole: Hashable, Sendable {
  public let name: String

  /// Trusts whoever gives a code of six digits from an MFA device; `000000` is always wrong.
  public static let withMFA = SandboxRole(name: "OperatorWithMFA")
  /// Trusts whoever knows `externalID`.
  public static let withExternalID = SandboxRole(name: "OperatorWithExternalId")
  /// Trusts nobody.
  public static let trustingNobody = SandboxRole(name: "NobodyMayAssume")

  public static let externalID = "sandbox-external-id"
  static let wrongCode = "000000"

  /// Whether the trust policy's conditions are met.
  func trusts(_ request: AssumeRoleRequest) -> Bool {
    switch self {
    case .withMFA: request.serialNumber != nil && request.tokenCode != nil
    case .withExternalID: request.externalID == Self.externalID
    case .trustingNobody: false
    default: true
    }
  }

  /// Why the MFA code is not believed; nil when it is, or none was given. A code is checked whenever
  /// one is sent.
  func refusal(_ request: AssumeRoleRequest) -> QueryError? {
    switch (request.serialNumber, request.tokenCode) {
    case (nil, nil): nil
    case (.some, .some(Self.wrongCode)):
      QueryError(
        403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code."
      )
    case (.some, .some): nil
    default:
      QueryError(
        403, "AccessDenied",
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass "
          + "code.")
    }
  }
}
