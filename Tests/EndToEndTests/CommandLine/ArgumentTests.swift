import TestSupport
import Testing

@Suite("Arguments") struct ArgumentTests {
  /// A lone surrogate, an invalid byte, and a character cut short.
  @Test(
    "an argument that is not UTF-8 is refused, not repaired",
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
    // SAFETY: if the shell cannot be started, the test cannot hide /proc either.
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

  @Test(
    "without /proc the program refuses all arguments", .enabled(if: canHideProc))
  func withoutProc() throws {
    let stage = try Stage()
    let program = try Stage.program
    let id = try OperatorsWayTests.pendingID(stage)
    for command in [
      program, "\(program) list", "\(program) decline \(id) --yes --reason x",
      "\(program)-sandbox --port 0",
    ] {
      let run = try withoutProc(stage, command)
      #expect(run.exit == 2 && run.errors.contains("/proc is not mounted"), "\(command): \(run)")
    }
    #expect(try !stage.run("journal").output.contains(id))
  }

  @Test("an option that handshake-sandbox would not follow is refused before sandbox")
  func optionsBeforeSandbox() throws {
    let stage = try Stage()
    for option in ["--read-only", "--json", "--account=111122223333", "--profile=a", "--ascii"] {
      let run = try stage.run(option, "sandbox", "accounts")
      #expect(run.exit == 2 && run.output.isEmpty, "\(run)")
      let name = option.split(separator: "=")[0]
      #expect(run.errors.contains("\(name) has no effect on handshake sandbox"), "\(run.errors)")
    }
    #expect(try stage.run("sandbox", "accounts").exit == 0)
    #expect(try stage.run("--log", stage.home.path + "/log", "sandbox", "accounts").exit == 0)
  }

  @Test("two different stores for the sandbox are refused, however they are written")
  func storesOfSandbox() throws {
    let stage = try Stage()
    let other = stage.home.path + "/other.sqlite"
    #expect(try stage.run("local", "init", "--store", other).exit == 0)
    for word in ["--store=\(stage.store)", "--store=~/demo.sqlite"] {
      let run = try stage.run("--store", other, "sandbox", "accounts", word)
      #expect(run.exit == 2 && run.output.isEmpty, "\(run)")
      #expect(run.errors.contains("--store is given twice with different values"))
    }
    let apart = try stage.run("--store", other, "sandbox", "accounts", "--store", stage.store)
    #expect(apart.exit == 2)
    #expect(
      try stage.run("--store", stage.store, "sandbox", "accounts", "--store=~/demo.sqlite").exit
        == 0)
  }
}
