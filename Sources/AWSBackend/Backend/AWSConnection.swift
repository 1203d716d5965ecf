import Model
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
