import Drawing
import HandshakeUI
import Model
import ReviewInbox
import TestSupport
import Text

/// A session over the world of the mock-ups, with functions for tests.
struct Stage {
  var player: HeadlessInterface<WorldInterpreter>
  let world: World

  static let place = ServicePlace(.local, at: Untrusted("/var/lib/handshake/organization.sqlite"))

  static func launch(
    _ world: World, columns: Int = 80, rows: Int = 24, charset: Charset = .utf8,
    change: (inout Launch) -> Void = { _ in }
  ) -> Launch {
    var launch = Launch(
      size: Size(columns: columns, rows: rows), charset: charset, place: place, backend: .local,
      mode: .write, profiles: world.profiles, clock: world.time.now(), uptime: world.time.uptime())
    change(&launch)
    return launch
  }

  static func trust() throws -> TrustList {
    TrustList([
      TrustedOrganization(
        organization: try Fixture.organization(World.trusted),
        managementAccount: try Fixture.account("999900001111"), name: Untrusted("Acme Holdings"),
        addedAt: ManualTime.mockup - .days(200), addedBy: Untrusted("ops-lead"))
    ])
  }

  /// Everything is read.
  static func open(
    _ world: World? = nil, columns: Int = 80, rows: Int = 24, charset: Charset = .utf8,
    change: (inout Launch) -> Void = { _ in }
  ) async throws -> Stage {
    let world = try world ?? World.mockup()
    var player = HeadlessInterface(
      launch(world, columns: columns, rows: rows, charset: charset, change: change),
      WorldInterpreter(world, trust: try trust()))
    await player.start()
    return Stage(player: player, world: world)
  }

  mutating func press(_ script: String) async throws {
    await player.run(try KeyScript(script))
  }

  var interface: Interface { player.interface }

  var lines: [String] {
    let frame = player.frame
    return (0..<frame.size.rows).map { frame.text(row: $0) }
  }

  var text: String { lines.joined(separator: "\n") }

  func shows(_ text: String) -> Bool { self.text.contains(text) }
}
