import TestSupport
import Testing

@Suite("The limit of the file size (ulimit -f)") struct SizeLimitTests {
  private func limited(_ stage: Stage, _ blocks: Int, _ command: String) throws -> Spawned {
    try Spawned.run(
      ["/bin/sh", "-c", "ulimit -f \(blocks); exec \(try Stage.program) \(command)"],
      environment: stage.environment)
  }

  @Test("an answer whose journal line does not fit is not sent, and the remedy is printed")
  func journal() throws {
    let stage = try Stage()
    let id = try OperatorsWayTests.pendingID(stage)
    let run = try limited(stage, 0, "decline \(id) --yes --reason x")
    #expect(run.exit == 1, "\(run)")
    #expect(run.errors.contains("not sent") && run.errors.contains("ulimit -f"))
    #expect(try !stage.run("show", id).output.contains("DECLINED"))
    #expect(try stage.run("journal", "verify").exit == 0)
  }

  @Test("a store and an output that do not fit are errors with the remedy")
  func others() throws {
    let stage = try Stage()
    let home = stage.home.path
    for command in ["local init --store \(home)/other.sqlite", "list >\(home)/o"] {
      let run = try limited(stage, 0, command)
      #expect(run.exit == 1 && run.errors.contains("ulimit -f"), "\(command): \(run)")
    }
  }
}
