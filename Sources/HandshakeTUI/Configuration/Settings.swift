import Glibc
import Model
import Platform
import Text

/// All settings of this run and their sources.
///
/// Flags override the environment, which overrides the configuration, which overrides the defaults.
struct Settings: Hashable, Sendable {
  var places: XDG
  var configuration: ConfigurationFile
  /// Whether the configuration file exists.
  var isConfigured: Bool
  var backend = Setting(BackendName.auto)
  /// The profiles of the AWS CLI to read through (AWS only); empty for the CLI's default.
  var profiles = Setting<[String]>([])
  var region = Setting<String?>(nil)
  var endpointURL = Setting<String?>(nil)
  /// The file of the embedded organization, an absolute path.
  var store: Setting<String>
  var account = Setting<AccountID?>(nil)
  /// The document to show instead of a service; `-` for stdin.
  var input = Setting<String?>(nil)
  var readOnly = Setting(false)
  var write = Setting(false)
  var ascii = Setting(false)
  var json = false
  var plain = false
  /// The time in milliseconds that distinguishes Escape from a key's sequence.
  var escDelay = Setting(50)
  /// The seconds in which any key stops what was confirmed.
  var grace = Setting(5)
  var log = Setting<String?>(nil)
  /// Whether NO_COLOR has a value.
  var noColor = Setting(false)

  var charset: Charset { ascii.value ? .ascii : .utf8 }
  var ink: Ink { Ink(charset: charset) }

  /// Whether the store is at its default path, where it is created automatically.
  var isDefaultStore: Bool { store.origin == .builtIn }
}

// MARK: - Gathering

extension Settings {
  /// Gathers the settings from flags, environment and configuration.
  ///
  /// - Throws: `CommandFailure` when the configuration, an account id or the path of the store is
  ///   refused, the current directory is needed and cannot be determined, or `esc_delay` is not
  ///   shorter than `grace`.
  static func gather(
    _ flags: GlobalOptions, _ surroundings: Dependencies
  ) throws(CommandFailure) -> Settings {
    let environment = surroundings.environment
    let places = XDG(environment: environment)
    let ink = Ink(charset: flags.ascii || !surroundings.console.isUTF8 ? .ascii : .utf8)
    let (configuration, isConfigured) = try ConfigurationFile.load(
      flags.config.map { HomeFolder.expand($0, environment: environment) }, places, ink)
    var settings = Settings(
      places: places, configuration: configuration, isConfigured: isConfigured,
      store: Setting(places.data + "/organization.sqlite"))
    settings.take(configuration, environment)
    try settings.take(environment, ink)
    try settings.take(flags, environment, ink)
    settings.takeMarker()
    try settings.refuseSlowEscape(ink)
    // However it was named, one file has one place in the journal.
    try Self.judgeWay(to: settings.store.value, ink)
    settings.store.value = Self.absolute(settings.store.value)
    settings.log.value = settings.log.value.map(Self.absolute)
    if !surroundings.console.isUTF8, !settings.ascii.value {
      settings.ascii = Setting(true, .environment("LC_CTYPE"))
    }
    return settings
  }

  private mutating func take(_ file: ConfigurationFile, _ environment: [String: String]) {
    func path(_ setting: Setting<String>) -> Setting<String> {
      Setting(HomeFolder.expand(setting.value, environment: environment), setting.origin)
    }
    backend = file.backend ?? backend
    profiles = file.profiles ?? profiles
    if let file = file.region { region = Setting(file.value, file.origin) }
    if let file = file.endpointURL { endpointURL = Setting(file.value, file.origin) }
    store = file.store.map(path) ?? store
    if let file = file.account { account = Setting(file.value, file.origin) }
    readOnly = file.readOnly ?? readOnly
    write = file.write ?? write
    ascii = file.ascii ?? ascii
    escDelay = file.escDelay ?? escDelay
    grace = file.grace ?? grace
    if let file = file.log.map(path) { log = Setting(file.value, file.origin) }
  }

  private mutating func take(
    _ environment: [String: String], _ ink: Ink
  ) throws(CommandFailure) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let path = value("HANDSHAKE_STORE") {
      store = Setting(
        try Self.fromHere(HomeFolder.expand(path, environment: environment)),
        .environment("HANDSHAKE_STORE"))
    }
    if let id = value("HANDSHAKE_ACCOUNT") {
      account = Setting(
        try Self.accountID(id, from: "HANDSHAKE_ACCOUNT", ink), .environment("HANDSHAKE_ACCOUNT"))
    }
    if value("NO_COLOR") != nil { noColor = Setting(true, .environment("NO_COLOR")) }
    if value("SSH_TTY") != nil, escDelay.origin == .builtIn {
      escDelay = Setting(300, .environment("SSH_TTY"))
    }
  }

  private mutating func take(
    _ flags: GlobalOptions, _ environment: [String: String], _ ink: Ink
  ) throws(CommandFailure) {
    func expanded(_ path: String) -> String { HomeFolder.expand(path, environment: environment) }
    if let name = flags.backend { backend = Setting(name, .flag("--backend")) }
    if !flags.profile.isEmpty { profiles = Setting(flags.profile, .flag("--profile")) }
    if let name = flags.region { region = Setting(name, .flag("--region")) }
    if let url = flags.endpointURL { endpointURL = Setting(url, .flag("--endpoint-url")) }
    if flags.write { write = Setting(true, .flag("--write")) }
    if let path = flags.store {
      store = Setting(try Self.fromHere(expanded(path)), .flag("--store"))
    }
    if let id = flags.account {
      account = Setting(try Self.accountID(id, from: "--account", ink), .flag("--account"))
    }
    if let path = flags.input {
      input = Setting(path == "-" ? path : Self.absolute(expanded(path)), .flag("--input"))
      readOnly = Setting(true, .flag("--input"))
    }
    if flags.readOnly { readOnly = Setting(true, .flag("--read-only")) }
    if flags.ascii { ascii = Setting(true, .flag("--ascii")) }
    if let path = flags.log { log = Setting(Self.absolute(expanded(path)), .flag("--log")) }
    json = flags.json
    plain = flags.plain
  }

  /// Refuses an `esc_delay` that is not shorter than `grace`.
  ///
  /// An ESC stops the countdown as soon as it is read, so safety does not depend on this; but an
  /// Escape key slower than the countdown that it should stop is an error in the configuration.
  private func refuseSlowEscape(_ ink: Ink) throws(CommandFailure) {
    guard grace.value > 0, escDelay.value >= grace.value * 1_000 else { return }
    throw CommandFailure(
      .failed,
      "esc_delay (\(escDelay.value) ms, \(escDelay.origin.text(ink))) is not shorter than grace "
        + "(\(grace.value) s, \(grace.origin.text(ink)))",
      why: "the Escape key must take effect within the grace period, to stop an accept",
      remedy: "Set esc_delay below \(grace.value * 1_000), or a longer grace period.")
  }

  /// Applies the marker, which needs neither contents nor permissions; a possible one counts too.
  private mutating func takeMarker() {
    guard !readOnly.value else { return }
    // Root also obeys the marker of the user whose HOME it inherited.
    let folders =
      [places.config]
      + [places.passedOver.map { $0.path + "/.config/handshake" }]
      .compactMap(\.self)
    if let origin = folders.lazy.compactMap({ ReadOnlyMarker.origin(in: $0) }).first {
      readOnly = Setting(true, origin)
    }
  }

  private static func accountID(
    _ text: String, from origin: String, _ ink: Ink
  ) throws(CommandFailure) -> AccountID {
    guard let id = AccountID(text) else {
      throw CommandFailure(
        .usage, "\"\(ink.full(text))\" is not an account id", why: "from \(origin)",
        remedy: "An account id has 12 digits.")
    }
    return id
  }

  /// Makes a path absolute from the current directory; links are left as they are.
  ///
  /// - Throws: `CommandFailure` when the current directory cannot be determined, so that no other
  ///   file is used.
  static func fromHere(_ path: String) throws(CommandFailure) -> String {
    guard path.utf8.first != UInt8(ascii: "/") else { return path }
    guard let here = getcwd(nil, 0) else {
      throw CommandFailure(
        .failed, "the current directory cannot be determined",
        why: SystemError(errno).words,
        remedy: "Change to an existing directory, or name the file with an absolute path.")
    }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }

  /// Refuses a path on which another user can change a folder or a link.
  ///
  /// - Throws: `CommandFailure` when a folder or link on the path fails the checks of `Directory.checkPath`,
  ///   or cannot be opened; a missing folder is no error.
  static func judgeWay(to path: String, _ ink: Ink) throws(CommandFailure) {
    do throws(FileError) {
      try Directory.checkPath(to: path.splitAtLastSlash.directory)
    } catch {
      // A missing folder is created, or reported, where it is used.
      guard error.isMissing else { throw error.failure(ink) }
    }
  }

  /// Makes an operator's path absolute from the current directory and resolves links in its
  /// folders.
  ///
  /// So one file has one name in the journal. The last name is not resolved: the file itself must
  /// not be a link.
  static func absolute(_ path: String) -> String {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let slash = path.lastIndex(of: "/")
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    let parent: String
    switch slash {
    case nil: parent = "."
    case .some(path.startIndex): parent = "/"
    case .some(let slash): parent = String(path[..<slash])
    }
    guard !name.isEmpty, name != ".", name != "..", let real = realpath(parent, nil) else {
      return isAbsolute ? path : currentDirectory + "/" + path
    }
    defer { free(real) }
    let directory = String(cString: real)
    return (directory == "/" ? "" : directory) + "/" + name
  }

  private static var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }
}
