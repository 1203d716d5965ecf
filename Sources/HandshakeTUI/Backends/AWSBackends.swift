import AWSBackend
import Glibc
import HandshakeUI
import Model
import ReviewInbox
import ReviewWording
import Synchronization
import Text
import Wire

extension BackendChoice {
  /// Whether the service in use is AWS, decided without a request.
  var isAWS: Bool {
    switch settings.backend.value {
    case .aws: true
    case .local: false
    case .auto:
      settings.backend.origin == .builtIn && settings.store.origin != .builtIn
        ? false
        : ConfiguredIdentity.isThere(
          in: quietWorld, profile: settings.profiles.value.first)
    }
  }

  /// Opens AWS with the profiles of the settings, whose accounts STS resolves.
  ///
  /// - Throws: `CommandFailure` when the profiles' settings cannot be used, they have different
  ///   partitions or endpoints, none could be resolved, or none belongs to the requested account.
  func aws() async throws(CommandFailure) -> Access {
    let world = world(dialogue)
    let profiles = try profiles(in: world)
    let place = try place(of: profiles)
    for line in ForeignEndpoints(of: profiles).words(settings.format) { note(line) }
    let found = await identify(profiles)
    guard !found.known.isEmpty else {
      throw found.unknown.first.map { CommandFailure($0.error, settings.format) }
        ?? CommandFailure(.failed, "no profile is configured")
    }
    let known = found.known.filter { account, _ in
      settings.account.value.map { $0 == account } ?? true
    }
    guard !known.isEmpty else {
      throw CommandFailure(
        .failed, "no profile belongs to account \(settings.account.value?.text ?? "")",
        remedy: "Name another profile with --profile.")
    }
    let connections = Dictionary(known.map { ($0.0, $0.1.connection) }) { first, _ in first }
    let service = Service(
      place: place, label: label(of: profiles), profiles: Self.eyes(known),
      unknown: found.unknown, readers: { connections[$0]?.reader })
    if settings.readOnly.value { return .reading(service) }
    return .writing(
      service, Writer(backends: { connections[$0]?.backend }, pace: .organizations))
  }

  // MARK: Profiles and their service

  /// Loads the profiles of the settings, each with its connection.
  ///
  /// - Throws: `CommandFailure` when the AWS CLI's files or a profile's settings cannot be used.
  func profiles(in world: AWSWorld) throws(CommandFailure) -> [AWSProfile] {
    let names: [String?] = settings.profiles.value.isEmpty ? [nil] : settings.profiles.value
    do throws(SettingsFault) {
      let set = try ProfileSet.load(world)
      for warning in set.warnings { note(warning.words(settings.format)) }
      let shared = AWSShared(
        version: Version.program, time: world.time, sleeper: world.sleeper, log: callLog)
      var profiles: [AWSProfile] = []
      for name in names {
        let chosen = try AWSSettings(
          set, environment: world.environment, home: world.home,
          AWSOptions(
            profile: name, region: settings.region.value,
            endpointURL: settings.endpointURL.value))
        for warning in chosen.warnings { note(warning.words(settings.format)) }
        for path in chosen.credentialFiles(home: world.home) {
          if let doubt = world.files.judge(path) {
            world.tell(DoubtfulFile(path: path, doubt: doubt))
          }
        }
        let agent = UserAgent(version: Version.program, appID: chosen.appID?.value)
        let credentials = CredentialsChain(
          world: world, settings: chosen, userAgent: agent.text
        ).cache()
        profiles.append(
          AWSProfile(
            name: chosen.profile.value, settings: chosen,
            connection: try AWSConnection(
              chosen, world: world, credentials: credentials, shared: shared)))
      }
      return profiles
    } catch { throw error.failure(settings.format) }
  }

  /// Returns the place of all profiles: a plan and a journal line have one place.
  ///
  /// - Throws: `CommandFailure` with status `usage` when the profiles have different partitions or
  ///   endpoints; with `failed` when there is no profile.
  func place(of profiles: [AWSProfile]) throws(CommandFailure) -> ServicePlace {
    let places = profiles.map { profile in
      (
        profile: profile.name,
        place: ServicePlace(
          .aws, at: Untrusted(profile.connection.endpoint.placeURL(of: .organizations)),
          partition: profile.connection.partition.id)
      )
    }
    guard let first = places.first else {
      throw CommandFailure(.failed, "no profile is configured")
    }
    if let other = places.first(where: { $0.place != first.place }) {
      throw CommandFailure(
        .usage,
        "profiles \(settings.format.full(first.profile)) and \(settings.format.full(other.profile)) "
          + "use different partitions or endpoints",
        why: "\(settings.format.full(first.place.address)) and "
          + settings.format.full(other.place.address),
        remedy: "Name profiles of one partition and endpoint.")
    }
    return first.place
  }

  func label(of profiles: [AWSProfile]) -> BackendLabel {
    profiles.contains { $0.connection.endpoint.isOnThisMachine } ? .sandbox : .aws
  }

  // MARK: Callers

  private struct Found: Sendable {
    var known: [(AccountID, AWSProfile)] = []
    var unknown: [UnknownProfile] = []
  }

  /// Resolves the account of each profile by STS, in the order in which they were named.
  private func identify(_ profiles: [AWSProfile]) async -> Found {
    let answers = await concurrently(profiles) { await $0.connection.account() }
    var found = Found()
    for (profile, answer) in zip(profiles, answers) {
      switch answer {
      case .success(let account): found.known.append((account, profile))
      case .failure(let error):
        found.unknown.append(UnknownProfile(name: profile.name, error: error))
      }
    }
    return found
  }

  /// Returns one entry per account, with the names of all its profiles.
  private static func eyes(_ known: [(AccountID, AWSProfile)]) -> [Profile] {
    var order: [AccountID] = []
    var names: [AccountID: [String]] = [:]
    for (account, profile) in known {
      if names[account] == nil { order.append(account) }
      names[account, default: []].append(profile.name)
    }
    return order.map { account in
      Profile(account: account, names: (names[account] ?? []).map { Untrusted($0) })
    }
  }
}

extension AWSConnection {
  /// Resolves the account of the connection's credentials, by STS.
  func account() async -> Result<AccountID, BackendError> {
    do throws(BackendError) {
      return .success(try await callerIdentity().account)
    } catch { return .failure(error) }
  }
}

extension SettingsFault {
  func words(_ format: Formatter) -> String {
    "\(format.full(origin)): \(format.full(setting)): \(format.full(detail))"
  }

  func failure(_ format: Formatter) -> CommandFailure {
    CommandFailure(
      .failed, "invalid AWS settings", why: words(format),
      remedy: "Fix it there; handshake info shows every setting with its origin.")
  }
}

/// A profile of the AWS CLI, and the connection that its settings make.
struct AWSProfile: Sendable {
  /// The name that the operator used; `default` for the AWS CLI's default.
  var name: String
  var settings: AWSSettings
  var connection: AWSConnection
}

/// A profile whose account is unknown, because STS could not be reached or refused.
struct UnknownProfile: Hashable, Sendable {
  var name: String
  var error: BackendError
}

extension BackendChoice {
  /// Opens the service for the screens, without a request to AWS, so that the first frame does not
  /// wait.
  ///
  /// - Throws: `CommandFailure` when the profiles' settings cannot be used or differ in their
  ///   place, or as `open` when the service is not AWS.
  func openForScreens() async throws(CommandFailure) -> Access {
    guard settings.input.value == nil, isAWS else { return try await open() }
    let world = world(dialogue)
    let profiles = try profiles(in: world)
    let directory = ProfileDirectory(profiles, world: world)
    let dialogue = dependencies.dialogue
    var service = Service(
      place: try place(of: profiles), label: label(of: profiles), profiles: [],
      readers: { directory.connection($0)?.reader })
    service.foreign = ForeignEndpoints(of: profiles)
    service.foreign.files = dependencies.doubtfulFiles.all.map { settings.format.full($0.path) }
    service.unresolved = directory.names
    service.resolve = { await directory.resolve($0) }
    service.logIn = { await directory.logIn($0) }
    service.takeDialogue = { dialogue.take($0) }
    if settings.readOnly.value { return .reading(service) }
    return .writing(
      service,
      Writer(backends: { directory.connection($0)?.backend }, pace: .organizations))
  }
}

extension BackendChoice {
  /// The directory for `~`: HOME, else that of the passwd entry.
  private var home: String {
    if let home = dependencies.environment["HOME"], !home.isEmpty { return home }
    guard let entry = getpwuid(getuid()), let directory = entry.pointee.pw_dir else { return "/" }
    return String(cString: directory)
  }

  /// The dialogue that asks the operator during a login.
  var dialogue: any LoginDialogue { dependencies.dialogue }

  /// Returns the operator's AWS configuration, files, network and dialogue.
  ///
  /// A file that others may change is noted once.
  func world(_ dialogue: any LoginDialogue) -> AWSWorld {
    let (doubtful, note, format) = (dependencies.doubtfulFiles, note, settings.format)
    var world = quietWorld
    world.dialogue = dialogue
    world.tell = { file in if doubtful.insert(file) { note(file.words(format)) } }
    return world
  }

  /// The world without a dialogue and without notes, for finding out which service is meant.
  var quietWorld: AWSWorld {
    AWSWorld(
      environment: dependencies.environment, home: home, files: SystemFiles(),
      transport: dependencies.transport, processes: SystemProcesses(), dialogue: NoDialogue(),
      time: dependencies.time, random: dependencies.random)
  }
}

extension BackendChoice {
  /// The log of requests, one line for each, without the accounts and handshakes concerned.
  var callLog: CallLog {
    guard let log else { return .none }
    return CallLog { event in
      switch event {
      case .attempt(let attempt):
        log.record(
          "request",
          [
            "operation": attempt.operation.rawValue, "attempt": String(attempt.number),
            "host": attempt.host, "status": attempt.status.map(String.init) ?? "-",
            "code": Self.text(attempt.code), "failure": attempt.failure?.rawValue ?? "-",
            "request_id": Self.text(attempt.requestID),
            "milliseconds": String(attempt.duration.milliseconds),
          ])
      case .clock(let clock):
        log.record(
          "clock",
          [
            "host": clock.host, "ahead_seconds": String(clock.ahead.milliseconds / 1_000),
            "followed": String(clock.isFollowed),
          ])
      }
    }
  }

  /// Returns the text as it is; the log makes it printable.
  private static func text(_ untrusted: Untrusted?) -> String {
    untrusted.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-"
  }
}

extension BackendChoice {
  /// The trust list of the service in use, decided without a request.
  var trustFile: TrustFile {
    // A document is output of the AWS CLI, or looks like it: what is known of an embedded
    // organization proves nothing about it.
    guard settings.input.value == nil else {
      return TrustFile(in: settings.places.config, isSandbox: false)
    }
    guard isAWS else { return TrustFile(beside: settings.store.value) }
    return TrustFile(in: settings.places.config, isSandbox: isSandbox)
  }

  /// Whether the endpoint is on this machine; invalid settings are reported where they are used.
  private var isSandbox: Bool {
    guard
      let settings = try? AWSSettings.load(
        world: quietWorld, profile: settings.profiles.value.first, region: settings.region.value,
        endpointURL: settings.endpointURL.value),
      let endpoint = try? settings.endpoint(for: .organizations)
    else { return false }
    return endpoint.isOnThisMachine
  }
}

/// The files of this run that others may change, each reported once.
final class DoubtfulFiles: Sendable {
  private let found = Mutex<[DoubtfulFile]>([])

  var all: [DoubtfulFile] { found.withLock { $0 } }

  /// Adds a file; returns false when it was there already.
  func insert(_ file: DoubtfulFile) -> Bool {
    found.withLock { found in
      guard !found.contains(file) else { return false }
      found.append(file)
      return true
    }
  }
}

extension DoubtfulFile {
  /// The report of a file that others may change, with its remedy.
  ///
  /// For example `/home/x/.aws/config: others may write to /home/x/.aws (mode 777): chmod go-w
  /// /home/x/.aws`.
  func words(_ format: Formatter) -> String {
    "\(format.full(path)): \(format.full(doubt.words)): \(format.full(doubt.remedy))"
  }
}

extension CommandFailure {
  /// Returns the failure to resolve the account of a profile.
  static func unknown(_ profile: UnknownProfile, _ format: Formatter) -> CommandFailure {
    var failure = CommandFailure(profile.error, format)
    failure.what = "profile \(format.full(profile.name)): unknown: \(failure.what)"
    return failure
  }
}
