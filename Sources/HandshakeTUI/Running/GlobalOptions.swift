import ArgumentParser

/// The options that every command accepts, before or after its word.
struct GlobalOptions: ParsableArguments, Sendable {
  @Option(
    help: ArgumentHelp(
      "The service: the embedded organization, AWS, or auto: AWS if configured, else local.",
      valueName: "local|aws|auto"))
  var backend: BackendName?

  @Option(
    help: ArgumentHelp(
      "A profile of the AWS CLI to use; repeat it for one inbox over several accounts.",
      valueName: "name"), completion: Completions.profiles)
  var profile: [String] = []

  @Option(help: ArgumentHelp("The AWS region, instead of the profile's.", valueName: "region"))
  var region: String?

  @Option(
    help: ArgumentHelp(
      "The endpoint of AWS's services: https, or http on this machine.", valueName: "url"))
  var endpointURL: String?

  @Flag(help: "AWS: allow the screens to send. Commands that answer do not need it.")
  var write = false

  @Option(
    help: ArgumentHelp(
      "The embedded organization's file. Also HANDSHAKE_STORE.", valueName: "file"),
    completion: .file())
  var store: String?

  @Option(
    help: ArgumentHelp(
      "Use only this account. Also HANDSHAKE_ACCOUNT.", valueName: "id"),
    completion: Completions.accounts)
  var account: String?

  @Option(
    help: ArgumentHelp(
      "Show a document saved from the AWS CLI, read-only. - is standard input.",
      valueName: "file|-"),
    completion: .file())
  var input: String?

  @Option(
    help: ArgumentHelp("The configuration file, instead of config.toml.", valueName: "file"),
    completion: .file(extensions: ["toml"]))
  var config: String?

  @Flag(help: "Never send anything.")
  var readOnly = false

  @Flag(help: "Print JSON, as the AWS CLI does.")
  var json = false

  @Flag(help: "Use ASCII characters only.")
  var ascii = false

  @Flag(help: "One fact per line, without alignment, for screen readers.")
  var plain = false

  @Option(
    help: ArgumentHelp("Append to this log: JSON lines, rotated at 10 MiB.", valueName: "file"),
    completion: .file())
  var log: String?

  /// Merges two sets of options; these take precedence over those before the command word.
  func over(_ earlier: GlobalOptions) -> GlobalOptions {
    var merged = self
    merged.backend = backend ?? earlier.backend
    merged.profile = profile.isEmpty ? earlier.profile : profile
    merged.region = region ?? earlier.region
    merged.endpointURL = endpointURL ?? earlier.endpointURL
    merged.write = write || earlier.write
    merged.store = store ?? earlier.store
    merged.account = account ?? earlier.account
    merged.input = input ?? earlier.input
    merged.config = config ?? earlier.config
    merged.readOnly = readOnly || earlier.readOnly
    merged.json = json || earlier.json
    merged.ascii = ascii || earlier.ascii
    merged.plain = plain || earlier.plain
    merged.log = log ?? earlier.log
    return merged
  }
}

extension GlobalOptions {
  /// Returns the values of a flag, none for one without a value; nil when it is not given.
  subscript(flag: String) -> [String]? {
    let texts: [String: String?] = [
      "--backend": backend?.rawValue, "--region": region, "--endpoint-url": endpointURL,
      "--store": store, "--account": account, "--input": input, "--config": config, "--log": log,
    ]
    let switches = [
      "--write": write, "--read-only": readOnly, "--json": json, "--ascii": ascii,
      "--plain": plain,
    ]
    if flag == "--profile" { return profile.isEmpty ? nil : profile }
    if let isOn = switches[flag] { return isOn ? [] : nil }
    return texts[flag].flatMap { $0 }.map { [$0] }
  }

  func has(_ flag: String) -> Bool { self[flag] != nil }
}

extension BackendName: ExpressibleByArgument {}
