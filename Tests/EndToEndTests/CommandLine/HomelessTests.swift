import Glibc
import TestSupport
import Testing

/// Runs without HOME, as under systemd or in a container, and as root with another user's.
@Suite("Whose home directory is used") struct HomelessTests {
  private static let document = """
    {"Handshakes":[{"Id":"h-7d1f0c2a9b44e8aa",\
    "Arn":"arn:aws:organizations::999900001111:handshake/o-a1b2c3d4e5/invite/h-7d1f0c2a9b44e8aa",\
    "Parties":[{"Id":"a1b2c3d4e5","Type":"ORGANIZATION"},{"Id":"222233334444","Type":"ACCOUNT"}],\
    "State":"OPEN","RequestedTimestamp":1795357930,"ExpirationTimestamp":1896653930,"Action":"INVITE",\
    "Resources":[]}]}
    """

  @Test(
    "a document is read without HOME and without a passwd entry",
    .enabled(
      if: geteuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0, "setpriv is not installed"))
  func documentAlone() throws {
    let stage = try Stage()
    try stage.write(Self.document, to: "saved.json")
    // An id that no passwd file has.
    var command = ["/usr/bin/env", "-i", "LC_ALL=C.UTF-8"]
    if geteuid() == 0 {
      command =
        ["/usr/bin/setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups"] + command
      chmod(stage.home.path, 0o755)
      chmod(stage.home.path + "/saved.json", 0o644)
    }
    let path = stage.home.path + "/saved.json"
    let program = try Stage.program
    let listed = try Spawned.run(
      command + [program, "list", "--input", path], environment: ["PATH": "/usr/bin:/bin"])
    // Other users may not be able to enter the checkout.
    guard !listed.errors.contains("ermission denied") else { return }
    #expect(listed.exit == 0, "\(listed.errors)")
    #expect(listed.output.contains("h-7d1f0c2a9b44e8aa"))
    guard geteuid() == 0 else { return }
    let journal = try Spawned.run(
      command + [program, "journal"], environment: ["PATH": "/usr/bin:/bin"])
    #expect(journal.exit == 1 && journal.errors.contains("HOME"), "\(journal.errors)")
  }

  @Test(
    "root creates nothing in another user's home",
    .enabled(if: geteuid() == 0, "only root can give a folder away"))
  func anothersHome() throws {
    let stage = try Stage()
    try stage.write("x", to: "other/mark")
    let other = stage.home.path + "/other"
    chown(other, 54_321, 54_321)
    let own = stage.home.path + "/own"
    let environment = [
      "HOME": other, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": own + "/state",
      "XDG_DATA_HOME": own + "/data", "XDG_CONFIG_HOME": own + "/config",
    ]
    for command in [["local", "init"], ["list"], ["journal"]] {
      let ending = try Spawned.run([try Stage.program] + command, environment: environment)
      #expect(ending.exit == 0, "\(ending.errors)")
      #expect(ending.errors.contains("54321"), "\(ending.errors)")
    }
    let found = try Spawned.run(
      ["/usr/bin/find", other, "-mindepth", "1"], environment: ["PATH": "/usr/bin:/bin"])
    #expect(found.output == other + "/mark\n")
  }
}
