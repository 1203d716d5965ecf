import Glibc
import Model
import Platform
import Text

/// All settings of this run and their sources.
///
/// Flags override the environment, which overrides the configuration, which overrides the defaults.
/// `SettingRow.all` states them; the properties below read the values where they are used.
struct Settings: Hashable, Sendable {
  var places: XDG
  var configuration: ConfigurationFile
  /// Whether the configuration file exists.
  var isConfigured: Bool
  let table: [SettingRow]
  private var values: [String: Setting<SettingRow.Value>] = [:]
  // Kept, since they are read for every row that is printed.
  private(set) var charset = Charset.utf8
  private(set) var json = false
  private(set) var plain = false

  /// Returns the value of a row of the table with its source; nil when it has none.
  subscript(key: String) -> Setting<SettingRow.Value>? { values[key] }

  var backend: Setting<BackendName> {
    read("backend", .auto) { $0.text.flatMap { BackendName(rawValue: $0) } }
  }
  /// The profiles of the AWS CLI to read through (AWS only); empty for the CLI's default.
  var profiles: Setting<[String]> { read("profiles", [], \.list) }
  var region: Setting<String?> { read("region", nil, \.text) }
  var endpointURL: Setting<String?> { read("endpoint_url", nil, \.text) }
  /// The file of the embedded organization, an absolute path.
  var store: Setting<String> { read("store", "", \.text) }
  var account: Setting<AccountID?> {
    read("account", nil) { $0.text.flatMap { AccountID($0) } }
  }
  /// The document to show instead of a service; `-` for stdin.
  var input: Setting<String?> { read("input", nil, \.text) }
  /// On without a value that can be read: nothing is sent then.
  var readOnly: Setting<Bool> { read("read_only", true, \.boolean) }
  var write: Setting<Bool> { read("write", false, \.boolean) }
  var ascii: Setting<Bool> { read("ascii", false, \.boolean) }
  /// Whether NO_COLOR has a value.
  var noColor: Setting<Bool> { read("no_color", false, \.boolean) }
  /// The time in milliseconds that distinguishes Escape from a key's sequence.
  var escDelay: Setting<Int> { read("esc_delay", 0, \.number) }
  /// The seconds in which any key stops what was confirmed.
  var grace: Setting<Int> { read("grace", 0, \.number) }
  var log: Setting<String?> { read("log", nil, \.text) }

  var format: Formatter { Formatter(charset: charset) }

  /// Whether the store is at its default path, where it is created automatically.
  var isDefaultStore: Bool { store.origin == .builtIn }

  /// Reads a row's value; without one, or with one of another type, it is `blank`, which must be
  /// the safe value.
  private func read<Value>(
    _ key: String, _ blank: Value, _ value: (SettingRow.Value) -> Value?
  ) -> Setting<Value> {
    guard let setting = values[key] else { return Setting(blank) }
    return Setting(value(setting.value) ?? blank, setting.origin)
  }
}

// MARK: - Gathering

extension Settings {
  /// Gathers the settings from flags, environment and configuration.
  ///
  /// - Throws: `CommandFailure` when the configuration, a value or the path of the store is
  ///   refused, the current directory is needed and cannot be determined, or `esc_delay` is not
  ///   shorter than `grace`.
  static func gather(
    _ flags: GlobalOptions, _ dependencies: Dependencies
  ) throws(CommandFailure) -> Settings {
    let environment = dependencies.environment
    let table = dependencies.settings
    let places = XDG(environment: environment)
    let isUTF8 = dependencies.console.isUTF8
    let format = Formatter(charset: flags.has("--ascii") || !isUTF8 ? .ascii : .utf8)
    let (configuration, isConfigured) = try ConfigurationFile.load(
      try Self.namedConfiguration(flags, table, environment, format), places, format, table: table)
    var settings = Settings(
      places: places, configuration: configuration, isConfigured: isConfigured, table: table)
    settings.values["store"] = Setting(.text(places.data + "/organization.sqlite"))
    for row in table { try settings.gather(row, flags, environment, format) }
    if settings.input.value != nil, !flags.has("--read-only") {
      settings.values["read_only"] = Setting(.boolean(true), .flag("--input"))
    }
    settings.takeMarker()
    try settings.refuseSlowEscape(format)
    // However it was named, one file has one place in the journal.
    try Self.judgeWay(to: settings.store.value, format)
    for row in table where row.kind == .path || row.kind == .input { settings.resolve(row.key) }
    if !isUTF8, !settings.ascii.value {
      settings.values["ascii"] = Setting(.boolean(true), .environment("LC_CTYPE"))
    }
    settings.charset = settings.ascii.value ? .ascii : .utf8
    settings.json = settings.read("json", false, \.boolean).value
    settings.plain = settings.read("plain", false, \.boolean).value
    return settings
  }

  private init(
    places: XDG, configuration: ConfigurationFile, isConfigured: Bool, table: [SettingRow]
  ) {
    self.places = places
    self.configuration = configuration
    self.isConfigured = isConfigured
    self.table = table
  }

  /// Returns the file that `--config` names; nil without it.
  private static func namedConfiguration(
    _ flags: GlobalOptions, _ table: [SettingRow], _ environment: [String: String],
    _ format: Formatter
  ) throws(CommandFailure) -> String? {
    let row = table.first { $0.key == "config" }
    guard let row, let name = row.flag?.name, let texts = flags[name] else { return nil }
    return try row.value(texts, from: name, environment, format).text
  }

  /// Sets a row's value: the default, then what overrides it, the strongest last.
  private mutating func gather(
    _ row: SettingRow, _ flags: GlobalOptions, _ environment: [String: String], _ format: Formatter
  ) throws(CommandFailure) {
    let variable = row.variable.flatMap { variable in
      environment[variable.name].flatMap { $0.isEmpty ? nil : (variable, $0) }
    }
    if let initial = row.initial { values[row.key] = Setting(initial) }
    if let (variable, _) = variable, case .suggests(let value) = variable.effect {
      values[row.key] = Setting(value, .environment(variable.name))
    }
    if var setting = configuration[row.key] {
      if case .text(let path) = setting.value, row.kind == .path {
        setting.value = .text(HomeFolder.expand(path, environment: environment))
      }
      values[row.key] = setting
    }
    if let (variable, text) = variable {
      switch variable.effect {
      case .gives:
        let value = try row.value([text], from: variable.name, environment, format)
        values[row.key] = Setting(value, .environment(variable.name))
      case .sets(let value): values[row.key] = Setting(value, .environment(variable.name))
      case .suggests: break
      }
    }
    if let flag = row.flag, let texts = flags[flag.name] {
      let value = try row.value(texts, from: flag.name, environment, format)
      values[row.key] = Setting(value, .flag(flag.name))
    }
  }

  /// Resolves the folders of a path that is set; `-` for standard input stays.
  private mutating func resolve(_ key: String) {
    guard let setting = values[key], case .text(let path) = setting.value, path != "-" else {
      return
    }
    values[key] = Setting(.text(Self.absolute(path)), setting.origin)
  }

  /// Refuses an `esc_delay` that is not shorter than `grace`.
  ///
  /// An ESC stops the countdown as soon as it is read, so safety does not depend on this; but an
  /// Escape key slower than the countdown that it should stop is an error in the configuration.
  private func refuseSlowEscape(_ format: Formatter) throws(CommandFailure) {
    guard grace.value > 0, escDelay.value >= grace.value * 1_000 else { return }
    throw CommandFailure(
      .failed,
      "esc_delay (\(escDelay.value) ms, \(escDelay.origin.text(format))) is not shorter than grace "
        + "(\(grace.value) s, \(grace.origin.text(format)))",
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
      values["read_only"] = Setting(.boolean(true), origin)
    }
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
  static func judgeWay(to path: String, _ format: Formatter) throws(CommandFailure) {
    do throws(FileError) {
      try Directory.checkPath(to: path.splitAtLastSlash.directory)
    } catch {
      // A missing folder is created, or reported, where it is used.
      guard error.isMissing else { throw error.failure(format) }
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

extension SettingRow {
  /// Returns the value that a variable or a flag gives; paths begin at the current directory.
  ///
  /// - Throws: `CommandFailure` with status `usage` when the value is invalid, or `failed` when the
  ///   current directory is needed and cannot be determined.
  fileprivate func value(
    _ texts: [String], from source: String, _ environment: [String: String], _ format: Formatter
  ) throws(CommandFailure) -> Value {
    guard let value = kind.value(texts) else {
      let wrong = texts.first { kind.value([$0]) == nil } ?? ""
      throw CommandFailure(
        .usage, "\"\(format.full(wrong))\" is not \(kind.noun)", why: "from \(source)",
        remedy: kind == .account ? "An account id has 12 digits." : "Write \(kind.noun).")
    }
    guard case .text(let path) = value, kind == .path || kind == .input && path != "-" else {
      return value
    }
    return .text(try Settings.fromHere(HomeFolder.expand(path, environment: environment)))
  }
}
