import TestSupport
import Testing

@Suite("Arguments") struct ArgumentTests {
  /// A lone surrogate, a byte of no text, and a text that was cut within a character.
  @Test(
    "one that is not UTF-8 is refused, not replaced by another",
    arguments: [#"a\355\240\200"#, #"\377"#, #"caf\303"#])
  func unreadable(octets: String) throws {
    let stage = try Stage()
    let id = try OperatorsWayTests.pendingID(stage)
    let command =
      "\(try Stage.program) decline \(id) --yes --reason \"$(printf '\(octets)')\""
    let run = try Spawned.run(["/bin/sh", "-c", command], environment: stage.environment)
    #expect(run.exit == 2)
    #expect(run.errors.hasPrefix("handshake: argument 5 is not UTF-8: "), "\(run.errors)")
    #expect(try !stage.run("journal").output.contains(id))
  }
}
