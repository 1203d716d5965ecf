import Glibc
import TestSupport
import Testing

@Suite("Killed while it answers (FAULT-20)", .serialized)
struct KilledTests {
  /// The number of attempts that the journal began, and of those it ended.
  private struct Attempts {
    var begun = 0
    var ended = 0

    init(_ stage: Stage) throws {
      for line in try stage.run("journal", "--json").output.split(separator: "\n") {
        if line.contains("\"kind\":\"INTENT\"") { begun += 1 }
        let ends = ["DONE", "DONE_LATER", "REFUSED", "NOT_SENT", "NOT_APPLIED_SO_FAR"]
        if ends.contains(where: { line.contains("\"kind\":\"\($0)\"") }) { ended += 1 }
      }
    }
  }

  /// Starts an accept and kills it so long after its intent was written; nil kills it at once.
  private func kill(_ stage: Stage, _ id: String, afterIntent delay: UInt32?) throws {
    let terminal = try PseudoTerminal(
      [
        try Stage.program, "accept", id, "--expect-org", "o-a1b2c3d4e5", "--reason", "CHG-1",
      ], environment: stage.environment)
    if let delay {
      let journal = stage.home.path + "/.local/state/handshake/journal.jsonl"
      var status = stat()
      // The first line is written before it and is shorter.
      _ = Patience.until(every: 0) { stat(journal, &status) == 0 && status.st_size > 600 }
      usleep(delay)
    }
    terminal.send(SIGKILL)
    #expect(terminal.ending() != nil)
  }

  @Test("the journal is intact, and the next start finds an accept that was applied")
  func found() throws {
    var found = 0
    let delays: [UInt32?] = [nil, 0, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 45_000, 90_000]
    for delay in delays {
      let stage = try Stage()
      let id = try OperatorsWayTests.pendingID(stage)
      try kill(stage, id, afterIntent: delay)

      let verified = try stage.run("journal", "verify")
      #expect(verified.exit == 0, "\(verified.output)\(verified.errors)")
      guard try OperatorsWayTests.isAccepted(stage, id) else { continue }

      found += 1
      let attempts = try Attempts(stage)
      #expect(attempts.begun == 1, "nothing is accepted without its intent on the disk")
      // The screens resolve unfinished attempts without a key.
      let tmux = try stage.tmux()
      try #require(tmux.shows("read just now"))
      #expect(try Patience.until { try Attempts(stage).ended == 1 })
      #expect(try tmux.quit())
      #expect(try stage.run("journal", "verify").exit == 0)
    }
    #expect(found > 0, "no kill came after the request")
  }

  @Test("an accept that was not applied is not sent again while its result is unknown")
  func notSentAgain() throws {
    for _ in 0..<20 {
      let stage = try Stage()
      let id = try OperatorsWayTests.pendingID(stage)
      try kill(stage, id, afterIntent: 0)
      let attempts = try Attempts(stage)
      guard try !OperatorsWayTests.isAccepted(stage, id), attempts.begun == 1 else { continue }
      let tmux = try stage.tmux()
      try #require(tmux.shows("read just now"))
      // Reading may take a minute before the attempt counts as not applied.
      #expect(try Patience.until(seconds: 90) { try Attempts(stage).ended == 1 })
      #expect(try tmux.quit())
      let again = try stage.run(
        "accept", id, "--expect-org", "o-a1b2c3d4e5", "--reason", "CHG-2")
      #expect(again.exit == 0, "\(again.errors)")
      #expect(try OperatorsWayTests.isAccepted(stage, id))
      return
    }
    Issue.record("no kill of 20 came between the intent and the request")
  }
}
