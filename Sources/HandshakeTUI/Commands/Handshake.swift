import ArgumentParser
import LocalBackend
import Platform

/// The root command, which is synchronous on purpose (see `Blocking`).
struct HandshakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handshake",
    abstract: "Review and answer AWS Organizations invitations.",
    discussion: """
      Without a command it opens the screens. Nothing is sent unless it is planned, reviewed and \
      confirmed there; the commands that answer require the same as options.

      Exit codes: 0 done, 1 failed, 2 usage error, 3 partial, 4 refused by a safety rule, 5 outcome \
      unknown, 10 --expiring found handshakes.
      """,
    subcommands: [
      TUICommand.self, ListCommand.self, ShowCommand.self, AcceptCommand.self,
      DeclineCommand.self, CancelCommand.self, InviteCommand.self, EnableAllFeaturesCommand.self,
      TrustCommand.self, InfoCommand.self, JournalCommand.self, UnescapeCommand.self,
      RenderCommand.self, LocalCommand.self, SandboxLaunchCommand.self, GenerateDocsCommand.self,
    ],
    defaultSubcommand: TUICommand.self)

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Flag(help: "Print the version of the program and of its formats.")
  var version = false

  @Flag(help: "With --version: print the licences of what the program contains.")
  var licenses = false
}

/// The version of this build, and of the file formats that it reads.
enum Version {
  static let program = "0.1.0"
  static let journalFormat = 1
  /// The day of the release, for the man page.
  static let date = "2026-11-30"

  static var text: String {
    """
    handshake \(program)
    store format \(Store.formatVersion)
    journal format \(journalFormat)
    """
  }
}
