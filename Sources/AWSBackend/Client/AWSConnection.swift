import Model
import Signing
import Synchronization
import Text
import Wire

/// What all profiles of one process share: each server's clock, the quota for retries, the service's
/// buckets, and the version that requests state.
public struct AWSShared: Sendable {
  public var version: String
  let skews = SkewMemory()
  let quota = RetryQuota()
  let pacers: Pacers
  public var log: CallLog

  /// AWS's buckets are known; those of another server show when it refuses a call.
  struct Pacers: Sendable {
    var own: ReadPacer
    var others: ReadPacer
  }

  public init(
    version: String, time: any TimeSource, sleeper: any Sleeper, log: CallLog = .none
  ) {
    self.version = version
    self.log = log
    pacers = Pacers(
      own: ReadPacer(.organizations, time: time, sleeper: sleeper),
      others: ReadPacer(.unlimited, time: time, sleeper: sleeper))
  }
}

/// One profile of the AWS CLI, ready to be asked through. Making it sends nothing.
public struct AWSConnection: Sendable {
  public let settings: AWSSettings
  /// Where Organizations is asked.
  public let endpoint: Endpoint
  public let partition: Partition
  public let credentials: any CredentialsProvider
  private let session: AWSSession

  /// - Parameter account: The one that the profile must be of. Without it, the one that it turns out
  ///   to be of at the first call is kept to.
  public init(
    _ settings: AWSSettings, world: AWSWorld, credentials: any CredentialsProvider,
    shared: AWSShared, account: AccountID? = nil
  ) throws(SettingsFault) {
    self.settings = settings
    self.credentials = credentials
    endpoint = try settings.endpoint(for: .organizations)
    partition = Partition.of(region: settings.region.value)
    let transport = RoutedTransport(world.transport, route: HTTPRoute(settings))
    func client(_ endpoint: Endpoint) -> AWSClient {
      AWSClient(
        endpoint: endpoint, transport: transport, time: world.time, random: world.random,
        sleeper: world.sleeper,
        agent: UserAgent(version: shared.version, appID: settings.appID?.value),
        connectTimeout: settings.connectTimeout,
        retry: RetryStrategy(maxAttempts: settings.maxAttempts.value), quota: shared.quota,
        skews: shared.skews, log: shared.log)
    }
    let check = CallerCheck(
      tokens: client(try settings.endpoint(for: .sts)), provider: credentials,
      profile: Untrusted(settings.profile.value), account: account)
    session = AWSSession(
      organizations: client(endpoint), check: check,
      pacer: endpoint.isCustom ? shared.pacers.others : shared.pacers.own, time: world.time)
  }

  /// Has no call that changes anything.
  public var reader: AWSReader { AWSReader(session: session, partition: partition.id) }

  public var backend: AWSBackend { AWSBackend(reader: reader) }

  /// Whose keys the profile has, by STS, which is asked once for the same keys. (`identity()` asks
  /// Organizations as well.)
  public func callerIdentity() async throws(BackendError) -> CallerIdentity {
    try await session.callerIdentity()
  }
}

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

/// Spaces out reads so that the service need not refuse them: the buckets of each account and each
/// organization, for all profiles of a process together.
public final class ReadPacer: Sendable {
  private let pace: Mutex<Pace>
  private let time: any TimeSource
  private let sleeper: any Sleeper

  /// - Parameter pace: `.organizations` for AWS's own endpoints; `.unlimited` elsewhere, until the
  ///   service there refuses a call for pace.
  public init(_ pace: Pace, time: any TimeSource, sleeper: any Sleeper) {
    self.pace = Mutex(pace)
    self.time = time
    self.sleeper = sleeper
  }

  /// Takes a token and returns nil, or how long there will be none.
  func acquire(_ operation: Operation, as account: AccountID) -> Span? {
    pace.withLock { $0.take([operation], as: account, at: time.uptime()) }
  }

  func wait(_ span: Span) async { await sleeper.sleep(span) }

  func learn(_ identity: Identity) { pace.withLock { $0.learn(identity) } }

  func drain(_ operation: Operation, as account: AccountID, for pause: Span?) {
    pace.withLock { $0.drain(operation, as: account, for: pause, at: time.uptime()) }
  }
}
