import Arguments
import Glibc
import Model
import Platform
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("Settings") struct SettingsTests {
  private func gather(
    _ world: TestWorld, _ arguments: String...
  ) throws -> Settings {
    let line = try HandshakeCommand.grammar(SettingRow.all).parse(["list"] + arguments)
    return try Settings.gather(
      GlobalOptions(values: line.shared),
      Dependencies(
        environment: world.environment, console: MemoryConsole(), time: world.time,
        random: SeededBytes()))
  }

  /// A setting that the program does not have.
  private static let added = SettingRow(
    key: "warmth", kind: .number(0...9), initial: .number(3),
    variable: SettingRow.Variable(name: "HANDSHAKE_WARMTH"),
    flag: SettingRow.Flag(name: "--warmth", value: "n"), help: "How warm a greeting is.")

  @Test(
    "a row that is added to the table is a key, a variable, a flag, a row of info, and documented")
  func addedRow() async throws {
    var world = try TestWorld()
    world.settings = SettingRow.all + [Self.added]
    func row(_ arguments: String...) async -> String? {
      let run = await world.run(["info"] + arguments)
      return run.output.split(separator: "\n").first { $0.hasPrefix("warmth") }.map(String.init)
    }
    #expect(await row() == "warmth\t3\tdefault")
    let path = try world.file(".config/handshake/config.toml", "\nwarmth = 4\n")
    #expect(await row() == "warmth\t4\t\(path):2")
    world.environment["HANDSHAKE_WARMTH"] = "5"
    #expect(await row() == "warmth\t5\tHANDSHAKE_WARMTH")
    #expect(await row("--warmth", "6") == "warmth\t6\t--warmth")
    let wrong = await world.run("list", "--warmth=10")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("\"10\" is not a whole number from 0 to 9: from --warmth"))
    #expect(await world.run("--help").output.contains("--warmth <n>"))
    #expect(await world.run("---completion", "0", "--wa").output.hasPrefix("--warmth\t"))
    #expect(await world.run("generate-docs", "man").output.contains("\\-\\-warmth <n>"))
    #expect(await world.run("generate-docs", "man").output.contains("HANDSHAKE_WARMTH"))
    #expect(
      await world.run("generate-docs", "config").output.contains(
        "| `warmth` | 0 to 9 | `3` | `--warmth` | `HANDSHAKE_WARMTH` | How warm a greeting is. |"))
    try world.file(".config/handshake/config.toml", "warmth = 10\n")
    #expect(await world.run("list").errors.contains("Write a whole number from 0 to 9."))
    world.settings = SettingRow.all
    #expect(await world.run("list").errors.contains("unknown key \"warmth\""))
  }

  @Test("each property reads the row of its name")
  func properties() throws {
    var world = try TestWorld()
    world.environment["NO_COLOR"] = "1"
    try world.file(".config/handshake/config.toml", "esc_delay = 20\ngrace = 7\n")
    let settings = try gather(
      world, "--backend=local", "--profile=a", "--region=r", "--endpoint-url=https://e", "--write",
      "--store=/s", "--account=111122223333", "--input=-", "--read-only", "--json", "--ascii",
      "--plain", "--log=/l")
    #expect(settings.backend == Setting(.local, .flag("--backend")))
    #expect(settings.profiles.value == ["a"])
    #expect(settings.region.value == "r")
    #expect(settings.endpointURL.value == "https://e")
    #expect(settings.store.value == "/s")
    #expect(settings.account.value?.text == "111122223333")
    #expect(settings.input.value == "-")
    #expect(settings.readOnly == Setting(true, .flag("--read-only")))
    #expect(settings.write.value && settings.ascii.value && settings.noColor.value)
    #expect(settings.json && settings.plain)
    #expect(settings.charset == .ascii)
    #expect(settings.escDelay.value == 20)
    #expect(settings.grace.value == 7)
    #expect(settings.log.value == "/l")
    let keys = SettingRow.all.map(\.key)
    #expect(Set(keys).count == keys.count)
  }

  @Test("a document is read-only, and says so")
  func documentIsReadOnly() throws {
    let settings = try gather(try TestWorld(), "--input", "-")
    #expect(settings.readOnly == Setting(true, .flag("--input")))
  }

  @Test("flags override the environment, which overrides the configuration")
  func order() throws {
    var world = try TestWorld()
    let path = try world.file(
      ".config/handshake/config.toml",
      "store = \"/srv/config.sqlite\"\naccount = \"111111111111\"\n")
    #expect(try gather(world).store == Setting("/srv/config.sqlite", .file(path: path, line: 1)))
    world.environment["HANDSHAKE_STORE"] = "/srv/environment.sqlite"
    world.environment["HANDSHAKE_ACCOUNT"] = "222222222222"
    #expect(
      try gather(world).store
        == Setting(
          "/srv/environment.sqlite", .environment("HANDSHAKE_STORE")))
    let settings = try gather(world, "--store", "/srv/flag.sqlite", "--account", "333333333333")
    #expect(settings.store == Setting("/srv/flag.sqlite", .flag("--store")))
    #expect(settings.account.value?.text == "333333333333")
  }

  @Test("profiles, region and endpoint come from flags over the configuration")
  func awsSettings() throws {
    let world = try TestWorld()
    let path = try world.file(
      ".config/handshake/config.toml",
      """
      profiles = ["ops", "prod"]
      region = "eu-west-1"
      endpoint_url = "http://127.0.0.1:4600"
      write = true
      """)
    let configured = try gather(world)
    #expect(configured.profiles == Setting(["ops", "prod"], .file(path: path, line: 1)))
    #expect(configured.region == Setting("eu-west-1", .file(path: path, line: 2)))
    #expect(configured.endpointURL.value == "http://127.0.0.1:4600")
    #expect(configured.write.value)
    let flagged = try gather(
      world, "--profile", "a", "--profile", "b", "--region", "us-east-2", "--endpoint-url",
      "https://aws.example")
    #expect(flagged.profiles == Setting(["a", "b"], .flag("--profile")))
    #expect(flagged.region.value == "us-east-2")
    #expect(flagged.endpointURL == Setting("https://aws.example", .flag("--endpoint-url")))
  }

  @Test(
    "profiles are a list of names",
    arguments: ["profiles = \"ops\"", "profiles = []", "profiles = [\"\"]", "profiles = [1]"])
  func profileLists(_ line: String) throws {
    let world = try TestWorld()
    try world.file(".config/handshake/config.toml", line + "\n")
    #expect(throws: CommandFailure.self) { try gather(world) }
  }

  @Test("relative XDG variables and the current directory are ignored")
  func relativePlaces() throws {
    var world = try TestWorld()
    world.environment["XDG_DATA_HOME"] = "data"
    world.environment["XDG_CONFIG_HOME"] = "./config"
    world.environment["XDG_STATE_HOME"] = "/srv/state/"
    let settings = try gather(world)
    #expect(settings.places.data == world.home.path + "/.local/share/handshake")
    #expect(settings.places.config == world.home.path + "/.config/handshake")
    #expect(settings.places.state == "/srv/state/handshake")
    #expect(settings.isDefaultStore)
  }

  @Test("without a home nothing is written; an explicit folder makes a place complete")
  func noHome() throws {
    let nowhere = XDG(environment: ["HOME": "relative"], home: nil)
    #expect(!nowhere.isComplete)
    #expect(throws: CommandFailure.self) { try nowhere.requireComplete() }
    let places = XDG(
      environment: [
        "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_DATA_HOME": "/d",
      ], home: nil)
    try places.requireComplete()
  }

  @Test("where HOME is unset or relative the passwd entry is used", arguments: [nil, "", "here"])
  func passwdEntry(_ home: String?) throws {
    var environment: [String: String] = [:]
    environment["HOME"] = home
    let entry = try #require(getpwuid(geteuid()).map { String(cString: $0.pointee.pw_dir) })
    let found = try #require(HomeFolder(environment: environment))
    #expect(found.source == .entry && found.path == entry)
    #expect(XDG(environment: environment).stateOrigin == "passwd")
  }

  @Test(
    "root with another user's HOME uses root's home, and respects the marker in the other",
    .enabled(if: geteuid() == 0, "only root can give a folder away"))
  func anothersHome() throws {
    let world = try TestWorld()
    let marker = try world.file(".config/handshake/read-only", "")
    chown(world.home.path, 12_345, 12_345)
    defer { chown(world.home.path, 0, 0) }
    let settings = try gather(world)
    #expect(settings.places.passedOver?.path == world.home.path)
    #expect(settings.places.passedOver?.owner == 12_345)
    #expect(settings.places.note(settings.format)?.contains("12345") == true)
    for place in [settings.places.state, settings.places.data, settings.places.config] {
      #expect(!place.hasPrefix(world.home.path))
    }
    #expect(settings.readOnly == Setting(true, .marker(path: marker)))
    // A folder that does not exist yet in another user's folder.
    let inner = HomeFolder(environment: ["HOME": world.home.path + "/a/b"])
    #expect(inner?.source == .entry)
  }

  @Test(
    "an unexpanded tilde is the home folder, in options, variables and the configuration")
  func tilde() throws {
    var world = try TestWorld()
    let home = world.home.path
    try world.file("named.toml", "store = \"~/named.sqlite\"\nlog = \"~/named.log\"\n")
    let named = try gather(world, "--config=~/named.toml")
    #expect(named.store.value == home + "/named.sqlite")
    #expect(named.log.value == home + "/named.log")
    let flags = try gather(world, "--store=~/a.sqlite", "--log=~/a.log", "--input=~/a.json")
    #expect(flags.store.value == home + "/a.sqlite")
    #expect(flags.log.value == home + "/a.log")
    #expect(flags.input.value == home + "/a.json")
    world.environment["HANDSHAKE_STORE"] = "~/b.sqlite"
    #expect(try gather(world).store.value == home + "/b.sqlite")
    let root = try #require(getpwnam("root").map { String(cString: $0.pointee.pw_dir) })
    let rows: [(String, String)] = [
      ("~", home), ("~/", home + "/"), ("~root/x", root + "/x"), ("~root", root), ("a~", "a~"),
      ("./~/x", "./~/x"), ("~no-such-user-9/x", "~no-such-user-9/x"), ("/~/x", "/~/x"), ("", ""),
    ]
    for (path, expected) in rows {
      #expect(HomeFolder.expand(path, environment: world.environment) == expected, "\(path)")
    }
  }

  @Test("the marker makes every session read-only, whatever its mode")
  func marker() throws {
    let world = try TestWorld()
    let path = try world.file(".config/handshake/read-only", "", mode: 0o444)
    #expect(try gather(world).readOnly == Setting(true, .marker(path: path)))
    #expect(try gather(world, "--read-only").readOnly == Setting(true, .flag("--read-only")))
  }

  @Test("a configuration that others may write to is refused")
  func writableByOthers() throws {
    let world = try TestWorld()
    try world.file(".config/handshake/config.toml", "ascii = true\n", mode: 0o666)
    #expect(throws: CommandFailure.self) { try gather(world) }
    chmod(world.home.path + "/.config/handshake/config.toml", 0o644)
    #expect(try gather(world).ascii.value)
    chmod(world.home.path + "/.config/handshake", 0o777)
    #expect(throws: CommandFailure.self) { try gather(world) }
  }

  @Test("over SSH an ESC gets more time, unless it is configured")
  func escapeDelay() throws {
    var world = try TestWorld()
    #expect(try gather(world).escDelay == Setting(50))
    world.environment["SSH_TTY"] = "/dev/pts/1"
    #expect(try gather(world).escDelay == Setting(300, .environment("SSH_TTY")))
    let path = try world.file(".config/handshake/config.toml", "esc_delay = 20\n")
    #expect(try gather(world).escDelay == Setting(20, .file(path: path, line: 1)))
  }

  @Test(
    "a link of another user in the path of --store or --config is refused",
    .enabled(if: geteuid() == 0, "only root can give a link away"))
  func foreignLink() throws {
    let world = try TestWorld()
    let link = world.home.path + "/link"
    symlink(world.home.path, link)
    #expect(try gather(world, "--store", link + "/x.sqlite").store.origin == .flag("--store"))
    lchown(link, 12_345, 12_345)
    let path = try world.file("named.toml", "grace = 5\n")
    #expect(throws: CommandFailure.self) { try gather(world, "--store", link + "/x.sqlite") }
    #expect(throws: CommandFailure.self) { try gather(world, "--config", link + "/named.toml") }
    #expect(try gather(world, "--config", path).grace.value == 5)
  }

  @Test("the time for Escape must be shorter than the countdown that it stops")
  func slowEscape() throws {
    let world = try TestWorld()
    for (text, isTaken) in [
      ("grace = 1\nesc_delay = 2000\n", false), ("grace = 1\nesc_delay = 1000\n", false),
      ("grace = 1\nesc_delay = 999\n", true), ("grace = 0\nesc_delay = 2000\n", true),
    ] {
      try world.file(".config/handshake/config.toml", text)
      if isTaken {
        #expect(try gather(world).escDelay.value > 0)
      } else {
        let failure = #expect(throws: CommandFailure.self) { try gather(world) }
        #expect(failure?.text.contains("esc_delay") == true && failure?.status == .failed)
      }
    }
  }

  @Test("shared options are accepted before and after the command's name")
  func beforeAndAfter() throws {
    for arguments in [
      ["--json", "--account", "111111111111", "list"],
      ["list", "--json", "--account", "111111111111"],
      ["--json", "list", "--account", "111111111111"],
      ["--account", "111111111111", "list", "--account", "111111111111", "--json"],
    ] {
      let line = try HandshakeCommand.grammar(SettingRow.all).parse(arguments)
      #expect(line.shared == ["--json": [], "--account": ["111111111111"]])
      #expect(line.product is ListCommand)
    }
    let nested = try HandshakeCommand.grammar(SettingRow.all).parse(
      ["--ascii", "trust", "remove", "o-a"])
    #expect(nested.shared == ["--ascii": []])
    #expect((nested.product as? TrustRemoveCommand)?.organization == "o-a")
  }

  /// Gathers without flags and configuration, from another table.
  private func gather(_ world: TestWorld, _ table: [SettingRow]) throws -> Settings {
    var dependencies = Dependencies(
      environment: world.environment, console: MemoryConsole(), time: world.time,
      random: SeededBytes())
    dependencies.settings = table
    return try Settings.gather(GlobalOptions(), dependencies)
  }

  /// What the property of each row returns, as the row's value.
  private static let properties: [String: @Sendable (Settings) -> SettingRow.Value?] = [
    "backend": { .text($0.backend.value.rawValue) },
    "profiles": { .list($0.profiles.value) },
    "region": { $0.region.value.map { .text($0) } },
    "endpoint_url": { $0.endpointURL.value.map { .text($0) } },
    "store": { .text($0.store.value) },
    "account": { $0.account.value.map { .text($0.text) } },
    "input": { $0.input.value.map { .text($0) } },
    "read_only": { .boolean($0.readOnly.value) },
    "write": { .boolean($0.write.value) },
    "ascii": { .boolean($0.ascii.value) },
    "no_color": { .boolean($0.noColor.value) },
    "esc_delay": { .number($0.escDelay.value) },
    "grace": { .number($0.grace.value) },
    "log": { $0.log.value.map { .text($0) } },
    "json": { .boolean($0.json) },
    "plain": { .boolean($0.plain) },
    // Read before the others, and not by a property.
    "config": { $0["config"]?.value },
  ]

  private static func samples(_ kind: SettingRow.Kind) -> [SettingRow.Value] {
    switch kind {
    case .boolean: [.boolean(true), .boolean(false)]
    case .number(let range): [.number(range.lowerBound + 1)]
    case .text: [.text("https://localhost")]
    case .names: [.list(["a", "b"])]
    case .path, .input: [.text("/nowhere/file")]
    case .account: [.text("111122223333")]
    case .choice(let names): names.map { .text($0) }
    }
  }

  @Test("every row has a property of its type, which returns the row's value")
  func rows() throws {
    let world = try TestWorld()
    #expect(Set(Self.properties.keys) == Set(SettingRow.all.map(\.key)))
    for row in SettingRow.all {
      for sample in Self.samples(row.kind) {
        let table = SettingRow.all.map { other in
          var changed = other
          if other.key == row.key { changed.initial = sample }
          return changed
        }
        let settings = try gather(world, table)
        #expect(Self.properties[row.key]?(settings) == sample, "\(row.key)")
      }
    }
  }

  @Test("without a value of its type, and without a row, read_only is on and write is off")
  func misfits() throws {
    let world = try TestWorld()
    let others = SettingRow.all.filter { $0.key != "read_only" && $0.key != "write" }
    let wrong = ["read_only", "write"].map { key in
      SettingRow(key: key, kind: .text("a word"), initial: .text("false"), help: "")
    }
    for table in [others, others + wrong] {
      let settings = try gather(world, table)
      #expect(settings.readOnly.value)
      #expect(!settings.write.value)
    }
    #expect(try !gather(world, SettingRow.all).readOnly.value)
  }
}
