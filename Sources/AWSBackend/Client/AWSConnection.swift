import Model
import Signing
import Synchronization
import Text
import Wire

/// The state that all profiles of one process share: each server's clock, the retry quota, the
/// request rates, and the version that requests state.
public struct AWSShared: Sendable {
  /// The program's version, for the User-Agent header.
  public var version: String
  let skews = SkewMemory()
  let quota = RetryQuota()
  let pacers: Pacers
  /// The log of every request.
  public var log: CallLog

  /// The pacers for AWS's own endpoints and for other servers.
  ///
  /// AWS's rates are known; those of another server become known when it throttles a request.
  struct Pacers: Sendable {
    var own: ReadPacer
    var others: ReadPacer
  }

  /// Creates the shared state; `time` and `sleeper` pace the reads.
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

/// One profile of the AWS CLI, connected to Organizations and STS.
///
/// Creating it sends nothing.
public struct AWSConnection: Sendable {
  /// The profile's settings.
  public let settings: AWSSettings
  /// The endpoint of Organizations.
  public let endpoint: Endpoint
  /// The partition of the profile's region.
  public let partition: Partition
  /// The provider of the profile's credentials.
  public let credentials: any CredentialsProvider
  private let session: AWSSession

  /// Creates a connection; sends nothing.
  ///
  /// `account` is the account that the profile must belong to. Without it, the account found by the
  /// first call is required from then on (SEC-5.8).
  ///
  /// - Throws: `SettingsFault` if the settings give no valid endpoint for Organizations or STS.
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

  /// A reader, without any call that changes something.
  public var reader: AWSReader { AWSReader(session: session, partition: partition.id) }

  /// A backend that can also answer and send handshakes.
  public var backend: AWSBackend { AWSBackend(reader: reader) }

  /// Returns the caller of the profile's credentials, from STS GetCallerIdentity.
  ///
  /// STS is asked once for the same credentials. (`identity()` asks Organizations as well.)
  ///
  /// - Throws: `BackendError` if there are no usable credentials, STS gives no valid reply, or the
  ///   credentials belong to another account than expected.
  public func callerIdentity() async throws(BackendError) -> CallerIdentity {
    try await session.callerIdentity()
  }
}

/// The calls and the state that the reader and the backend of one profile share.
final class AWSSession: Sendable {
  private let organizations: AWSClient
  private let check: CallerCheck
  private let pacer: ReadPacer
  private let time: any TimeSource
  private let membership = Mutex<Membership?>(nil)
  /// The keys of the last fresh identity, which a write is signed with.
  private let identified = Mutex<AccessKeys?>(nil)

  /// The last reply of DescribeOrganization.
  private struct Membership {
    var reply: Reply<Organization?>
    /// Our uptime when it was received.
    var said: Span
  }

  /// The time for which the last reply of DescribeOrganization is used again: the service allows
  /// one call a second.
  ///
  /// A write never relies on a reply used again.
  private static let membershipKept = Span.seconds(2)

  init(organizations: AWSClient, check: CallerCheck, pacer: ReadPacer, time: any TimeSource) {
    self.organizations = organizations
    self.check = check
    self.pacer = pacer
    self.time = time
  }

  // MARK: Calls

  /// Sends a read, at the pace of the account's rates.
  ///
  /// - Throws: `BackendError` as `AWSClient.read` does.
  func read<Value>(_ call: AWSCall<Value>) async throws(BackendError) -> Reply<Value> {
    try await organizations.read(call, gate(waits: true))
  }

  /// Sends a write once.
  ///
  /// After an `identity(isFresh: true)`, it is signed with the keys of the last one or not sent.
  ///
  /// - Throws: `BackendError` as `AWSClient.write` does.
  func write<Value>(_ call: AWSCall<Value>) async throws(BackendError) -> Reply<Value> {
    // Both before and after: a read at the same time may see either state.
    forgetMembership()
    defer { forgetMembership() }
    return try await organizations.write(
      call, gate(waits: false), with: identified.withLock { $0 })
  }

  private func gate(waits: Bool) -> AccountGate {
    AccountGate(check: check, pacer: pacer, waits: waits, skew: organizations.skew)
  }

  // MARK: Who calls

  /// Returns the caller of the current credentials.
  ///
  /// - Throws: `BackendError` if there are no usable credentials, STS gives no valid reply, or the
  ///   account is another one than expected.
  func callerIdentity() async throws(BackendError) -> CallerIdentity {
    try await check.caller(for: .getCallerIdentity).identity
  }

  /// Returns the caller and its organization.
  ///
  /// `isFresh` requires a new request of DescribeOrganization, however recent the last reply is.
  ///
  /// - Throws: `BackendError` if the organization or the caller cannot be read. The exception
  ///   `AWSOrganizationsNotInUseException` gives a nil organization instead.
  func identity(isFresh: Bool = false) async throws(BackendError) -> Reply<Identity> {
    if isFresh { forgetMembership() }
    let membership = try await organization(isFresh: isFresh)
    let caller = try await check.caller(for: .getCallerIdentity)
    // A read of another screen at the same time may see keys that no preflight has read with.
    if isFresh { identified.withLock { $0 = caller.credentials.keys } }
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

  /// Returns the last reply of DescribeOrganization, if it is under two seconds old, with its time
  /// moved on by its age.
  private func keptMembership() -> Reply<Organization?>? {
    guard let kept = membership.withLock({ $0 }) else { return nil }
    let age = time.uptime() - kept.said
    guard age < Self.membershipKept, age >= .zero else { return nil }
    return Reply(kept.reply.value, at: kept.reply.time + age, requestID: kept.reply.requestID)
  }

  private func forgetMembership() { membership.withLock { $0 = nil } }
}

/// The pacing of reads, so that the service does not throttle them.
///
/// It holds the rates of each account and each organization, for all profiles of a process
/// together.
public final class ReadPacer: Sendable {
  private let pace: Mutex<Pace>
  private let time: any TimeSource
  private let sleeper: any Sleeper

  /// Creates a pacer with `.organizations` for AWS's own endpoints, or with `.unlimited` elsewhere,
  /// until the service there throttles a request.
  public init(_ pace: Pace, time: any TimeSource, sleeper: any Sleeper) {
    self.pace = Mutex(pace)
    self.time = time
    self.sleeper = sleeper
  }

  /// Takes a token and returns nil, or returns the time until the next token if there is none now.
  func acquire(_ operation: Operation, as account: AccountID) -> Span? {
    pace.withLock { $0.take([operation], as: account, at: time.uptime()) }
  }

  func wait(_ span: Span) async { await sleeper.sleep(span) }

  func learn(_ identity: Identity) { pace.withLock { $0.learn(identity) } }

  func drain(_ operation: Operation, as account: AccountID, for pause: Span?) {
    pace.withLock { $0.drain(operation, as: account, for: pause, at: time.uptime()) }
  }
}
