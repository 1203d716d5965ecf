import Model
import Text
import Wire

/// The input of AssumeRole, validated as STS validates it.
struct AssumeRoleRequest: Hashable, Sendable {
  var roleARN: String
  var account: AccountID
  var role: SandboxRole
  var sessionName: String
  var duration: Span
  var externalID: String?
  /// The serial number or ARN of the MFA device.
  var serialNumber: String?
  var tokenCode: String?
  var sourceIdentity: String?

  /// Reads and validates the parameters of AssumeRole.
  ///
  /// `chained` says that the caller itself uses temporary keys; the session then lasts an hour at
  /// most (role chaining).
  ///
  /// - Throws: `QueryError`: `ValidationError` if a parameter is missing, too short, too long, out
  ///   of range or contains other characters than STS allows, or if RoleArn is not the ARN of a
  ///   role; `MalformedInput` if DurationSeconds is not a number.
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

  /// Returns the session's duration: an hour by default, 900 to 43,200 seconds.
  ///
  /// - Throws: `QueryError` if `text` is not a number, is out of that range, or exceeds an hour
  ///   although `chained`.
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

  /// Returns the value of a parameter that must be present.
  ///
  /// - Throws: `QueryError` `ValidationError` if it is missing, or as `optional` does.
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

  /// Returns the value of a parameter; nil if it is missing.
  ///
  /// - Throws: `QueryError` `ValidationError` if the length in bytes is outside `length`, or if a
  ///   byte is not accepted by `isFit`.
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
    // An MFA code is a secret, even a malformed one.
    let shown = member == "tokenCode" ? "" : " '\(value)'"
    return .validation(
      "1 validation error detected: Value\(shown) at '\(member)' failed to satisfy constraint: "
        + constraint)
  }

  /// Returns whether `byte` matches `[\w+=,.@-]`.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || "_+=,.@-".utf8.contains(byte)
  }
}

/// A role that can be assumed.
///
/// Every account of the store has a role of every name. Three names have a trust policy of their
/// own, to test how clients handle it.
public struct SandboxRole: Hashable, Sendable {
  /// The last part of the role's ARN, 1 to 64 characters.
  public let name: String

  /// The role that trusts whoever sends an MFA code of six digits; `000000` is always wrong.
  public static let withMFA = SandboxRole(name: "OperatorWithMFA")
  /// The role that trusts whoever sends `externalID`.
  public static let withExternalID = SandboxRole(name: "OperatorWithExternalId")
  /// The role that trusts nobody.
  public static let trustingNobody = SandboxRole(name: "NobodyMayAssume")

  /// The ExternalId that `withExternalID` requires.
  public static let externalID = "sandbox-external-id"
  static let wrongCode = "000000"

  /// Returns whether `request` meets the conditions of the trust policy.
  func trusts(_ request: AssumeRoleRequest) -> Bool {
    switch self {
    case .withMFA: request.serialNumber != nil && request.tokenCode != nil
    case .withExternalID: request.externalID == Self.externalID
    case .trustingNobody: false
    default: true
    }
  }

  /// Returns the error for an invalid or incomplete MFA proof; nil if it is valid or absent.
  ///
  /// A code and a serial number need each other, and are checked whatever the role.
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
