import Model
import Text

/// One setting, for people.
public struct SettingsRow: Hashable, Sendable {
  public var name: String
  public var value: Untrusted
  public var origin: Untrusted

  init(_ name: String, _ value: Untrusted, _ origin: Untrusted) {
    self.name = name
    self.value = value
    self.origin = origin
  }

  init(_ name: String, _ value: String, _ origin: Origin) {
    self.init(name, Untrusted(value), origin.text)
  }
}

extension AWSSettings {
  /// Every setting with its value and where it was said. Holds no secret: of keys, commands and the
  /// like, that they are there; of proxies, no password.
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
