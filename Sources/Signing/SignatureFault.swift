import Model
import Text

/// Why a signature is not believed, in the order in which it is looked at.
public enum SignatureFault: Error, Hashable, Sendable {
  /// No Authorization header.
  case absent
  /// An Authorization header of another algorithm, or of none.
  case otherAlgorithm
  /// What the header does not have, or has in no readable form.
  case incomplete(Set<Part>)
  /// `Host` must be signed.
  case hostUnsigned
  /// A header that is listed as signed was not sent.
  case headerNotSent(Untrusted)
  /// The scope's day is not the day of the request's time.
  case otherDay(scope: Untrusted, request: SigningTime)
  /// More than 15 minutes ago.
  case expired(request: SigningTime)
  /// More than 15 minutes ahead.
  case notYetCurrent(request: SigningTime)
  case otherService(Untrusted)
  case otherRegion(Untrusted)
  case unknownKey(Untrusted)
  /// The session token is not the key's, is missing, or is given for a key without one.
  case token
  case mismatch

  public enum Part: Int, Hashable, CaseIterable, Comparable, Sendable {
    case credential
    case signature
    case signedHeaders
    /// `X-Amz-Date`.
    case date

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }
}
