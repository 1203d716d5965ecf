import Arguments
import LocalBackend
import Platform

/// The program `handshake`: its commands, and the options that all of them accept.
enum HandshakeCommand {
  static let declaration = CommandDeclaration<any Subcommand>(
    "handshake", summary: "Review and answer AWS Organizations invitations.",
    discussion: """
      Without a command it opens the screens. Nothing is sent unless it is planned, reviewed and \
      confirmed there; the commands that answer require the same as options.

      Exit codes: 0 done, 1 failed, 2 usage error, 3 partial, 4 refused by a safety rule, 5 outcome \
      unknown, 10 --expiring found handshakes.
      """,
    children: [
      TUICommand.declaration, ListCommand.declaration, ShowCommand.declaration,
      AnswerCommand.accept, AnswerCommand.decline, AnswerCommand.cancel,
      InviteCommand.declaration, EnableAllFeaturesCommand.declaration, TrustCommand.declaration,
      InfoCommand.declaration, JournalCommand.declaration, UnescapeCommand.declaration,
      RenderCommand.declaration, LocalCommand.declaration, SandboxLaunchCommand.declaration,
      GenerateDocsCommand.declaration,
    ], defaultChild: "tui")

  static let version = ParameterDeclaration(
    .flag, "--version", help: "Print the version of the program and of its formats.")
  static let licenses = ParameterDeclaration(
    .flag, "--licenses", help: "With --version: print the licences of what the program contains.")
  static let completionScript = ParameterDeclaration(
    .option, "--generate-completion-script", valueName: "shell",
    help: "Print the script that makes a shell complete command lines.", values: Shell.values,
    isHidden: true)

  /// Returns the grammar of command lines; the shared options are the flags of the settings.
  static func grammar(_ settings: [SettingRow]) -> Grammar<any Subcommand> {
    Grammar(
      root: declaration, shared: settings.compactMap(\.declaration),
      leading: [version, licenses, completionScript])
  }
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
