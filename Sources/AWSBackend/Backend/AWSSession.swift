import Model
import Signing
import Synchronization
import Text
import Wire

/// What the reader and the backend of one profile share.
final class AWSSession: Sendable {
  private let organizations: AWSClient
  private let check: CallerCheck
  private let pacer: ReadPacer
  private let time: any TimeSource
  private let membership = Mutex<Membership?>(nil)
  /// Those that the account was last identified with.
  private let identified = Mutex<AccessKeys?>(nil)

  /// What DescribeOrganization said last.
  private struct Membership {
    var reply: Reply<Organization?>
    /// Our uptime when it was said.
    var said: Span
  }

  /// The time for which the screens are not told anew: the service allows one call a second. What is
  /// sent never rests on a kept reply.
  private static let membershipKept = Span.seconds(2)

  init(organizations: AWSClient, check: CallerCheck, pacer: ReadPacer, time: any TimeSource) {
    self.organizations = organizations
    self.check = check
    self.pacer = pacer
    self.time = time
  }

  // MARK: Calls

  func read<Value>(_ call: AWSCall<Value>) async throws(BackendError) -> Reply<Value> {
    try await organizations.read(call, gate(waits: true))
  }

  func write<Value>(_ call: AWSCall<Value>) async throws(BackendError) -> Reply<Value> {
    // Both before and after: whoever asks meanwhile may be told either.
    forgetMembership()
    defer { forgetMembership() }
    return try await organizations.write(
      call, gate(waits: false), with: identified.withLock { $0 })
  }

  private func gate(waits: Bool) -> AccountGate {
    AccountGate(check: check, pacer: pacer, waits: waits, skew: organizations.skew)
  }

  // MARK: Who calls

  func callerIdentity() async throws(BackendError) -> CallerIdentity {
    try await check.caller(for: .getCallerIdentity).identity
  }

  /// - Parameter isFresh: Whether the organization must be asked for, however lately it was told.
  func identity(isFresh: Bool = false) async throws(BackendError) -> Reply<Identity> {
    if isFresh { forgetMembership() }
    let membership = try await organization(isFresh: isFresh)
    let caller = try await check.caller(for: .getCallerIdentity)
    identified.withLock { $0 = caller.credentials.keys }
    let identity = Identity(
      account: caller.identity.account, caller: caller.identity.arn,
      organization: membership.value, credentialsEnd: caller.credentials.expires)
    pacer.learn(identity)
    return Reply(identity, at: membership.time, requestID: membership.requestID)
  }

  private func organization(isFresh: Bool) async throws(BackendError) -> Reply<Organization?> {
    if !isFresh, let kept = keptMembership() { return kept }
    let call = AWSCall<Organization?>(.describeOrganization) { (body) throws(ReplyFault) in
      do throws(UnreadableReply) {
        return try ServiceResponse.organization(body)
      } catch {
        throw ReplyFault(error)
      }
    }
    let reply: Reply<Organization?>
    do throws(BackendError) {
      reply = try await read(call)
    } catch {
      guard error.exception == .awsOrganizationsNotInUse else { throw error }
      reply = Reply(
        nil, at: error.time ?? time.now() + organizations.skew, requestID: error.requestID)
    }
    let now = time.uptime()
    membership.withLock { $0 = Membership(reply: reply, said: now) }
    return reply
  }

  /// With the service's time as it is by now.
  private func keptMembership() -> Reply<Organization?>? {
    guard let kept = membership.withLock({ $0 }) else { return nil }
    let age = time.uptime() - kept.said
    guard age < Self.membershipKept, age >= .zero else { return nil }
    return Reply(kept.reply.value, at: kept.reply.time + age, requestID: kept.reply.requestID)
  }

  private func forgetMembership() { membership.withLock { $0 = nil } }
}
