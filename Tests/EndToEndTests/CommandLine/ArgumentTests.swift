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

  /// Whether this user may give a program another /proc.
  static let canHideProc: Bool = {
    // SAFETY: a shell that cannot be started cannot hide anything.
    let run = try? Spawned.run(
      ["/bin/sh", "-c", "unshare -m sh -c 'mount -t tmpfs none /proc'"],
      environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
    return run?.exit == 0
  }()

  private func withoutProc(_ stage: Stage, _ command: String) throws -> Spawned {
    let hidden = "mount --make-rprivate / && mount -t tmpfs none /proc && exec \(command)"
    return try Spawned.run(
      ["/usr/bin/unshare", "-m", "/bin/sh", "-c", hidden], environment: stage.environment)
  }

  @Test("they count where /proc is not mounted", .enabled(if: canHideProc))
  func withoutProc() throws {
    let stage = try Stage()
    let program = try Stage.program
    let id = try OperatorsWayTests.pendingID(stage)
    let info = try withoutProc(stage, "\(program) --read-only info --plain")
    #expect(info.output.contains("--read-only"), "\(info.errors)")
    let refused = try withoutProc(
      stage, "\(program) --read-only decline \(id) --yes --reason x")
    #expect(refused.exit == 4, "\(refused.errors)")
    #expect(try !stage.run("journal").output.contains(id))
    let wrong = try withoutProc(stage, "\(program) no-such-command")
    #expect(wrong.exit == 2 && wrong.errors.contains("no-such-command"))
    let server = try withoutProc(stage, "\(program)-sandbox --no-such-option")
    #expect(server.exit == 2 && server.errors.contains("--no-such-option"), "\(server.errors)")
    // Where this program lies is not known then: nothing in the root is run in its place.
    let sandbox = try withoutProc(stage, "\(program) sandbox --port 0")
    #expect(sandbox.exit == 1 && sandbox.errors.contains("/proc"), "\(sandbox.errors)")
  }
}
