import AWSBackend
import HandshakeUI
import Model
import Review
import Text
import Wire

extension BackendChoice {
  /// Whether AWS is what is looked at. Asks nobody.
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

  func aws() async throws(CommandFailure) -> Access {
    let world = world(dialogue)
    let profiles = try profiles(in: world)
    let place = try place(of: profiles)
    for line in Strangers(of: profiles).words(settings.ink) { note(line) }
    let found = await identify(profiles)
    guard !found.known.isEmpty else {
      throw found.unknown.first.map { CommandFailure($0.error, settings.ink) }
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

  // MARK: What is asked

  /// The profiles that are meant, each with its settings.
  func profiles(in world: AWSWorld) throws(CommandFailure) -> [AWSProfile] {
    let names: [String?] = settings.profiles.value.isEmpty ? [nil] : settings.profiles.value
    do throws(SettingsFault) {
      let set = try ProfileSet.load(world)
      for warning in set.warnings { note(warning.words(settings.ink)) }
      let shared = AWSShared(
        version: Version.program, time: world.time, sleeper: world.sleeper, log: callLog)
      var profiles: [AWSProfile] = []
      for name in names {
        let chosen = try AWSSettings(
          set, environment: world.environment, home: world.home,
          AWSOptions(
            profile: name, region: settings.region.value,
            endpointURL: settings.endpointURL.value))
        for warning in chosen.warnings { note(warning.words(settings.ink)) }
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
    } catch { throw error.failure(settings.ink) }
  }

  /// All of one place: a plan cannot lie across two partitions, and one journal line names one.
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
        "profiles \(settings.ink.full(first.profile)) and \(settings.ink.full(other.profile)) "
          + "use different partitions or endpoints",
        why: "\(settings.ink.full(first.place.address)) and "
          + settings.ink.full(other.place.address),
        remedy: "Name profiles of one partition and endpoint.")
    }
    return first.place
  }

  func label(of profiles: [AWSProfile]) -> BackendLabel {
    profiles.contains { $0.connection.endpoint.isOnThisMachine } ? .sandbox : .aws
  }

  // MARK: Who is asking

  private struct Found: Sendable {
    var known: [(AccountID, AWSProfile)] = []
    var unknown: [UnknownProfile] = []
  }

  /// Asks STS who each profile is, in the order in which they were named.
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

  /// One pair of eyes an account, under the names of all the profiles that lead to it.
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
  /// Whose keys they are, by STS.
  func account() async -> Result<AccountID, BackendError> {
    do throws(BackendError) {
      return .success(try await callerIdentity().account)
    } catch { return .failure(error) }
  }
}

extension SettingsFault {
  func words(_ ink: Ink) -> String {
    "\(ink.full(origin)): \(ink.full(setting)): \(ink.full(detail))"
  }

  func failure(_ ink: Ink) -> CommandFailure {
    CommandFailure(
      .failed, "invalid AWS settings", why: words(ink),
      remedy: "Fix it there; handshake info shows every setting with its origin.")
  }
}
