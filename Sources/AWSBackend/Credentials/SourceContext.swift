import Model
import Signing
import Text

/// What every source of one identity works with.
struct SourceContext: Sendable {
  let world: AWSWorld
  let settings: AWSSettings
  /// The header's value.
  let userAgent: String
  /// By the profile's route.
  let transport: any HTTPTransport

  init(_ world: AWSWorld, _ settings: AWSSettings, userAgent: String) {
    self.world = world
    self.settings = settings
    self.userAgent = userAgent
    transport = RoutedTransport(world.transport, route: HTTPRoute(settings))
  }

  var profile: Untrusted { Untrusted(settings.profile.value) }

  func fault(
    _ problem: CredentialsFault.Problem, from source: CredentialsFault.Source, _ detail: Untrusted
  ) -> CredentialsFault {
    CredentialsFault(problem, from: source, profile: profile, detail: detail)
  }

  func fault(
    _ problem: CredentialsFault.Problem, from source: CredentialsFault.Source, _ detail: String
  ) -> CredentialsFault {
    fault(problem, from: source, Untrusted(detail))
  }

  /// Where a service is asked; a contradiction in the settings is the source's misconfiguration.
  func endpoint(
    _ service: AWSService, region: Untrusted? = nil, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> Endpoint {
    do {
      return try settings.endpoint(for: service, region: region)
    } catch {
      throw fault(.misconfigured, from: source, error.sentence)
    }
  }

  /// A file that must be there.
  func file(
    _ path: String, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> [UInt8] {
    guard let bytes = try fileIfAny(path, for: source) else {
      throw fault(.missing, from: source, "\(path): no such file or directory")
    }
    return bytes
  }

  func fileIfAny(
    _ path: String, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> [UInt8]? {
    do {
      return try world.read(path)?.bytes
    } catch {
      throw fault(.unreadable, from: source, "\(error.path): \(error.detail)")
    }
  }

  /// A variable that is set and not blank.
  func variable(_ name: String) -> String? {
    settings.lookup.variable(name)?.value.text
  }

  /// A path of a setting, with `~` for the home directory.
  func path(_ text: Untrusted) -> String {
    HomePath.expand(text.text, home: world.home)
  }
}

extension SettingsFault {
  /// `use_fips_endpoint (~/.aws/config line 3): …`
  var sentence: Untrusted {
    Untrusted(
      bytes: setting.bytes + Array(" (".utf8) + origin.bytes + Array("): ".utf8) + detail.bytes)
  }
}

extension Untrusted {
  /// For a request or a path, where it goes as it came; never for people. What is no UTF-8 comes out
  /// with replacement characters.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension SourceContext: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "‹context›" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
