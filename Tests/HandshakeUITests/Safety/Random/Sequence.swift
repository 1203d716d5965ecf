import Drawing
import HandshakeUI
import Model
import TestSupport
import Text

/// A script of events from one of the beginnings, by its seed.
enum Sequence {
  static func script(_ seed: UInt64) -> [Event] {
    var random = SeededRandom(seed: seed)
    let length = Int.random(in: 20...60, using: &random)
    var script: [Event] = []
    while script.count < length { script += Event.draw(&random) }
    return script
  }

  /// The broken promise, and after how many events.
  static func run(
    _ script: [Event], on stage: RandomStage, _ sends: inout Int
  ) -> (String, Int)? {
    var stage = stage
    defer { sends += stage.oracle.sends }
    for (index, event) in script.enumerated() {
      if let broken = stage.take(event) { return (broken, index + 1) }
      if stage.state.isOver { break }
    }
    return nil
  }

  /// Without all events that can be left out.
  static func shortest(_ script: [Event], on stage: RandomStage) -> String {
    var (script, why, ignored) = (script, "", 0)
    var size = script.count
    while size > 0 {
      var start = 0
      while start < script.count {
        var fewer = script
        fewer.removeSubrange(start..<min(start + size, fewer.count))
        if let (broken, length) = run(fewer, on: stage, &ignored) {
          (script, why) = (Array(fewer[..<length]), broken)
        } else {
          start += size
        }
      }
      size /= 2
    }
    return why + "\n"
      + script.map { "  \($0.what) eventSeed \($0.eventSeed)" }.joined(separator: "\n")
  }

  /// The beginnings: sizes, places, ways to be started.
  static func stages() throws -> [RandomStage] {
    let (local, live) = (try World.mockup(), try World.live())
    let trust = try Stage.trust()
    func stage(
      _ world: World, _ columns: Int, _ rows: Int, charset: Charset = .utf8,
      _ change: (inout Launch) -> Void = { _ in }
    ) -> RandomStage {
      RandomStage(
        Stage.launch(world, columns: columns, rows: rows, charset: charset, change: change), world,
        trust: trust)
    }
    return [
      stage(local, 80, 24), stage(local, 120, 40), stage(local, 80, 24) { $0.grace = .zero },
      stage(local, 60, 16, charset: .ascii), stage(local, 80, 24) { $0.mode = .readOnly },
      stage(local, 200, 50), stage(local, 80, 24),
      stage(live, 120, 40) { launch in
        launch.place = Stage.awsPlace
        launch.backend = .aws
        launch.profiles = []
        launch.unresolved = live.names
      },
    ]
  }
}
