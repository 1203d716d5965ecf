import Arguments
import LocalBackend
import Model
import Platform
import Sandbox

/// The option that names the store to serve.
struct OrganizationStore {
  static let parameter = Parameter<OrganizationStore>.option(
    "--store", \.path, "file", "The embedded organization to serve.",
    discussion: """
      Default: the one that handshake uses, in $XDG_DATA_HOME/handshake, created with the \
      demonstration if it does not exist. Any other file must exist: handshake local init \
      --store FILE creates one.
      """)

  var path: String?

  /// Opens the store, creating the default one with the demonstration if it does not exist.
  ///
  /// - Throws: `SandboxFailure` if there is no absolute XDG_DATA_HOME or HOME to derive the default
  ///   path from, or if the store cannot be opened or created. A missing file is an error if
  ///   `--store` named it.
  func open() throws(SandboxFailure) -> Store {
    let (time, random) = (SystemTime(), SystemRandom())
    let environment = ProgramEnvironment.read()
    let named = path.map { HomeFolder.expand($0, environment: environment) }
    guard let place = named ?? Self.usualPath(environment) else {
      throw SandboxFailure("neither XDG_DATA_HOME nor HOME is an absolute path; use --store FILE")
    }
    do throws(StoreError) {
      do throws(StoreError) {
        return try Store.open(at: place, time: time, random: random)
      } catch {
        guard path == nil, case .missing = error else { throw error }
      }
      do throws(StoreError) {
        let store = try Store.create(at: place, time: time, random: random)
        Output.error("created a demonstration organization at \(Output.printable(place))")
        return store
      } catch {
        // Another process may have created it first; that store is used instead.
        guard case .exists = error else { throw error }
        return try Store.open(at: place, time: time, random: random)
      }
    } catch { throw SandboxFailure(error) }
  }

  /// The path of the store that `handshake` uses by default.
  ///
  /// Follows the XDG Base Directory Specification; relative values are ignored.
  private static func usualPath(_ environment: [String: String]) -> String? {
    let base =
      HomeFolder.absolute(environment["XDG_DATA_HOME"])
      ?? HomeFolder(environment: environment).map { $0.path + "/.local/share" }
    return base.map { $0 + "/handshake/organization.sqlite" }
  }
}

extension SandboxFailure {
  init(_ error: StoreError) {
    switch error {
    case .missing(let path):
      self.init(
        "\(Output.printable(path)) does not exist; handshake local init --store creates an organization"
      )
    case .exists(let path): self.init("\(Output.printable(path)) already exists")
    case .notAFile(let path): self.init("\(Output.printable(path)) is not a regular file")
    case .unsafe(let path, let why):
      self.init("\(Output.printable(path)) cannot be used: \(why.words)")
    case .leftOver(let path):
      self.init("\(Output.printable(path)) is left from a deleted organization; move it away")
    case .foreign(let path):
      self.init("\(Output.printable(path)) is not an organization of this program")
    case .newer(let path, _, _):
      self.init("\(Output.printable(path)) was made by a newer version of this program")
    case .damaged(let path, let detail), .database(let path, let detail):
      self.init("\(Output.printable(path)) cannot be used: \(Output.printable(detail))")
    case .system(let path, let error):
      let remedy = error.remedy.map { "; \($0)" } ?? ""
      self.init("\(Output.printable(path)) cannot be used: \(error.words)\(remedy)")
    case .busy(let path): self.init("\(Output.printable(path)) is busy; try again")
    }
  }

  init(_ error: SandboxAccount.Failure) {
    switch error {
    case .store(let error): self.init(error)
    case .seed(let path, let detail):
      self.init("\(Output.printable(path)) cannot be used: \(Output.printable(detail))")
    }
  }

  init(_ error: CredentialsFile.Failure) {
    self.init(
      "\(Output.printable(error.path)) cannot be written: \(Output.printable(error.detail))")
  }

  init(_ error: SandboxServer.Failure) {
    switch error {
    case .port(let port, let number):
      self.init("cannot listen on 127.0.0.1:\(port): \(SystemError(number).words)")
    case .seed(let path, let detail):
      self.init("\(Output.printable(path)) cannot be used: \(Output.printable(detail))")
    case .truth(let path, let number):
      self.init(
        "\(Output.printable(path)) cannot be written: \(SystemError(number).words)")
    }
  }
}
