import Model
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

/// The trust in the organization behind one handshake, on which a confirmation rests.
public struct SenderTrust: Hashable, Sendable {
  /// The trust in the sender.
  public var trust: Trust
  /// The management account that the trust list has for the organization, if another one asks.
  public var otherManager: AccountID?
  /// The known organization that the sender can be mistaken for; nil if the sender is trusted.
  public var lookAlike: LookAlike?

  /// Creates a trust.
  public init(_ trust: Trust, otherManager: AccountID? = nil, lookAlike: LookAlike? = nil) {
    self.trust = trust
    self.otherManager = otherManager
    self.lookAlike = lookAlike
  }

  /// A change of the trust list that removes what a confirmation rested on.
  public enum Loss: Hashable, Sendable {
    /// The organization was listed with the management account that asks, and is no longer.
    case withdrawn
    /// The organization is now listed with this management account instead of the one that asks.
    case otherManager(AccountID)
    /// Nothing was reviewed.
    case notReviewed
  }

  /// Returns what was lost between this trust and a later one; nil if nothing was.
  ///
  /// More trust than before is not a loss: the confirmation was made under stricter rules.
  func loss(to later: SenderTrust) -> Loss? {
    if let other = later.otherManager, other != otherManager { return .otherManager(other) }
    switch (trust, later.trust) {
    case (.ok, .own), (.ok, .new), (.own, .new): return .withdrawn
    case (.ok, .ok), (.own, .ok), (.own, .own), (.new, _): return nil
    }
  }
}

extension TrustList {
  /// Returns the trust in a handshake's sender for the account that would answer.
  public func senderTrust(in handshake: Handshake, for identity: Identity) -> SenderTrust {
    let listed = handshake.senderOrganization.flatMap { self[$0]?.managementAccount }
    let trust = trust(in: handshake, for: [identity])
    return SenderTrust(
      trust, otherManager: listed == handshake.senderAccount ? nil : listed,
      lookAlike: trust == .new ? lookAlike(of: handshake) : nil)
  }
}

/// The service that is talked to.
///
/// Handshakes of one id at two places are two handshakes.
public struct ServicePlace: Hashable, Sendable {
  /// The kind of service.
  public var backend: Backend
  /// The store's absolute path, or the endpoint's address.
  public var address: Untrusted
  /// The AWS partition: `aws`, `aws-cn` and others.
  public var partition: String

  /// Creates a place; an endpoint's address loses the dot that may end its host name.
  public init(_ backend: Backend, at address: Untrusted, partition: String = "aws") {
    self.backend = backend
    self.address = backend == .aws ? Self.withoutDot(address) : address
    self.partition = partition
  }

  /// Returns the address without the dot that may end a fully qualified host name.
  ///
  /// It is the same host. A journal that was written before may have the dot.
  private static func withoutDot(_ address: Untrusted) -> Untrusted {
    let bytes = address.bytes
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8)
    else { return address }
    let host = bytes[(colon + 3)...]
    let end =
      host.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") } ?? host.endIndex
    guard end > host.startIndex, bytes[end - 1] == UInt8(ascii: ".") else { return address }
    return Untrusted(bytes: bytes[..<(end - 1)] + bytes[end...])
  }

  /// The kind of service: the embedded organization or AWS.
  public enum Backend: String, Hashable, CaseIterable, Sendable {
    case local
    case aws
  }
}
