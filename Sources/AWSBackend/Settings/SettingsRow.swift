import Model
import Text

/// One setting with its value and origin, for people.
public struct SettingsRow: Hashable, Sendable {
  /// The setting's label or key.
  public var name: String
  /// The value; `set` for one that may be secret.
  public var value: Untrusted
  /// The origin as text, see `Origin.text`.
  public var origin: Untrusted

  init(_ name: String, _ value: Untrusted, _ origin: Untrusted) {
    self.name = name
    self.value = value
    self.origin = origin
  }

  init(_ name: String, _ value: String, _ origin: SettingOrigin) {
    self.init(name, Untrusted(value), origin.text)
  }
}

extension AWSSettings {
  /// Every setting with its value and origin, without secrets.
  ///
  /// Keys, commands and the like are shown as `set`; proxies without their password.
  public var rows: [SettingsRow] {
    files + [
      SettingsRow("profile", profile.value, profile.origin),
      SettingsRow("region", region.value, region.origin),
      SettingsRow("partition", Partition.of(region: region.value).id, region.origin),
    ] + credentialRows + AWSService.allCases.map(row)
      + [
        flag("FIPS endpoints", usesFIPS), flag("dual-stack endpoints", usesDualStack),
        SettingsRow(
          "certificates", caBundle?.value ?? "the system's", caBundle?.origin ?? .builtIn),
      ] + proxyRows
      + [
        SettingsRow("attempts", "\(maxAttempts.value)", maxAttempts.origin),
        SettingsRow("retry mode", retryMode.value.rawValue, retryMode.origin),
        SettingsRow(
          "connection limit", "\(connectTimeout.milliseconds) ms", defaultsMode.origin),
        SettingsRow("login sessions", loginCache.value, loginCache.origin),
      ] + metadataRows
      + (appID.map { [SettingsRow("application id", $0.value, $0.origin)] } ?? [])
  }

  private var files: [SettingsRow] {
    [("config file", profiles.configFile), ("credentials file", profiles.credentialsFile)].map {
      name, source in
      let variable =
        source.kind == .config ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE"
      return SettingsRow(
        name, source.shownPath,
        (lookup.variable(variable)?.origin ?? .builtIn).text)
    }
  }

  private func row(_ service: AWSService) -> SettingsRow {
    let name = "endpoint of \(service.rawValue)"
    do {
      let endpoint = try endpoint(for: service)
      return SettingsRow(name, endpoint.url, endpoint.origin)
    } catch {
      return SettingsRow(name, error.detail, error.origin)
    }
  }

  private func flag(_ name: String, _ flag: Located<Bool>) -> SettingsRow {
    SettingsRow(name, flag.value ? "yes" : "no", flag.origin)
  }

  private var proxyRows: [SettingsRow] {
    var rows = [("https proxy", proxies.https), ("proxy", proxies.all)].compactMap { name, proxy in
      proxy.map { SettingsRow(name, $0.value.shown, $0.origin.text) }
    }
    if let exceptions = proxies.exceptions {
      rows.append(SettingsRow("no proxy for", exceptions.value, exceptions.origin.text))
    }
    return rows
  }

  private var metadataRows: [SettingsRow] {
    do {
      let settings = try instanceMetadata()
      let isOff = settings.isDisabled.value
      return [
        SettingsRow(
          "instance metadata", isOff ? "not asked" : settings.endpoint.url,
          isOff ? settings.isDisabled.origin : settings.endpoint.origin)
      ]
    } catch {
      return [SettingsRow("instance metadata", error.detail, error.origin)]
    }
  }
}

extension AWSSettings {
  /// The settings for credentials: variables, then the profile's keys.
  var credentialRows: [SettingsRow] {
    let variables = Self.credentialVariables.compactMap { name, isShown in
      row(name, lookup.variable(name), isShown: isShown)
    }
    let keys = Self.credentialKeys.compactMap { key, isShown in
      row(key, section?.text(key), isShown: isShown)
    }
    let secrets = ConfigProperty.secretKeys.sorted().compactMap { key in
      section?.secret(key).map { SettingsRow(key, "set", $0.origin) }
    }
    return variables + keys + secrets + unused
  }

  /// The profile's keys that have no effect here and may be meant for other programs.
  private var unused: [SettingsRow] {
    guard let section else { return [] }
    let names = section.keys.filter { !Self.knownKeys.contains($0) }
    guard !names.isEmpty else { return [] }
    return [
      SettingsRow(
        "keys without effect", Untrusted(names.joined(separator: " ")), Untrusted("profile"))
    ]
  }

  private static let knownKeys: Set<String> =
    ConfigProperty.secretKeys.union(credentialKeys.map(\.0)).union([
      "region", "use_fips_endpoint", "use_dualstack_endpoint", "sts_regional_endpoints",
      "ca_bundle",
      "max_attempts", "retry_mode", "defaults_mode", "sdk_ua_app_id", "services", "endpoint_url",
      "ignore_configured_endpoint_urls", "metadata_service_timeout",
      "metadata_service_num_attempts",
      "ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint_mode",
      "ec2_metadata_v1_disabled", "role_session_name", "duration_seconds", "sso_region",
      "aws_account_id", "x_security_token_expires", "expiration",
    ])

  private func row(_ name: String, _ said: Located<Untrusted>?, isShown: Bool) -> SettingsRow? {
    said.map {
      SettingsRow(name, isShown ? $0.value : Untrusted("set"), $0.origin.text)
    }
  }

  /// The variables, each with whether its value may be shown.
  private static let credentialVariables = [
    ("AWS_ACCESS_KEY_ID", false), ("AWS_SECRET_ACCESS_KEY", false), ("AWS_SESSION_TOKEN", false),
    ("AWS_ROLE_ARN", true), ("AWS_WEB_IDENTITY_TOKEN_FILE", true),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", false),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", false), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", false),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", true),
  ]

  private static let credentialKeys = [
    ("aws_access_key_id", false), ("role_arn", true), ("source_profile", true),
    ("credential_source", true), ("mfa_serial", true), ("external_id", false),
    ("web_identity_token_file", true), ("sso_session", true), ("sso_start_url", true),
    ("sso_account_id", true), ("sso_role_name", true), ("login_session", true),
    // Its arguments may contain a password.
    ("credential_process", false),
  ]
}
