import Model
import Text

/// The effects of starting the change to all features: whom it asks and what it cancels.
///
/// AWS Organizations User Guide, "Enabling all features": each member that was invited is asked for
/// its consent, and every open invitation of the organization is cancelled.
public struct AllFeaturesStart: Hashable, Sendable {
  /// The members that are asked.
  public var asks: [Member]
  /// The open invitations that are cancelled.
  public var cancels: [Handshake]
  /// Whether members are asked about whom the service tells nothing here: those created in the
  /// organization are asked only when they have deleted the service-linked role.
  public var mayAskMore: Bool

  /// - Parameters:
  ///   - members: All members of the organization.
  ///   - sent: All that the organization sent.
  init(_ members: [Member], _ sent: [Handshake], of organization: Organization?) {
    let others = members.filter { $0.account != organization?.managementAccount }
    asks = others.filter { $0.joinedMethod != .created }
    mayAskMore = others.contains { $0.joinedMethod == .created }
    cancels = sent.filter { $0.shape == .invitation && $0.isPending }
  }

  /// Reads the whole of it as the account that would start the change.
  ///
  /// - Throws: When a part of it cannot be read: a shorter list would hide what is asked or cancelled.
  public static func read(
    through reader: any HandshakeReader, as identity: Identity
  ) async throws(BackendError) -> Self {
    var members: [Member] = []
    var trail = PageTrail()
    var token: PageToken?
    repeat {
      let reply = try await reader.members(page: token)
      members += reply.value.members
      token = try trail.next(after: reply, of: .listAccounts)
    } while token != nil
    let sent = try await reader.everyPage(of: Query(.sent)).get()
    return AllFeaturesStart(members, sent, of: identity.organization)
  }
}
