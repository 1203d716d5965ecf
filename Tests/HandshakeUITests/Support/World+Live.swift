import HandshakeUI
import Model
import ReviewInbox
import TestSupport
import Text

/// The same accounts over AWS: names first, their accounts later.
extension World {
  static let expiredProfile = Untrusted("legacy-old")

  static func live() throws -> World {
    let world = try mockup()
    let profiles = world.profiles
    world.change { content in
      for profile in profiles { content.owners[profile.name] = .success(profile.account) }
      content.owners[expiredProfile] = .failure(expired)
      content.failures = [:]
      for account in content.identities.keys {
        content.identities[account]?.credentialsEnd = ManualTime.mockup + .hours(8)
      }
    }
    return world
  }

  static let expired = BackendError(
    .credentials(
      CredentialsFault(
        .expired, from: .sso, profile: expiredProfile,
        detail: Untrusted("the token of sso-session acme-old ended"))),
    in: .getCallerIdentity, applied: .notSent)

  var names: [Untrusted] { profiles.map(\.name) }
}

extension Stage {
  static let awsPlace = ServicePlace(
    .aws, at: Untrusted("https://organizations.us-east-1.amazonaws.com"))

  /// Over AWS, every profile asked.
  static func live(
    _ world: World? = nil, columns: Int = 80, rows: Int = 24,
    change: (inout Launch) -> Void = { _ in }
  ) async throws -> Stage {
    let world = try world ?? World.live()
    return try await open(world, columns: columns, rows: rows) { launch in
      launch.place = awsPlace
      launch.backend = .aws
      launch.profiles = []
      launch.unresolved = world.names
      change(&launch)
    }
  }

  /// An event, now.
  mutating func take(_ message: (Span) -> Message) async {
    await player.take(message(player.uptime))
  }
}
