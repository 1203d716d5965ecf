import Model
import ReviewInbox
import ReviewJournal
import Text

/// The operator's rules that must hold at the moment of sending: today the trust list.
///
/// They are read from the disk again right before each INTENT, so that a change made after the
/// review is obeyed (SEC-4.2.4).
public struct SendingRules: Hashable, Sendable {
  /// The trust list as it is on the disk.
  public var trust: TrustList

  /// Creates the rules from a trust list.
  public init(trust: TrustList) {
    self.trust = trust
  }

  /// Returns the reason not to send `write` under these rules; nil if it may be sent.
  ///
  /// `caller` is the identity that was read for this attempt.
  func preflightFailure(to write: WriteRequest, as caller: Identity) -> PreflightFailure? {
    guard case .answer(let item) = write, item.answer == .accept else { return nil }
    // Fails closed: an accept that was not reviewed has no trust behind it.
    guard let reviewed = item.senderTrust else { return .trustChanged(.notReviewed) }
    let now = trust.senderTrust(in: item.seen, for: caller)
    return reviewed.loss(to: now).map { .trustChanged($0) }
  }
}

/// The result of reading the rules.
public enum RulesReading: Hashable, Sendable {
  case rules(SendingRules)
  /// They cannot be read, for this reason. Nothing is sent then.
  case failed(Untrusted)
}
