import Drawing
import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// The cached overview of the accounts must be the present one in every frame.
@Suite struct OverviewTests {
  /// The screen without what was kept.
  private func afresh(_ state: Interface) -> Frame {
    var state = state
    state.session.overview = Overview()
    return view(state)
  }

  @Test("After each key and each reply the screen shows the present state of the accounts")
  func isCurrent() async throws {
    let world = try World.mockup()
    let stage = try await Stage.open(world, columns: 120, rows: 40)
    let interpreter = WorldInterpreter(world, trust: try Stage.trust())
    var state = Interface(Stage.launch(world, columns: 120, rows: 40))
    var messages: [Message] = [.started]
    var seen: Set<SourceSummary> = []
    while let message = messages.first {
      messages.removeFirst()
      let effects = update(&state, message)
      #expect(view(state) == afresh(state))
      state.prepareToDraw()
      #expect(view(state) == afresh(state))
      seen.insert(state.session.sourceSummary)
      for effect in effects {
        messages += await interpreter.perform(effect, at: world.time.uptime())
      }
    }
    #expect(view(state) == view(stage.interface))
    #expect(seen.count > 3)
    #expect(!state.session.currentOverview.callers.isEmpty)
  }

  @Test("It is kept while nothing of the accounts changes, and a change of the scope replaces it")
  func isKept() async throws {
    let stage = try await Stage.open(columns: 120, rows: 40)
    var state = stage.interface
    state.prepareToDraw()
    state.session.overview.callers = "kept"
    for key in [Key.down, .up, .character("/")] {
      _ = update(&state, .key(key, at: stage.player.uptime))
      #expect(state.session.currentOverview.callers == "kept")
    }
    state.session.setScope(state.inbox.profiles.first?.account)
    #expect(state.session.currentOverview.callers != "kept")
  }
}
