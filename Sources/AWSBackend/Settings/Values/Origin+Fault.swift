import Model
import Text

extension Origin {
  /// The fault of a setting that was said here. `key`: its name in the file.
  func fault(_ key: String, _ detail: String) -> SettingsFault {
    fault(key, Untrusted(detail))
  }

  func fault(_ key: String, _ detail: Untrusted) -> SettingsFault {
    switch self {
    case .option(let name):
      SettingsFault(Untrusted(name), origin: Untrusted("command line"), detail: detail)
    case .variable(let name):
      SettingsFault(Untrusted(name), origin: Untrusted("environment"), detail: detail)
    case .line, .builtIn:
      SettingsFault(Untrusted(key), origin: text, detail: detail)
    }
  }
}

extension Untrusted {
  /// `said "value"`, for the detail of a fault. Never for what may be secret.
  static func detail(_ said: String, _ value: Untrusted) -> Untrusted {
    Untrusted(bytes: Array("\(said) \"".utf8) + value.bytes + Array("\"".utf8))
  }
}
